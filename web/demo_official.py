"""The demonstration's second role: an official's account, and a figure that waits to be reviewed."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from core.db import forget, unit_of_work
from core.directory import queries as directory
from core.directory.services import create_account
from core.errors import ConflictError, NotFoundError, UnavailableError
from core.permissions import Actor, Role
from core.settings import Settings
from mail_audit.queries import contests
from mail_audit.queries.officials import periods_of
from mail_audit.sample.truth import FILE_NAME
from mail_audit.services.contests import ask_contest

ACCOUNT = "canbo"
REASONS = {
    "delegated": (
        "Những ngày đi công tác, tôi đã thống nhất để văn thư mở hộp thư của tôi và chuyển văn bản. "
        "Đề nghị ghi nhận việc này, không coi là tôi không dùng thư."
    ),
    "usage_class": "Trong kỳ này tôi có một tuần nghỉ phép. Đề nghị không tính những ngày đó là ngày làm việc.",
}
"""What is contested, and the reason given."""


@dataclass(frozen=True, slots=True)
class DemoOfficial:
    """The official who may log in, and with what."""

    official_id: str
    name: str
    password: str


def prepared(session: Session, actor: Actor, home: Path) -> DemoOfficial:
    """The official's account, made if there is none yet: somebody for whom another person works, where there is one."""
    one = _chosen(home / "sample")
    kept = home / "demo-password-official"
    password = kept.read_text("ascii").strip() if kept.exists() else secrets.token_urlsafe(9)
    if directory.account_by_name(session, ACCOUNT) is None:
        keep(kept, password)
        create_account(session, actor, name=ACCOUNT, password=password, official_id=one["official_id"])
    return DemoOfficial(one["official_id"], one["name"], password)


def keep(path: Path, password: str) -> None:
    """Write a password where only its owner reads it."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{password}\n")


def asked(settings: Settings, official: DemoOfficial) -> bool:
    """Contest a figure as that official would, once there is a report; True when there is nothing left to do."""
    actor = Actor(ACCOUNT, frozenset({Role.OFFICIAL}), official.official_id)
    try:
        with unit_of_work(settings) as session:
            periods = periods_of(session, official.official_id)
            if not periods:
                return False
            if not contests.contests(session, actor, limit=1).total:
                about = "delegated" if periods[0].usage_class == "delegated" else "usage_class"
                ask_contest(
                    session,
                    actor,
                    audit_id=periods[0].audit_id,
                    official_id=official.official_id,
                    about=about,
                    reason=REASONS[about],
                )
    except (ConflictError, NotFoundError, UnavailableError):
        return False  # the report is being written right now: the next look finds it
    forget(settings)
    return True


def _chosen(sample: Path) -> dict[str, str]:
    """Number and name of the official, from what is true of the sample city."""
    truth: dict[str, Any] = json.loads((sample / FILE_NAME).read_text("utf-8"))
    with_mailbox = [one for one in truth["officials"] if one["mailboxes"]]
    delegated = [one for one in with_mailbox if one["usage_class"] == "delegated"]
    chosen: dict[str, str] = (delegated or with_mailbox)[0]
    return chosen
