"""Readers of the whole report: rebuilt from the rows, or rendered as a file."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from core.words import Language
from mail_audit.report.model import Report


def report(session: Session, audit_id: int) -> Report:
    """Exactly the report that was stored; NotFoundError when the audit is unknown or has no figures yet."""
    raise NotImplementedError


def report_file(session: Session, audit_id: int, language: Language, ending: str, *, store: Path) -> Path:
    """The rendered report (`ending` without a dot: json, html, xlsx, pdf, csv); NotFoundError where there is none.

    `store` is the store folder of the settings.
    """
    raise NotImplementedError
