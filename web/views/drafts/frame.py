"""What the pages of drafts share: the blueprint, the moment, words of types and parts, answers to refusals."""

from __future__ import annotations

from flask import Blueprint, flash
from flask_babel import gettext as _

from core.errors import VanthuError
from eoffice.documents import ruleset
from eoffice.documents.ruleset import RuleSet
from eoffice.errors import DocumentFileError, MoveError, PlanError, SecretError, StaleDraftError
from eoffice.queries import DraftPage, draft_page
from eoffice.services import looking
from web import auth, work
from web.language import language
from web.undo import CATEGORY
from web.views.document_words import moment, type_words

__all__ = [
    "OPEN_STATES",
    "REFUSALS",
    "moment",
    "page_of",
    "pages",
    "part_words",
    "refused",
    "rules",
    "tell",
    "type_words",
]

pages = Blueprint("drafts", __name__)
REFUSALS = (DocumentFileError, MoveError, PlanError, SecretError, StaleDraftError)
"""What people can mend: told on the page where it happened, and nothing has changed."""
OPEN_STATES = frozenset({"drafting", "returned"})


def rules() -> RuleSet:
    """The rules of form that hold today."""
    return ruleset.load(moment().today)


def part_words(role: str) -> str:
    """The name of a part of a document, in the visitor's language."""
    part = rules().parts.get(role)
    return _("passage") if part is None else part.words.to(language())


def page_of(draft_id: int) -> DraftPage:
    """The draft as the visitor may see it; that they saw it is in the trail. Raises `DraftNotFoundError`."""
    looking.note_read(work.session(), auth.required(), draft_id=draft_id, moment=moment())
    return draft_page(work.session(), auth.required(), draft_id=draft_id, today=moment().today)


def refused(error: VanthuError) -> str:
    """The sentence of a refusal, in the visitor's language."""
    return error.message.to(language())


def tell(sentence: str) -> None:
    """Tell on the next page what was refused, or done."""
    flash({"sentence": sentence}, CATEGORY)  # type: ignore[arg-type]
