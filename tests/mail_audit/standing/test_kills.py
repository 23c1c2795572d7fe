"""A measurement that dies anywhere and is run again leaves what an undisturbed one leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.db import unit_of_work
from core.settings import Settings
from core.store import FolderStore
from mail_audit.models import StandingMonth
from mail_audit.queries import standing as reading
from mail_audit.services import standing
from mail_audit.services.standing import measuring
from tests.core.store import folder_of
from tests.mail_audit.standing.nights import NightlyCity, collect

pytestmark = pytest.mark.slow

FIRST, LAST = date(2026, 10, 31), date(2026, 11, 1)
LONG_AFTER = date(2027, 8, 1)


class KilledError(BaseException):
    """The process is gone: nothing else happens."""


class Killer:
    """Dies at one of the places it watches: before the call, or right after it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = 0
        for owner, name in (
            (measuring, "load"),
            (measuring, "insert_frame"),
            (measuring, "record"),
            (measuring, "unit_of_work"),
            (FolderStore, "put_file"),
            (FolderStore, "remove_folder"),
            (Session, "commit"),
        ):
            monkeypatch.setattr(owner, name, self._watched(getattr(owner, name)))

    def _watched(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            self._tick()
            result = call(*args, **kwargs)
            self._tick()
            return result

        return watched

    def _tick(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise KilledError


def state(settings: Settings) -> tuple[Any, ...]:
    """All that a measurement leaves, but its times."""
    with unit_of_work(settings) as session:
        rows = reading.day_rows(session, FIRST, LAST)
        months = [(row.month, row.inputs, row.facts) for row in session.query(StandingMonth).order_by("month")]
        marks = reading.marked(session)
    return (
        rows.rows(),
        months,
        marks,
        sorted(path.name for path in (folder_of(settings.store) / "standing").glob("[!.]*")),
    )


def test_killed_at_every_step(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of measuring, closing and removing: whatever the step, the next run ends as if there had been no other."""
    city = NightlyCity(tmp_path, FIRST, 2)
    source = city.follow(settings)
    for _ in city.nights():
        pass
    collect(settings, source)
    with unit_of_work(settings) as session:
        marks = reading.marked(session)
    standing.measure_marked(settings, actor="test")
    undisturbed = state(settings)
    killer = Killer(monkeypatch)
    kills, at = 0, -1
    while True:
        at += 2
        _forget(settings, marks)
        killer.left = at
        try:
            standing.measure_marked(settings, actor="test")
        except KilledError:
            kills += 1
            killer.left = 0
            standing.measure_marked(settings, actor="test")
        over, killer.left = killer.left > 0, 0
        if over:
            break
        assert state(settings) == undisturbed, at
    assert kills > 15
    for at in range(1, 30, 2):
        killer.left = at
        try:
            standing.remove_old_events(settings, actor="test", today=LONG_AFTER)
        except KilledError:
            continue
        break
    killer.left = 0
    assert state(settings)[:2] == undisturbed[:2]
    assert settings.store.listed("events") == []


def _forget(settings: Settings, marks: list[tuple[Any, Any]]) -> None:
    """As if nothing had been measured yet, with other facts in the way."""
    from mail_audit.models import MonthToMeasure, StandingDay

    with unit_of_work(settings) as session:
        session.query(StandingMonth).update({"inputs": "1" * 64})
        session.query(StandingDay).filter(StandingDay.day == LAST).delete()
        session.query(MonthToMeasure).delete()
        session.add_all(MonthToMeasure(month=month.first, marked_at=moment, cause="test") for month, moment in marks)
