"""The columnar engine: a whole piece of a log at once, by the same patterns as the line engine.

A piece becomes a column of lines. One search for literals sets aside what cannot be an event; then each pattern takes
its lines out of the rest, first by its fast expression, then by its full one. The answer is that of the line engine,
line by line; a property test holds the two together.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import accumulate

import polars as pl

from mail_audit.archives import Piece
from mail_audit.archives.read import LONGEST_LINE
from mail_audit.events.found import QUARTER, QUARTERS_A_DAY, Reading
from mail_audit.events.ids import ids_of
from mail_audit.events.line import CUT_SHORT, NO_HEAD, NO_SUCH_TIME, TOO_LONG, program_of
from mail_audit.events.reading import COLUMNS, ID, MENTION, NAME, NUMBER, PLACE
from mail_audit.events.stamps import clock_of
from mail_audit.formats import HEADS, PATTERNS, Head, Part, Pattern, patterns_for

_LINE = pl.col("line")
_DAY = 86_400_000_000
_STARTS = frozenset(bytes([byte]) for byte in b"<0123456789ADFJMNOS")
"""What a line's head starts with; nothing that is packed starts like this."""


@cache
def _needle_column() -> pl.Expr:
    """The literal that tells most probably which event a line is; null where none does."""
    needles = dict.fromkeys(needle for pattern in PATTERNS if pattern.announced for needle in pattern.needles)
    return _LINE.str.extract(f"({'|'.join(re.escape(needle) for needle in needles)})", 1)


@cache
def _other_needles() -> pl.Expr:
    """Whether a line holds a literal of the patterns that no literal announces."""
    needles = dict.fromkeys(needle for pattern in PATTERNS if not pattern.announced for needle in pattern.needles)
    return pl.any_horizontal(_LINE.str.contains(needle, literal=True) for needle in needles)


@cache
def _needles(pattern: Pattern) -> pl.Expr:
    return pl.any_horizontal(_LINE.str.contains(needle, literal=True) for needle in pattern.needles)


@cache
def _by_needle(head: Head) -> dict[str, Pattern]:
    """The pattern that a literal most probably announces."""
    chosen: dict[str, Pattern] = {}
    for pattern in patterns_for(head):
        if pattern.announced:
            for needle in pattern.needles:
                chosen.setdefault(needle, pattern)
    return chosen


@cache
def _tells(head: Head) -> pl.Expr:
    return _LINE.str.contains(f"^(?:{head.tells})")


@cache
def _expressions(head: Head, pattern: Pattern) -> tuple[str, str, str]:
    """The fast and the full expression of a whole line, and the one for its beginning; none takes the stamp."""
    fast = f"^(?:{head.fast}{pattern.fast()})$"
    full = f"^(?:{head.full}{pattern.full()})$"
    begins = f"^(?:{head.full}(?:{pattern.begins}))"
    return _stampless(fast), _stampless(full), _stampless(begins).replace("(?P<host>", "(?:")


def _stampless(expression: str) -> str:
    return expression.replace("(?P<stamp>", "(?:")


def read_piece(piece: Piece, file: int) -> Reading:
    """The events of one piece of file number `file`."""
    return read_lines(lines_of(piece), piece, file)


def read_lines_left(piece: Piece, file: int) -> Reading:
    """The events of lines that were left because no fast expression takes them: only the full ones are tried."""
    lines = lines_of(piece)
    reading = Reading(lines=lines.height)
    lines = _without_overlong(lines, reading, file)
    for head in _heads_by_frequency(lines):
        told = lines.select(_tells(head)).to_series()
        if told.any():
            _take_slowly(_with_stamps(lines.filter(told), head), head, reading, file)
            lines = lines.filter(~told)
    _note_headless(lines, reading, file)
    return reading


