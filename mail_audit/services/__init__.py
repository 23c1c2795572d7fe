"""Verbs that change usage audits. Each flushes and never commits; the border does."""

from __future__ import annotations

from mail_audit.services.exporting import export
from mail_audit.services.results import store_result
from mail_audit.services.runs import cancel, delete_audit, record_progress, start_audit
from mail_audit.services.targets import TargetChanges, set_targets, withdraw_target
from mail_audit.services.uploads import add_upload, remove_forgotten_uploads

__all__ = [
    "TargetChanges",
    "add_upload",
    "cancel",
    "delete_audit",
    "export",
    "record_progress",
    "remove_forgotten_uploads",
    "set_targets",
    "start_audit",
    "store_result",
    "withdraw_target",
]
