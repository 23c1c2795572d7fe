"""The audit of the sample city is its truth, figure by figure, in every layout and every spelling the sample has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.directory.coded import CodedAddresses
from core.directory.rosterfile import read_roster
from mail_audit.pipeline import Measured, run
from mail_audit.sample import PRESETS, Layout, PracticeMessage, Truth, Volume, build
from mail_audit.sample.build import SEED
from mail_audit.sample.people import settle
from mail_audit.sample.spelling import VERSIONS, Version

FIGURES = (
    "sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened", "active_days",
    "active_working_days", "covered_working_days", "usage_class", "rung", "unit", "rank", "mailboxes",
)  # fmt: skip
VOLUME = Volume(citizens=0.04, bulletin=0.04, poll_gap=7200, report_hours=6, attacks=3)
ONE = Layout(two_hosts=False, rotate_days=0)


def audited(folder: Path, truth: Truth, **period: Any) -> Measured:
    """The audit of all logs in a built city."""
    logs = sorted({path.parent for path in (folder / "logs").rglob("*") if path.is_file()})
    return run(logs, read_roster(folder / truth.directory), **period)


def differences(truth: Truth, measured: Measured) -> list[tuple[str, str, Any, Any]]:
    """(who, figure, true, found) of everything that is not as it should be."""
    report = measured.report
    found = {official.official_id: official for official in report.officials}
    wrong = [
        (f"{one.official_id} {one.habit}", name, getattr(one, name), getattr(found[one.official_id], name))
        for one in truth.officials
        for name in FIGURES
        if getattr(one, name) != getattr(found[one.official_id], name)
    ]
    units = {unit.unit: unit for unit in report.units}
    for true in truth.units:
        unit = units[true.unit]
        counted = (unit.leaders.total, unit.leaders.using, unit.staff.total, unit.staff.using, unit.classes)
        expected = (true.leaders_total, true.leaders_using, true.staff_total, true.staff_using, true.classes)
        rates = (unit.leaders.rate, unit.staff.rate) == (true.leaders_rate, true.staff_rate)
        if counted != expected or not rates or unit.no_mailbox != true.no_mailbox:
            wrong.append((true.unit, "unit", expected, counted))
    coverage = report.coverage
    whole: tuple[tuple[str, Any, Any], ...] = (
        ("covered_days", truth.covered_days, coverage.covered_days),
        ("missing_days", truth.missing_days, coverage.missing_days),
        ("hosts", {file.host for file in truth.files if file.style != "dovecot"}, set(coverage.hosts)),
        ("lines", truth.lines, coverage.lines),
        ("broken", 0, coverage.broken),
        ("sum of lines", coverage.lines, coverage.events + coverage.not_of_interest + coverage.broken),
        ("without_mailbox", set(truth.without_mailbox), set(report.without_mailbox)),
        ("working_days", truth.working_days, report.period.working_days),
    )
    wrong += [("coverage", name, there, here) for name, there, here in whole if here != there]
    others = {(one.mailbox, one.kind, one.sent, one.received, one.logins) for one in report.unassigned}
    true_others = {(one.mailbox, one.kind, one.sent, one.received, one.logins) for one in truth.unassigned}
    return wrong + [("unassigned", "", true_others, others)] * (others != true_others)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("mail_log", [True, False], ids=["mail_log", "no_mail_log"])
def test_every_spelling_of_dovecot(version: Version, mail_log: bool, tmp_path: Path) -> None:
    """1.x, 2.2, 2.3.0, 2.3.15 and 2.4, with flag changes and without: unknown where nothing was counted, never zero."""
    truth = build(tmp_path, days=7, version=version, mail_log=mail_log, volume=VOLUME, subjects=True)
    measured = audited(tmp_path, truth)
    assert differences(truth, measured) == []
    opened = {official.opened is None for official in measured.report.officials}
    assert opened == {not mail_log or version == "1"}


LAYOUTS: Mapping[str, Layout] = {
    "two hosts, numbered, packed": Layout(rotate_days=2, compressions=("plain", "gz", "xz", "zst")),
    "two hosts, dated": Layout(rotate_days=3, names="date", compressions=("bz2", "zst")),
    "dovecot's own file": Layout(two_hosts=False, store_style="dovecot", rotate_days=2, compressions=("bz2",)),
    "two hosts, dovecot's own file": Layout(mta_style="rfc5424", store_style="dovecot", rotate_days=0),
    "iso": Layout(two_hosts=False, mta_style="iso", rotate_days=0),
    "rfc5424 and rfc3164": Layout(mta_style="rfc5424", store_style="rfc3164", rotate_days=4),
    "journald export": Layout(two_hosts=False, mta_style="journal-export", rotate_days=0),
    "journald json": Layout(mta_style="journal-json", store_style="journal-export", rotate_days=3),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_every_layout(layout: Layout, tmp_path: Path) -> None:
    truth = build(tmp_path, days=7, layout=layout, volume=VOLUME)
    assert differences(truth, audited(tmp_path, truth)) == []


@pytest.mark.parametrize(
    "settings",
    [{"filtered": False}, {"long_ids": True}, {"auth_verbose": False}, {"long_ids": True, "filtered": False}],
    ids=str,
)
@pytest.mark.parametrize("seed", [3, 4])
def test_every_setting_of_the_server(settings: dict[str, Any], seed: int, tmp_path: Path) -> None:
    truth = build(tmp_path, days=5, seed=seed, volume=VOLUME, subjects=True, **settings)
    assert differences(truth, audited(tmp_path, truth)) == []


def test_a_week_without_logs(tmp_path: Path) -> None:
    """Four weeks, one of them lost: what is not covered is not counted against anybody."""
    truth = build(tmp_path, days=28, layout=Layout(), volume=VOLUME)
    assert len(truth.missing_days) == 7
    assert differences(truth, audited(tmp_path, truth)) == []


def test_a_period_inside_the_logs(tmp_path: Path) -> None:
    """Three days of ten: the days' facts of the whole audit, added up for those days."""
    truth = build(tmp_path, days=10, layout=ONE, volume=VOLUME)
    period = {"first": date(2026, 10, 7), "last": date(2026, 10, 9)}
    whole = audited(tmp_path, truth).days
    part = audited(tmp_path, truth, **period)
    assert part.report.period.working_days == 3
    counts = ["sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened", "forwards"]
    inside = whole.filter(whole["day"].is_between(period["first"], period["last"])).select("mailbox", "day", *counts)
    assert part.days.select("mailbox", "day", *counts).equals(inside)


