"""Two workers on one morning, and a worker that dies in the middle of it: everybody is told once all the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import delete, func, select

from core.db import unit_of_work
from core.errors import ConflictError
from core.mail.models import MailNotice
from core.settings import Settings
from tests.training.following.office import assigned, moment, told
from training.models import AssignmentRow, ReminderRow
from training.services import reminding
from training.services.reminding import remind

DAY = date(2026, 11, 6)


@pytest.fixture
def number(settings: Settings) -> Iterator[int]:
    """An assignment of which a reminder is to go out; what was committed is taken away again."""
    with unit_of_work(settings) as session:
        made = assigned(session, "an")
    yield made
    with unit_of_work(settings) as session:
        session.execute(delete(MailNotice))
        session.execute(delete(ReminderRow))
        session.execute(delete(AssignmentRow))


def _run(settings: Settings, number: int) -> str | None:
    with unit_of_work(settings) as session:
        return remind(session, assignment_id=number, moment=moment(DAY))


def test_two_workers_send_one(settings: Settings, number: int) -> None:
    sent: list[str | None] = []
    ready = threading.Barrier(3)

    def work() -> None:
        ready.wait(60)
        try:
            sent.append(_run(settings, number))
        except ConflictError:
            sent.append(None)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sorted(sent, key=str) == [None, None, "before_14"]
    with unit_of_work(settings) as session:
        assert [name for name, _ in told(session)] == ["an"]


@pytest.mark.parametrize("step", ["tell", "record"])
def test_a_worker_that_dies_leaves_nothing_and_the_next_one_sends(
    settings: Settings, number: int, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(
            reminding, *(("tell", dies) if step == "tell" else ("audit", type("Dead", (), {"record": dies})))
        )
        with pytest.raises(KeyboardInterrupt):
            _run(settings, number)
    with unit_of_work(settings) as session:
        assert [session.scalar(select(func.count()).select_from(one)) for one in (ReminderRow, MailNotice)] == [0, 0]
    assert [_run(settings, number) for _ in range(2)] == ["before_14", None]
