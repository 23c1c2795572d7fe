"""How a document is told on a page: names of steps and states, and the text with the words that remarks are about."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from core.db import utc_now
from eoffice.documents import ruleset
from eoffice.queries import DraftPage, Opinion
from eoffice.services.rounds import Moment
from web import formats
from web.language import language

PURPOSES = {
    "opinion": _("for your opinion"),
    "content": _("to answer for the content"),
    "form": _("to answer for the form"),
    "approval": _("to approve"),
}
STATES = {
    "drafting": _("being written"),
    "on_route": _("on its way"),
    "returned": _("returned to its author"),
    "approved": _("approved"),
    "withdrawn": _("given up, not sent"),
}
URGENCIES = {
    "normal": _("Not urgent"),
    "urgent": _("Urgent"),
    "very_urgent": _("Very urgent"),
    "express": _("Express"),
}


def moment() -> Moment:
    """Now, and the day at the office."""
    now = utc_now()
    return Moment(now, formats.local(now).date())


def all_types() -> dict[str, str]:
    """The document types of today, by key, with their names in the visitor's language."""
    known = ruleset.load(moment().today).types
    return {key: one.words.to(language()) for key, one in known.items() if key}


def type_words(kind: str) -> str:
    """The name of a document type, in the visitor's language."""
    known = ruleset.load(moment().today).types.get(kind)
    return kind if known is None else known.words.to(language())


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a passage; `opinion` is the number of the remark they are about (0: none)."""

    text: str
    opinion: int = 0


@dataclass(frozen=True, slots=True)
class MarkedPassage:
    """A passage with the stretches that remarks are about, and the numbers of those about the whole of it."""

    passage_id: str
    role: str
    stretches: tuple[Stretch, ...]
    about_all: tuple[int, ...]


def marked(page: DraftPage) -> list[MarkedPassage]:
    """The text of a page; remarks that overlap mark the words that are free yet."""
    anchored = [one for one in page.opinions if one.anchor is not None and not one.resolved]
    return [
        MarkedPassage(
            passage.id,
            passage.role,
            tuple(_stretches(passage.text, [one for one in anchored if _of(one, passage.id)])),
            tuple(one.remark_id for one in anchored if _of(one, passage.id, whole=True)),
        )
        for passage in page.text.passages
    ]


def _of(one: Opinion, passage_id: str, *, whole: bool = False) -> bool:
    anchor = one.anchor
    return anchor is not None and anchor.passage == passage_id and (anchor.start is None) == whole


def _stretches(text: str, about: list[Opinion]) -> list[Stretch]:
    found, at = list[Stretch](), 0
    places = sorted(
        (one.anchor.start, one.anchor.end, one.remark_id)
        for one in about
        if one.anchor is not None and one.anchor.start is not None and one.anchor.end is not None
    )
    for start, end, number in places:
        if start < at:
            continue
        if start > at:
            found.append(Stretch(text[at:start]))
        found.append(Stretch(text[start:end], number))
        at = end
    if at < len(text):
        found.append(Stretch(text[at:]))
    return found
