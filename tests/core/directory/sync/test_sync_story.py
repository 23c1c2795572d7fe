"""The directory follows the office's server: who joins, who moves, who leaves, and what waits for somebody who left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

import core.cli
from core.audit import AuditEntry
from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.directory import queries, syncing
from core.directory.errors import LastAdministratorError, RemovalError
from core.directory.roster import Mailbox, Official, Post, Roster, Unit
from core.directory.services import accounts, create_account, grant_role, import_roster, leaving, name_deputy
from core.directory.services.syncing import Synced
from core.directory.tasks import sync_due
from core.jobs import run_waiting, sweep
from core.permissions import Actor, command_line_actor
from core.settings import Settings
from tests.core.directory.sync.conftest import STAFF, Office, latest_run

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("slapd")]
BUILDING, HOUSING, HEALTH = "Sở Xây dựng", "Phòng Quản lý nhà", "Sở Y tế"
PASSWORD = "mat khau rat dai"
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    on(monkeypatch, TODAY)


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(syncing, "day_in", lambda _zone, _moment: day)


def sync(settings: Settings, actor: Actor, *, dry_run: bool = False, force: bool = False) -> Synced:
    return syncing.run_sync(settings, actor, key="office", dry_run=dry_run, force=force)


def roster(settings: Settings) -> Roster:
    with unit_of_work(settings) as session:
        return queries.roster(session)


def posts(settings: Settings, number: str) -> list[tuple[str, str, str, date | None, date | None]]:
    return [
        (one.unit_key, one.title, one.rank, one.since, one.until)
        for one in roster(settings).posts
        if one.official_id == number
    ]


def trail(settings: Settings, action: str) -> list[tuple[str, str, Mapping[str, object]]]:
    with unit_of_work(settings) as session:
        wanted = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
        return [(one.actor, one.subject, one.facts) for one in session.scalars(wanted)]


def test_joiners_movers_and_leavers(
    synced: Settings, office: Office, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sync(synced, actor)
    assert (first.tally.found, first.tally.joined, first.tally.without_number, first.tally.references) == (9, 8, 1, 1)
    found = roster(synced)
    assert set(found.officials) == {person[2] for person in STAFF}
    assert found.units[HOUSING].parent_key == BUILDING
    assert found.mailboxes["cb3@tp.example.gov.vn"] == Mailbox("cb3@tp.example.gov.vn", "personal", HOUSING, "CB3")
    assert posts(synced, "CB2") == [(BUILDING, "Phó Giám đốc", "leader", None, None)]
    assert sync(synced, actor).tally.changes == 0
    assert len(trail(synced, "core:directory:import")) == 1

    office.join("moi", "Người Mới", "CB10", HEALTH, "Chuyên viên")
    office.change("long", ou=HEALTH, departmentNumber=[], title="Trưởng phòng")
    office.leave("khai")
    on(monkeypatch, TODAY + timedelta(days=9))
    told = sync(synced, actor, dry_run=True)
    assert (told.tally.joined, told.tally.moved, told.tally.left) == (1, 1, 1)
    assert "CB10" not in roster(synced).officials
    done = sync(synced, actor)
    assert done.changes == told.changes
    day = TODAY + timedelta(days=9)
    assert posts(synced, "CB10") == [(HEALTH, "Chuyên viên", "staff", day, None)]
    assert posts(synced, "CB4") == [
        (HEALTH, "Trưởng phòng", "leader", day, None),
        (HOUSING, "Chuyên viên", "staff", None, day - timedelta(days=1)),
    ]
    assert "CB9" not in roster(synced).officials
    assert sync(synced, actor).tally.changes == 0
    assert [one[2]["source"] for one in trail(synced, "core:directory:import")] == ["sync.office", "sync.office"]
    with unit_of_work(synced) as session:
        runs = queries.sync_runs(session, offset=0, limit=9)
    assert [(one.state, (one.counts or {})["changes"]) for one in runs] == [
        ("done", 0), ("done", len(done.changes.changes)), ("done", 0), ("done", len(first.changes.changes)),
    ]  # fmt: skip


def test_what_waits_for_a_leaver_is_handed_over(
    synced: Settings, office: Office, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[tuple[str, str | None]] = []

    def hand_over(_session: object, _actor: Actor, *, official_id: str, to: str | None, day: date) -> dict[str, int]:
        del day
        passed.append((official_id, to))
        return {"tasks": 3}

    sync(synced, actor)
    today = day_in(synced.timezone, utc_now())
    with unit_of_work(synced) as session:
        clerk = command_line_actor()
        create_account(session, clerk, name="admin", password=PASSWORD)
        create_account(session, clerk, name="khai", password=PASSWORD, official_id="CB9")
        name_deputy(
            session, clerk, official_id="CB9", deputy_official_id="CB8", scope="everything",
            first=today - timedelta(days=1), last=today + timedelta(days=30),
        )  # fmt: skip
    office.leave("khai")
    monkeypatch.setattr(leaving, "_hand_overs", lambda: iter([("eoffice", hand_over)]))
    sync(synced, actor)
    assert passed == [("CB9", "CB8")]
    ((who, subject, facts),) = trail(synced, "core:official:leave")
    assert (who, subject, facts["eoffice"], facts["account"]) == (
        actor.name, "official:CB9", {"tasks": 3, "to": "CB8"}, "khai",
    )  # fmt: skip
    with unit_of_work(synced) as session:
        closed = queries.account_by_name(session, "khai")
    assert closed is not None
    assert closed.closed_at is not None


def test_the_last_administrator_does_not_leave(small: Settings, office: Office, actor: Actor) -> None:
    sync(small, actor)
    with unit_of_work(small) as session:
        create_account(session, actor, name="khai", password=PASSWORD, official_id="CB9")
        grant_role(session, actor, name="khai", role="administrator", unit_key=None)
    office.leave("khai")
    with pytest.raises(LastAdministratorError):
        sync(small, actor)
    assert "CB9" in roster(small).officials
    with unit_of_work(small) as session:
        latest = latest_run(session)
    assert latest.state == "refused"
    assert latest.error is not None
    assert "last administrator" in latest.error.en


def test_half_a_directory_makes_no_leavers_unless_it_is_meant(small: Settings, office: Office, actor: Actor) -> None:
    sync(small, actor)
    office.leave("an", "ung", "ha", "long")
    told = sync(small, actor, dry_run=True)
    assert told.refusal is not None
    with pytest.raises(RemovalError) as refused:
        sync(small, actor)
    assert "4 of 8" in refused.value.message.en
    assert len(roster(small).officials) == 8
    with unit_of_work(small) as session:
        latest = latest_run(session)
    assert (latest.state, (latest.counts or {})["left"]) == ("refused", 4)
    assert any("CB1" in one.en for one in latest.changes)
    assert sync(small, actor, force=True).tally.left == 4
    assert len(roster(small).officials) == 4


def test_an_empty_answer_is_never_done(small: Settings, office: Office, actor: Actor) -> None:
    sync(small, actor)
    office.leave(*(person[0] for person in STAFF))
    with pytest.raises(RemovalError):
        sync(small, actor, force=True)
    assert len(roster(small).officials) == 8


def test_whom_the_server_never_knew_stays(small: Settings, actor: Actor) -> None:
    """Officials, shared mailboxes and units of a file stay, with the dates of whoever the server knows as well."""
    day = date(2020, 1, 1)
    before = Roster(
        {BUILDING: Unit(BUILDING, BUILDING, None), "Sở Khác": Unit("Sở Khác", "Sở Khác", None)},
        {"CB1": Official("CB1", "Nguyễn Thị Ngọc Ánh"), "K1": Official("K1", "Người Khác")},
        (Post("CB1", BUILDING, "Giám đốc", "leader", day, None), Post("K1", "Sở Khác", "Chuyên viên", "staff")),
        {"vt@tp.example.gov.vn": Mailbox("vt@tp.example.gov.vn", "shared", BUILDING)},
    )
    with unit_of_work(small) as session:
        import_roster(session, actor, roster=before)
    done = sync(small, actor)
    assert (done.tally.joined, done.tally.left, done.tally.unknown_there) == (7, 0, 1)
    after = roster(small)
    assert {"K1", "CB1"} < set(after.officials)
    assert "vt@tp.example.gov.vn" in after.mailboxes
    assert posts(small, "CB1") == [(BUILDING, "Giám đốc", "leader", day, None)]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"employeeNumber": []}, "the number was CB9"),
        ({"employeeNumber": "CB99"}, "is “CB99” now"),
        ({"ou": ["Sở Y tế", "Sở Xây dựng"]}, "ou has 2 values"),
        ({"mail": "khong phai dia chi"}, "email"),
        ({"mail": "cb8@tp.example.gov.vn"}, "belongs to"),
        ({"employeeNumber": "CB8"}, "the number was CB9"),
    ],
)
def test_somebody_whose_entry_cannot_be_used_stays_as_they_are(
    small: Settings, office: Office, actor: Actor, values: dict[str, str | list[str]], said: str
) -> None:
    sync(small, actor)
    office.change("khai", **values)
    done = sync(small, actor)
    assert [said in one.words.en for one in done.left_out] == [True]
    assert done.tally.changes == 0
    assert {"CB8", "CB9"} <= set(roster(small).officials)


def test_the_scheduler_asks_when_it_is_time(small: Settings) -> None:
    now = utc_now()
    with unit_of_work(small) as session:
        assert sync_due(session, None, now) == {"keys": ["office"]}
    sweep(small, now=now)
    assert run_waiting(small)
    assert len(roster(small).officials) == 8
    with unit_of_work(small) as session:
        later: datetime = now + timedelta(minutes=58)
        assert sync_due(session, None, later) is None
        assert sync_due(session, None, later + timedelta(minutes=5)) == {"keys": ["office"]}


def test_from_the_command_line(
    small: Settings, office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VANTHU_HOME", str(small.home))
    assert core.cli.main(["--language", "en", "directory", "sync", "office", "--dry-run"]) == 0
    assert "8 join, 0 move, 0 leave" in capsys.readouterr().out
    assert core.cli.main(["--language", "en", "directory", "sync"]) == 0
    assert len(roster(small).officials) == 8
    office.leave("an", "ung", "ha")
    assert core.cli.main(["--language", "en", "directory", "sync"]) == RemovalError.exit_code
    assert "--force" in capsys.readouterr().err
    assert core.cli.main(["directory", "sync", "elsewhere"]) != 0
    assert core.cli.main(["directory", "sync", "office", "--force"]) == 0
    assert len(roster(small).officials) == 5
