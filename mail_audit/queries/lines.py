"""Reader of the log lines behind one official's day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from mail_audit.queries.pages import EvidenceLine


def evidence(
    session: Session, audit_id: int, official_id: str, day: date, *, store: Path, limit: int = 1000
) -> list[EvidenceLine]:
    """The lines behind what is said of an official on `day`, in order of time; NotFoundError for an unknown official.

    `store` is the store folder of the settings.
    """
    raise NotImplementedError
