"""The present directory and what a directory server says, in one roster.

Whom the server does not know is left as they are: it can only take away those it named before. Somebody whose entry is
there but cannot be used (no number any more, a unit that is unclear, a clash with another) stays as they are too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from core.directory.doors.ldap.binding import Entry
from core.directory.doors.ldap.listing import subject_of
from core.directory.errors import RosterError, WrongRow
from core.directory.feeds.cells import cells_of
from core.directory.feeds.following import follow
from core.directory.feeds.options import Feed
from core.directory.roster import Post, Roster, Unit
from core.directory.rosterfile import Line, read_lines, rows_of
from core.directory.rosterfile.rows import OPTIONAL, REQUIRED
from core.directory.rosterfile.writing import guarded
from core.words import Text

COLUMNS = (*REQUIRED, *OPTIONAL)
FIRST_FED = 1_000_000
"""The number of the first line that comes from the server; those of the present directory stand before it."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry that cannot be used, and why."""

    dn: str
    words: Text


@dataclass(slots=True)
class Merged:
    """The roster as it would be; who is the server's, by number, with the unchanging id of their entry."""

    roster: Roster
    fed: dict[str, str]
    leavers: frozenset[str]
    left_out: list[LeftOut]
    without_number: int = 0


@dataclass(slots=True)
class _Said:
    """The entries that may be used, by number; and who is there all the same."""

    rows: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)
    left_out: list[LeftOut] = field(default_factory=list)
    without_number: int = 0


def merge(
    before: Roster,
    entries: Sequence[Entry],
    feed: Feed,
    *,
    own: Mapping[str, str],
    others: Collection[str],
    today: date,
) -> Merged:
    """`before` as the entries change it.

    `own` are the numbers that this server named before, with the ids of their entries; `others` those that another
    server feeds. Raises `RosterError` where what the server says does not go with the rest of the directory at all.
    """
    said = _read(entries, feed, own, others)
    while True:
        leavers = {number for number in own if number in before.officials} - set(said.rows) - said.there
        sheet = [*_present(before, said, leavers, keep_mail=not feed.options.mail), *_lines(said)]
        found = read_lines([Line(0, list(COLUMNS)), *sheet], feed.options.where)
        wrong = {one.line: _about(one) for one in found.left_out}
        if not wrong:
            break
        _leave_out(said, entries, wrong, feed)
    roster = _dated(before, found.roster, said.rows, today)
    return Merged(roster, said.subjects, frozenset(leavers), said.left_out, said.without_number)


def _read(entries: Sequence[Entry], feed: Feed, own: Mapping[str, str], others: Collection[str]) -> _Said:
    said = _Said()
    known = {subject: number for number, subject in own.items() if subject}
    for at, entry in enumerate(entries):
        subject = subject_of(entry, feed.door.subject_attribute)
        cells = cells_of(entry, feed.options)
        number = " ".join(cells.by_column["official_id"].split())
        problems = list(cells.problems)
        if subject in known and number != known[subject]:
            was = known[subject]
            problems.append(
                Text(f"mã cán bộ trước là {was}, nay là “{number}”", f"the number was {was} and is “{number}” now")
            )
        elif number in others:
            problems.append(
                Text(f"{number} thuộc một máy chủ danh bạ khác", f"{number} belongs to another directory server")
            )
        elif not number and not problems:
            said.without_number += 1
            continue
        if problems:
            said.there |= {number, known.get(subject, "")}
            said.left_out += [LeftOut(entry.dn, one) for one in problems]
        else:
            said.rows.setdefault(number, []).append((FIRST_FED + at, cells.by_column))
            said.subjects.setdefault(number, subject)
    for number in said.there & set(said.rows):  # one of several entries of one person cannot be used
        del said.rows[number], said.subjects[number]
    return said