def read_lines(frame: pl.DataFrame, piece: Piece, file: int) -> Reading:
    """The events of some lines (`line`, `offset`) of a piece of file number `file`."""
    reading = Reading(lines=frame.height + piece.overlong, broken=piece.overlong)
    for _ in range(piece.overlong):
        reading.sample(file, piece.offset, TOO_LONG)
    frame = _without_overlong(frame, reading, file)
    if frame.is_empty():
        return reading
    frame = frame.with_columns(needle=_needle_column())
    told = pl.col("needle").is_not_null()
    candidates, others = frame.filter(told), frame.filter(~told)
    uncertain = others.select(_other_needles()).to_series()
    dull = others.filter(~uncertain)
    if uncertain.any():
        candidates = pl.concat([candidates, others.filter(uncertain)])
    for head in _heads_by_frequency(frame):
        if not candidates.is_empty():
            candidates = _take(candidates, head, reading, file)
        if not dull.is_empty():
            dull = _pass_over(dull, head, reading, file)
        if candidates.is_empty() and dull.is_empty():
            break
    for rest in (candidates, dull):
        _note_headless(rest, reading, file)
    return reading


def _note_headless(lines: pl.DataFrame, reading: Reading, file: int) -> None:
    """Count lines without any head."""
    reading.broken += lines.height
    for offset in lines["offset"].head(3):
        reading.sample(file, offset, NO_HEAD)


def lines_of(piece: Piece) -> pl.DataFrame:
    """Columns `line`, `offset` of a piece; bytes that are not UTF-8 become U+FFFD, offsets count bytes as stored."""
    frame, is_text = _texts(piece)
    if piece.starts is not None:
        return frame.with_columns(pl.Series("offset", piece.starts[: frame.height], dtype=pl.Int64))
    if is_text and b"\r" not in piece.data:
        length = _LINE.str.len_bytes().cast(pl.Int64) + 1
        return frame.with_columns((length.cum_sum() - length + piece.offset).alias("offset"))
    lengths = (len(line) + 1 for line in piece.data.split(b"\n"))
    starts = pl.Series(list(accumulate(lengths, initial=0))[: frame.height], dtype=pl.Int64)
    return frame.with_columns((starts + piece.offset).alias("offset"))


def texts_of(piece: Piece) -> pl.DataFrame:
    """Column `line` of a piece; bytes that are not UTF-8 become U+FFFD."""
    return _texts(piece)[0]


def _texts(piece: Piece) -> tuple[pl.DataFrame, bool]:
    """Column `line` of a piece, and whether it was UTF-8."""
    try:
        return _split(piece.data), True
    except pl.exceptions.ComputeError:
        return _split(piece.data.decode("utf-8", "replace").encode()), False


def _split(data: bytes) -> pl.DataFrame:
    """The lines of `data`; what looks packed is not unpacked again, as Polars would do without a bound."""
    if data[:1] in _STARTS:
        return pl.read_lines(data, name="line")
    return pl.read_lines(b"\n" + data, name="line").slice(1)


def _without_overlong(frame: pl.DataFrame, reading: Reading, file: int) -> pl.DataFrame:
    long = _LINE.str.len_bytes() > LONGEST_LINE
    if not frame.select(long.any()).item():
        return frame
    overlong = frame.filter(long)
    reading.broken += overlong.height
    reading.sample(file, overlong["offset"][0], TOO_LONG)
    return frame.filter(~long)


