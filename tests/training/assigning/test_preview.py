"""Whom a rule would pick comes in parts, each of which knows how many there are in all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow
from core.permissions import Actor
from tests.training.assigning.town import HR, moment
from training.models import ExemptionRow
from training.moments import Moment
from training.queries.preview import Preview, preview
from training.rules import Rule


def test_a_preview_comes_in_parts(session: Session) -> None:
    def part(offset: int = 0, limit: int | None = None) -> Preview:
        return preview(
            session, HR, rule=Rule(active_below=4), course_key="mailbox", moment=moment(), offset=offset, limit=limit
        )

    whole = part()
    assert whole.picked == len(whole.picks) == whole.counts["picked"] > 2
    parts = [part(at, 2) for at in range(0, whole.picked + 2, 2)]
    assert [one for each in parts for one in each.picks] == list(whole.picks)
    assert {one.picked for one in parts} == {whole.picked}


def test_the_next_page_belongs_to_the_list_of_the_first_and_to_nobody_else(session: Session) -> None:
    """Turned within minutes, and by whoever saw the first one; trying it again tells of what is known by then."""

    def part(offset: int = 0, who: Actor = HR, minutes: int = 0, course: str = "mailbox") -> Preview:
        now = Moment(moment().now + timedelta(minutes=minutes), moment().today)
        return preview(
            session, who, rule=Rule(active_below=4), course_key=course, moment=now, offset=offset, limit=2
        )  # fmt: skip

    first, second = part(), part(2)
    number = select(OfficialRow.id).where(OfficialRow.official_id == second.picks[0].official_id)
    session.add(
        ExemptionRow(
            official=session.scalars(number).one(), course_key=None, reason="đi học xa", first_day=moment().today,
            last_day=moment().today, recorded_at=moment().now, recorded_by="nhansu",
        )
    )  # fmt: skip
    session.flush()
    assert part(2) == second
    assert part(2, minutes=11).picked == first.picked - 1, "too old by then"
    other = replace(HR, name="other")
    assert part(2, other).picked == first.picked - 1
    assert part().picked == part(2).picked == first.picked - 1


def test_far_back_it_is_tried_again(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def part(offset: int) -> Preview:
        return preview(
            session, HR, rule=Rule(active_below=4), course_key="mailbox", moment=moment(), offset=offset, limit=2
        )  # fmt: skip

    whole = [part(at).picks for at in (0, 2)]
    monkeypatch.setattr("training.queries.preview.MOST_KEPT", 1)
    assert [part(at).picks for at in (0, 2)] == whole
