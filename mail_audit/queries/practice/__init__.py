"""What logs and journal show of practice messages: the evidence that exercises are judged by."""

from __future__ import annotations

from mail_audit.queries.practice.model import Asked, Known, PracticeAct
from mail_audit.queries.practice.reading import collected_at, practice_acts

__all__ = ["Asked", "Known", "PracticeAct", "collected_at", "practice_acts"]
