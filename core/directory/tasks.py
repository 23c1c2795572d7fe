"""The job of the directory: servers whose turn it is are asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.directory import syncing
from core.errors import VanthuError
from core.jobs import LostClaimError, Run, job_task
from core.log import get_logger
from core.permissions import SCHEDULER

SYNC = "core.sync_directory"
_log = get_logger("vanthu.sync")


def sync_due(session: Session, last: datetime | None, now: datetime) -> Mapping[str, Any] | None:
    """The servers whose turn it is."""
    del last
    keys = syncing.due_feeds(session, now)
    return {"keys": keys} if keys else None


@job_task(SYNC, due=sync_due)
def sync_directory(run: Run, *, keys: list[str]) -> None:
    """Ask each server; what goes wrong with one is kept with its run and keeps no other waiting."""
    for key in keys:
        try:
            syncing.run_sync(run.settings, SCHEDULER, key=key, confirm=run.confirm)
        except LostClaimError:
            raise
        except VanthuError as wrong:
            _log.warning("sync", source=key, error=str(wrong), detail=wrong.detail[:300])
