"""The trail's own job: its head is noted every day."""

from __future__ import annotations

from datetime import date

from core.audit.anchoring import anchor, anchoring_due
from core.jobs import Run, job_task


@job_task("core.anchor_trail", due=anchoring_due)
def anchor_trail(run: Run, *, day: str) -> None:
    """Note the head of the trail outside."""
    anchor(run.settings, date.fromisoformat(day))
