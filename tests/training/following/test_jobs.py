"""The jobs behind it, as a worker runs them: by name, with what became of them in their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import db
from core.db import unit_of_work, utc_now
from core.jobs import Job, queue
from core.jobs.running import run_waiting
from core.jobs.sweeping import sweep
from core.settings import Settings, load
from tests.training.following import measured
from tests.training.following.conftest import MAIL
from tests.training.following.office import DUE, HR, assigned, settle
from tests.training.following.store import running_store
from training import tasks
from training.models import EffectReportRow, ReminderRow, StatementRow
from training.moments import Moment
from training.services.effects import ask_for_effect


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Settings]:
    """An office of its own, with mail; what the scheduler would queue is nobody's business here."""
    (tmp_path / "vanthu.toml").write_text(MAIL, "utf-8")
    settings = load({"VANTHU_HOME": str(tmp_path)})
    with unit_of_work(settings) as session:
        settle(session)
    yield settings
    db.forget(settings)


def _ended(settings: Settings) -> list[tuple[str, str, str | None]]:
    run_waiting(settings)
    with unit_of_work(settings) as session:
        rows = session.execute(select(Job.task, Job.state, Job.error_en).order_by(Job.id))
        return [(task, state, error) for task, state, error in rows]


def test_reminders_and_reports_are_jobs(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with unit_of_work(own) as session:
        assigned(session, "an")
        number = measured.campaign(session, units=1)
        measured.log(session, measured.habits(session, number))
        ask_for_effect(session, HR, campaign_id=number)
        for task in ("training.remind", "training.report_effects"):
            queue(session, task, subject="training")
    day = DUE + timedelta(days=3)
    monkeypatch.setattr(tasks, "moment_of", lambda _run: Moment(utc_now(), day))
    assert _ended(own) == [
        ("training.report_effect", "done", None), ("training.remind", "done", None),
        ("training.report_effects", "done", None),
    ]  # fmt: skip
    with unit_of_work(own) as session:
        made = session.scalars(select(EffectReportRow)).all()
        assert [(one.campaign, one.made_by) for one in made] == [(number, "nhansu")]
        assert session.scalars(select(ReminderRow.kind)).all() == ["head_1"]


def test_a_report_that_comes_too_early_says_from_when(own: Settings) -> None:
    with unit_of_work(own) as session:
        number = measured.campaign(session, units=1)
        ask_for_effect(session, HR, campaign_id=number)
        queue(session, "training.report_effects", subject="training")
    asked, by_itself = _ended(own)
    assert asked[1] == "failed"
    assert "30 June 2026 at the earliest" in (asked[2] or "")
    assert by_itself[1:] == ("done", None)


def test_a_store_that_is_away_is_told_by_the_next_run(own: Settings, only_due: Callable[..., None]) -> None:
    only_due()
    with running_store() as store:
        table = f'[training.lrs]\nendpoint = "{store.endpoint}"\nuser = "vanthu"\nloopback = true\n'
        path = own.home / "vanthu.toml"
        path.write_text(path.read_text("utf-8") + table, "utf-8")
        told = load({"VANTHU_HOME": str(own.home), "VANTHU_LRS_PASSWORD": "mật khẩu của kho"})
        with unit_of_work(told) as session:
            assigned(session, "an")
            queue(session, "training.tell_store", subject="lrs")
        store.statuses = [503]
        assert _ended(told) == [("training.tell_store", "waiting", None)]
        sweep(told)
        assert _ended(told) == [("training.tell_store", "done", None)]
        assert len(store.held) == 1
    with unit_of_work(told) as session:
        assert session.scalars(select(StatementRow.state)).all() == ["taken"]