def _leave_out(said: _Said, entries: Sequence[Entry], wrong: Mapping[int, Text], feed: Feed) -> None:
    """Take out whoever a wrong line is about. Raises `RosterError` where it is a line of the present directory."""
    for line, words in wrong.items():
        if line < FIRST_FED:
            raise RosterError(
                Text(
                    f"[{feed.options.where}] không đi cùng danh bạ hiện có: {words.vi}",
                    f"[{feed.options.where}] what the server says does not go with the present directory: {words.en}",
                )
            )
        said.left_out.append(LeftOut(entries[line - FIRST_FED].dn, words))
    for number in [one for one, rows in said.rows.items() if any(line in wrong for line, _ in rows)]:
        del said.rows[number], said.subjects[number]
        said.there.add(number)


def _about(wrong: WrongRow) -> Text:
    """What is wrong, with its column; a line says nothing of an entry."""
    return Text(f"{wrong.column}: {wrong.words.vi}", f"{wrong.column}: {wrong.words.en}")


def _lines(said: _Said) -> Iterable[Line]:
    rows = sorted(row for rows in said.rows.values() for row in rows)
    return (_line(number, cells) for number, cells in rows)


def _present(before: Roster, said: _Said, leavers: Collection[str], *, keep_mail: bool) -> list[Line]:
    """What stays of the present directory, as lines; units get the parent that the server says, where it says one."""
    parents: dict[str, set[str]] = {}
    for rows in said.rows.values():
        for _, cells in rows:
            if cells.get("parent_unit"):
                parents.setdefault(cells["unit"], set()).add(cells["parent_unit"])
    moved = {unit: min(found) for unit, found in parents.items() if unit in before.units and len(found) == 1}
    lines = []
    for number, cells in enumerate(rows_of(before), start=1):
        person = cells.get("official_id", "")
        row = dict(cells)
        if person in leavers or person in said.rows:
            row = {name: cells[name] for name in ("unit", "parent_unit")}
            if keep_mail and person in said.rows and cells.get("email"):
                kept = {name: cells[name] for name in ("email", "kind", "aliases")}
                row |= kept | {"official_id": person, "name": said.rows[person][0][1]["name"]}
        if row["unit"] in moved:
            row["parent_unit"] = moved[row["unit"]]
        lines.append(_line(number, {name: guarded(cell) for name, cell in row.items()}))
    return lines


def _line(number: int, cells: Mapping[str, str]) -> Line:
    return Line(number, [cells.get(column, "") for column in COLUMNS])


def _dated(before: Roster, now: Roster, fed: Collection[str], today: date) -> Roster:
    """The server knows no dates: whose posts it says keep what they were, and units that were theirs stay."""
    since = today if before.officials else None  # of those who are there at the beginning nobody knows since when
    paths = _paths(before), _paths(now)

    def same(then: str, key: str) -> bool:
        return then == key or paths[0].get(then) == paths[1].get(key)

    held = _by_official(before.posts)
    posts = [post for post in now.posts if post.official_id not in fed]
    for number, said in _by_official(post for post in now.posts if post.official_id in fed).items():
        posts += follow(held.get(number, ()), said, today=today, since=since, same=same)
    units = dict(now.units)
    renamed = {path: key for key, path in paths[1].items()}
    posts = [
        post if post.unit_key in units else replace(post, unit_key=renamed.get(paths[0][post.unit_key], post.unit_key))
        for post in posts
    ]
    for post in posts:
        _keep(units, before, post.unit_key)
    return replace(now, units=units, posts=tuple(sorted(posts, key=lambda post: post.official_id)))


def _keep(units: dict[str, Unit], before: Roster, key: str | None) -> None:
    while key is not None and key not in units:
        units[key] = before.units[key]
        key = units[key].parent_key


def _by_official(posts: Iterable[Post]) -> dict[str, list[Post]]:
    found: dict[str, list[Post]] = {}
    for post in posts:
        found.setdefault(post.official_id, []).append(post)
    return found


def _paths(roster: Roster) -> dict[str, tuple[str, ...]]:
    """A unit's key -> its name and those above it, by which it is known when keys change because names are shared."""
    found: dict[str, tuple[str, ...]] = {}
    for key in roster.units:
        path: list[str] = []
        at: str | None = key
        while at is not None:
            path.append(roster.units[at].name)
            at = roster.units[at].parent_key
        found[key] = tuple(path)
    return found