def test_practice_is_no_use(tmp_path: Path) -> None:
    """Somebody silent who practised, also by another's desk and mailbox, is as silent as before."""
    silent, writes = (
        next(one for one in settle(74, SEED).people if one.habit == habit) for habit in ("silent", "writes")
    )
    day, to = date(2026, 10, 6), ("thuchanh+k7m2p4q8r3s5t6v9@tp.example.gov.vn",)
    sent = [
        PracticeMessage(day, silent.official_id, silent.official_id, to),
        PracticeMessage(day, silent.official_id, writes.official_id, to),
        PracticeMessage(day, writes.official_id, writes.official_id, (*to, "thuchanh+z9y8x7@tp.example.gov.vn")),
    ]
    truth = build(tmp_path, days=5, layout=ONE, volume=VOLUME, practised=sent)
    practice = CodedAddresses.of("thuchanh+{code}@tp.example.gov.vn")
    assert differences(truth, audited(tmp_path, truth, practice=practice)) == []
    counted = {who for who, *_ in differences(truth, audited(tmp_path, truth))}
    assert {f"{silent.official_id} silent", f"{writes.official_id} writes"} <= counted
    late = PracticeMessage(date(2026, 11, 6), silent.official_id, silent.official_id, to)
    with pytest.raises(ValueError, match="cannot practise"):  # on a day without logs
        build(tmp_path / "late", days=5, practised=[late])


def test_the_small_preset(tmp_path: Path) -> None:
    plan = PRESETS["small"]
    truth = build(
        tmp_path, officials=plan.officials, first=plan.first, days=plan.days, layout=plan.layout, volume=plan.volume
    )
    assert differences(truth, audited(tmp_path, truth)) == []


def test_the_full_picture_of_2014(tmp_path: Path) -> None:
    """Six hundred officials, all units: half of the leaders, and the findings that were read out."""
    truth = build(tmp_path, officials=600, first=PRESETS["demo"].first, days=5, layout=Layout(), volume=VOLUME)
    measured = audited(tmp_path, truth)
    assert differences(truth, measured) == []
    assert measured.report.city is not None
    assert measured.report.city.leaders.rate == truth.city.leaders_rate
    kinds = {finding.kind for finding in measured.report.findings}
    assert kinds >= {"leaders_rate", "nobody_uses", "single_user", "staff_behind", "all_but_one"}
