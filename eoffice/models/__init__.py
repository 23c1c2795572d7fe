"""Tables of the e-office: drafts with their revisions and remarks, routes with their rounds, steps and tasks."""

from __future__ import annotations

from eoffice.models.drafts import AttachmentRow, DraftLink, DraftRow, LookRow, RemarkRow, RevisionRow
from eoffice.models.practice import PracticeDraftRow, practice_drafts
from eoffice.models.replies import ReplyMail, ReplyOutcome, ReplyToken
from eoffice.models.routes import RoundRow, RouteTemplate, StepRow, TaskRow
from eoffice.models.use import KeptUseRow

__all__ = [
    "AttachmentRow",
    "DraftLink",
    "DraftRow",
    "KeptUseRow",
    "LookRow",
    "PracticeDraftRow",
    "RemarkRow",
    "ReplyMail",
    "ReplyOutcome",
    "ReplyToken",
    "RevisionRow",
    "RoundRow",
    "RouteTemplate",
    "StepRow",
    "TaskRow",
    "practice_drafts",
]
