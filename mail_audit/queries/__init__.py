"""Readers of stored audits. Each returns frozen dataclasses and uses a fixed number of SQL queries."""

from __future__ import annotations

from mail_audit.queries.audits import (
    AuditPeriod,
    audit,
    audit_periods,
    audits,
    audits_with_figures,
    latest_audit,
    latest_audit_id,
)
from mail_audit.queries.comparing import AuditPair, comparison
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
from mail_audit.queries.standing import is_from_store, manifest
from mail_audit.queries.targets import SetTarget, target_results, targets, units_for_targets
from mail_audit.queries.units import city, unit, units
from mail_audit.report.terms import DayState

__all__ = [
    "AUDIT_STATES",
    "AuditDetail",
    "AuditFile",
    "AuditPair",
    "AuditPeriod",
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
    "SetTarget",
    "UnassignedList",
    "UnitPicture",
    "UnitRow",
    "UnitSort",
    "Week",
    "audit",
    "audit_periods",
    "audits",
    "audits_with_figures",
    "city",
    "comparison",
    "evidence",
    "is_from_store",
    "latest_audit",
    "latest_audit_id",
    "manifest",
    "official",
    "officials",
    "report",
    "report_file",
    "target_results",
    "targets",
    "unassigned",
    "unit",
    "units",
    "units_for_targets",
]
