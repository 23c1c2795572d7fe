"""What happened at one moment stands once on the pages of statements, whatever they are cut into."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session

from core.permissions import WHOLE
from training.models import AssignmentRow, StepDoneRow, WithdrawnRow
from training.queries import learnt

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_two_kinds_of_step_of_one_moment() -> None:
    engine = create_engine("sqlite://")
    for row in (AssignmentRow, StepDoneRow, WithdrawnRow):
        row.metadata.tables[row.__tablename__].create(engine)
    steps = [
        {"id": number, "assignment": 1, "kind": kind, "key": key, "done_at": NOW, "proof": {}, "by": "x"}
        for number, (kind, key) in enumerate((("class", "b"), ("exercise", "a"), ("class", "a"), ("exercise", "b")))
    ]
    with Session(engine) as session:
        session.execute(insert(StepDoneRow), steps)

        def page(start: int, stop: int) -> list[tuple[str, str]]:
            parts = learnt._parts(WHOLE, None, slice(start, stop))
            return [(row.what, row.key) for row in session.execute(learnt._ordered(select(parts)))]

        whole = page(0, 9)
        assert len(set(whole)) == len(steps)
        assert [one for place in range(4) for one in page(place, place + 1)] == whole
