"""Whatever single thing is done to the trail, it is found, and the breach is where it was done."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.audit import FIRST, AuditEntry, hash_of, record
from core.audit.heads import Head, head
from core.audit.verifying import Breach, verify
from core.db import forget, session_factory, unit_of_work
from core.settings import Settings, load

COUNT = 6
COLUMNS = ("at", "actor", "action", "subject", "facts", "previous_hash", "hash")
DROPPED = {
    "sqlite": ("DROP TRIGGER audit_entry_no_update", "DROP TRIGGER audit_entry_no_delete"),
    "postgresql": ("DROP TRIGGER audit_entry_append_only ON audit_entry",),
}
POSTGRESQL = (
    "at = at + interval '1 microsecond'",
    "actor = actor || ' '",
    "action = upper(action)",
    "subject = ''",
    "facts = (facts::text || ' ')::json",
    "previous_hash = upper(previous_hash)",
    "hash = upper(hash)",
)
VALUES = st.one_of(
    st.text(max_size=30).filter(lambda word: word.isprintable()),
    st.binary(max_size=8),
    st.integers(-(2**60), 2**60),
    st.floats(allow_nan=False, allow_infinity=False),
)


class Doing(StrEnum):
    """An action for these tests."""

    DONE = "core:test:done"


def fill(settings: Settings) -> None:
    """A trail of `COUNT` entries."""
    for number in range(COUNT):
        with unit_of_work(settings) as session:
            facts = {"n": number, "tên": "Lê Văn", "share": 0.1, "deep": {"b": [1, None], "a": True}}
            record(session, actor="quantri", action=Doing.DONE, subject=f"thing:{number}", facts=facts)


def unguarded(session: Session) -> None:
    """Takes the triggers away, as somebody with the database's password can."""
    for statement in DROPPED[session.get_bind().dialect.name]:
        session.execute(text(statement))


