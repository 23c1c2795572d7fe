"""Who wants the report alone gets the same one, over the turn of a month, and the lines behind it are not kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from polars.testing import assert_frame_equal

from core.directory.rosterfile import read_roster
from mail_audit.measure import Rules
from mail_audit.pipeline import audit_logs
from mail_audit.sample.build import build
from mail_audit.zones import Zone


def test_the_same_report(tmp_path: Path) -> None:
    build(tmp_path, days=5, first=date(2026, 9, 29), missing=())
    rules = Rules(read_roster(tmp_path / "officials.csv"), Zone.named("Asia/Ho_Chi_Minh"))
    whole, alone = (
        audit_logs([tmp_path / "logs"], lambda: rules, rules.zone, with_lines=with_lines)
        for with_lines in (True, False)
    )
    assert alone.report == whole.report
    assert_frame_equal(alone.days, whole.days)
    assert alone.days.height
    kept = alone.measurement
    assert whole.measurement.acts.height
    assert not any(len(one) for one in (kept.acts, kept.entered, kept.refused, kept.opened, kept.mail.received))
    assert kept.acts.schema == whole.measurement.acts.schema
