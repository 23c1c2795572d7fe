"""What is said beside the figures of a report stands in its manifest: targets set later change nothing of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from core.db import unit_of_work
from core.settings import Settings
from mail_audit import queries
from mail_audit.queries.outlook import with_outlook
from mail_audit.report.render import write
from mail_audit.services import set_targets, standing
from mail_audit.standing.manifest import read_manifest
from mail_audit.targets import Target
from tests.mail_audit.standing.nights import ADMINISTRATOR, NightlyCity, collect
from tests.mail_audit.standing.test_kept import manifest, reported

FIRST, LAST = date(2026, 10, 28), date(2026, 11, 1)


def test_made_again_it_says_the_same(settings: Settings, tmp_path: Path) -> None:
    made = NightlyCity(tmp_path, FIRST, 7)
    source = made.follow(settings)
    for _ in made.nights():
        pass
    collect(settings, source)
    with unit_of_work(settings) as session:
        set_targets(session, ADMINISTRATOR, targets=[Target("", "leader", 0.8, date(2026, 12, 31))])
    audit_id = reported(settings, FIRST, LAST)
    kept = read_manifest(manifest(settings, audit_id).text())
    with unit_of_work(settings) as session:
        set_targets(session, ADMINISTRATOR, targets=[Target("", "staff", 0.1, date(2026, 12, 31))])
        report = with_outlook(session, queries.report(session, audit_id), audit_id=audit_id)
    assert [one.figures["rank"] for one in report.outlook] == ["leader"]
    again = standing.made_again(settings.store, kept)
    for ending in (".json", ".html"):
        one, other = tmp_path / f"one{ending}", tmp_path / f"other{ending}"
        write(report, one)
        write(again, other)
        assert one.read_bytes() == other.read_bytes()
