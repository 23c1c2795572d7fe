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
    FACTS_EXPORTED = "mail_audit:facts:export"
    JOURNAL_ENDED = "mail_audit:journal:end"
    JOURNAL_STARTED = "mail_audit:journal:start"
    JOURNAL_THINNED = "mail_audit:journal:thin"
    LOG_UPLOADED = "mail_audit:log:upload"
    PIECE_COLLECTED = "mail_audit:piece:collect"
    RESULT_STORED = "mail_audit:result:store"
    SEGMENTS_MERGED = "mail_audit:segment:merge"
    SOURCE_ADDED = "mail_audit:source:add"
    SOURCE_REMOVED = "mail_audit:source:remove"
    TARGETS_SET = "mail_audit:target:set"
    TARGET_WITHDRAWN = "mail_audit:target:withdraw"
