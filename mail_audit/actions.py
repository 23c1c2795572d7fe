"""What the audit trail calls the changes of this feature. Stored names are for ever."""

from __future__ import annotations

from enum import StrEnum


class AuditAction(StrEnum):
    """Changes to usage audits."""

    AUDIT_CANCELLED = "mail_audit:audit:cancel"
    AUDIT_DELETED = "mail_audit:audit:delete"
    AUDIT_STARTED = "mail_audit:audit:start"
    CENSUS_FINISHED = "mail_audit:census:finish"
    CENSUS_STARTED = "mail_audit:census:start"
    LOG_UPLOADED = "mail_audit:log:upload"
    RESULT_STORED = "mail_audit:result:store"
