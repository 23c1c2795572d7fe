"""Usage audits: the runs, and a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, BinaryIO, Literal, cast

from pydantic import Field

from core.errors import NotFoundError
from core.permissions import Permission
from core.words import Text
from mail_audit import queries, services
from mail_audit.queries import AuditDetail, AuditSummary
from web import auth, work
from web.api import reach
from web.api.operations import Section
from web.api.parameters import AskedPart, Body, Day, Id, Key, Line, Part, Sent, part_of
from web.guards import needs
from web.intake import takes_files
from web.server_logs import expanded

section = Section("audits", Text("Các lần kiểm tra", "Audits"))


class AuditsAsked(AskedPart):
    """Audits with figures only, or all."""

    figures: Literal["all", "stored"] = "all"


class NewAudit(Body):
    """Which logs, and (where they are given) which days of them; days are those of `timezone`."""

    paths: Annotated[
        tuple[Line, ...], Field(max_length=100, description="Full paths on the server; `*` and `?` in a name will do")
    ] = ()
    uploads: Annotated[tuple[Id, ...], Field(max_length=200, description="Numbers of logs that were sent")] = ()
    first: Day | None = None
    last: Day | None = None
    timezone: Key | None = None


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A log that was sent: its number, for the audit that is to read it."""

    upload_id: int


@dataclass(frozen=True, slots=True)
class Asked:
    """An audit that was asked for; what became of it is at `/audits/{audit_id}`."""

    audit_id: int


@section.get("/audits", Text("Các lần kiểm tra, mới nhất trước.", "The audits, the newest first."))
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def audits(asked: AuditsAsked) -> Part[AuditSummary]:
    """All of them, or those with figures, the one whose period ends last first."""
    session = work.session()
    reader = queries.audits if asked.figures == "all" else queries.audits_with_figures
    found = reader(session, reach=reach.figures(), offset=asked.offset, limit=asked.limit)
    return part_of(found.rows, asked, found.total)


@section.get(
    "/audits/latest",
    Text("Lần kiểm tra mới nhất có số liệu.", "The latest audit with figures."),
)
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def latest_audit() -> AuditSummary:
    """What the first page shows."""
    latest = queries.latest_audit(work.session(), reach=reach.figures())
    if latest is None:
        raise NotFoundError(Text("Chưa có lần kiểm tra nào có số liệu.", "There is no audit with figures yet."))
    return latest


@section.get(
    "/audits/{audit_id}",
    Text("Một lần kiểm tra: tiến độ, tệp, lỗi, báo cáo.", "One audit: how far it is, files, error, reports."),
)
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def audit(audit_id: Id) -> AuditDetail:
    """One run."""
    return queries.audit(work.session(), audit_id, reach=reach.figures())


@section.post("/uploads", Text("Gửi một tệp nhật ký.", "Send a log for an audit to read."), status=201)
@needs(Permission.MAIL_AUDIT_LOG_UPLOAD)
@takes_files
def send_log(log: Sent) -> Uploaded:
    """Take in a log; one that no audit names within a day is taken away."""
    upload_id = services.add_upload(
        work.session(),
        auth.required(),
        store=work.settings().store,
        name=log.filename or "",
        stream=cast("BinaryIO", log.stream),
    )
    return Uploaded(upload_id)


@section.post("/audits", Text("Bắt đầu kiểm tra.", "Start an audit; a worker does it."), status=202)
@needs(Permission.MAIL_AUDIT_AUDIT_START)
def start_audit(wanted: NewAudit) -> Asked:
    """Have logs read and measured."""
    settings = work.settings()
    audit_id = services.start_audit(
        work.session(),
        auth.required(),
        timezone=wanted.timezone or settings.timezone,
        log_folders=settings.log_folders,
        paths=expanded([Path(one) for one in wanted.paths], settings.log_folders),
        uploads=wanted.uploads,
        first=wanted.first,
        last=wanted.last,
    )
    return Asked(audit_id)


@section.post("/audits/{audit_id}/cancel", Text("Hủy một lần kiểm tra đang chạy.", "Stop a running audit."))
@needs(Permission.MAIL_AUDIT_AUDIT_CANCEL)
def cancel_audit(audit_id: Id) -> AuditDetail:
    """Stop it; what it read so far is dropped."""
    services.cancel(work.session(), auth.required(), audit_id=audit_id)
    return queries.audit(work.session(), audit_id, reach=reach.figures())


class StoreReport(Body):
    """The first and the last day, both included."""

    first: Day
    last: Day


@section.post(
    "/store-reports",
    Text("Lập báo cáo từ nhật ký đã thu thập.", "Have a report made of what was collected."),
    status=202,
)
@needs(Permission.MAIL_AUDIT_AUDIT_START)
def ask_store_report(wanted: StoreReport) -> Asked:
    """The audit that the report is."""
    from mail_audit.services import standing

    first: date = wanted.first
    audit_id, _ = standing.ask_report(
        work.session(), auth.required(), timezone=work.settings().timezone, first=first, last=wanted.last
    )
    return Asked(audit_id)
