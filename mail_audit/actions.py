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
    CENSUS_THINNED = "mail_audit:census:thin"
    CONTEST_ANSWERED = "mail_audit:contest:answer"
    CONTEST_ANSWER_READ = "mail_audit:contest:read_answer"
    CONTEST_ASKED = "mail_audit:contest:ask"
    EXCEPTION_ENDED = "mail_audit:exception:end"
    EXCEPTIONS_IMPORTED = "mail_audit:exception:import"
    EXCEPTION_RECORDED = "mail_audit:exception:record"
    EXCEPTION_WITHDRAWN = "mail_audit:exception:withdraw"
    FACTS_EXPORTED = "mail_audit:facts:export"
    JOURNAL_ENDED = "mail_audit:journal:end"
    JOURNAL_STARTED = "mail_audit:journal:start"
    JOURNAL_THINNED = "mail_audit:journal:thin"
    EVENTS_REMOVED = "mail_audit:event:remove"
    LOG_UPLOADED = "mail_audit:log:upload"
    MONTH_CLOSED = "mail_audit:month:close"
    MONTH_MEASURED = "mail_audit:month:measure"
    OFFICIAL_LOOKED_AT = "mail_audit:official:look"
    PIECE_COLLECTED = "mail_audit:piece:collect"
    REPORT_FILES_REMOVED = "mail_audit:report:remove_files"
    REPORT_MADE = "mail_audit:report:make"
    REPORT_TAKEN = "mail_audit:report:take"
    RESULT_STORED = "mail_audit:result:store"
    SEGMENTS_MERGED = "mail_audit:segment:merge"
    SOURCE_ADDED = "mail_audit:source:add"
    SOURCE_REMOVED = "mail_audit:source:remove"
    TARGETS_SET = "mail_audit:target:set"
    TARGET_WITHDRAWN = "mail_audit:target:withdraw"
