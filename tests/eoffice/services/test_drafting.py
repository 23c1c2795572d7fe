"""Writing: begun, saved, written by two at once; nothing secret, nothing of others."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import unit_of_work
from core.directory.models import DeputyRow
from core.settings import Settings
from eoffice.errors import DraftNotFoundError, MoveError, SecretError, StaleDraftError
from eoffice.models import DraftRow, RevisionRow
from eoffice.permissions import can_change, can_read
from eoffice.services import deciding, drafting, sending_round
from eoffice.writing import Passage, Written
from eoffice.writing.secrecy import secret_level
from tests.eoffice.services.conftest import actor, moment


def begin(session: Session) -> int:
    return drafting.create_draft(session, actor("an"), kind="cong_van", title=" V/v  họp giao ban ", moment=moment())


def passages(session: Session, draft_id: int, number: int) -> tuple[Passage, ...]:
    wanted = select(RevisionRow).where(RevisionRow.draft == draft_id, RevisionRow.number == number)
    return Written.of_json(session.scalars(wanted).one().content).passages


def body(found: tuple[Passage, ...], text: str) -> tuple[Passage, ...]:
    return tuple(Passage(one.id, one.role, text) if one.role == "body" else one for one in found)


def test_begun_with_the_parts_of_its_type(session: Session) -> None:
    draft = session.get(DraftRow, begin(session))
    assert draft is not None
    assert (draft.title, draft.state, draft.drafter, draft.unit) == ("V/v họp giao ban", "drafting", 1, 1)
    assert {"emblem", "motto", "number", "body", "signer"} <= {one.role for one in passages(session, draft.id, 1)}


def test_two_write_at_once(settings: Settings) -> None:
    """Both had revision 1 before them, in browsers of their own."""
    with unit_of_work(settings) as session:
        day = moment().today
        session.add(
            DeputyRow(official=1, deputy=5, scope="everything", first_day=day, last_day=day, named_at=moment().now,
                      named_by="x")
        )  # fmt: skip
        draft_id = begin(session)
        first = passages(session, draft_id, 1)
        start = drafting.save(
            session, actor("an"), draft_id=draft_id, base=1, passages=body(first, "Họp lúc 8 giờ tại phòng A."),
            moment=moment(),
        )  # fmt: skip
    assert start.revision == 2
    for name, text in (("an", "Họp lúc 9 giờ tại phòng A."), ("em", "Họp lúc 8 giờ tại phòng B, tầng 2.")):
        with unit_of_work(settings) as session:
            written = body(passages(session, draft_id, 2), text)
            saved = drafting.save(session, actor(name), draft_id=draft_id, base=2, passages=written, moment=moment())
    assert (saved.revision, saved.merged, saved.both) == (4, True, ())
    with unit_of_work(settings) as session:
        (text,) = [one.text for one in passages(session, draft_id, 4) if one.role == "body"]
        assert text == "Họp lúc 9 giờ tại phòng B, tầng 2."


def test_nothing_new_is_no_revision(session: Session) -> None:
    draft_id = begin(session)
    same = passages(session, draft_id, 1)
    for _ in range(2):
        saved = drafting.save(session, actor("an"), draft_id=draft_id, base=1, passages=same, moment=moment())
        assert saved.revision == 1
    with pytest.raises(StaleDraftError):
        drafting.save(session, actor("an"), draft_id=draft_id, base=9, passages=same, moment=moment())


def test_others_neither_write_nor_see(session: Session) -> None:
    draft_id = begin(session)
    with pytest.raises(DraftNotFoundError):
        drafting.save(
            session, actor("em"), draft_id=draft_id, base=1, passages=passages(session, draft_id, 1), moment=moment()
        )
    draft = session.get(DraftRow, draft_id)
    assert draft is not None
    seen = {name: can_read(session, actor(name), draft, today=moment().today) for name in ("an", "binh", "em", "x")}
    assert seen == {"an": True, "binh": True, "em": False, "x": False}, "its author, and the leaders of its unit"
    assert not can_change(session, actor("binh"), draft, today=moment().today)


def test_whoever_was_asked_sees_it(session: Session) -> None:
    sending_round.submit(session, actor("an"), draft_id=1, template_id=1, seen_revision=1, moment=moment())
    draft = session.get(DraftRow, 1)
    assert draft is not None
    assert not can_read(session, actor("em"), draft, today=moment().today)
    deciding.ask_opinion(session, actor("binh"), draft_id=1, whom=["em"], moment=moment())
    assert can_read(session, actor("em"), draft, today=moment().today)


def test_on_its_way_nobody_writes(session: Session) -> None:
    draft_id = begin(session)
    sending_round.submit(session, actor("an"), draft_id=draft_id, template_id=1, seen_revision=1, moment=moment())
    with pytest.raises(MoveError):
        drafting.save(
            session, actor("an"), draft_id=draft_id, base=1, passages=passages(session, draft_id, 1), moment=moment()
        )


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("TỐI MẬT", "TỐI MẬT"),
        ("  [Mật]  ", "MẬT"),
        ("Độ mật: Tuyệt mật", "TUYỆT MẬT"),
        ("Kính gửi\nMẬT\nSở Y tế", "MẬT"),
        ("Luật Bảo vệ bí mật nhà nước", None),
        ("mật", None),
        ("Độ mật: Thường", None),
        ("Về công tác bảo mật thông tin MẬT mã", None),
    ],
)
def test_what_bears_a_level(text: str, level: str | None) -> None:
    assert secret_level(text) == level


def test_what_is_secret_is_not_kept(session: Session) -> None:
    with pytest.raises(SecretError, match="29/2018"):
        drafting.create_draft(session, actor("an"), kind="cong_van", title="[TUYỆT MẬT]", moment=moment())
    draft_id = begin(session)
    with pytest.raises(SecretError):
        drafting.save(
            session, actor("an"), draft_id=draft_id, base=1,
            passages=body(passages(session, draft_id, 1), "MẬT\nsố liệu"), moment=moment(),
        )  # fmt: skip
    assert len(list(session.scalars(select(RevisionRow).where(RevisionRow.draft == draft_id)))) == 1
