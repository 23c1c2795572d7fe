"""Tables of the audit: the runs, the figures they found, the facts per mailbox and day, the rendered files."""

from __future__ import annotations

from mail_audit.models.census import Census, CensusMailbox
from mail_audit.models.contests import Contest, UsageException
from mail_audit.models.facts import MailboxDay, UnitWeek
from mail_audit.models.figures import AuditFinding, OfficialFigure, UnassignedMailboxFigure, UnitFigure
from mail_audit.models.journal import JournalHour, JournalMessage, JournalRecipient, JournalRun
from mail_audit.models.prepared import AuditLines, OfficialColumns, RunningUse, UnitLine
from mail_audit.models.runs import Audit, AuditFile, AuditReport, UploadedLog
from mail_audit.models.sources import LogFile, LogPiece, LogSegment, LogSource, LogStream, MonthToMeasure
from mail_audit.models.standing import StandingDay, StandingMonth, StandingReport
from mail_audit.models.targets import TargetRow

__all__ = [
    "Audit",
    "AuditFile",
    "AuditFinding",
    "AuditLines",
    "AuditReport",
    "Census",
    "CensusMailbox",
    "Contest",
    "JournalHour",
    "JournalMessage",
    "JournalRecipient",
    "JournalRun",
    "LogFile",
    "LogPiece",
    "LogSegment",
    "LogSource",
    "LogStream",
    "MailboxDay",
    "MonthToMeasure",
    "OfficialColumns",
    "OfficialFigure",
    "RunningUse",
    "StandingDay",
    "StandingMonth",
    "StandingReport",
    "TargetRow",
    "UnassignedMailboxFigure",
    "UnitFigure",
    "UnitLine",
    "UnitWeek",
    "UploadedLog",
    "UsageException",
]
