"""Remarks: on words, on a passage, on the whole; answered, resolved, by whoever may see the draft and nobody else."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.db import unit_of_work
from core.directory.models import DeputyRow
from core.settings import Settings
from eoffice.errors import DraftNotFoundError, MoveError, SecretError
from eoffice.models import RemarkRow
from eoffice.queries import draft_page
from eoffice.services import drafting, remarking
from eoffice.writing import Passage
from tests.eoffice.services.conftest import actor, moment
from tests.eoffice.services.test_drafting import begin, body, passages

TEXT = "Họp lúc 8 giờ tại phòng A."


def written(session: Session) -> tuple[int, Passage]:
    """A draft with words in it, and the passage that has them."""
    draft_id = begin(session)
    drafting.save(
        session, actor("an"), draft_id=draft_id, base=1, passages=body(passages(session, draft_id, 1), TEXT),
        moment=moment(),
    )  # fmt: skip
    return draft_id, next(one for one in passages(session, draft_id, 2) if one.role == "body")


def test_a_remark_keeps_to_its_words(session: Session) -> None:
    draft_id, passage = written(session)
    made = remarking.remark(
        session, actor("binh"), draft_id=draft_id, text="9 giờ", passage=passage.id, quote="8 giờ", moment=moment()
    )
    changed = body(passages(session, draft_id, 2), "Kính mời dự họp, họp lúc 8 giờ tại phòng A.")
    drafting.save(session, actor("an"), draft_id=draft_id, base=2, passages=changed, moment=moment())
    page = draft_page(session, actor("an"), draft_id=draft_id, today=moment().today)
    (opinion,) = page.opinions
    assert (opinion.remark_id, opinion.author.name, opinion.quote, opinion.revision) == (made, "Binh", "8 giờ", 2)
    assert opinion.anchor is not None
    found = page.text.passage(opinion.anchor.passage)
    assert found is not None
    assert found.text[opinion.anchor.start : opinion.anchor.end] == "8 giờ"


def test_answered_and_resolved(session: Session) -> None:
    draft_id, _ = written(session)
    made = remarking.remark(session, actor("binh"), draft_id=draft_id, text="Thiếu căn cứ", moment=moment())
    answer = remarking.remark(session, actor("an"), draft_id=draft_id, text="Đã thêm", parent=made, moment=moment())
    again = remarking.remark(session, actor("binh"), draft_id=draft_id, text="Cảm ơn", parent=answer, moment=moment())
    row = session.get(RemarkRow, again)
    assert row is not None
    assert row.parent == made, "answers stand below the first"
    for _ in range(2):
        remarking.resolve(session, actor("an"), draft_id=draft_id, remark_id=made, moment=moment())
    page = draft_page(session, actor("an"), draft_id=draft_id, today=moment().today)
    assert {one.remark_id: one.resolved for one in page.opinions} == {made: True, answer: False, again: False}
    remarking.reopen(session, actor("binh"), draft_id=draft_id, remark_id=made, moment=moment())
    actions = list(
        session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.like("eoffice:remark:%")).order_by(AuditEntry.id)
        )
    )
    assert actions == ["eoffice:remark:make"] * 3 + ["eoffice:remark:resolve", "eoffice:remark:reopen"]


def test_whoever_does_not_see_it_says_nothing(session: Session) -> None:
    draft_id, _ = written(session)
    made = remarking.remark(session, actor("binh"), draft_id=draft_id, text="Được", moment=moment())
    for name in ("em", "x"):
        with pytest.raises(DraftNotFoundError):
            remarking.remark(session, actor(name), draft_id=draft_id, text="Tôi", moment=moment())
        with pytest.raises(DraftNotFoundError):
            remarking.resolve(session, actor(name), draft_id=draft_id, remark_id=made, moment=moment())
    with pytest.raises(MoveError, match="author"):
        remarking.resolve(session, actor("chi"), draft_id=draft_id, remark_id=made, moment=moment())
    with pytest.raises(DraftNotFoundError):
        remarking.remark(session, actor("an"), draft_id=1, text="lạc", parent=made, moment=moment())


@pytest.mark.parametrize(
    ("text", "passage", "quote", "error"),
    [
        ("  ", None, "", MoveError),
        ("x" * 10_001, None, "", MoveError),
        ("TỐI MẬT", None, "", SecretError),
        ("sai", "không có", "", MoveError),
        ("sai", "body", "không có chữ này", MoveError),
    ],
)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_is_no_remark(
    session: Session, text: str, passage: str | None, quote: str, error: type[Exception]
) -> None:
    draft_id, body_passage = written(session)
    place = body_passage.id if passage == "body" else passage
    with pytest.raises(error):
        remarking.remark(
            session, actor("binh"), draft_id=draft_id, text=text, passage=place, quote=quote, moment=moment()
        )
    assert session.scalar(select(func.count()).select_from(RemarkRow)) == 0


def test_a_deputy_speaks_for_somebody(session: Session) -> None:
    """Em sees the draft only as deputy of its author: both names stand at the remark."""
    draft_id, _ = written(session)
    day = moment().today
    session.add(
        DeputyRow(
            official=1, deputy=5, scope="everything", first_day=day, last_day=day, named_at=moment().now, named_by="x"
        )
    )
    session.flush()
    for name, principal in (("em", 1), ("an", None), ("chi", None)):
        made = remarking.remark(session, actor(name), draft_id=draft_id, text=f"của {name}", moment=moment())
        row = session.get(RemarkRow, made)
        assert row is not None
        assert row.acting_for == principal, name


def test_a_double_click_is_one_remark(settings: Settings) -> None:
    with unit_of_work(settings) as session:
        draft_id, _ = written(session)
    start = threading.Barrier(2)
    made: list[int] = []

    def click() -> None:
        start.wait()
        with unit_of_work(settings) as opened:
            made.append(
                remarking.remark(opened, actor("binh"), draft_id=draft_id, text="Đồng ý về chủ trương", moment=moment())
            )

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert len(made) == 2
    assert len(set(made)) == 1
    with unit_of_work(settings) as session:
        assert session.scalar(select(func.count()).select_from(RemarkRow)) == 1
