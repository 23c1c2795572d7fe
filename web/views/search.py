"""The page of results: pages, units, officials and documents with the words that were typed, each under its heading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from core.directory.queries.search import FoundOfficial, find_officials, find_units
from core.directory.spelling import terms_of, words_of
from core.permissions import Actor, Permission
from eoffice.queries.finding import find_drafts
from eoffice.writing.secrecy import secret_level
from mail_audit import queries
from mail_audit.queries.reported import reported_officials, reported_units
from web import auth, navigation, work
from web.guards import needs
from web.views.asked import offset
from web.views.document_words import STATES
from web.views.drafts.frame import type_words

pages = Blueprint("search", __name__)
LIMIT = 20
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: its name, what tells it from others of that name, and its page (None: it has none)."""

    title: str
    beneath: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Kind:
    """The things of one kind: a part of them, and how many there are."""

    noun: str
    words: str
    hits: tuple[Hit, ...]
    total: int


Search = Callable[[Actor, str, int], Kind | None]
"""`(actor, question, offset) -> what was found`; None where the actor may find nothing of the kind at all."""


@pages.get("/search")
@needs(Permission.CORE_ACCOUNT_OWN)
def search() -> str:
    """What holds the words of `q`; with `kind` one kind alone, from `offset` on; no level of secrecy is."""
    question = (request.args.get("q") or "").strip()[:LONGEST]
    only, first = request.args.get("kind"), offset(request.args.get("offset"))
    kinds: list[Kind] = []
    secret = secret_level(question)
    if terms_of(question) and secret is None:
        found = [look(auth.required(), question, first if only == noun else 0) for noun, look in KINDS.items()]
        kinds = [kind for kind in found if kind is not None and kind.total and only in {None, "", kind.noun}]

    def address(**changed: Any) -> str:
        return url_for("search.search", q=question, **({"kind": only} | changed))

    return render_template(
        "search.html",
        question=question,
        searched=bool(terms_of(question)),
        secret=secret,
        kinds=kinds,
        only=only,
        offset=first,
        limit=LIMIT,
        paged=PAGED,
        address=address,
    )


def _pages(_actor: Actor, question: str, _first: int) -> Kind:
    """Pages of the menu, by their words in the visitor's language."""
    terms = terms_of(question)
    hits = []
    for page in navigation.open_pages():
        words = words_of(str(page["text"]))
        if all(any(word.bare.startswith(term.bare) for word in words) for term in terms):
            hits.append(Hit(str(page["text"]), "", page["href"]))
    return Kind("pages", str(_("Pages")), tuple(hits), len(hits))


def _units(actor: Actor, question: str, _first: int) -> Kind | None:
    if not actor.may(Permission.CORE_DIRECTORY_READ):
        return None
    session = work.session()
    found = find_units(session, actor, question=question, limit=LIMIT)
    latest = queries.latest_audit_id(session)
    there = reported_units(session, latest, [one.key for one in found.rows]) if latest else frozenset()

    def page(key: str) -> str | None:
        if latest is None or key not in there or not actor.may_in(Permission.MAIL_AUDIT_AUDIT_READ, key):
            return None
        return url_for("units.unit", audit_id=latest, unit_key=key)

    hits = tuple(Hit(one.name, one.above, page(one.key)) for one in found.rows)
    return Kind("units", str(_("Units")), hits, found.total)


def _officials(actor: Actor, question: str, first: int) -> Kind | None:
    if not actor.may(Permission.CORE_DIRECTORY_READ):
        return None
    session = work.session()
    found = find_officials(session, actor, question=question, offset=first, limit=LIMIT)
    latest = queries.latest_audit_id(session)
    there = reported_officials(session, latest, [one.official_id for one in found.rows]) if latest else ()

    def page(one: FoundOfficial) -> str | None:
        if latest is None or one.official_id not in there:
            return None
        if actor.may_of(Permission.MAIL_AUDIT_EVIDENCE_READ, one.official_id, one.unit_keys):
            return url_for("officials.official", audit_id=latest, official_id=one.official_id)
        if any(actor.may_in(Permission.MAIL_AUDIT_AUDIT_READ, key) for key in one.unit_keys):
            return url_for("officials.officials", audit_id=latest, text=one.official_id)
        return None

    hits = tuple(
        Hit(
            one.name,
            " · ".join(part for part in (one.title, one.unit, one.official_id, one.mailbox) if part),
            page(one),
        )
        for one in found.rows
    )
    return Kind("officials", str(_("Officials")), hits, found.total)


def _documents(actor: Actor, question: str, first: int) -> Kind | None:
    if actor.official_id is None or not actor.may(Permission.EOFFICE_DRAFT_READ):
        return None
    found, total = find_drafts(work.session(), actor, question=question, today=work.today(), offset=first, limit=LIMIT)
    hits = tuple(
        Hit(
            one.title,
            " · ".join((type_words(one.type), str(STATES[one.state]), one.drafter)),
            url_for("documents.document", draft_id=one.draft_id),
        )
        for one in found
    )
    return Kind("documents", str(_("Documents")), hits, total)


KINDS: dict[str, Search] = {"pages": _pages, "units": _units, "officials": _officials, "documents": _documents}
"""What can be found, by noun, in the order of the page: who types a name wants its bearer before all they signed."""
PAGED = frozenset({"officials", "documents"})
"""Kinds of which there may be many; the others show their first."""
