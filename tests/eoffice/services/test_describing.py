"""What a draft is, changed after it was begun: as long as it is with its author, with the trail, on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.directory.models import DeputyRow
from eoffice.errors import DraftNotFoundError, MoveError, SecretError
from eoffice.models import DraftRow, RevisionRow
from eoffice.services import describing, drafting, sending_round
from eoffice.writing import Passage, Written
from tests.eoffice.services.conftest import actor, moment

DUE = date(2026, 10, 30)


def described(session: Session, draft_id: int, who: str = "an", **changed: object) -> None:
    draft = session.get_one(DraftRow, draft_id)
    now = {"kind": draft.type, "title": draft.title, "urgency": draft.urgency, "due": draft.due}
    describing.describe(session, actor(who), draft_id=draft_id, moment=moment(), **(now | changed))  # type: ignore[arg-type]


def texts(session: Session, draft_id: int) -> list[Written]:
    wanted = select(RevisionRow).where(RevisionRow.draft == draft_id).order_by(RevisionRow.number)
    return [Written.of_json(one.content) for one in session.scalars(wanted)]


def told(session: Session) -> list[tuple[str, object]]:
    wanted = select(AuditEntry).where(AuditEntry.action == "eoffice:draft:describe").order_by(AuditEntry.id)
    return [(one.actor, one.facts["changed"]) for one in session.scalars(wanted)]


@pytest.fixture
def draft_id(session: Session) -> int:
    return drafting.create_draft(session, actor("an"), kind="cong_van", title="Họp giao ban", moment=moment())


def test_urgency_and_deadline(session: Session, draft_id: int) -> None:
    described(session, draft_id, urgency="urgent", due=DUE)
    described(session, draft_id)
    draft = session.get_one(DraftRow, draft_id)
    assert (draft.urgency, draft.due, len(texts(session, draft_id))) == ("urgent", DUE, 1)
    assert told(session) == [("an", ["urgency", "due"])]


def test_another_type_keeps_what_was_written(session: Session, draft_id: int) -> None:
    """The parts of the new type come, those of the old one that nobody touched go; the words stay, as a revision."""
    passages = tuple(
        Passage(one.id, one.role, "Đã giải quyết 398 hồ sơ./." if one.role == "body" else one.text)
        for one in texts(session, draft_id)[0].passages
    )
    drafting.save(session, actor("an"), draft_id=draft_id, base=1, passages=passages, moment=moment())
    described(session, draft_id, kind="bao_cao")
    last = texts(session, draft_id)[-1]
    said = {one.role: one.text for one in last.passages}
    assert (last.type, said["title"], said["body"]) == ("bao_cao", "BÁO CÁO", "Đã giải quyết 398 hồ sơ./.")
    assert "reference" not in said
    assert said["subject"] == "Họp giao ban"
    assert session.get_one(DraftRow, draft_id).type == "bao_cao"
    late = tuple(Passage(one.id, one.role, f"{one.text} Hết.") if one.role == "body" else one for one in passages)
    saved = drafting.save(session, actor("an"), draft_id=draft_id, base=2, passages=late, moment=moment())
    assert saved.merged
    both = texts(session, draft_id)[-1]
    assert both.type == "bao_cao"
    assert {"Đã giải quyết 398 hồ sơ./. Hết.", "BÁO CÁO"} <= {one.text for one in both.passages}


def test_only_while_it_is_with_its_author(session: Session, draft_id: int) -> None:
    """Whoever acts for the author in everything changes it with both names; others find no such draft."""
    day = moment().today
    session.add(DeputyRow(official=1, deputy=5, scope="everything", first_day=day, last_day=day, named_at=moment().now,
                          named_by="an"))  # fmt: skip
    described(session, draft_id, "em", urgency="express")
    assert told(session) == [("em (for an)", ["urgency"])]
    with pytest.raises(DraftNotFoundError):
        described(session, draft_id, "binh", urgency="normal")
    sending_round.submit(session, actor("an"), draft_id=draft_id, template_id=1, seen_revision=1, moment=moment())
    with pytest.raises(MoveError):
        described(session, draft_id, urgency="normal")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"kind": "no_such"}, MoveError), ({"urgency": "soon"}, MoveError), ({"title": " "}, MoveError),
        ({"title": "TUYỆT MẬT"}, SecretError),
    ],
)  # fmt: skip
def test_what_is_refused(session: Session, draft_id: int, changed: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        described(session, draft_id, **changed)


def test_a_new_subject_is_in_the_trail(session: Session, draft_id: int) -> None:
    """Also where nothing else was changed on the page of the text."""
    same = texts(session, draft_id)[0].passages
    for _ in range(2):
        saved = drafting.save(
            session, actor("an"), draft_id=draft_id, base=1, passages=same, moment=moment(), title="Họp tuần"
        )
        assert saved.revision == 1
    assert told(session) == [("an", ["title"])]
