"""Standing facts kept from the event store: measured month by month, made again, and reports made of them."""

from __future__ import annotations

from mail_audit.services.standing.explaining import explainable
from mail_audit.services.standing.inputs import InputGoneError, made_again
from mail_audit.services.standing.measuring import Outcome, measure_marked, measure_months, rebuild
from mail_audit.services.standing.mornings import measure_job, morning
from mail_audit.services.standing.old_mornings import remove_old_mornings
from mail_audit.services.standing.reports import Made, ask_report, build, make_report
from mail_audit.services.standing.retention import Removed, remove_morning_files, remove_old_events, sweep_inputs

__all__ = [
    "InputGoneError",
    "Made",
    "Outcome",
    "Removed",
    "ask_report",
    "build",
    "explainable",
    "made_again",
    "make_report",
    "measure_job",
    "measure_marked",
    "measure_months",
    "morning",
    "rebuild",
    "remove_morning_files",
    "remove_old_events",
    "remove_old_mornings",
    "sweep_inputs",
]
