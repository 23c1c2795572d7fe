"""What a draft is, changed after it was begun: its type, its subject, how urgent it is and until when."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from core.permissions import Actor
from eoffice.actions import EofficeAction
from eoffice.models import DraftRow
from eoffice.services.changes import record, touch
from eoffice.services.drafting import add_revision, begun_text, check_kind, renamed, revision_row, writable
from eoffice.services.rounds import Moment
from eoffice.services.turns import official_of
from eoffice.writing import Written
from eoffice.writing.retyping import retyped


def describe(
    session: Session, actor: Actor, *, draft_id: int, kind: str, title: str, urgency: str, due: date | None,
    moment: Moment, seen_title: str | None = None,
) -> None:  # fmt: skip
    """Change what a draft is, as long as it is with its author; saying the same again changes nothing.

    With `seen_title`, the subject as it was when they began, others' changes of it are kept as in `drafting.save`.

    Another type is another revision of a text that is written here: what was written stays, the type's parts change.
    Raises `DraftNotFoundError`, `MoveError` where it cannot be changed now or for what is no type, urgency or subject,
    `SecretError`.
    """
    draft, actor = writable(session, actor, draft_id=draft_id, moment=moment)
    check_kind(kind, urgency, moment)
    wanted = {"type": kind, "title": renamed(draft, title, seen_title), "urgency": urgency, "due": due}
    changed = [name for name, value in wanted.items() if getattr(draft, name) != value]
    if not changed:
        return
    revision = None
    if "type" in changed and draft.source == "text":
        revision = _of_type(session, draft, official_of(session, actor).id, kind, moment)
    for name in changed:
        setattr(draft, name, wanted[name])
    touch(draft, moment)
    session.flush()
    facts = {"type": kind, "urgency": urgency, "due": None if due is None else due.isoformat()}
    record(session, actor, EofficeAction.DRAFT_DESCRIBED, draft, changed=changed, revision=revision, **facts)


def _of_type(session: Session, draft: DraftRow, author: int, kind: str, moment: Moment) -> int:
    """The text as one of another type: the next revision. Returns its number."""
    latest = revision_row(session, draft.id)
    begun, wanted = (begun_text(session, draft, one, moment) for one in (draft.type, kind))
    text = retyped(Written.of_json(latest.content), begun, wanted)
    return add_revision(session, draft, author, text, moment, base=latest.number)
