"""Tables of training: what there is to learn, who is to learn what, and how far they are."""

from __future__ import annotations

from training.models.assignments import (
    ASSIGNMENT_STATES,
    MOST_WAVES,
    STILL_OPEN,
    AssignmentRow,
    CampaignMemberRow,
    CampaignRow,
    ExemptionRow,
    RuleRow,
)
from training.models.certificates import CertificateRow
from training.models.classes import AttendanceRow, AttendanceTakenBackRow, ClassRow, SeatRow
from training.models.courses import CourseEditionRow, CoursePictureRow, CourseRow
from training.models.following import AssignmentToldRow, EffectReportRow, ReminderRow, StatementRow, WithdrawnRow
from training.models.practice import ExerciseProofRow, ExerciseRow
from training.models.progress import AttemptRow, LessonOpenedRow, StepDoneRow
from training.models.scorm import ScormFileRow, ScormPackageRow, ScormReportRow

__all__ = [
    "ASSIGNMENT_STATES",
    "MOST_WAVES",
    "STILL_OPEN",
    "AssignmentRow",
    "AssignmentToldRow",
    "AttemptRow",
    "AttendanceRow",
    "AttendanceTakenBackRow",
    "CampaignMemberRow",
    "CampaignRow",
    "CertificateRow",
    "ClassRow",
    "CourseEditionRow",
    "CoursePictureRow",
    "CourseRow",
    "EffectReportRow",
    "ExemptionRow",
    "ExerciseProofRow",
    "ExerciseRow",
    "LessonOpenedRow",
    "ReminderRow",
    "RuleRow",
    "ScormFileRow",
    "ScormPackageRow",
    "ScormReportRow",
    "SeatRow",
    "StatementRow",
    "StepDoneRow",
    "WithdrawnRow",
]
