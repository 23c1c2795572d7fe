"""The demonstration's training: from collected logs to an effect whose truth its generator knows."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.calendar import day_in, working_days
from core.db import forget, unit_of_work, utc_now
from core.directory import rosterfile
from core.directory.coded import CodedAddresses
from core.directory.models import OfficialRow
from core.directory.services import import_roster
from core.permissions import command_line_actor
from core.settings import Settings
from mail_audit.models import LogPiece
from mail_audit.sample import PRESETS
from mail_audit.sample.people import settle, write_directory
from training.models import (
    AssignmentRow,
    AttendanceRow,
    CampaignRow,
    CertificateRow,
    ClassRow,
    EffectReportRow,
    ExerciseRow,
    RuleRow,
    SeatRow,
)
from training.moments import Moment
from training.queries.panels import BEFORE, campaign_panel
from training.services import classes
from training.services.effects import report_effect
from web import demo_learners, demo_months, demo_roles, demo_training
from web.demo_learners import COURSE, Days
from web.demo_practice import SPELLING

ADDRESSES = CodedAddresses.of(SPELLING)
TODAY = date(2026, 11, 23)


def _city(settings: Settings, folder: Path, officials: int) -> Path:
    """The directory and the accounts of the demonstration; nothing is measured yet."""
    write_directory(settle(officials, 2014), folder / "officials.csv")
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=rosterfile.read_roster(folder / "officials.csv"))
        demo_roles.prepared(session, command_line_actor(), folder, day=TODAY)
    return folder / "months"


def test_the_effect_that_is_found_is_the_one_that_was_made(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawn in three waves, two of them begun: evidence A, risen, the truth in the interval. As assigned: nobody need
    have come to a class for that.
    """
    monkeypatch.setitem(PRESETS, "full", replace(PRESETS["small"], officials=400))
    monkeypatch.setattr(demo_training, "FINISH", {})
    demo_training.prepare(settings, _city(settings, tmp_path, 400), preset="full", today=TODAY)
    moment = Days(settings.timezone).at(TODAY, 8)
    with unit_of_work(settings) as session:
        campaign = session.scalars(select(CampaignRow)).one()
        found = campaign_panel(session, campaign.id, today=TODAY)
        report = session.get_one(EffectReportRow, report_effect(session, campaign_id=campaign.id, moment=moment))
        told = report.result
    after = [len(working_days(*period)) for period in found.periods[BEFORE:]]
    assert (len(after), report.label, report.verdict) == (3, "A", "rose")
    assert told["low"] < demo_months.ADDED * sum(after) / len(after) < told["high"]
    assert set(found.panel.start.tolist()) == {BEFORE, BEFORE + 2, BEFORE + 3}


def test_killed_on_the_way_and_started_again_it_ends_at_the_same(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody finds something: courses due, one practised and proved, a class to come, a list in waves."""
    settings = replace(settings, tables=MappingProxyType({**settings.tables, "mail": {"practice": SPELLING}}))
    months = _city(settings, tmp_path, 74)
    real, calls = demo_learners.teach, []

    def killed(*args: Any, **more: Any) -> None:
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        real(*args, **more)

    today = day_in(settings.timezone, utc_now())
    with monkeypatch.context() as patched:
        patched.setattr(demo_learners, "teach", killed)
        with pytest.raises(KeyboardInterrupt):
            demo_training.prepare(settings, months, preset="small", today=today)
    demo_training.prepare(settings, months, preset="small", today=today)
    with unit_of_work(settings) as session:
        before, states = _counts(session), _states(session)
        _verdicts_are_true(session, months)
    assert {states[COURSE, "done"] > 3, states[COURSE, "waiting"] > 2, states[COURSE, "excused"] == 1} == {True}
    assert states["decide_in_three_minutes", "open"] == states["reading_and_answering", "open"] + 1 == 1
    assert before["certificate"] == sum(states[key, "done"] for key in (COURSE, "deputies", "mailbox", "records"))
    _take_back_an_entry(settings)
    with unit_of_work(settings) as session:
        before, states = _counts(session), _states(session)
    demo_training.prepare(settings, months, preset="small", today=today + timedelta(days=1))
    with unit_of_work(settings) as session:
        assert (_counts(session), _states(session)) == (before, states)
        _verdicts_are_true(session, months)
    forget(settings)


def _take_back_an_entry(settings: Settings) -> None:
    """What a visitor may do between two starts: one who was in a class was entered by mistake."""
    now = utc_now()
    with unit_of_work(settings) as session:
        wanted = select(AttendanceRow.training_class, OfficialRow.official_id)
        wanted = wanted.join(OfficialRow, OfficialRow.id == AttendanceRow.official).order_by(AttendanceRow.id)
        class_id, number = session.execute(wanted).first() or (0, "")
        moment = Moment(now, day_in(settings.timezone, now))
        found = classes.take_back(
            session, demo_training.HR, class_id=class_id, official_id=number, why="Ghi nhầm dòng.", moment=moment
        )
        assert found is not None


def _verdicts_are_true(session: Session, months: Path) -> None:
    """What the logs were found to prove is what the generator wrote into them, and the reasons are the right ones."""
    sent = {code: one for one in _truth(months) for address in one["to"] if (code := ADDRESSES.code_in(address))}
    wanted = select(ExerciseRow, OfficialRow.official_id).join(OfficialRow, OfficialRow.id == ExerciseRow.official)
    found, expected = {}, {}
    for row, learner in session.execute(wanted.where(ExerciseRow.kind != "deputy")):
        found[row.code] = (row.state, row.why, len(row.evidence))
        assert row.looked_at is not None
        assert row.looked_at <= utc_now()
        one = sent.get(row.code)
        expected[row.code] = _verdict(one, learner, len(sent[row.second_code]["to"]) if row.second_code else 1)
        if one is None and row.expires_at < utc_now() - timedelta(days=2):
            expected[row.code] = ("failed", "expired", 0)
    assert found == expected
    assert Counter(why for _state, why, _evidence in found.values()) == {
        "done": 4, "somebody_else": 1, "other_station": 1, "nothing_yet": 1, "expired": 1,
    }  # fmt: skip
    assert session.scalars(select(ExerciseRow.state).where(ExerciseRow.kind == "deputy")).all() == ["passed"]


def _truth(months: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((months / "after" / "truth.json").read_text("utf-8"))["practised"]
    return found


def _verdict(message: dict[str, Any] | None, learner: str, addresses: int) -> tuple[str, str, int]:
    """What has to be found of a message of the generator's for a learner's exercise with so many addresses."""
    if message is None:
        return "open", "nothing_yet", 0
    if message["log_in"] != learner:
        return "open", "somebody_else", 0
    if message["desk"] != learner:
        return "open", "other_station", 0
    return ("passed", "done", 1) if len(message["to"]) == addresses else ("open", "no_copy", 0)


def _states(session: Session) -> Counter[tuple[str, str]]:
    return Counter(
        (key, state) for key, state in session.execute(select(AssignmentRow.course_key, AssignmentRow.state))
    )


def _counts(session: Session) -> dict[str, int]:
    tables = (AssignmentRow, CertificateRow, ClassRow, SeatRow, RuleRow, LogPiece)
    return {one.__tablename__: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}
