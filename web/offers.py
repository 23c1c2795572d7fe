"""What the parts of the suite offer to the home page: things that wait for somebody, and how they are told."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from core.directory.queries.search import has_officials
from core.permissions import Actor, Permission
from mail_audit import queries
from mail_audit.permissions import can_answer_contest
from mail_audit.queries import contests
from mail_audit.queries.answers import unread_answers
from mail_audit.queries.sources import jobs_state
from web import formats
from web.language import language
from web.views import documents, learning, overdue, own_classes
from web.views.contests import about_words
from web.waiting import SHOWN, Offer, Offering, Waiting


def first_steps(session: Session, actor: Actor, _now: datetime) -> Offer | None:
    """What a new installation needs, while it has no figures: the directory, the logs, patience."""
    if not actor.may(Permission.MAIL_AUDIT_AUDIT_START) or queries.latest_audit_id(session) is not None:
        return None
    kind, things = str(_("To begin")), []
    if actor.may(Permission.CORE_DIRECTORY_IMPORT) and not has_officials(session):
        title = _("Bring in the directory of officials")
        things.append(Waiting(kind, str(title), url_for("directory.directory"), who=str(_("a CSV or Excel file"))))
    running = queries.audits(session, reach=actor.reach(Permission.MAIL_AUDIT_AUDIT_READ), limit=1).rows
    if running:
        title = _("An audit has been asked for, but there are no figures yet.")
        address = url_for("audits.audit", audit_id=running[0].audit_id)
        things.append(Waiting(kind, str(title), address, since=running[0].created_at))
    else:
        things.append(Waiting(kind, str(_("Have the mail servers' logs read")), url_for("audits.new_audit")))
    return Offer.of(things, words=kind, address=url_for("audits.audits"))


def contests_to_answer(session: Session, actor: Actor, _now: datetime) -> Offer | None:
    """Figures that officials asked to have reviewed."""
    if not can_answer_contest(actor):
        return None
    found = contests.contests(session, actor, state="open", limit=SHOWN)
    kind = str(_("Asked for review"))
    things = [
        Waiting(
            kind,
            f"{about_words(one.about, one.day)}: {one.name or one.official_id}",
            url_for("contests.contest", contest_id=one.contest_id),
            who=formats.who(one.asked_by),
            since=one.asked_at,
            keep=True,
            at_once=True,
        )
        for one in found.rows
    ]
    return Offer.of(things, words=kind, address=url_for("contests.contests", state="open"), total=found.waiting)


def answers_to_read(session: Session, actor: Actor, _now: datetime) -> Offer | None:
    """Answers to the own requests that were not opened yet."""
    if actor.official_id is None:
        return None
    kind = str(_("Your request was answered"))
    things = [
        Waiting(
            kind,
            about_words(one.about, one.day),
            url_for("contests.contest", contest_id=one.contest_id),
            who=formats.who(one.answered_by),
            since=one.answered_at,
            keep=True,
            at_once=True,
        )
        for one in unread_answers(session, actor.official_id)
    ]
    return Offer.of(things, words=kind, address=url_for("contests.contests", state="answered"))


def missing_logs(session: Session, actor: Actor, _now: datetime) -> Offer | None:
    """Days of the latest report that no log covers: their figures are unknown until the logs are found."""
    if not actor.may(Permission.MAIL_AUDIT_LOG_UPLOAD):
        return None
    latest = queries.latest_audit(session, reach=actor.reach(Permission.MAIL_AUDIT_AUDIT_READ))
    if latest is None or latest.period is None or not latest.missing_days:
        return None
    title = ngettext("%(num)s day has no logs", "%(num)s days have no logs", latest.missing_days)
    kind = str(_("Logs"))
    period = f"{formats.day(latest.period.first)} – {formats.day(latest.period.last)}"
    address = url_for("coverage.coverage", audit_id=latest.audit_id)
    thing = Waiting(kind, str(title), address, who=period, since=latest.finished_at)
    return Offer.of([thing], words=kind, address=address)


def failed_work(session: Session, actor: Actor, now: datetime) -> Offer | None:
    """Reading or measuring that failed in the last day."""
    if not actor.may(Permission.MAIL_AUDIT_SOURCE_READ):
        return None
    state = jobs_state(session, now=now)
    if not state.failed or state.last_failure is None:
        return None
    kind, address = str(_("Work that failed")), url_for("sources.sources")
    thing = Waiting(kind, state.last_failure.to(language()), address, since=state.failed_at)
    return Offer.of([thing], words=kind, address=address, total=state.failed)


OFFERS: tuple[Offering, ...] = (
    documents.offered,
    learning.offered,
    own_classes.offered,
    overdue.offered,
    first_steps,
    failed_work,
    contests_to_answer,
    answers_to_read,
    missing_logs,
)
"""Every part's offer; a part that comes later adds its own here."""
