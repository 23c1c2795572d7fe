"""The main menu: at most seven words, and below a word the pages that belong to it.

A page stands in the menu as soon as its endpoint exists and the visitor may open it; pages of one audit lead to pages
of the same audit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.routing import BuildError

from core.permissions import Actor
from web import auth, guards

MOST = 7
HOME = "home.home"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page: its words and endpoint; `of_audit` where its address holds the audit that is looked at.

    Pages of one `group` stand behind its words, wherever there are too many pages beside each other, until one of them
    is open.
    """

    words: Any
    endpoint: str
    of_audit: bool = False
    group: Any = None

    @property
    def noun(self) -> str:
        """The blueprint, which is named after the page's noun."""
        return self.endpoint.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Section:
    """A word of the menu, and its pages; the word leads to the first of them that the visitor may open."""

    words: Any
    entries: tuple[Entry, ...]


OWN_LEARNING, ASSIGNING, TEACHING = _("My learning"), _("Assigning"), _("Courses and classes")
OWN = Entry(_("My figures"), "own.own")
OF_OFFICIALS = frozenset({"own", "documents", "drafts", "learning", "own_certificates", "own_classes"})
"""Pages that only an account tied to an official has anything on."""
BELONGS_TO = {
    "exemptions.assign": "following",
    "exemptions.assign_form": "following",
    "mailboxes": "officials",
    "practice": "learning",
    "questions": "courses",
    "quizzes": "learning",
    "recoveries": "accounts",
    "roles": "accounts",
    "scorm": "learning",
    "store_reports": "audits",
    "stories": "documents",
    "use": "city",
}
"""Pages (one, or all of a kind) that stand in no menu -> the noun under which they are found, so that the way back is
where it was.
"""
MENU: tuple[Section, ...] = (
    Section(_("Home"), (Entry(_("Home"), HOME), OWN, Entry(_("Asked for review"), "contests.contests"))),
    Section(
        _("Documents"),
        (
            Entry(_("Documents that wait"), "documents.documents"),
            Entry(_("Drafts"), "drafts.drafts"),
            Entry(_("Overdue"), "overdue.overdue"),
            Entry(_("Deputies"), "deputies.deputies"),
        ),
    ),
    Section(
        _("The city"),
        (
            Entry(_("The whole city"), "city.city", of_audit=True),
            Entry(_("Units"), "units.units", of_audit=True),
            Entry(_("Officials"), "officials.officials", of_audit=True),
            Entry(_("Exceptions"), "exceptions.exceptions"),
        ),
    ),
    Section(
        _("Over time"),
        (
            Entry(_("Two periods"), "comparison.comparison"),
            Entry(_("Rolling lines"), "trends.trends", of_audit=True),
            Entry(_("7 to 180 days back"), "windows.windows", of_audit=True),
            Entry(_("Targets"), "targets.targets"),
            Entry(_("Data export"), "exports.exports"),
        ),
    ),
    Section(
        _("Training"),
        (
            Entry(_("My courses"), "learning.learning", group=OWN_LEARNING),
            Entry(_("My classes"), "own_classes.own_classes", group=OWN_LEARNING),
            Entry(_("My certificates"), "own_certificates.own", group=OWN_LEARNING),
            Entry(_("Who learns what"), "following.following"),
            Entry(_("Rules"), "rules.rules", group=ASSIGNING),
            Entry(_("Waves"), "waves.waves", group=ASSIGNING),
            Entry(_("Exemptions"), "exemptions.exemptions", group=ASSIGNING),
            Entry(_("Did it help?"), "effects.effects"),
            Entry(_("Courses"), "courses.courses", group=TEACHING),
            Entry(_("Classes"), "classes.classes", group=TEACHING),
            Entry(_("Certificates"), "certificates.certificates", group=TEACHING),
        ),
    ),
    Section(
        _("Logs"),
        (
            Entry(_("Sources"), "sources.sources"),
            Entry(_("Audits"), "audits.audits"),
            Entry(_("Coverage"), "coverage.coverage", of_audit=True),
        ),
    ),
    Section(
        _("Directory"),
        (
            Entry(_("Directory"), "directory.directory"),
            Entry(_("Sync"), "syncs.syncs"),
            Entry(_("Accounts"), "accounts.accounts"),
            Entry(_("Routes"), "routes.all_routes"),
            Entry(_("Invitations"), "invitations.invitations"),
            Entry(_("Mail"), "mail.mail"),
            Entry(_("Tokens"), "tokens.tokens"),
            Entry(_("Audit trail"), "trail.trail"),
        ),
    ),
)


def main_menu() -> list[dict[str, Any]]:
    """The words of the menu, each with where it leads and whether this page belongs to it."""
    found = []
    for section in MENU:
        entries = _visible(section)
        if entries:
            here = any(_active(entry) for entry in entries)
            found.append({"text": section.words, "href": _address(entries[0]), "active": here})
    return found


def sub_menu() -> list[dict[str, Any]]:
    """The pages beside this one under the same word; empty where it stands alone."""
    for section in MENU:
        entries = _visible(section)
        if len(entries) > 1 and any(_active(entry) for entry in entries):
            if len(entries) > MOST:
                entries = _gathered(entries)
            return [{"text": entry.words, "href": _address(entry), "active": _active(entry)} for entry in entries]
    return []


def _gathered(entries: list[Entry]) -> list[Entry]:
    """Each group by its own words, leading to the first of its pages; but that which is open page by page."""
    opened = next((entry.group for entry in entries if _active(entry)), None)
    found: list[Entry] = []
    seen: list[Any] = []
    for entry in entries:
        if entry.group is None or entry.group is opened:
            found.append(entry)
        elif not any(entry.group is one for one in seen):
            seen.append(entry.group)
            found.append(replace(entry, words=entry.group))
    return found


def open_pages() -> list[dict[str, Any]]:
    """Every page of the menu that the visitor may open, with its words and where it leads."""
    return [{"text": one.words, "href": _address(one)} for section in MENU for one in _visible(section)]


def _visible(section: Section) -> list[Entry]:
    actor = auth.known()
    return [entry for entry in section.entries if actor is not None and _may_open(actor, entry)]


def _may_open(actor: Actor, entry: Entry) -> bool:
    guard = guards.guard_of(current_app, entry.endpoint)
    if guard is None or (entry.noun in OF_OFFICIALS and actor.official_id is None):
        return False
    return guard.permission is None or any(actor.may(one) for one in (guard.permission, *guard.others))


def _active(entry: Entry) -> bool:
    found = BELONGS_TO.get(request.endpoint or "") or BELONGS_TO.get(request.blueprint or "", request.blueprint)
    return found == entry.noun


def _address(entry: Entry) -> str:
    """Where an entry leads: to the page of the audit that is looked at, else to that of the latest."""
    audit_id = (request.view_args or {}).get("audit_id")
    if entry.of_audit:
        if audit_id is not None and request.blueprint != "audits":
            return url_for(entry.endpoint, audit_id=audit_id)
        return url_for("city.of_latest", noun=entry.noun)
    try:
        return url_for(entry.endpoint)
    except BuildError as wrong:
        raise RuntimeError(f"{entry.endpoint} needs more than the menu knows") from wrong
