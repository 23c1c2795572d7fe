"""Looks at lists: one entry an actor, list and day, whoever comes first, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from enum import StrEnum

import pytest
from sqlalchemy import func, select

from core.audit import AuditEntry
from core.audit.looks import LookMark, record_look
from core.audit.verifying import first_broken
from core.db import bring_up_to_date, unit_of_work
from core.settings import Settings

DAY = date(2026, 10, 6)


class Looking(StrEnum):
    """An action for these tests."""

    LIST = "core:test:list"


def look(settings: Settings, *, actor: str = "quantri", day: date = DAY, **facts: object) -> bool:
    with unit_of_work(settings) as session:
        return record_look(session, actor=actor, action=Looking.LIST, subject="officials", day=day, facts=facts)


def test_what_is_another_look(settings: Settings) -> None:
    """Another actor, another list and another day are; the same again is not. Marks of old days go."""
    assert [look(settings), look(settings), look(settings, unit="Sở Y tế"), look(settings, actor="khac")] == [
        True, False, True, True,
    ]  # fmt: skip
    assert [look(settings, day=DAY + timedelta(days=days)) for days in (1, 1, 9)] == [True, False, True]
    with unit_of_work(settings) as session:
        assert session.scalars(select(LookMark.day)).all() == [DAY + timedelta(days=9)]
        assert session.scalar(select(func.count(AuditEntry.id))) == 5


def test_a_look_that_was_not_committed_was_none(settings: Settings) -> None:
    def half() -> None:
        with unit_of_work(settings) as session:
            assert record_look(session, actor="quantri", action=Looking.LIST, subject="officials", day=DAY)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert look(settings)


def test_two_at_once_make_one_entry(each_database: Settings) -> None:
    bring_up_to_date(each_database)
    with ThreadPoolExecutor(4) as at_once:
        assert sorted(at_once.map(lambda _: look(each_database), range(8))) == [False] * 7 + [True]
    with unit_of_work(each_database) as session:
        assert session.scalar(select(func.count(AuditEntry.id))) == 1
        assert first_broken(session) is None
