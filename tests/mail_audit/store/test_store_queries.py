"""What the pages read: units, officials, calendar, change, lists; and with how many queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from core.permissions import WHOLE, Reach
from core.store import FolderStore
from core.words import Text
from mail_audit import kept, queries
from mail_audit.errors import DamagedObjectError, LostObjectError
from mail_audit.models import Audit, AuditFinding, OfficialColumns, OfficialFigure, UnitFigure
from mail_audit.queries import UnitSort, Week
from mail_audit.queries.prepared import columns_of_rows
from mail_audit.services import store_result
from tests.mail_audit.store import made
from tests.mail_audit.store.conftest import bare_run
from tests.mail_audit.store.counting import counted

Stored = Callable[..., int]
EARLIER = (date(2026, 9, 1), date(2026, 9, 30))


def test_the_city_has_the_units_without_one_above_and_all_findings(session: Session, stored: Stored) -> None:
    picture = queries.city(session, stored(), reach=WHOLE)
    assert (picture.is_city, picture.figures.unit, picture.officials_total) == (True, made.CITY, 3)
    assert [row.figures.unit for row in picture.sub_units] == [made.BUILDING]
    assert [finding.kind for finding in picture.findings] == ["one_leader", "city_rate"]
    assert picture.change is None


def test_a_unit_has_its_own_officials_leaders_first_and_what_lies_around(session: Session, stored: Stored) -> None:
    picture = queries.unit(session, stored(), made.PERMITS, reach=WHOLE)
    assert [(row.official_id, row.rank) for row in picture.officials] == [("CB02", "leader"), ("CB03", "staff")]
    assert (picture.ancestors, picture.sub_units, picture.findings) == ((made.BUILDING,), (), ())


def test_weeks_count_each_official_once_and_sum_up_the_tree(session: Session, stored: Stored) -> None:
    audit_id = stored()
    first = Week(date(2026, 9, 28), 1, 2, 0, 1, covered=True)
    second = Week(date(2026, 10, 5), 1, 2, 0, 1, covered=True)
    assert queries.city(session, audit_id, reach=WHOLE).weeks == (first, second)
    assert queries.unit(session, audit_id, made.BUILDING, reach=WHOLE).weeks == (first, second)
    empty = Week(date(2026, 9, 28), 0, 1, 0, 1, covered=True)
    assert queries.unit(session, audit_id, made.PERMITS, reach=WHOLE).weeks == (empty, replace(second, leaders_total=1))


def test_a_week_without_logs_is_not_covered(session: Session) -> None:
    run = bare_run(session)
    only_first = made.coverage(covered_days=(made.FIRST,))
    report = replace(made.report(), coverage=only_first)
    store_result(session, audit_id=run.id, report=report, days=made.days().head(1), actor="quantri")
    assert [week.covered for week in queries.city(session, run.id, reach=WHOLE).weeks] == [True, False]


def test_change_is_against_the_last_finished_audit_that_ended_before(session: Session, stored: Stored) -> None:
    stored(date(2026, 8, 1), date(2026, 8, 31), using=2)
    before = stored(*EARLIER, using=1)
    unfinished = session.get(Audit, stored(*EARLIER, using=0))
    assert unfinished is not None
    unfinished.state, unfinished.finished_at = "rendering", None
    stored(date(2026, 9, 20), date(2026, 10, 5), using=0)  # overlaps: not compared
    now = stored(using=2)
    change = queries.city(session, now, reach=WHOLE).change
    assert change is not None
    assert (change.audit_id, change.leaders, change.staff) == (before, 0.5, 0.0)
    rows = {row.figures.unit: row.change for row in queries.units(session, now, reach=WHOLE).rows}
    assert {name: found.leaders for name, found in rows.items() if found} == {made.BUILDING: 0.5, made.PERMITS: 0.0}


@pytest.mark.parametrize(
    ("sort", "descending", "expected"),
    [
        ("unit", False, [made.PERMITS, made.BUILDING, "Zeta"]),
        ("unit", True, ["Zeta", made.BUILDING, made.PERMITS]),
        ("officials", True, [made.BUILDING, made.PERMITS, "Zeta"]),
        ("leaders", False, [made.BUILDING, made.PERMITS, "Zeta"]),
        ("leaders", True, [made.PERMITS, made.BUILDING, "Zeta"]),
    ],
)
def test_units_sort_and_an_unknown_rate_stays_last(
    session: Session, sort: UnitSort, descending: bool, expected: list[str]
) -> None:
    run = bare_run(session)
    unknown = made.unit("Zeta", None, made.ranks(1, 0, 1), made.ranks(0, 0))
    report = made.report(using=1)
    report = replace(report, units=(unknown, *report.units))
    store_result(session, audit_id=run.id, report=report, days=made.days(), actor="quantri")
    rows = queries.units(session, run.id, sort=sort, descending=descending, reach=WHOLE).rows
    assert [row.figures.unit for row in rows] == expected


def test_the_calendar_tells_what_is_known_and_nothing_more(session: Session, stored: Stored) -> None:
    page = queries.official(session, stored(), "CB01")
    states = {square.day.day: square.state for square in page.days}
    assert states == {
        1: "acted", 2: "nothing", 3: "acted", 4: "day_off", 5: "machine",
        6: "nothing", 7: "no_data", 8: "nothing", 9: "nothing", 10: "day_off",
    }  # fmt: skip
    first = page.days[0]
    assert first.words == Text(
        "Có dùng: gửi 2 thư, mở 1 thư, nhận 3 thư, đăng nhập 4 lần.",
        "Acted: sent 2 messages, opened 1 message, received 3 messages, logged in 4 times.",
    )
    assert (first.facts.sent, first.facts.opened, page.days[4].facts.opened) == (2, 1, None)
    assert page.days[6].words == Text("Không có dữ liệu.", "No data.")
    assert (page.ancestors, [finding.kind for finding in page.findings]) == ((), ["one_leader"])


def test_of_an_official_the_logs_cannot_judge_no_day_is_called_unused(session: Session) -> None:
    run = bare_run(session)
    unknown = made.official("CB03", "Lê Đức", made.PERMITS, usage_class="unknown", rung="U", opened=None)
    report = replace(made.report(), officials=(unknown,))
    store_result(session, audit_id=run.id, report=report, days=made.days(), actor="quantri")
    days = queries.official(session, run.id, "CB03").days
    assert {square.state for square in days} == {"no_data"}
    assert days[1].words == Text("Không kết luận được: đăng nhập 9 lần.", "Cannot tell: logged in 9 times.")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["CB01", "CB02", "CB03"]),
        ({"descending": True}, ["CB03", "CB02", "CB01"]),
        ({"unit_key": made.BUILDING}, ["CB01"]),
        ({"unit_key": made.BUILDING, "sub_units": True}, ["CB01", "CB02", "CB03"]),
        ({"usage_class": "machine"}, ["CB03"]),
        ({"rank": "leader"}, ["CB01", "CB02"]),
        ({"text": "ĐỨC"}, ["CB03"]),
        ({"text": "tran thi"}, ["CB02"]),
        ({"text": "cb0"}, ["CB01", "CB02", "CB03"]),
        ({"text": "%"}, []),
        ({"sort": "sent"}, ["CB02", "CB01", "CB03"]),
        ({"sort": "sent", "descending": True}, ["CB01", "CB02", "CB03"]),
    ],
)
def test_officials_are_found_and_sorted(
    session: Session, stored: Stored, asked: dict[str, Any], expected: list[str]
) -> None:
    found = queries.officials(session, stored(), **asked, reach=WHOLE)
    assert ([row.official_id for row in found.rows], found.total) == (expected, len(expected))


def test_officials_come_in_pages(session: Session, stored: Stored) -> None:
    found = queries.officials(session, stored(), offset=1, limit=1, reach=WHOLE)
    assert ([row.official_id for row in found.rows], found.total) == (["CB02"], 3)


def test_mailboxes_nobody_owns_come_busiest_first(session: Session, stored: Stored) -> None:
    found = queries.unassigned(session, stored(), limit=1)
    assert ([row.mailbox for row in found.rows], found.total) == (["may.in@tp.example.gov.vn"], 2)


def test_evidence_is_of_the_official_and_the_day_in_order_of_time(
    session: Session, stored: Stored, tmp_path: Path
) -> None:
    audit_id = stored()
    store = FolderStore(tmp_path)
    path = tmp_path / kept.evidence_file(audit_id, "0" * 24)
    path.parent.mkdir(parents=True)
    made.write_evidence(path)
    lines = queries.evidence(session, audit_id, "CB01", made.FIRST, store=store)
    assert [(line.at.hour, line.offset, line.kind) for line in lines] == [
        (8, 100, "opened"),
        (9, 500, "sent"),
    ]
    assert lines[0].words.en == "A message was opened and marked as read. Rung A: the person certainly acted."
    assert queries.evidence(session, audit_id, "CB03", made.FIRST, store=store) == []


def test_evidence_that_is_gone_or_damaged_is_told_by_its_name(session: Session, stored: Stored, tmp_path: Path) -> None:
    audit_id, store = stored(), FolderStore(tmp_path)
    key = kept.evidence_file(audit_id, "0" * 24)
    with pytest.raises(LostObjectError, match=f"{key} is no longer in the store"):
        queries.evidence(session, audit_id, "CB01", made.FIRST, store=store)
    store.put(key, b"PAR1 no table PAR1")
    with pytest.raises(DamagedObjectError, match=f"{key} in the store is damaged"):
        queries.evidence(session, audit_id, "CB01", made.FIRST, store=store)


def test_what_is_not_there_is_not_found(session: Session, stored: Stored, tmp_path: Path) -> None:
    audit_id, bare, store = stored(), bare_run(session).id, FolderStore(tmp_path)
    for ask in (
        lambda: queries.audit(session, 99, reach=WHOLE),
        lambda: queries.city(session, 99, reach=WHOLE),
        lambda: queries.city(session, bare, reach=WHOLE),
        lambda: queries.report(session, 99),
        lambda: queries.report(session, bare),
        lambda: queries.unit(session, audit_id, "Sở Y tế", reach=WHOLE),
        lambda: queries.unit(session, audit_id, made.CITY, reach=WHOLE),
        lambda: queries.official(session, audit_id, "CB99"),
        lambda: queries.evidence(session, audit_id, "CB99", made.FIRST, store=store),
        lambda: queries.report_file(session, audit_id, "vi", "pdf", store=store),
    ):
        with pytest.raises(NotFoundError):
            ask()


def test_the_latest_audit_is_that_of_the_last_days(session: Session, stored: Stored) -> None:
    assert queries.latest_audit(session, reach=WHOLE) is None
    bare = bare_run(session).id
    now, earlier = stored(), stored(*EARLIER)
    latest = queries.latest_audit(session, reach=WHOLE)
    assert latest is not None
    assert latest.audit_id == now
    assert (latest.leaders, latest.covered_days, latest.missing_days) == (made.ranks(2, 2), 9, 1)
    assert [run.audit_id for run in queries.audits(session, reach=WHOLE).rows] == [earlier, now, bare]


READERS: dict[str, Callable[[Session, int], object]] = {
    "audits": lambda session, _: queries.audits(session, reach=WHOLE),
    "audit": lambda session, audit_id: queries.audit(session, audit_id, reach=WHOLE),
    "city": lambda session, audit_id: queries.city(session, audit_id, reach=WHOLE),
    "city in part": lambda session, audit_id: queries.city(session, audit_id, reach=Reach(frozenset({made.BUILDING}))),
    "unit": lambda session, audit_id: queries.unit(session, audit_id, made.BUILDING, reach=WHOLE),
    "units": lambda session, audit_id: queries.units(session, audit_id, reach=WHOLE),
    "official": lambda session, audit_id: queries.official(session, audit_id, "CB01"),
    "officials": lambda session, audit_id: queries.officials(session, audit_id, reach=WHOLE),
    "unassigned": queries.unassigned,
    "report": queries.report,
}


@pytest.mark.parametrize("reader", READERS)
def test_the_number_of_queries_does_not_grow_with_the_rows(session: Session, stored: Stored, reader: str) -> None:
    stored(*EARLIER)
    audit_id = stored()
    READERS[reader](session, audit_id)  # what follows from two stored results is worked out once (`queries.remembered`)
    with counted(session) as with_many:
        READERS[reader](session, audit_id)
    session.execute(delete(OfficialFigure).where(OfficialFigure.official_id != "CB01"))
    session.execute(update(OfficialColumns).values(data=columns_of_rows(session, audit_id)))
    session.execute(delete(UnitFigure).where(UnitFigure.unit == made.PERMITS))
    session.execute(delete(AuditFinding).where(AuditFinding.kind == "city_rate"))
    session.execute(update(Audit).where(Audit.id == audit_id).values(result_digest="0" * 64))
    READERS[reader](session, audit_id)
    with counted(session) as with_one:
        READERS[reader](session, audit_id)
    assert 1 <= len(with_many) == len(with_one) <= 10
