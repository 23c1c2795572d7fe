"""Deadlines: reminded once, told to the head once, whatever is run again; the board that shows it without asking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.directory.models import DeputyRow, OfficialRow, PostRow, UnitRow
from core.errors import ForbiddenError
from core.permissions import Actor, Granted, Role
from eoffice.actions import EofficeAction
from eoffice.models import DraftRow, RoundRow, StepRow, TaskRow
from eoffice.queries.board import board
from eoffice.services import deciding, reminding, sending_round
from eoffice.services.reminding import Told, deadlines_due
from eoffice.services.rounds import Moment
from tests.eoffice.services.conftest import actor, moment

DAY = 86_400
AN, BINH, CHI, DUNG, EM = range(1, 6)


def submit(session: Session) -> None:
    sending_round.submit(session, actor("an"), draft_id=1, template_id=1, seen_revision=1, moment=moment())


def remind(session: Session, days: int) -> Told:
    return reminding.remind(session, draft_id=1, moment=moment(days * DAY))


def facts(session: Session, action: EofficeAction) -> list[dict[str, Any]]:
    wanted = select(AuditEntry.facts).where(AuditEntry.action == action).order_by(AuditEntry.id)
    return list(session.scalars(wanted))


def test_reminded_once_and_told_once(session: Session) -> None:
    """Sent on a Tuesday with two working days: reminded on Wednesday, late on Friday."""
    submit(session)
    assert reminding.drafts_with_deadlines(session, today=moment().today) == []
    assert remind(session, 0) == Told()
    assert reminding.drafts_with_deadlines(session, today=moment(DAY).today) == [1]
    assert [remind(session, days) for days in (1, 1, 2, 3, 3, 4)] == [
        Told(1, 0), Told(), Told(), Told(0, 1), Told(), Told(),
    ]  # fmt: skip
    assert facts(session, EofficeAction.TASK_REMINDED) == [
        {"due": "2026-10-08", "position": 0, "purpose": "content", "whom": ["binh"]}
    ]
    assert facts(session, EofficeAction.TASK_ESCALATED) == [
        {"due": "2026-10-08", "position": 0, "purpose": "content", "late": "binh", "to": "chi"}
    ]
    assert reminding.drafts_with_deadlines(session, today=moment(4 * DAY).today) == []


def test_the_next_turn_has_its_own(session: Session) -> None:
    draft = session.get(DraftRow, 1)
    assert draft is not None
    draft.due = moment(5 * DAY).today
    submit(session)
    remind(session, 4)
    deciding.approve(session, actor("binh"), draft_id=1, seen_revision=1, moment=moment(4 * DAY))
    assert remind(session, 6) == Told(1, 1), "a step without days is due when the document is"
    assert facts(session, EofficeAction.TASK_ESCALATED)[-1]["late"] == "dung"


def test_a_head_who_is_late_is_told_to_the_one_above(session: Session) -> None:
    session.add(UnitRow(id=9, key="ubnd", name="Ủy ban"))
    session.add(OfficialRow(id=9, official_id="chu.tich", name="Chủ tịch"))
    session.flush()
    session.add(PostRow(official=9, position=0, unit=9, title="Chủ tịch", rank="leader"))
    found = session.get(UnitRow, 1)
    assert found is not None
    found.parent_id = 9
    post = session.get(PostRow, (BINH, 0))
    assert post is not None
    post.rank = "staff"  # so that the head is the first leader, and the chief of office another
    draft = session.get(DraftRow, 1)
    assert draft is not None
    draft.due = moment().today
    submit(session)
    for name in ("binh", "dung"):
        deciding.approve(session, actor(name), draft_id=1, seen_revision=1, moment=moment())
    remind(session, 3)
    assert facts(session, EofficeAction.TASK_ESCALATED)[-1]["to"] == "chu.tich"


@pytest.mark.parametrize(
    ("now", "last", "due"),
    [
        (datetime(2026, 10, 6, 0, 0, tzinfo=UTC), None, True),
        (datetime(2026, 10, 5, 23, 0, tzinfo=UTC), None, False),
        (datetime(2026, 10, 10, 2, 0, tzinfo=UTC), None, False),
        (datetime(2026, 10, 6, 9, 0, tzinfo=UTC), timedelta(hours=8), False),
        (datetime(2026, 10, 6, 9, 0, tzinfo=UTC), timedelta(hours=30), True),
    ],
    ids=["in the morning", "before it", "on a Saturday", "looked already", "looked yesterday"],
)
def test_once_a_working_day(session: Session, now: datetime, last: timedelta | None, due: bool) -> None:
    assert (deadlines_due(session, None if last is None else now - last, now) is not None) == due


def shown(session: Session, who: Actor, days: int = 6) -> list[tuple[Any, ...]]:
    return [
        (one.key, one.waiting, one.late, one.longest, [(line.official, line.days, line.title) for line in one.lines])
        for one in board(session, who, today=moment(days * DAY).today)
    ]


def test_the_board_shows_each_as_much_as_is_theirs(session: Session) -> None:
    session.add(UnitRow(id=2, key="phong", name="Phòng A", parent_id=1))
    session.add(UnitRow(id=3, key="ban", name="Ban B"))
    session.add(OfficialRow(id=11, official_id="la", name="La"))
    session.flush()
    session.add(PostRow(official=11, position=0, unit=3, title="Trưởng ban", rank="leader"))
    submit(session)
    line = ("Binh", 4, "V/v kiểm tra")
    assert shown(session, actor("chi")) == [("so", 1, 1, 4, [line])]
    assert shown(session, actor("chi"), days=2) == [("so", 1, 0, 0, [])]
    assert shown(session, actor("an")) == [], "who leads nothing sees nobody's lateness"
    assert shown(session, actor("la")) == []
    assert shown(session, Actor("quan.tri", frozenset({Role.ADMINISTRATOR}))) == [("so", 1, 1, 4, [])]
    here = Actor("x", granted=(Granted(Role.LEADER, frozenset({"so"})),))
    there = Actor("x", granted=(Granted(Role.LEADER, frozenset({"ban"})),))
    assert (shown(session, here), shown(session, there)) == ([("so", 1, 1, 4, [])], [])
    with pytest.raises(ForbiddenError):
        board(session, Actor("x", frozenset({Role.CLERK})), today=moment().today)


def test_a_document_of_elsewhere_has_no_title_on_the_board(session: Session) -> None:
    """It waits for somebody of one unit, and belongs to another: the head sees who is late, and not with what."""
    session.add(UnitRow(id=3, key="ban", name="Ban B"))
    session.add_all(OfficialRow(id=key, official_id=name, name=name.title()) for key, name in ((11, "la"), (12, "me")))
    session.flush()
    session.add(PostRow(official=11, position=0, unit=3, title="Trưởng ban", rank="leader"))
    session.add(PostRow(official=12, position=0, unit=3, title="Chuyên viên", rank="staff"))
    draft = session.get(DraftRow, 1)
    assert draft is not None
    draft.due = moment(DAY).today
    submit(session)
    deciding.ask_opinion(session, actor("binh"), draft_id=1, whom=["me"], moment=moment())
    assert shown(session, actor("la")) == [("ban", 1, 1, 5, [("Me", 5, None)])]


def test_a_deputy_is_no_head(session: Session) -> None:
    day = moment(6 * DAY).today
    session.add(DeputyRow(official=CHI, deputy=EM, scope="everything", first_day=day, last_day=day,
                          named_at=moment().now, named_by="x"))  # fmt: skip
    submit(session)
    assert shown(session, actor("em")) == []


def test_a_draft_that_is_gone_is_no_fault(session: Session) -> None:
    assert reminding.remind(session, draft_id=99, moment=Moment(moment().now, moment().today)) == Told()
    assert session.scalars(select(TaskRow)).all() == []


def test_the_board_asks_as_often_for_many_documents_as_for_one(session: Session) -> None:
    def questions() -> int:
        asked: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            asked.append(statement)

        session.flush()
        event.listen(session.get_bind(), "before_cursor_execute", note)
        assert shown(session, actor("chi"))[0][2] == len(session.scalars(select(TaskRow.id)).all())
        event.remove(session.get_bind(), "before_cursor_execute", note)
        return len(asked)

    submit(session)
    at_one = questions()
    task = session.scalars(select(TaskRow)).one()
    way = session.scalars(select(RoundRow)).one()
    first = [session.get_one(DraftRow, 1), way, session.get_one(StepRow, task.step), task]
    for number in range(2, 6):
        for row, parent in zip(first, (None, "draft", "round", "step"), strict=True):
            values = {column.name: getattr(row, column.name) for column in row.__table__.columns}
            values |= {"id": number * 100} | ({} if parent is None else {parent: number * 100})
            session.execute(insert(type(row)).values(**values))
    assert questions() == at_one
