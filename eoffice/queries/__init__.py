"""Readers of the e-office: what waits for somebody, one draft as a page shows it, the drafts of a person."""

from __future__ import annotations

from eoffice.queries.colleagues import Colleague, colleagues
from eoffice.queries.drafts import DraftLine, drafts_of
from eoffice.queries.page import DraftPage, Opinion, Person, StepLine, draft_page
from eoffice.queries.waiting import WaitingTask, tasks_waiting

__all__ = [
    "Colleague",
    "DraftLine",
    "DraftPage",
    "Opinion",
    "Person",
    "StepLine",
    "WaitingTask",
    "colleagues",
    "draft_page",
    "drafts_of",
    "tasks_waiting",
]
