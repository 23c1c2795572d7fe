"""The lines behind the figures: for every count the place of its line, and the line's own text without its subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import polars as pl

from mail_audit.archives import LogFile, Piece
from mail_audit.kept import written
from mail_audit.measure import Measurement
from mail_audit.private import without_private
from mail_audit.zones import Zone

COLUMNS = (
    "mailbox", "day", "at", "kind", "rung", "host", "file", "offset", "count", "delegate", "recipients", "external",
    "opens", "rule", "singly",
)  # fmt: skip
ADDRESSED = "addressed"
"""The kind of line that tells of one recipient of a message sent: behind figures, but no act of a day."""
PiecesOf = Callable[[LogFile], Iterator[Piece]]


def places(measured: Measurement, zone: Zone, mailbox: str | None = None) -> pl.DataFrame:
    """Every piece of evidence as `COLUMNS` (file by number), of all mailboxes or of one; sorted by mailbox and time.

    `count` is how much of its figure the line stands for (a refused log-in may tell of several attempts); `delegate` is
    the mailbox from whose owner's station or log-in an act came, null where it was the mailbox owner's own.
    `recipients` of a message sent, those of them `external`, null for other lines; `singly`: each of them has a line of
    its own (kind `addressed`: the last about delivering to that recipient, at the time of the message); `opens`: the
    line is the one that counts for a message opened (a message is opened once, and flagged often); `rule`: the rule of
    `usage.rules` that judged an act, null where none had to.
    """
    one = pl.lit(1, dtype=pl.Int64)
    none = pl.lit(None, dtype=pl.String)
    parts = [
        _part(_acts(measured), pl.col("kind"), pl.col("rung"), one, pl.when("is_delegated").then("delegate")),
        _part(_addressed(measured), pl.lit(ADDRESSED), none, one, none),
        _part(measured.mail.received, pl.lit("received"), none, one, none),
        _part(measured.mail.forwards, pl.lit("forwarded"), none, one, none),
        _part(measured.refused, pl.lit("refused"), none, pl.col("attempts"), none),
    ]
    chosen = [part.filter(pl.col("mailbox") == mailbox) for part in parts] if mailbox else parts
    table = pl.concat(chosen, how="diagonal").with_columns(pl.col("opens").fill_null(value=False))
    table = table.with_columns(day=zone.days(table["at"]).cast(pl.Date))
    return table.select(COLUMNS).sort("mailbox", "at", "file", "offset")


def _addressed(measured: Measurement) -> pl.DataFrame:
    one = pl.lit(1, dtype=pl.Int64)
    return measured.mail.addressed.with_columns(pl.col("external").cast(pl.Int64), recipients=one)


def _acts(measured: Measurement) -> pl.DataFrame:
    """The acts, with what else a line of theirs counts for."""
    place = ["mailbox", "file", "offset"]
    sent = measured.mail.submissions.select(*place, "recipients", "external", "singly").unique(place)
    opened = measured.opened.select(*place, opens=pl.lit(value=True)).unique(place)
    told = measured.acts.with_columns(pl.col("kind", "rung", "rule").cast(pl.String))
    table = told.join(sent, on=place, how="left", maintain_order="left")
    return table.join(opened, on=place, how="left", maintain_order="left")


def _part(frame: pl.DataFrame, kind: pl.Expr, rung: pl.Expr, count: pl.Expr, delegate: pl.Expr) -> pl.DataFrame:
    return frame.select(
        pl.col("mailbox").cast(pl.String),
        "at",
        kind.alias("kind"),
        rung.alias("rung"),
        pl.col("host").cast(pl.String),
        "file",
        "offset",
        count.alias("count"),
        delegate.cast(pl.String).alias("delegate"),
        *(name for name in COLUMNS[10:] if name in frame.columns),
    )


def with_lines(table: pl.DataFrame, logs: Sequence[LogFile], pieces_of: PiecesOf) -> pl.DataFrame:
    """`table` with `line`: the text at each place, read again from the files."""
    texts: dict[tuple[int, int], str] = {}
    for (file,), rows in table.group_by("file"):
        number = int(str(file))
        wanted = sorted(rows["offset"].unique())
        texts.update({(number, offset): line for offset, line in _texts(logs[number], wanted, pieces_of)})
    lines = [texts.get((file, offset), "") for file, offset in table.select("file", "offset").iter_rows()]
    return table.with_columns(pl.Series("line", lines, dtype=pl.String))


def _texts(log: LogFile, wanted: Sequence[int], pieces_of: PiecesOf) -> Iterator[tuple[int, str]]:
    at = 0
    for piece in pieces_of(log):
        if at == len(wanted):
            return
        if piece.starts is not None:
            made = dict(zip(piece.starts, piece.data.split(b"\n"), strict=False))
            while at < len(wanted) and wanted[at] in made:
                yield wanted[at], _shown(made[wanted[at]])
                at += 1
            continue
        while at < len(wanted) and wanted[at] < piece.offset + len(piece.data):
            start = wanted[at] - piece.offset
            end = piece.data.find(b"\n", start)
            yield wanted[at], _shown(piece.data[start : end if end >= 0 else None])
            at += 1


def _shown(line: bytes) -> str:
    return without_private(line.decode("utf-8", "replace").rstrip("\r"))


def write_evidence(path: Path, measured: Measurement, logs: Sequence[LogFile], zone: Zone, pieces_of: PiecesOf) -> None:
    """Write the evidence of all mailboxes to a Parquet file, with the names of the log files."""
    table = with_lines(places(measured, zone), logs, pieces_of)
    names = pl.DataFrame(
        {
            "file": pl.Series(range(len(logs)), dtype=pl.UInt16),
            "name": [log.name for log in logs],
        }
    )
    table = table.join(names, on="file", how="left", maintain_order="left").drop("file").rename({"name": "file"})
    table = table.with_columns(pl.col("at").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))
    with written():
        table.select(*COLUMNS, "line").write_parquet(path, compression="zstd")
