"""Targets: which are set and how the latest figures stand to them, setting some, taking one back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

from pydantic import Field

from core.permissions import Permission
from core.words import Text
from mail_audit import queries, services, targetfile
from mail_audit.queries import SetTarget
from mail_audit.report.model import Rank
from mail_audit.services import TargetChanges
from mail_audit.targets import Target
from web import auth, work
from web.api import reach
from web.api.operations import Section
from web.api.parameters import AskedPart, Body, Day, Id, Line, Part, Sent, part_of
from web.guards import needs
from web.intake import takes_files

section = Section("targets", Text("Chỉ tiêu", "Targets"))


class WantedTarget(Body):
    """What share of a rank of a unit (empty: of the whole city) is to use official e-mail by `due`."""

    unit: Line
    rank: Rank
    share: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
    due: Day


class WantedTargets(Body):
    """Targets to set; one for the same unit, rank and day takes the place of the one before."""

    targets: Annotated[tuple[WantedTarget, ...], Field(min_length=1, max_length=5000)]


@section.get("/targets", Text("Các mục tiêu.", "All targets beside the latest figures."))
@needs(Permission.MAIL_AUDIT_AUDIT_READ)
def targets(asked: AskedPart) -> Part[SetTarget]:
    """The city's first, then by unit and day."""
    return part_of(queries.targets(work.session(), reach=reach.figures()), asked)


@section.post("/targets", Text("Đặt mục tiêu.", "Set targets."))
@needs(Permission.MAIL_AUDIT_TARGET_SET)
def set_targets(wanted: WantedTargets) -> TargetChanges:
    """All of them, or none."""
    some = [Target(one.unit, one.rank, round(one.share, 6), one.due) for one in wanted.targets]
    return services.set_targets(work.session(), auth.required(), targets=some)


@section.post("/targets/file", Text("Đặt mục tiêu từ tệp CSV, Excel.", "Set every target of a CSV or XLSX file."))
@needs(Permission.MAIL_AUDIT_TARGET_SET)
@takes_files
def import_targets(targets: Sent) -> TargetChanges:
    """All of the file, or none and which rows are wrong."""
    ending = ".xlsx" if (targets.filename or "").lower().endswith(".xlsx") else ".csv"
    with tempfile.TemporaryDirectory(prefix="vanthu-") as folder:
        path = Path(folder) / f"targets{ending}"
        targets.save(path)
        wanted = targetfile.read(path, queries.units_for_targets(work.session()))
    return services.set_targets(work.session(), auth.required(), targets=wanted)


@section.delete("/targets/{target_id}", Text("Bỏ một mục tiêu.", "Take a target back."))
@needs(Permission.MAIL_AUDIT_TARGET_SET)
def withdraw_target(target_id: Id) -> None:
    """Take it back; the trail keeps what it was."""
    services.withdraw_target(work.session(), auth.required(), target_id=target_id)
