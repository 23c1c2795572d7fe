"""Sources of logs: how far each is and what it waits for, adding one, ending one, collecting now."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db import utc_now
from core.errors import NotFoundError
from core.permissions import Permission
from core.words import Text
from mail_audit.errors import LogPathError, SourceError
from mail_audit.queries import source_words
from mail_audit.queries import sources as followed
from mail_audit.queries.census import latest_census
from mail_audit.queries.journal import journal_status
from mail_audit.services import collecting
from mail_audit.zones import Zone
from web import auth, undo, work
from web.forms.sources import SourceForm
from web.guards import needs
from web.language import language

pages = Blueprint("sources", __name__)


@pages.get("/sources")
@needs(Permission.MAIL_AUDIT_SOURCE_READ)
def sources() -> str:
    """All sources, and (for those who may) the form that adds one."""
    return _page(SourceForm(formdata=None))


@pages.post("/sources")
@needs(Permission.MAIL_AUDIT_SOURCE_CHANGE)
def add() -> Response | tuple[str, int]:
    """Follow one more source, below the folders that may be read."""
    form = SourceForm()
    if not form.validate():
        return _page(form), 422
    settings = work.settings()
    try:
        collecting.add_source(
            work.session(),
            auth.required(),
            name=form.name.data or "",
            paths=form.paths,
            patterns=form.globs,
            host=form.host.data,
            timezone=form.timezone.data,
            allowed=settings.log_folders,
        )
    except (SourceError, LogPathError) as wrong:
        field = form.name if isinstance(wrong, SourceError) else form.places
        field.errors = [wrong.message.to(language())]
        return _page(form), 422
    flash(_("The source is added. It is read with the next collection."))
    return redirect(url_for("sources.sources"), 303)


@pages.post("/sources/<int:source_id>/remove")
@needs(Permission.MAIL_AUDIT_SOURCE_CHANGE)
def remove(source_id: int) -> Response:
    """Follow a source no more; it may be followed again at once."""
    session, settings = work.session(), work.settings()
    every = followed.sources(session, zone=Zone(settings.timezone), now=utc_now())
    source = next((one for one in every if one.id == source_id), None)
    if source is None:
        raise NotFoundError(Text("Không tìm thấy nguồn này.", "There is no such source."))
    collecting.remove_source(session, auth.required(), name=source.name)
    fields = {
        "name": source.name,
        "places": "\n".join(source.paths),
        "patterns": " ".join(source.patterns),
        "host": source.host or "",
        "timezone": source.timezone or settings.timezone,
    }
    undo.offer(_("The source is followed no more. What was read of it stays."), url_for("sources.add"), fields)
    return redirect(url_for("sources.sources"), 303)


@pages.post("/sources/collect")
@needs(Permission.MAIL_AUDIT_SOURCE_COLLECT)
def collect() -> Response:
    """Collect all sources now."""
    collecting.ask_collection(work.session(), auth.required())
    flash(_("The collection begins. This page shows how far it is when you open it again."))
    return redirect(url_for("sources.sources"), 303)


def _page(form: SourceForm) -> str:
    session, settings, now = work.session(), work.settings(), utc_now()
    if form.timezone.data is None:
        form.timezone.data = settings.timezone
    actor = auth.required()
    return render_template(
        "sources.html",
        sources=followed.sources(session, zone=Zone(settings.timezone), now=now),
        months=followed.months(session),
        jobs=followed.jobs_state(session, now=now),
        journal=journal_status(session, now=now),
        census=latest_census(session),
        timezone=settings.timezone,
        now=now,
        say=source_words,
        form=form,
        log_folders=[str(folder) for folder in settings.log_folders],
        may_change=actor.may(Permission.MAIL_AUDIT_SOURCE_CHANGE),
        may_collect=actor.may(Permission.MAIL_AUDIT_SOURCE_COLLECT),
    )
