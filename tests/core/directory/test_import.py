"""Importing a directory: repeatable, whole or not at all, told beforehand, one entry in the trail."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import unit_of_work
from core.directory import queries
from core.directory.errors import RemovalError
from core.directory.models import OfficialRow
from core.directory.roster import Roster
from core.directory.rosterfile import read_roster
from core.directory.services import import_roster
from core.errors import ForbiddenError
from core.permissions import Actor
from core.settings import Settings
from tests.core.directory.files import FULL, csv_file

ROWS = (
    "UBND,1,Lê An,Chủ tịch,leader,an@tp.example.gov.vn,,ct@tp.example.gov.vn,,,",
    "Sở A,2,Trần Bình,Giám đốc,leader,binh@tp.example.gov.vn,UBND,,,2020-01-01,",
    "Sở A,,,,,vt@tp.example.gov.vn,,,shared,,",
)


def roster(folder: Path, *rows: str) -> Roster:
    """A roster of those rows."""
    return read_roster(csv_file(folder, *rows, header=FULL))


def trail(settings: Settings) -> list[tuple[str, str, dict[str, object]]]:
    """Who did what, with which facts."""
    with unit_of_work(settings) as session:
        return [(entry.actor, entry.action, entry.facts) for entry in session.scalars(select(AuditEntry))]


def put(
    settings: Settings, actor: Actor, new: Roster, *, dry_run: bool = False, allow_removals: bool = False
) -> list[str]:
    """Imports; gives what changed, in English."""
    with unit_of_work(settings) as session:
        found = import_roster(session, actor, roster=new, dry_run=dry_run, allow_removals=allow_removals)
    return [change.words.en for change in found.changes]


def test_a_second_import_changes_nothing(each_database: Settings, actor: Actor, tmp_path: Path) -> None:
    new = roster(tmp_path, *ROWS)
    assert len(put(each_database, actor, new)) == 9
    assert put(each_database, actor, new) == []
    with unit_of_work(each_database) as session:
        assert queries.roster(session) == new
    facts = {"unit added": 2, "official added": 2, "post added": 2, "mailbox added": 3}
    assert trail(each_database) == [("quantri", "core:directory:import", facts)]


def test_a_dry_run_tells_and_writes_nothing(settings: Settings, actor: Actor, tmp_path: Path) -> None:
    new = roster(tmp_path, *ROWS)
    told = put(settings, actor, new, dry_run=True)
    assert told[0] == "add unit UBND: UBND"
    assert trail(settings) == []
    assert put(settings, actor, new) == told


def test_changes_are_told_one_by_one(each_database: Settings, actor: Actor, tmp_path: Path) -> None:
    put(each_database, actor, roster(tmp_path, *ROWS))
    told = put(
        each_database,
        actor,
        roster(
            tmp_path,
            "UBND,1,Lê Văn An,Chủ tịch,leader,an@tp.example.gov.vn,,,,,",
            "Sở A,,,,,vt@tp.example.gov.vn,,ct@tp.example.gov.vn,shared,,",
        ),
    )
    assert told == [
        "change unit Sở A: Sở A (UBND) → Sở A",
        "change official 1: Lê An → Lê Văn An",
        "remove official 2: Trần Bình",
        "remove post 2: Giám đốc, Sở A, leader 2020-01-01…",
        "change mailbox an@tp.example.gov.vn: personal [UBND] 1 ct@tp.example.gov.vn → personal [UBND] 1",
        "change mailbox vt@tp.example.gov.vn: shared [Sở A] → shared [Sở A] ct@tp.example.gov.vn",
        "remove mailbox binh@tp.example.gov.vn: personal [Sở A] 2",
    ]


def test_who_comes_back_is_the_same_person(settings: Settings, actor: Actor, tmp_path: Path) -> None:
    def row_of_two() -> tuple[int, bool]:
        with unit_of_work(settings) as session:
            row = session.scalars(select(OfficialRow).where(OfficialRow.official_id == "2")).one()
            return row.id, row.gone_at is not None

    put(settings, actor, roster(tmp_path, *ROWS))
    number, _ = row_of_two()
    put(settings, actor, roster(tmp_path, ROWS[0]))
    assert row_of_two() == (number, True)
    put(settings, actor, roster(tmp_path, *ROWS))
    assert row_of_two() == (number, False)


def test_a_part_of_the_directory_is_not_taken_for_all(settings: Settings, actor: Actor, tmp_path: Path) -> None:
    everybody = [f"A,{n},N{n},,staff," for n in range(30)]
    put(settings, actor, roster(tmp_path, *everybody))
    with pytest.raises(RemovalError) as caught:
        put(settings, actor, roster(tmp_path, *everybody[:19]))
    assert "11" in caught.value.message.vi
    with unit_of_work(settings) as session:
        assert len(queries.roster(session).officials) == 30
    put(settings, actor, roster(tmp_path, *everybody[:20]))
    put(settings, actor, roster(tmp_path, everybody[0]), allow_removals=True)
    with unit_of_work(settings) as session:
        assert list(queries.roster(session).officials) == ["0"]


def test_only_who_may_imports(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(ForbiddenError):
        put(settings, Actor("nobody"), roster(tmp_path, *ROWS))
