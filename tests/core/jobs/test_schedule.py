"""What is due is queued by the sweep: once, again when it is due again, and never beside one that is left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import unit_of_work, utc_now
from core.errors import InputError
from core.jobs import Job, Run, registry, run_waiting, sweep
from core.jobs.registry import job_task
from core.jobs.sweeping import KEPT, SCHEDULED
from core.settings import Settings
from core.words import Text

pytestmark = pytest.mark.usefixtures("nothing_else_due")
NAME = "test.hourly"
HOUR = timedelta(hours=1)
done: list[int] = []


def _due(_session: Session, last: datetime | None, now: datetime) -> dict[str, Any] | None:
    return {"hour": now.hour} if last is None or now - last >= HOUR else None


@pytest.fixture
def _hourly() -> Iterator[None]:
    done.clear()

    @job_task(NAME, due=_due)
    def hourly(run: Run, *, hour: int) -> None:
        assert 0 <= hour < 24
        done.append(run.job_id)

    yield
    del registry._tasks[NAME]


def _jobs(settings: Settings) -> list[Job]:
    with unit_of_work(settings) as session:
        return list(session.scalars(select(Job).where(Job.task == NAME).order_by(Job.id)))


@pytest.mark.usefixtures("_hourly")
def test_it_is_queued_when_due_and_not_before(each_database: Settings) -> None:
    now = utc_now()
    assert sweep(each_database, now=now).queued == 1
    assert run_waiting(each_database) == 1
    assert sweep(each_database, now=now + HOUR / 2).queued == 0
    assert sweep(each_database, now=utc_now() + HOUR).queued == 1
    assert [job.subject for job in _jobs(each_database)] == [SCHEDULED, SCHEDULED]
    assert len(done) == 1


@pytest.mark.usefixtures("_hourly")
def test_it_is_not_queued_beside_one_that_still_waits(settings: Settings) -> None:
    sweep(settings)
    assert sweep(settings, now=utc_now() + 2 * HOUR).queued == 0
    assert len(_jobs(settings)) == 1


@pytest.mark.usefixtures("_hourly")
def test_what_was_done_long_ago_is_forgotten(settings: Settings) -> None:
    sweep(settings)
    run_waiting(settings)
    sweep(settings, now=utc_now() + KEPT + HOUR)
    assert [job.state for job in _jobs(settings)] == ["waiting"]


def test_a_wrong_setting_stops_its_task_and_not_the_sweep(settings: Settings) -> None:
    def refused(_session: Session, _last: datetime | None, _now: datetime) -> None:
        raise InputError(Text("sai", "wrong"))

    job_task("test.refused", due=refused)(lambda _run: None)
    try:
        assert sweep(settings).queued == 0
    finally:
        del registry._tasks["test.refused"]
