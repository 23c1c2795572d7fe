"""The audit trail: whole, append-only, refused to be edited by both databases."""

from __future__ import annotations

import threading
from enum import StrEnum

import pytest
from sqlalchemy import select, text

from core.audit import FIRST, AuditEntry, record
from core.audit.verifying import first_broken
from core.db import unit_of_work
from core.errors import ConflictError, UnavailableError
from core.settings import Settings


class Doing(StrEnum):
    """An action for these tests."""

    DONE = "core:test:done"


def entries(settings: Settings) -> list[AuditEntry]:
    """The trail, oldest first."""
    with unit_of_work(settings) as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def write(settings: Settings, number: int) -> None:
    """One entry in a unit of work of its own."""
    facts = {"n": number, "tên": "Lê Văn", "share": 0.1, "deep": {"b": [1, None], "a": True}}
    with unit_of_work(settings) as session:
        record(session, actor="quantri", action=Doing.DONE, subject=f"thing:{number}", facts=facts)


def test_entries_are_chained_and_counted(each_database: Settings) -> None:
    for number in range(3):
        write(each_database, number)
    found = entries(each_database)
    assert [entry.id for entry in found] == [1, 2, 3]
    assert [entry.previous_hash for entry in found] == [FIRST, found[0].hash, found[1].hash]
    assert found[0].facts["deep"] == {"b": [1, None], "a": True}
    with unit_of_work(each_database) as session:
        assert first_broken(session) is None


PUT_IN_PLACE = "INSERT {} INTO audit_entry SELECT {}, at, 'x', action, subject, facts, {} FROM audit_entry WHERE id = 2"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'x'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE id=2",
        f"{PUT_IN_PLACE.format('', 'id', 'previous_hash, hash')} ON CONFLICT (id) DO UPDATE SET actor = 'x'",
    ],
)
def test_the_database_refuses_to_edit(each_database: Settings, statement: str) -> None:
    write(each_database, 1)
    write(each_database, 2)
    with pytest.raises((ConflictError, UnavailableError)), unit_of_work(each_database) as session:
        session.execute(text(statement))
    assert [entry.actor for entry in entries(each_database)] == ["quantri", "quantri"]


@pytest.mark.parametrize("how", ["OR REPLACE", "OR IGNORE"])
@pytest.mark.parametrize(
    ("number", "hashes"),
    [("id", "'a', 'b'"), ("3", "previous_hash, 'b'"), ("3", "'a', hash")],
    ids=["its number", "what it follows", "its hash"],
)
def test_sqlite_refuses_to_put_an_entry_in_another_s_place(
    settings: Settings, how: str, number: str, hashes: str
) -> None:
    """REPLACE takes a row away without the triggers of DELETE."""
    write(settings, 1)
    write(settings, 2)
    with pytest.raises((ConflictError, UnavailableError)), unit_of_work(settings) as session:
        session.execute(text(PUT_IN_PLACE.format(how, number, hashes)))
    assert [(entry.id, entry.actor) for entry in entries(settings)] == [(1, "quantri"), (2, "quantri")]


@pytest.mark.server
@pytest.mark.parametrize("each_database", ["postgresql"], indirect=True)
def test_postgresql_refuses_to_empty_the_trail(each_database: Settings) -> None:
    write(each_database, 1)
    with pytest.raises(ConflictError), unit_of_work(each_database) as session:
        session.execute(text("TRUNCATE audit_entry"))
    assert len(entries(each_database)) == 1


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE audit_entry SET facts = '{}' WHERE id = 2",
        "UPDATE audit_entry SET actor = 'x' WHERE id = 2",
        "UPDATE audit_entry SET at = '2020-01-01 00:00:00.000000' WHERE id = 2",
        "DELETE FROM audit_entry WHERE id = 2",
    ],
)
def test_an_edit_behind_the_triggers_is_found(settings: Settings, edit: str) -> None:
    for number in range(3):
        write(settings, number)
    with unit_of_work(settings) as session:
        for verb in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER audit_entry_no_{verb}"))
        session.execute(text(edit))
        assert first_broken(session) == 2


def test_writers_at_once_keep_the_chain(each_database: Settings) -> None:
    write(each_database, 0)

    def write_some() -> None:
        for _ in range(5):
            write(each_database, 1)

    threads = [threading.Thread(target=write_some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with unit_of_work(each_database) as session:
        assert first_broken(session) is None
    assert [entry.id for entry in entries(each_database)] == list(range(1, 22))


@pytest.mark.parametrize("facts", [{"n": float("nan")}, {"n": object()}, {"n": {1, 2}}])
def test_facts_are_plain(settings: Settings, facts: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)), unit_of_work(settings) as session:
        record(session, actor="a", action=Doing.DONE, subject="s", facts=facts)
    assert entries(settings) == []
