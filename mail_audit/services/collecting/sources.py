"""Sources of logs: added once, looked through again and again, ended without forgetting what was read."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import jobs
from core.audit import record
from core.db import utc_now
from core.jobs import Job
from core.permissions import Actor, Permission, require
from core.words import Text
from mail_audit.actions import AuditAction
from mail_audit.errors import LogPathError, SourceError, SourceNotFoundError
from mail_audit.log_paths import may_read
from mail_audit.models import LogSource
from mail_audit.queries.steps import COLLECT_LOGS
from mail_audit.services.collecting.listing import belongs
from mail_audit.zones import Zone

LONGEST_NAME = 100


def add_source(
    session: Session,
    actor: Actor,
    *,
    name: str,
    paths: Sequence[Path],
    patterns: Sequence[str] = (),
    host: str | None = None,
    timezone: str | None = None,
    allowed: Sequence[Path] | None = None,
) -> int:
    """Follow the logs at `paths` (files with their rotated ones, folders with what `patterns` name): the source's id.

    With `allowed`, the paths must lie below one of these folders, links followed. A source that was ended comes back
    under its name. SourceError or LogPathError for what cannot be.
    """
    require(actor, Permission.MAIL_AUDIT_SOURCE_CHANGE)
    name = _checked_name(name)
    if not paths:
        raise SourceError(Text("Hãy ghi ít nhất một tệp hoặc thư mục.", "Please name at least one file or folder."))
    if timezone:
        Zone.named(timezone)
    places = [str(_checked_path(path, allowed)) for path in paths]
    source = session.scalar(select(LogSource).where(LogSource.name == name).with_for_update())
    if source is not None and source.removed_at is None:
        raise SourceError(Text(f"Đã có nguồn tên “{name}”.", f"There is a source called “{name}” already."))
    if source is None:
        source = LogSource(name=name, created_at=utc_now(), created_by=actor.name, last_lines=0)
        session.add(source)
    source.removed_at = None
    source.paths, source.patterns = places, [pattern for pattern in patterns if pattern]
    source.host, source.timezone = host or None, timezone or None
    session.flush()
    facts = {"paths": places, "patterns": source.patterns, "host": source.host, "timezone": source.timezone}
    record(session, actor=actor.name, action=AuditAction.SOURCE_ADDED, subject=f"log_source:{source.id}", facts=facts)
    return source.id


def _checked_name(name: str) -> str:
    name = unicodedata.normalize("NFC", name).strip()
    if not name or len(name) > LONGEST_NAME or any(unicodedata.category(sign).startswith("C") for sign in name):
        raise SourceError(
            Text(
                f"Tên nguồn phải có từ 1 đến {LONGEST_NAME} ký tự, không có ký tự điều khiển.",
                f"The name of a source has 1 to {LONGEST_NAME} characters and no control characters.",
            )
        )
    return name


def _checked_path(path: Path, allowed: Sequence[Path] | None) -> Path:
    place = path.expanduser().absolute()
    shown = str(place).encode("utf-8", "replace").decode()
    if shown != str(place) or "\0" in shown:
        raise LogPathError(Text(f"Tên {shown!r} không dùng được.", f"The name {shown!r} cannot be used."))
    if allowed is None:
        return place
    place = place.resolve()
    folders = tuple(folder.resolve() for folder in allowed)
    if not may_read(place, folders):
        listed = ", ".join(str(folder) for folder in allowed)
        raise LogPathError(
            Text(
                f"Không được đọc {path}: nhật ký phải nằm trong {listed} (cấu hình log_folders).",
                f"{path} may not be read: logs must lie below {listed} (the setting log_folders).",
            )
        )
    if not place.exists():
        raise LogPathError(Text(f"Không có tệp hoặc thư mục {path}.", f"There is no file or folder {path}."))
    return place


def remove_source(session: Session, actor: Actor, *, name: str) -> None:
    """Follow this source no more; what was read of it stays. SourceNotFoundError."""
    require(actor, Permission.MAIL_AUDIT_SOURCE_CHANGE)
    source = session.scalar(
        select(LogSource).where(LogSource.name == name, LogSource.removed_at.is_(None)).with_for_update()
    )
    if source is None:
        raise SourceNotFoundError(name)
    source.removed_at = utc_now()
    session.flush()
    record(session, actor=actor.name, action=AuditAction.SOURCE_REMOVED, subject=f"log_source:{source.id}")


def sources_for(session: Session, actor: Actor, *, asked: Sequence[str] = ()) -> list[int]:
    """The sources that names or paths mean (none: all), in the order asked; a path nobody follows becomes a source.

    SourceNotFoundError for what is neither a name nor a path that exists.
    """
    require(actor, Permission.MAIL_AUDIT_SOURCE_COLLECT)
    followed = list(session.scalars(select(LogSource).where(LogSource.removed_at.is_(None)).order_by(LogSource.id)))
    if not asked:
        return [source.id for source in followed]
    chosen: dict[int, None] = {}
    for word in asked:
        known = next((source for source in followed if source.name == word), None) or next(
            (source for source in followed if belongs(Path(word).absolute(), source.paths, source.patterns)), None
        )
        if known is None:
            if not Path(word).exists():
                raise SourceNotFoundError(word)
            made = add_source(session, actor, name=_free_name(session, word), paths=[Path(word)])
            known = session.get_one(LogSource, made)
            followed.append(known)
        chosen[known.id] = None
    return list(chosen)


def _free_name(session: Session, path: str) -> str:
    """A name for a path: the path itself, shortened from the left where it is long."""
    name = str(Path(path).absolute())[-LONGEST_NAME:]
    taken = set(session.scalars(select(LogSource.name).where(LogSource.removed_at.is_(None))))
    number, chosen = 2, name
    while chosen in taken:
        chosen = f"{name[-LONGEST_NAME + 5 :]} ({number})"
        number += 1
    return chosen


def ask_collection(session: Session, actor: Actor) -> int:
    """Have all sources collected now, unless that is asked already: the job's id."""
    require(actor, Permission.MAIL_AUDIT_SOURCE_COLLECT)
    waiting = select(Job.id).where(Job.task == COLLECT_LOGS, Job.state.in_(("waiting", "running"))).limit(1)
    return session.scalar(waiting) or jobs.queue(session, COLLECT_LOGS, subject="log_source:all").id
