"""Whether the trail is whole: every entry says what it said when it was written, and follows the one before it.

Rows are read as the database keeps them, byte for byte, and not through the model: what somebody wrote past the model
(a text that is no time, a key twice in the facts, bytes that are no UTF-8) must be found and must not end in an error.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Text as SqlText
from sqlalchemy import cast, select, text
from sqlalchemy.orm import Session

from core.audit import FIRST, AuditEntry, hash_of
from core.audit.heads import Head

Kind = Literal["changed", "missing", "unconnected"]
TOLD = ("at", "actor", "action", "subject", "facts", "previous_hash", "hash")
_SQLITE = text(
    f"SELECT id, {' || '.join(f'typeof({name})' for name in TOLD)}, "  # noqa: S608 - names of our own columns
    f"{', '.join(f'CAST({name} AS BLOB)' for name in TOLD)} FROM audit_entry ORDER BY id"
)
_SQLITE_TIME = "%Y-%m-%d %H:%M:%S.%f"
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Breach:
    """Where the chain breaks: the number of the entry, and how.

    `changed`: the entry does not say what it said. `missing`: it is not there, but later ones are. `unconnected`: it
    does not follow from the one before: one of the two was replaced or slipped in.
    """

    entry: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the trail is: how many entries hold together from the first, the last of them, and the breach if any."""

    count: int
    head: Head | None
    breach: Breach | None
    kept: tuple[Head, ...] = ()
    """Of the heads noted outside, those that the trail still contains, the earliest first."""
    lost: tuple[Head, ...] = ()
    """Those that it does not contain any more."""

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.breach is None and not self.lost

    @property
    def cut(self) -> bool:
        """Whether the chain is whole, and shorter than it once was."""
        return self.breach is None and bool(self.lost) and self.lost[-1].entry > self.count


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the database keeps it; None where what stands there cannot be an entry."""

    number: int
    previous_hash: str
    hash: str
    computed: str | None


def verify(session: Session, noted: Iterable[Head] = ()) -> Verdict:
    """Walks the whole trail once; `noted` are heads that were noted outside, in any order."""
    with closing(_rows(session)) as rows:
        return judge(rows, noted)


def first_broken(session: Session) -> int | None:
    """The number of the first entry that does not follow from the one before it; None when the chain is whole."""
    breach = verify(session).breach
    return None if breach is None else breach.entry


def judge(rows: Iterable[Row], noted: Iterable[Head] = ()) -> Verdict:
    """What rows in the order of their numbers are. Pure."""
    wanted = sorted(set(noted))
    open_heads = {head.entry for head in wanted}
    hashes: dict[int, str] = {}
    count, previous, breach = 0, FIRST, None
    for row in rows:
        breach = _breach(row, count + 1, previous)
        if breach is not None:
            break
        count, previous = row.number, row.hash
        if count in open_heads:
            hashes[count] = row.hash
    kept = tuple(head for head in wanted if hashes.get(head.entry) == head.hash)
    return Verdict(
        count, Head(count, previous) if count else None, breach, kept, tuple(h for h in wanted if h not in kept)
    )


def _breach(row: Row, expected: int, previous: str) -> Breach | None:
    if row.number > expected:
        return Breach(expected, "missing")
    if row.number != expected or row.computed is None or row.computed != row.hash:
        return Breach(expected, "changed")
    return None if row.previous_hash == previous else Breach(expected, "unconnected")


def _rows(session: Session) -> Generator[Row]:
    if session.get_bind().dialect.name == "sqlite":
        with session.execute(_SQLITE, execution_options={"yield_per": _AT_ONCE}) as found:
            for number, kinds, *told in found:
                yield _row(number, _of_sqlite(told) if kinds == "text" * len(TOLD) else None)
        return
    columns = [getattr(AuditEntry, name) for name in TOLD if name != "facts"]
    columns.insert(TOLD.index("facts"), cast(AuditEntry.facts, SqlText))
    asked = select(AuditEntry.id, *columns).order_by(AuditEntry.id).execution_options(yield_per=_AT_ONCE)
    with session.execute(asked) as found:
        for number, *told in found:
            yield _row(number, told)


def _of_sqlite(told: Sequence[bytes]) -> list[Any] | None:
    """The texts of a row with its time read; None where they are none."""
    try:
        texts: list[Any] = [one.decode() for one in told]
        at = datetime.strptime(texts[0], _SQLITE_TIME).replace(tzinfo=UTC)
    except ValueError:  # UnicodeDecodeError is one
        return None
    return [at, *texts[1:]] if at.strftime(_SQLITE_TIME) == texts[0] else None


def _row(number: int, told: Sequence[Any] | None) -> Row:
    if told is None:
        return Row(number, "", "", None)
    at, actor, action, subject, raw, previous, kept = told
    try:
        facts = json.loads(raw)
        exact = raw == json.dumps(facts)  # as the database's driver writes them: no key twice, nothing in between
        computed = hash_of(number, at, actor, action, subject, facts, previous) if exact else None
    except (TypeError, ValueError, RecursionError):
        computed = None
    return Row(number, previous, kept, computed)
