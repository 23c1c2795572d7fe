"""A run from its start to its end: asked, read, stored, rendered; or failed, cancelled, deleted.

Every step asks first whether the run is still where the step expects it, with the row locked: a job that runs twice, or
that comes back after a kill, finds the run further on and leaves it alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import jobs
from core.audit import record
from core.db import utc_now
from core.directory import queries as directory
from core.directory.models import OfficialRow
from core.directory.roster import Roster
from core.errors import InputError
from core.permissions import Actor, Permission, require
from core.words import Text
from mail_audit import kept
from mail_audit.actions import AuditAction
from mail_audit.errors import AuditBusyError, AuditNotFoundError, CancelledError, LogPathError, UploadError
from mail_audit.log_paths import log_files
from mail_audit.models import Audit, AuditFile, UploadedLog
from mail_audit.models.runs import RUNNING_STATES
from mail_audit.months import check_years
from mail_audit.queries.exceptions import exemptions
from mail_audit.queries.steps import COLLECT, REMOVE, ROLL_UP, subject_of, why_stopped
from mail_audit.usage.exceptions import Exemption


@dataclass(frozen=True, slots=True)
class Plan:
    """What a collect step reads."""

    paths: tuple[Path, ...]
    sent: tuple[str, ...]
    """Keys of logs that a browser sent; whoever reads them adds their files to `paths`."""
    roster: Roster
    first: date | None
    last: date | None
    timezone: str
    exemptions: tuple[Exemption, ...] = ()


def start_audit(
    session: Session,
    actor: Actor,
    *,
    timezone: str,
    log_folders: Sequence[Path],
    paths: Sequence[Path] = (),
    uploads: Sequence[int] = (),
    first: date | None = None,
    last: date | None = None,
) -> int:
    """Ask for a run over files and folders below `log_folders` and over sent logs (ids of `add_upload`): its id.

    `first` and `last` bound the days (None: as far as the logs go), in `timezone`. Queues the chain collect, roll up,
    render. InputError for a path that may not be read, an unknown or used upload, days in the wrong order, nothing to
    read, or a directory without officials.
    """
    require(actor, Permission.MAIL_AUDIT_AUDIT_START)
    _check_question(session, paths, uploads, first, last, timezone)
    sent = _free_uploads(session, uploads)
    found = log_files(paths, allowed=log_folders) if paths else []
    run = Audit(
        created_at=utc_now(),
        created_by=actor.name,
        asked_first=first,
        asked_last=last,
        timezone=timezone,
        asked_paths=[str(path) for path in paths],
    )
    session.add(run)
    session.flush()
    run.bytes_total = _add_files(session, run.id, found, sent)
    asked = {
        "paths": [str(path) for path in paths],
        "uploads": [log.id for log in sent],
        "first": first.isoformat() if first else None,
        "last": last.isoformat() if last else None,
        "timezone": timezone,
    }
    record(session, actor=actor.name, action=AuditAction.AUDIT_STARTED, subject=subject_of(run.id), facts=asked)
    jobs.queue(session, COLLECT, subject=subject_of(run.id), args={"audit_id": run.id})
    return run.id


def _add_files(session: Session, audit_id: int, found: Sequence[Path], sent: Sequence[UploadedLog]) -> int:
    """A row for every log to read, by its path or, where it was sent, its key in the store; how many bytes they are."""
    files = [
        AuditFile(audit_id=audit_id, path=str(path), name=path.name, source="folder", size=path.stat().st_size)
        for path in found
    ]
    for log in sent:
        log.audit_id = audit_id
        files.append(AuditFile(audit_id=audit_id, path=log.path, name=log.name, source="upload", size=log.size))
    session.add_all(files)
    session.flush()
    return sum(file.size for file in files)


def _name_by_keys(session: Session, audit_id: int) -> None:
    """Sent logs of a run that was asked for before there were stores without folders: their rows held whole paths."""
    for file in session.scalars(select(AuditFile).where(AuditFile.audit_id == audit_id, AuditFile.source == "upload")):
        file.path = kept.upload_key(file.path)
    session.flush()


def begin_collect(session: Session, audit_id: int) -> Plan | None:
    """Take the run to `collecting` and say what to read; None when it is further on, ended or deleted."""
    run = locked(session, audit_id)
    if run is None or run.state not in {"waiting", "collecting"}:
        return None
    run.state = "collecting"
    run.reading_since = run.progress_at = utc_now()
    run.bytes_read = run.lines = 0
    _name_by_keys(session, audit_id)
    session.execute(update(AuditFile).where(AuditFile.audit_id == audit_id).values(state="waiting", bytes_read=0))
    wanted = select(AuditFile.path).where(AuditFile.audit_id == audit_id).order_by(AuditFile.id)
    return Plan(
        tuple(Path(path) for path in session.scalars(wanted.where(AuditFile.source != "upload"))),
        tuple(session.scalars(wanted.where(AuditFile.source == "upload"))),
        directory.roster(session),
        run.asked_first,
        run.asked_last,
        run.timezone,
        exemptions(session),
    )


def record_progress(session: Session, audit_id: int, *, file: str, bytes_read: int, lines: int) -> None:
    """Note how far the reading is: `bytes_read` and `lines` of all files together, `file` is the one being read.

    CancelledError when the run is no longer collecting: then there is no use in going on.
    """
    noted = session.execute(
        update(Audit)
        .where(Audit.id == audit_id, Audit.state == "collecting")
        .values(bytes_read=bytes_read, lines=lines, progress_at=utc_now())
        .returning(Audit.id)
    ).first()
    if noted is None:
        raise CancelledError(audit_id)
    own = AuditFile.audit_id == audit_id
    is_now = (AuditFile.path == file) | (AuditFile.name == file)
    session.execute(
        update(AuditFile)
        .where(own, AuditFile.state == "reading", ~is_now)
        .values(state="read", bytes_read=AuditFile.size)
    )
    session.execute(update(AuditFile).where(own, is_now, AuditFile.state == "waiting").values(state="reading"))


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of the lines of one log."""

    path: str
    lines: int
    events: int
    not_of_interest: int
    broken: int
    same_as: str | None = None
    """The path of the log that it is a copy of."""


