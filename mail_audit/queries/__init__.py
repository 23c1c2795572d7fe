"""Readers of stored audits. Each returns frozen dataclasses and uses a fixed number of SQL queries."""

from __future__ import annotations

from mail_audit.queries.audits import audit, audits, latest_audit
from mail_audit.queries.lines import evidence
from mail_audit.queries.officials import official, officials, unassigned
from mail_audit.queries.pages import (
    AUDIT_STATES,
    AuditDetail,
    AuditFile,
    AuditState,
    AuditSummary,
    CalendarDay,
    Change,
    DayFacts,
    EvidenceLine,
    OfficialList,
    OfficialPage,
    OfficialRow,
    OfficialSort,
    Progress,
    ReportFile,
    UnassignedList,
    UnitPicture,
    UnitRow,
    UnitSort,
    Week,
)
from mail_audit.queries.reports import report, report_file
from mail_audit.queries.units import city, unit, units
from mail_audit.report.terms import DayState

__all__ = [
    "AUDIT_STATES",
    "AuditDetail",
    "AuditFile",
    "AuditState",
    "AuditSummary",
    "CalendarDay",
    "Change",
    "DayFacts",
    "DayState",
    "EvidenceLine",
    "OfficialList",
    "OfficialPage",
    "OfficialRow",
    "OfficialSort",
    "Progress",
    "ReportFile",
    "UnassignedList",
    "UnitPicture",
    "UnitRow",
    "UnitSort",
    "Week",
    "audit",
    "audits",
    "city",
    "evidence",
    "latest_audit",
    "official",
    "officials",
    "report",
    "report_file",
    "unassigned",
    "unit",
    "units",
]
