"""Logs sent by a browser: taken in as a stream, kept apart until they are read, and taken away after that."""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.audit import record
from core.db import unit_of_work, utc_now
from core.jobs import Run
from core.permissions import Actor, Permission, require
from core.settings import Settings
from core.store import Store
from core.words import Text
from mail_audit.actions import AuditAction
from mail_audit.errors import UploadError
from mail_audit.kept import UPLOADS, new_token, safe_name, upload_folder, upload_key
from mail_audit.models import AuditFile, UploadedLog

MOST_BYTES = 4 * 1024**3
"""The largest log a browser may send; larger ones are read from a folder."""
_PIECE = 1024 * 1024
_SPARE = 512 * 1024**2
"""Bytes that stay free on the disk of the store."""
_LONGEST_SHOWN = 200
FORGOTTEN = timedelta(days=1)
"""So long a log that was sent may lie without being given to a run; longer than any request takes."""
SWEPT_EVERY = timedelta(days=1)


def add_upload(
    session: Session, actor: Actor, *, store: Store, name: str, stream: BinaryIO, most_bytes: int = MOST_BYTES
) -> int:
    """Take in a log piece by piece, at most `most_bytes`; returns its id for `start_audit`.

    `name` is the client's and is only shown: the file lies in a folder of its own under a cleaned name. UploadError for
    an empty or too large one, or a full disk; then nothing is left.
    """
    require(actor, Permission.MAIL_AUDIT_LOG_UPLOAD)
    key = f"{upload_folder(new_token())}/{safe_name(name)}"
    with store.draft() as draft:
        path = draft / safe_name(name)
        size, digest = _receive(stream, path, most_bytes)
        store.put_file(key, path)
    try:
        log = UploadedLog(
            path=key,
            name=shown_name(name),
            size=size,
            sha256=digest,
            uploaded_at=utc_now(),
            uploaded_by=actor.name,
        )
        session.add(log)
        session.flush()
        record(
            session,
            actor=actor.name,
            action=AuditAction.LOG_UPLOADED,
            subject=f"uploaded_log:{log.id}",
            facts={"size": size, "sha256": digest},
        )
    except BaseException:
        store.remove_folder(_folder(key))
        raise
    return log.id


def shown_name(name: str) -> str:
    """The client's name for the file as it may be shown: its last part without control characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(sign for sign in last if not unicodedata.category(sign).startswith("C")).strip()
    return clean[-_LONGEST_SHOWN:] or "log"


def remove_uploads(session: Session, *, store: Store, audit_id: int) -> int:
    """Take away the sent logs of a run, for they may hold subjects; how many there were. Again: changes nothing."""
    logs = session.scalars(
        select(UploadedLog).where(UploadedLog.audit_id == audit_id, UploadedLog.removed_at.is_(None))
    ).all()
    for log in logs:
        store.remove_folder(_folder(log.path))
        log.removed_at = utc_now()
    if logs:
        session.execute(
            update(AuditFile)
            .where(AuditFile.audit_id == audit_id, AuditFile.source == "upload")
            .values(state="removed")
        )
    session.flush()
    return len(logs)


def remove_forgotten_uploads(session: Session, *, store: Store, before: datetime) -> int:
    """Take away logs that were sent before `before` and never given to a run; how many there were."""
    logs = session.scalars(
        select(UploadedLog).where(
            UploadedLog.audit_id.is_(None), UploadedLog.removed_at.is_(None), UploadedLog.uploaded_at < before
        )
    ).all()
    for log in logs:
        store.remove_folder(_folder(log.path))
        session.delete(log)
    session.flush()
    return len(logs)


def uploads_due(session: Session, last: datetime | None, now: datetime) -> dict[str, str] | None:
    """Whether sent logs that nobody wants have to be looked for: once a day."""
    del session
    return {} if last is None or now - last >= SWEPT_EVERY else None


def sweep_uploads(settings: Settings, *, older_than: timedelta = FORGOTTEN) -> int:
    """Take away sent logs of no use, for they may hold subjects: those given to no run, and those without a row.

    A request that dies between keeping a log and its commit leaves one that no row names. How many went.
    """
    before = utc_now() - older_than
    lying = [one for one in settings.store.listed(UPLOADS) if one.changed < before.timestamp()]
    with unit_of_work(settings) as session:
        gone = remove_forgotten_uploads(session, store=settings.store, before=before)
        rows = session.scalars(select(UploadedLog.path).where(UploadedLog.removed_at.is_(None)))
        known = {upload_key(path) for path in rows}
    left = {_folder(one.key) for one in lying if one.key not in known}
    for folder in left:
        settings.store.remove_folder(folder)
    return max(gone, len(left))


def sweep_job(run: Run) -> None:
    """The same, as a job."""
    sweep_uploads(run.settings)


def _folder(key: str) -> str:
    """A log lies in a folder of its own."""
    return key.rpartition("/")[0]


def _receive(stream: BinaryIO, path: Path, most_bytes: int) -> tuple[int, str]:
    """Copy the stream to `path`; its size and SHA-256."""
    digest = hashlib.sha256()
    size = 0
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > most_bytes:
                    raise _too_large(most_bytes)
                if shutil.disk_usage(path.parent).free < _SPARE:
                    raise _disk_full()
                file.write(piece)
                digest.update(piece)
    except OSError as failed:
        raise _disk_full(str(failed)) from failed
    if size == 0:
        raise UploadError(Text("Tệp gửi lên rỗng.", "The file that was sent is empty."))
    return size, digest.hexdigest()


def _too_large(most_bytes: int) -> UploadError:
    mib = most_bytes // 1024**2
    return UploadError(
        Text(
            f"Tệp lớn hơn {mib} MiB. Hãy chép tệp vào thư mục nhật ký của máy chủ và chọn thư mục đó.",
            f"The file is larger than {mib} MiB. Please copy it to a log folder of the server and choose that folder.",
        )
    )


def _disk_full(detail: str = "") -> UploadError:
    return UploadError(
        Text(
            "Máy chủ không ghi được tệp: ổ đĩa có thể đã đầy.",
            "The server could not write the file: its disk may be full.",
        ),
        detail=detail,
    )