def finish_collect(session: Session, audit_id: int, *, token: str, files: Sequence[FileResult] = ()) -> bool:
    """The result in folder `token` is the run's: go on to rolling up. False when another copy of the step was first."""
    run = locked(session, audit_id)
    if run is None or run.state != "collecting":
        return False
    run.state = "rolling_up"
    run.measured = token
    run.bytes_read = run.bytes_total
    session.execute(
        update(AuditFile).where(AuditFile.audit_id == audit_id).values(state="read", bytes_read=AuditFile.size)
    )
    results = {result.path: result for result in files}
    for file in session.scalars(select(AuditFile).where(AuditFile.audit_id == audit_id)):
        if found := results.get(file.path):
            file.lines, file.events = found.lines, found.events
            file.not_of_interest, file.broken, file.same_as = found.not_of_interest, found.broken, found.same_as
    jobs.queue(session, ROLL_UP, subject=subject_of(audit_id), args={"audit_id": audit_id})
    return True


def fail(session: Session, audit_id: int, *, message: Text) -> bool:
    """End a running run with the reason for the user; False when it is not running."""
    run = locked(session, audit_id)
    if run is None or run.state not in RUNNING_STATES:
        return False
    run.state, run.finished_at = "failed", utc_now()
    run.error_vi, run.error_en = message.vi, message.en
    return True


