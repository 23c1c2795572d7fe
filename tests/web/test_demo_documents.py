"""The sample city's documents: in every state, true to what was done, with something for everybody who logs in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import db
from core.db import unit_of_work
from core.directory import rosterfile
from core.directory.models import Account, OfficialRow
from core.directory.services import import_roster
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings, load
from eoffice.documents import ruleset, structured
from eoffice.documents.checking import check
from eoffice.models import DraftRow, RemarkRow, RevisionRow, TaskRow
from eoffice.queries import tasks_waiting
from eoffice.queries.use import UsePeriod, officials_use
from mail_audit.sample.people import settle, write_directory
from web import demo_documents, demo_roles
from web.demo_documents import Truth

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
AUDITED = date(2026, 11, 1)
Made = tuple[Settings, Truth]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A small city whose roles have accounts, and its documents."""
    folder = tmp_path_factory.mktemp("city")
    settings = load({"VANTHU_HOME": str(folder / "home")})
    write_directory(settle(74, 1), folder / "officials.csv")
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=rosterfile.read_roster(folder / "officials.csv"))
        roles = _accounts(session, folder)
        unit = next(one.unit for one in roles if one.role == Role.LEADER)
        truth = demo_documents.prepared(
            session, command_line_actor(), unit=unit or "", now=NOW, zone=settings.timezone, audited=AUDITED
        )
    yield settings, truth
    db.forget(settings)


def _accounts(session: Session, folder: Path) -> list[demo_roles.DemoAccount]:
    """The accounts of the demonstration, as a start makes them."""
    return demo_roles.prepared(session, command_line_actor(), folder, day=TODAY)


def test_there_is_a_draft_in_every_state(made: Made) -> None:
    settings, truth = made
    assert set(truth.drafts) == {
        "drafting", "written_by_two", "at_content", "at_form", "at_approval", "overdue", "opinion_asked",
        "opinion_given", "pulled_back", "withdrawn", "returned", "approved", "approved_by_deputy",
    }  # fmt: skip
    with unit_of_work(settings) as session:
        states = set(session.scalars(select(DraftRow.state)))
        assert states == {"drafting", "on_route", "returned", "approved", "withdrawn"}
        titles = list(session.scalars(select(DraftRow.title)))
        assert any(one.startswith("Reply to the sister city") for one in titles)
        assert (
            session.scalars(select(RevisionRow.draft).where(RevisionRow.merged)).all() == truth.drafts["written_by_two"]
        )
        assert session.scalars(select(RemarkRow.id).where(RemarkRow.quote.is_not(None))).first() is not None


def test_something_waits_for_every_role(made: Made) -> None:
    settings, _ = made
    with unit_of_work(settings) as session:
        rows = select(Account.name, OfficialRow.official_id).join(OfficialRow, OfficialRow.id == Account.official)
        people = {name: number for name, number in session.execute(rows)}  # noqa: C416 - rows are no pairs
        assert set(people) == set(demo_roles.OF_A_UNIT | demo_roles.OF_THE_CITY)
        for name, number in people.items():
            waiting = tasks_waiting(session, Actor(name, frozenset({Role.OFFICIAL}), number), today=TODAY)
            assert waiting, name
        leader = tasks_waiting(session, Actor("lanhdao", frozenset({Role.OFFICIAL}), people["lanhdao"]), today=TODAY)
        assert len(leader) >= 4
        assert any(one.due is not None and one.due < TODAY for one in leader)


def test_the_figures_of_use_say_what_was_done(made: Made) -> None:
    settings, truth = made
    period = UsePeriod(TODAY - timedelta(days=60), TODAY, settings.timezone, NOW)
    with unit_of_work(settings) as session:
        every, _ = officials_use(session, Actor("kiemtra", frozenset({Role.AUDITOR})), period=period, limit=None)
    for one in every:
        assert one.turns.own + one.acts.for_others == truth.by_hand[one.official_id]
        assert one.turns.by_deputy == truth.by_deputy[one.official_id]
        if truth.acted[one.official_id]:
            assert one.usage_class in {"regular", "occasional"}
        else:
            assert one.usage_class == ("delegated" if truth.by_deputy[one.official_id] else one.usage_class)
    assert {"regular", "occasional", "unknown"} <= {one.usage_class for one in every}


def test_the_letters_pass_the_form_check_but_for_what_was_seeded(made: Made) -> None:
    settings, truth = made
    rules = ruleset.load(TODAY)
    with unit_of_work(settings) as session:
        latest: dict[int, RevisionRow] = {}
        for row in session.scalars(select(RevisionRow).order_by(RevisionRow.number)):
            latest[row.draft] = row
        found = {draft: check(structured.from_dict(row.content, rules), rules) for draft, row in latest.items()}
    seeded = set(truth.drafts["drafting"])
    assert {draft: faults for draft, faults in found.items() if faults and draft not in seeded} == {}
    assert all(found[draft] for draft in seeded)


def test_a_second_start_makes_nothing(made: Made) -> None:
    settings, _ = made
    with unit_of_work(settings) as session:
        before = (len(session.scalars(select(DraftRow.id)).all()), len(session.scalars(select(TaskRow.id)).all()))
        again = demo_documents.prepared(
            session, command_line_actor(), unit="", now=NOW + timedelta(days=1), zone=settings.timezone, audited=AUDITED
        )
        assert again == Truth()
        after = (len(session.scalars(select(DraftRow.id)).all()), len(session.scalars(select(TaskRow.id)).all()))
    assert before == after
