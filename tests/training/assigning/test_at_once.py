"""Two at once: one rule activated by two, one list drawn by two, all rules applied by two; each happens once."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import db
from core.audit import AuditEntry
from core.db import unit_of_work
from core.errors import ConflictError
from core.permissions import SCHEDULER
from core.settings import Settings, load
from tests.training.assigning.town import HR, TODAY, moment, settle_town
from training.models import AssignmentRow, CampaignRow
from training.rules import Rule
from training.services import campaigns, drawing
from training.services.rules import Plan, make_rule

RARE = Rule(active_below=4)
_numbers = itertools.count()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A town of its own, since what happens here is committed."""
    environ = {"VANTHU_HOME": str(tmp_path / "home")}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        environ["VANTHU_DATABASE_URL"] = server.database(f"assigning_at_once_{next(_numbers)}")
    chosen = load(environ)
    with unit_of_work(chosen) as session:
        settle_town(session)
    yield chosen
    db.forget(chosen)


def both(settings: Settings, act: Callable[[Session], object]) -> list[object]:
    """What two say who act at the same moment; whom the database turned away is None."""
    start = threading.Barrier(2)

    def one() -> object:
        start.wait(60)
        try:
            with unit_of_work(settings) as session:
                return act(session)
        except ConflictError:
            return None

    with ThreadPoolExecutor(2) as threads:
        return [one.result(60) for one in [threads.submit(one) for _ in range(2)]]


def test_each_thing_happens_once(town: Settings) -> None:
    with unit_of_work(town) as session:
        drawn, plain = (
            make_rule(session, HR, plan=Plan(name, course, RARE, waves=waves), moment=moment())
            for name, course, waves in (("a", "mailbox", 2), ("b", "phone", 1))
        )
    lists = both(town, lambda session: campaigns.activate_rule(session, HR, rule_id=drawn, moment=moment()))
    assert len(set(lists)) == 1
    assert counted(town, CampaignRow) == 1
    (list_id,) = set(lists)
    assert isinstance(list_id, int)
    seeds = iter(("one", "two"))

    def publish(session: Session) -> str:
        seed = next(seeds)
        drawing.publish_seed(
            session, HR, campaign_id=list_id, seed=seed, typed=True, starts_on=TODAY + timedelta(days=1),
            moment=moment(),
        )  # fmt: skip
        return seed

    published = [seed for seed in both(town, publish) if seed is not None]
    assert len(published) == 1
    settled = both(town, lambda session: drawing.draw_waves(session, HR, campaign_id=list_id, moment=moment()))
    assert sum(one is not None for one in settled) == 1
    assert counted(town, AssignmentRow) == 3
    both(town, lambda session: campaigns.activate_rule(session, HR, rule_id=plain, moment=moment()))
    both(town, lambda session: campaigns.apply_rules(session, SCHEDULER, moment=moment()))
    assert counted(town, AssignmentRow) == 6
    with unit_of_work(town) as session:
        said = [row.action for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
        assert session.get_one(CampaignRow, list_id).seed == published[0]
    assert said == [
        "training:rule:make", "training:rule:make", "training:rule:activate", "training:campaign:open",
        "training:campaign:publish", "training:campaign:settle", "training:rule:activate", "training:campaign:open",
        "training:campaign:settle",
    ]  # fmt: skip


def counted(settings: Settings, model: type[db.Base]) -> int:
    with unit_of_work(settings) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0