@pytest.fixture(scope="module")
def trail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A filled trail without its triggers, to be changed in transactions that are rolled back."""
    made = load({"VANTHU_HOME": str(tmp_path_factory.mktemp("trail") / "home")})
    fill(made)
    with unit_of_work(made) as session:
        unguarded(session)
    yield made
    forget(made)


def test_a_whole_trail_is_whole(each_database: Settings) -> None:
    with unit_of_work(each_database) as session:
        assert verify(session).whole
        assert head(session) is None
    fill(each_database)
    with unit_of_work(each_database) as session:
        found = verify(session)
        assert (found.whole, found.count, found.head) == (True, COUNT, head(session))


@given(number=st.integers(1, COUNT), column=st.sampled_from(COLUMNS), value=VALUES)
def test_any_change_of_any_cell_is_found(trail: Settings, number: int, column: str, value: object) -> None:
    with session_factory(trail)() as session:
        place = {"id": number, "value": value}
        same = session.scalar(text(f"SELECT {column} IS :value FROM audit_entry WHERE id = :id"), place)
        assume(not same)
        session.execute(text(f"UPDATE OR IGNORE audit_entry SET {column} = :value WHERE id = :id"), place)
        assume(session.scalar(text(f"SELECT typeof({column}) FROM audit_entry WHERE id = :id"), place) != "null")
        breach = verify(session).breach
        session.rollback()
    assert breach == Breach(number, "changed")


@given(number=st.integers(1, COUNT), column=st.sampled_from(COLUMNS), data=st.data())
def test_a_change_of_one_sign_is_found(trail: Settings, number: int, column: str, data: st.DataObject) -> None:
    with session_factory(trail)() as session:
        before = str(session.scalar(text(f"SELECT {column} FROM audit_entry WHERE id = :id"), {"id": number}))
        place = data.draw(st.integers(0, len(before)))
        kept_from = place + data.draw(st.integers(0, 1))
        after = (
            before[:place] + data.draw(st.sampled_from(["", " ", "0", "1", "a", "\\u0041", "é"])) + before[kept_from:]
        )
        assume(after != before)
        session.execute(
            text(f"UPDATE audit_entry SET {column} = :value WHERE id = :id"), {"id": number, "value": after}
        )
        breach = verify(session).breach
        session.rollback()
    assert breach == Breach(number, "changed")


@given(number=st.integers(1, COUNT - 1))
def test_any_deletion_is_found(trail: Settings, number: int) -> None:
    with session_factory(trail)() as session:
        session.execute(text("DELETE FROM audit_entry WHERE id = :id"), {"id": number})
        breach = verify(session).breach
        session.execute(text("UPDATE audit_entry SET id = id + 1000 WHERE id > :id"), {"id": number})
        session.execute(text("UPDATE audit_entry SET id = id - 1001 WHERE id > 1000"))  # the gap is closed
        closed = verify(session).breach
        session.rollback()
    assert (breach, closed) == (Breach(number, "missing"), Breach(number, "changed"))


def _rewritten(session: Session, first: int, *, actor: str) -> None:
    """Entries from `first` on, written anew with right hashes: what somebody can do who reads this program."""
    rows = list(session.query(AuditEntry).order_by(AuditEntry.id))
    previous = FIRST if first == 1 else rows[first - 2].hash
    for row in rows[first - 1 :]:
        row.actor, row.previous_hash = actor, previous
        row.hash = previous = hash_of(row.id, row.at, actor, row.action, row.subject, row.facts, previous)
    session.flush()


@given(number=st.integers(1, COUNT))
def test_an_entry_slipped_in_is_found(trail: Settings, number: int) -> None:
    """It says its own number and follows the one before, but the next one does not follow it."""
    with session_factory(trail)() as session:
        noted = head(session)
        assert noted is not None
        session.execute(text("UPDATE audit_entry SET id = id + 1000 WHERE id >= :id"), {"id": number})
        session.execute(text("UPDATE audit_entry SET id = id - 999 WHERE id > 1000"))
        session.execute(
            text(
                "INSERT INTO audit_entry SELECT :id, at, 'x', action, subject, facts, previous_hash || ' ', 'h'"
                " FROM audit_entry WHERE id = :next"
            ),
            {"id": number, "next": number + 1},
        )
        breach = verify(session).breach
        session.rollback()
    assert breach == Breach(number, "changed")


@given(number=st.integers(1, COUNT - 1))
def test_an_entry_replaced_with_a_right_hash_is_found(trail: Settings, number: int) -> None:
    with session_factory(trail)() as session:
        row = session.get_one(AuditEntry, number)
        digest = hash_of(row.id, row.at, "x", row.action, row.subject, row.facts, row.previous_hash)
        session.execute(
            text("UPDATE audit_entry SET actor = 'x', hash = :hash WHERE id = :id"), {"hash": digest, "id": number}
        )
        breach = verify(session).breach
        session.rollback()
    assert breach == Breach(number + 1, "unconnected")


@given(number=st.integers(1, COUNT), left=st.integers(0, COUNT - 1))
def test_a_head_outside_shows_a_cut_and_a_trail_written_anew(trail: Settings, number: int, left: int) -> None:
    with session_factory(trail)() as session:
        heads = [Head(row.id, row.hash) for row in session.query(AuditEntry)]
        _rewritten(session, number, actor="x")
        anew = verify(session, heads)
        session.rollback()
        session.execute(text("DELETE FROM audit_entry WHERE id > :left"), {"left": left})
        cut = verify(session, heads[-1:])
        session.rollback()
        assert verify(session, heads).whole
    assert (anew.breach, anew.whole, anew.cut, anew.lost) == (None, False, False, tuple(heads[number - 1 :]))
    assert (cut.breach, cut.whole, cut.cut, cut.count) == (None, False, True, left)


@pytest.mark.server
@pytest.mark.parametrize("each_database", ["postgresql"], indirect=True)
def test_postgresql_too(each_database: Settings) -> None:
    fill(each_database)
    with unit_of_work(each_database) as session:
        assert verify(session).whole
        unguarded(session)
    for change in POSTGRESQL:
        with session_factory(each_database)() as session:
            session.execute(text(f"UPDATE audit_entry SET {change} WHERE id = 3"))
            assert verify(session).breach == Breach(3, "changed"), change


def test_facts_with_a_key_twice_are_a_change(settings: Settings, tmp_path: Path) -> None:
    """Readers differ in which of the two they show."""
    fill(settings)
    with unit_of_work(settings) as session:
        unguarded(session)
        session.execute(text("""UPDATE audit_entry SET facts = '{"n": 7, ' || substr(facts, 2) WHERE id = 2"""))
        assert session.get_one(AuditEntry, 2).facts["n"] == 1
        assert verify(session).breach == Breach(2, "changed")