def _heads_by_frequency(frame: pl.DataFrame) -> list[Head]:
    sample = frame.gather_every(max(1, frame.height // 64))
    counts = sample.select(*(_tells(head).sum().alias(head.name) for head in HEADS)).row(0, named=True)
    return sorted(HEADS, key=lambda head: -counts[head.name])


def _pass_over(dull: pl.DataFrame, head: Head, reading: Reading, file: int) -> pl.DataFrame:
    """Count the readable lines with this head; give back the others."""
    told = dull.with_columns(told=_tells(head))
    count = int(told["told"].sum())
    if not count:
        return dull
    reading.not_of_interest += count
    if count == dull.height:
        _note_times(dull, head, reading, file)
        return dull.clear()
    _note_times(told.filter(pl.col("told")), head, reading, file)
    return told.filter(~pl.col("told")).drop("told")


def _note_times(lines: pl.DataFrame, head: Head, reading: Reading, file: int) -> None:
    """When lines that are no events were written, for coverage."""
    if head.zoned:
        parts = _LINE.str.extract_groups(r"^(?:<[0-9]+>1 )?([0-9-]{10}T[0-9]{2}:[0-9]{2})[0-9:.]*(Z|[+-][0-9:]+) ")
        text = parts.struct[0] + ":00" + parts.struct[1]
    elif head.yearless:
        text = _LINE.str.head(6) + " 00:00:00"
    else:
        text = _LINE.str.head(10) + " 00:00:00"
    stamps = lines.select(text.alias("stamp").unique())
    at = stamps.select(stamp_column(head)).to_series().drop_nulls()
    reading.times |= {(file, int(clock_of(head)), None, number) for number in _quarters(at, head)}


def _quarters(at: pl.Series, head: Head) -> set[int]:
    numbers = at // QUARTER if head.zoned else at // _DAY * QUARTERS_A_DAY
    return set(numbers.unique())


def _take(lines: pl.DataFrame, head: Head, reading: Reading, file: int) -> pl.DataFrame:
    """Take the events with this head out of `lines`; give back the lines that have another head."""
    others = lines.clear()
    if not head.tagged:  # the level, by which such a log is known, stands behind what a pattern asks for
        told = lines.select(_tells(head)).to_series()
        lines, others = lines.filter(told), lines.filter(~told)
    lines = _with_stamps(lines, head)
    announced = _by_needle(head)
    rest = [lines.filter(pl.col("needle").is_null() | ~pl.col("needle").is_in(list(announced)))]
    for needle, pattern in announced.items():
        chosen = lines.filter(pl.col("needle") == needle)
        if not chosen.is_empty():
            rest.append(_match(chosen, _expressions(head, pattern)[0], head, pattern, reading, file))
    left = pl.concat(rest)
    if left.is_empty():
        return others
    told = left.select(_tells(head)).to_series()
    _take_slowly(left.filter(told), head, reading, file)
    return pl.concat([others, left.filter(~told).drop("at")])


def _take_slowly(lines: pl.DataFrame, head: Head, reading: Reading, file: int) -> None:
    """Every pattern's full expression, in their order, over lines with this head; what is left is no event."""
    for pattern in patterns_for(head):
        if lines.is_empty():
            return
        mask = lines.select(_needles(pattern)).to_series()
        if mask.any():
            left = _match(lines.filter(mask), _expressions(head, pattern)[1], head, pattern, reading, file)
            lines = pl.concat([lines.filter(~mask), left])
    if lines.is_empty():
        return
    _note_times(lines, head, reading, file)
    broken = lines.filter(_cut_short(lines, head))
    reading.broken += broken.height
    reading.not_of_interest += lines.height - broken.height
    for offset in broken["offset"].head(3):
        reading.sample(file, offset, CUT_SHORT)


def _with_stamps(lines: pl.DataFrame, head: Head) -> pl.DataFrame:
    """`lines` with `at`: neighbours mostly bear the same second, so each run of equal stamps is parsed once."""
    if head.yearless:
        text = _LINE.str.head(15)
    elif head.zoned:
        text = _LINE.str.extract("^(?:<[0-9]+>1 )?([^ ]+)", 1)
    else:
        text = _LINE.str.head(19)
    stamps = lines.select(text.alias("stamp")).to_series()
    runs = stamps.rle_id()
    first = stamps.filter(runs != runs.shift(1, fill_value=None).fill_null(2**32 - 1))
    at = first.to_frame().select(stamp_column(head)).to_series().gather(runs)
    return lines.with_columns(at.alias("at"))


def stamp_column(head: Head) -> pl.Expr:
    """Column `stamp` (text) as microseconds on the head's clock; null for a day that does not exist."""
    text = pl.col("stamp")
    if head.zoned:
        moment = text.str.to_datetime("%+", strict=False, time_unit="us", time_zone="UTC")
    elif head.yearless:
        moment = (pl.lit("2000 ") + text).str.to_datetime("%Y %b %e %H:%M:%S", strict=False, time_unit="us")
    else:
        moment = text.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us")
    return moment.to_physical()


def _cut_short(lines: pl.DataFrame, head: Head) -> pl.Series:
    """Which lines begin like an event, written by a program that writes such events."""
    mask = pl.repeat(False, lines.height, eager=True)
    for pattern in patterns_for(head):
        hit = lines.select(_needles(pattern)).to_series()
        if not hit.any():
            continue
        begins = _expressions(head, pattern)[2]
        hit = hit & lines.select(_LINE.str.contains(begins)).to_series()
        if head.tagged and hit.any():
            tags = lines.select(_LINE.str.extract(begins, 1)).to_series()
            hit = hit & tags.is_in(_allowed(tags, pattern)).fill_null(False)
        mask = mask | hit
    return mask


def _allowed(tags: pl.Series, pattern: Pattern) -> list[str]:
    return [tag for tag in tags.unique() if tag is not None and program_of(tag) in pattern.programs]


def _match(
    lines: pl.DataFrame, expression: str, head: Head, pattern: Pattern, reading: Reading, file: int
) -> pl.DataFrame:
    """Keep the lines that `expression` takes as events of `pattern`; give back the others."""
    groups = _groups(lines, expression)
    marker = "tag" if head.tagged else next(name for name in pattern.fields if name in groups.columns)
    taken = groups[marker].is_not_null()
    if head.tagged:
        tags = groups["tag"].unique().drop_nulls()
        allowed = _allowed(tags, pattern)
        if len(allowed) < len(tags):
            taken = taken & groups["tag"].is_in(allowed).fill_null(False)
    if taken.all():
        _keep(groups, lines, head, pattern, reading, file)
        return lines.clear()
    if taken.any():
        _keep(groups.filter(taken), lines.filter(taken), head, pattern, reading, file)
    return lines.filter(~taken)


def _groups(lines: pl.DataFrame, expression: str) -> pl.DataFrame:
    """The groups of `expression` in each line, sought by every core at once."""
    each = max(1, -(-lines.height // pl.thread_pool_size()))
    sought = _LINE.str.extract_groups(expression).alias("groups")
    parts = pl.collect_all(part.lazy().select(sought) for part in lines.iter_slices(each))
    return pl.concat(parts)["groups"].struct.unnest()


def _keep(groups: pl.DataFrame, lines: pl.DataFrame, head: Head, pattern: Pattern, reading: Reading, file: int) -> None:
    """Bring matched groups to the columns of their kind and add them to the reading."""
    texts = groups.with_columns(_part(part, groups.columns).alias(part.name) for part in pattern.parts)
    nothing = pl.Series([None] * groups.height, dtype=pl.String)
    host = groups["host"] if "host" in groups.columns else pl.Series([""]).new_from_index(0, groups.height)
    frame = pl.DataFrame(
        {
            "clock": pl.Series([int(clock_of(head))], dtype=PLACE["clock"]).new_from_index(0, groups.height),
            "at": lines["at"],
            "host": host.cast(NAME),
            "file": pl.Series([file], dtype=PLACE["file"]).new_from_index(0, groups.height),
            "offset": lines["offset"],
        }
        | {
            name: _stored(texts[name] if name in texts.columns else nothing, kind)
            for name, kind in COLUMNS[pattern.kind].items()
        }
    )
    missing = frame["at"].null_count()
    if missing:
        for offset in frame.filter(pl.col("at").is_null())["offset"].head(3):
            reading.sample(file, offset, NO_SUCH_TIME)
        reading.broken += missing
        frame = frame.filter(pl.col("at").is_not_null())
    for (wrote,), some in frame.group_by("host"):
        reading.times |= {(file, int(clock_of(head)), str(wrote), at) for at in _quarters(some["at"], head)}
    reading.add(pattern.kind, frame)


def _part(part: Part, present: list[str]) -> pl.Expr:
    if part.of not in present:
        return pl.lit(None, dtype=pl.String)
    if not part.letters:
        return pl.col(part.of).str.contains(part.before, literal=True)
    return pl.col(part.of).str.extract(part.expression(), 1)


def _stored(texts: pl.Series, kind: type[pl.DataType]) -> pl.Series:
    """A captured field as the column of its kind."""
    if kind is ID:
        return ids_of(texts)
    if kind is MENTION:
        return texts.cast(pl.Boolean)
    return texts.cast(NAME) if kind is NAME else texts.cast(NUMBER, strict=False)
