"""Practice documents: laid before a learner for a decision, or begun by the learner with faults to mend.

They go the way of any document. Their author is nobody: an official who was never in post, so that nothing waits for
anybody when a learner sends one back.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow
from core.directory.queries import in_post
from core.permissions import Actor
from eoffice.actions import EofficeAction
from eoffice.documents import ruleset, structured
from eoffice.errors import MoveError
from eoffice.models import DraftRow, PracticeDraftRow
from eoffice.queries.practice import practice_draft
from eoffice.routing import Person, begin, plan_from_json
from eoffice.services import rounds
from eoffice.services.changes import record
from eoffice.services.drafting import add_revision
from eoffice.services.rounds import Moment
from eoffice.services.turns import official_of
from eoffice.writing import Passage, Written

AUTHOR, AUTHOR_NAME = "vanthu-practice", "Vanthu (thực hành)"
"""Number and name of the official who writes what is laid before learners."""
KIND = "cong_van"
LAID, BEGUN = "[Thực hành] Góp ý kế hoạch làm vệ sinh trụ sở", "[Thực hành] Báo cáo kết quả làm vệ sinh trụ sở"
_PLAN = [{"kind": "any", "purpose": "approval", "who": [{"unit": "own", "rank": "leader"}]}]
_TEXTS = {
    "body": (
        "Đây là văn bản thực hành, không có giá trị thi hành. Văn phòng dự kiến tổ chức làm vệ sinh trụ sở vào sáng thứ"
        " Bảy tuần tới; đề nghị các phòng cử người tham gia./."
    ),
}
_FAULTY = {"motto": "Độc lập – tự do – hạnh phúc", "body": "Văn phòng đã tổ chức làm vệ sinh trụ sở đúng kế hoạch"}
"""Parts that the learner has to mend: the motto as it is often mistyped, a text without its end."""


def lay_before(session: Session, actor: Actor, *, mark: str, moment: Moment) -> int:
    """Lay a practice document before the actor for approval; the draft's key. Done already: the same document.

    `mark` is what it is known by to whoever asked for it. Raises `NotYourTurnError` for an account that is tied to no
    official, `MoveError` for an official without a post.
    """
    known = practice_draft(session, mark)
    if known is not None:
        return known
    own = official_of(session, actor)
    post = _post(session, own, moment)
    draft = _draft(session, own, _author(session, moment), LAID, _TEXTS, post.unit, moment, mark)
    state = begin(
        plan_from_json(_PLAN), drafter=draft.drafter, facts=rounds.facts_of(draft),
        resolve=lambda _who: (Person(own.id, post.title),),
    )  # fmt: skip
    rounds.start(session, draft, state, moment, template=None, revision=1, begun_by=draft.drafter)
    draft.state = "on_route"
    record(session, actor, EofficeAction.DRAFT_CREATED, draft, type=KIND, practice=True)
    return draft.id


def begin_own(session: Session, actor: Actor, *, mark: str, moment: Moment) -> int:
    """Begin a practice document of the actor's own, with faults of form in it; else as `lay_before`."""
    known = practice_draft(session, mark)
    if known is not None:
        return known
    own = official_of(session, actor)
    draft = _draft(session, own, own, BEGUN, _FAULTY, _post(session, own, moment).unit, moment, mark)
    record(session, actor, EofficeAction.DRAFT_CREATED, draft, type=KIND, practice=True)
    return draft.id


def _draft(
    session: Session, learner: OfficialRow, author: OfficialRow, title: str, texts: dict[str, str], unit: int,
    moment: Moment, mark: str,
) -> DraftRow:  # fmt: skip
    draft = DraftRow(
        type=KIND, title=title, unit=unit, drafter=author.id, source="text", created_at=moment.now,
        changed_at=moment.now,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    session.add(PracticeDraftRow(draft=draft.id, official=learner.id, mark=mark, made_at=moment.now))
    parts = structured.new_draft(KIND, ruleset.load(moment.today)).blocks
    known = {"reference": f"V/v {title.partition('] ')[2]}", **texts}
    text = Written(KIND, tuple(Passage(one.id, one.role, known.get(one.role, one.text)) for one in parts))
    add_revision(session, draft, author.id, text, moment, base=None)
    return draft


def _post(session: Session, own: OfficialRow, moment: Moment) -> PostRow:
    wanted = select(PostRow).where(PostRow.official == own.id, in_post(moment.today)).order_by(PostRow.position)
    found = session.scalars(wanted).first()
    if found is None:
        raise MoveError("Ông/Bà chưa có chức vụ trong danh bạ.", "The directory knows no post of yours.")
    return found


def _author(session: Session, moment: Moment) -> OfficialRow:
    """The official whom nobody is: gone from the first moment, in no unit, in no list."""
    wanted = select(OfficialRow).where(OfficialRow.official_id == AUTHOR)
    found = session.scalars(wanted).first()
    if found is None:
        try:
            with session.begin_nested():
                found = OfficialRow(official_id=AUTHOR, name=AUTHOR_NAME, gone_at=moment.now)
                session.add(found)
                session.flush()
        except IntegrityError:  # somebody else's first exercise, in the same moment
            return session.scalars(wanted).one()
    return found
