"""Audits: the list, a new one, and how far one is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.directory import queries as directory
from core.errors import InputError, NotFoundError
from core.permissions import Permission
from core.words import Text
from mail_audit import queries, services
from mail_audit.errors import UploadError
from mail_audit.queries import AuditSummary
from web import auth, work
from web.forms.new_audit import NewAuditForm
from web.guards import needs
from web.intake import takes_files
from web.language import language
from web.server_logs import expanded
from web.views.asked import offset
from web.views.progress import MOVING, progress_of, state_words

pages = Blueprint("audits", __name__)
LIMIT = 50


def summary_with_figures(session: Session, audit_id: int) -> AuditSummary:
    """The audit as a line of a list; NotFoundError when it is unknown or has no figures yet."""
    summary = queries.audit(session, audit_id, reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ)).summary
    if not summary.has_figures:
        raise NotFoundError(Text("Lần kiểm tra này chưa có số liệu.", "This audit has no figures yet."))
    return summary


@pages.get("/audits")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def audits() -> str:
    """A part of the audits, newest first; of the reports of mornings only the latest, unless all are asked for."""
    with_all, first = request.args.get("mornings") == "all", offset(request.args.get("offset"))
    reach = auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ)

    def address(**changed: Any) -> str:
        return url_for("audits.audits", **({"mornings": "all" if with_all else None} | changed))

    return render_template(
        "audits.html",
        found=queries.audits(work.session(), reach=reach, mornings=with_all, offset=first, limit=LIMIT),
        offset=first,
        limit=LIMIT,
        address=address,
        state_words=state_words,
    )


@pages.get("/audits/new")
@needs(Permission.MAIL_AUDIT_AUDIT_START)
def new_audit() -> str:
    """The form that asks for an audit."""
    form = NewAuditForm(data={"timezone": work.settings().timezone})
    return _form_page(form)


@pages.post("/audits")
@needs(Permission.MAIL_AUDIT_AUDIT_START)
@takes_files
def start_audit() -> Response | tuple[str, int]:
    """Take in what was sent and start; a form that cannot be used comes back with its reasons.

    Logs that were sent with such a form stay known, so that the sweep of forgotten uploads takes them off the disk.
    """
    form = NewAuditForm()
    if not form.validate():
        return _form_page(form), 422
    session, settings, actor = work.session(), work.settings(), auth.required()
    try:
        uploads = [
            services.add_upload(session, actor, store=settings.store, name=file.filename or "", stream=file.stream)
            for file in form.sent
        ]
        audit_id = services.start_audit(
            session,
            actor,
            timezone=form.timezone.data or settings.timezone,
            log_folders=settings.log_folders,
            paths=expanded(form.paths, settings.log_folders),
            uploads=uploads,
            first=form.first.data,
            last=form.last.data,
        )
    except InputError as wrong:
        field = form.logs if isinstance(wrong, UploadError) else form.places
        field.errors = [*field.errors, wrong.message.to(language())]
        return _form_page(form), 422
    return redirect(url_for("audits.audit", audit_id=audit_id), 303)


@pages.get("/audits/<int:audit_id>")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def audit(audit_id: int) -> str:
    """One run: how far it is, its files, its error, its reports."""
    found = queries.audit(work.session(), audit_id, reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ))
    return render_template(
        "audit.html",
        audit=found,
        summary=found.summary,
        moving=found.summary.state in MOVING,
        progress=progress_of(found),
        state=state_words(found.summary.state),
        from_store=queries.is_from_store(work.session(), audit_id),
    )


@pages.get("/audits/<int:audit_id>/progress")
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def progress(audit_id: int) -> dict[str, object]:
    """What the page of a running audit shows, for its script: words, the bar's place (0 to 1), whether it moves on."""
    found = queries.audit(work.session(), audit_id, reach=auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ))
    now = progress_of(found)
    return {"values": now.words, "bar": now.bar, "moving": found.summary.state in MOVING}


@pages.post("/audits/<int:audit_id>/cancel")
@needs(Permission.MAIL_AUDIT_AUDIT_CANCEL)
def cancel(audit_id: int) -> Response:
    """Stop a running audit."""
    services.cancel(work.session(), auth.required(), audit_id=audit_id)
    return redirect(url_for("audits.audit", audit_id=audit_id), 303)


def _form_page(form: NewAuditForm) -> str:
    options = work.options()
    return render_template(
        "new_audit.html",
        form=form,
        log_folders=[str(folder) for folder in work.settings().log_folders],
        most=options.upload_megabytes * 1_000_000,
        most_files=options.upload_files,
        has_directory=bool(directory.roster(work.session()).officials),
    )
