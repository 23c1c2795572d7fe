"""Faults of form mended with one click in what is written here: the next revision, as any other."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from core.permissions import Actor
from eoffice.documents import ruleset, structured
from eoffice.documents.changes import apply
from eoffice.documents.checking import MOST_ROUNDS
from eoffice.queries.form import findings_in_text, mends_text
from eoffice.services.drafting import Saved, changeable, revision_row, save
from eoffice.services.rounds import Moment
from eoffice.writing import Written


def mend_text(
    session: Session, actor: Actor, *, draft_id: int, base: int, moment: Moment, rule: str = "", passage: str = ""
) -> Saved:
    """Mend what can safely be mended in revision `base`: of one `rule` and `passage` where they are named.

    What others saved meanwhile stays. Raises as `drafting.save`.
    """
    changeable(session, actor, draft_id=draft_id, moment=moment)
    text = Written.of_json(revision_row(session, draft_id, base).content)
    rules = ruleset.load(moment.today)
    for _ in range(MOST_ROUNDS):
        changes = [
            change
            for one in findings_in_text(text, rules)
            if mends_text(one) and rule in {"", one.rule.id} and passage in {"", one.block}
            for change in one.changes
        ]
        if not changes:
            break
        mended = apply(structured.from_dict(text.as_json(), rules), changes)
        words = {block.id: block.text for block in mended.blocks}
        text = replace(text, passages=tuple(replace(one, text=words[one.id]) for one in text.passages))
    return save(session, actor, draft_id=draft_id, base=base, passages=text.passages, moment=moment)