def cancel(session: Session, actor: Actor, *, audit_id: int) -> None:
    """Stop a run; what it read so far is dropped. AuditBusyError when it is not running any more."""
    require(actor, Permission.MAIL_AUDIT_AUDIT_CANCEL)
    run = _known(session, audit_id)
    if run.state not in RUNNING_STATES:
        raise AuditBusyError(Text("Lần kiểm tra này đã kết thúc.", "This usage audit has ended already."))
    run.state, run.finished_at = "cancelled", utc_now()
    record(session, actor=actor.name, action=AuditAction.AUDIT_CANCELLED, subject=subject_of(audit_id), facts={})
    _queue_removal(session, audit_id)


def delete_audit(session: Session, actor: Actor, *, audit_id: int) -> None:
    """Take a run away with its figures, evidence and reports. AuditBusyError while it runs: cancel it first."""
    require(actor, Permission.MAIL_AUDIT_AUDIT_DELETE)
    run = _known(session, audit_id)
    if run.state in RUNNING_STATES:
        raise AuditBusyError(Text("Hãy hủy lần kiểm tra này trước khi xóa.", "Please cancel this usage audit first."))
    facts = {"first": str(run.first_day or ""), "last": str(run.last_day or "")}
    record(session, actor=actor.name, action=AuditAction.AUDIT_DELETED, subject=subject_of(audit_id), facts=facts)
    _queue_removal(session, audit_id)
    session.delete(run)
    session.flush()


def _queue_removal(session: Session, audit_id: int) -> None:
    """Have the run's files taken away after the commit."""
    sent = session.scalars(select(UploadedLog.path).where(UploadedLog.audit_id == audit_id)).all()
    args = {"audit_id": audit_id, "uploads": [Path(path).parent.name for path in sent]}
    jobs.queue(session, REMOVE, subject=subject_of(audit_id), args=args)


def locked(session: Session, audit_id: int) -> Audit | None:
    """The run, its row locked until the transaction ends (where the database locks rows), its state as it is now."""
    wanted = select(Audit).where(Audit.id == audit_id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def _known(session: Session, audit_id: int) -> Audit:
    run = locked(session, audit_id)
    if run is None:
        raise AuditNotFoundError(audit_id)
    if run.state in RUNNING_STATES and (why := why_stopped(session, [audit_id]).get(audit_id)):
        fail(session, audit_id, message=why)
    return run


def _check_question(
    session: Session,
    paths: Sequence[Path],
    uploads: Sequence[int],
    first: date | None,
    last: date | None,
    timezone: str,
) -> None:
    if not paths and not uploads:
        raise LogPathError(Text("Hãy chọn ít nhất một tệp nhật ký.", "Please choose at least one log."))
    check_years(first, last)
    if first is not None and last is not None and last < first:
        raise LogPathError(
            Text("Ngày cuối phải sau hoặc trùng ngày đầu.", "The last day must not be before the first day.")
        )
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError) as unknown:
        raise LogPathError(Text(f"Không có múi giờ {timezone!r}.", f"There is no time zone {timezone!r}.")) from unknown
    if session.scalar(select(OfficialRow.id).where(OfficialRow.gone_at.is_(None)).limit(1)) is None:
        raise InputError(
            Text(
                "Chưa có danh bạ cán bộ, công chức; hãy nhập danh bạ trước.",
                "There is no directory of officials yet; please import it first.",
            )
        )


def _free_uploads(session: Session, uploads: Sequence[int]) -> list[UploadedLog]:
    """The sent logs, each still there and not given to another run."""
    wanted = select(UploadedLog).where(UploadedLog.id.in_(uploads)).order_by(UploadedLog.id).with_for_update()
    logs = list(session.scalars(wanted)) if uploads else []
    if len(logs) != len(set(uploads)) or any(log.audit_id is not None or log.removed_at is not None for log in logs):
        raise UploadError(
            Text(
                "Một tệp đã gửi không còn hoặc đã được dùng; hãy gửi lại.",
                "A file that was sent is gone or was used already; please send it again.",
            )
        )
    return logs
