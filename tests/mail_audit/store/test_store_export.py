"""Exports: each day's facts once, figures as they stand in the report, unknown as null, and a line in the trail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.directory.roster import Roster
from core.errors import ForbiddenError, InputError, NotFoundError
from core.permissions import Actor
from mail_audit.queries.exporting import SCHEMAS, WHATS, What
from mail_audit.services import export
from tests.mail_audit.store import made


def _read(session: Session, who: Actor, folder: Path, what: What, first: date, last: date) -> pl.DataFrame:
    path = folder / f"{what}.parquet"
    rows = export(session, who, what=what, first=first, last=last, path=path)
    read = pl.read_parquet(path)
    assert (dict(read.schema), read.height) == (SCHEMAS[what], rows)
    return read


def test_days_with_their_owners(
    session: Session, administrator: Actor, directory: Roster, stored: Callable[..., int], tmp_path: Path
) -> None:
    audit_id = stored()
    read = _read(session, administrator, tmp_path, "days", made.FIRST, made.LAST)
    facts = made.days()
    joined = read.join(facts, on=["mailbox", "day"], suffix="_measured")
    assert joined.height == facts.height == read.height
    for name in (*made.COUNTS, *made.ACTS):
        assert joined[name].to_list() == joined[f"{name}_measured"].to_list(), name
    owners = dict(read.select("mailbox", "official_id").iter_rows())
    assert owners == {made.address("CB01"): "CB01", made.address("CB02"): None, made.address("CB03"): None}
    assert set(read["audit_id"]) == {audit_id}


def test_a_day_that_two_audits_hold_is_there_once(
    session: Session, administrator: Actor, stored: Callable[..., int], tmp_path: Path
) -> None:
    older = stored()
    newer = stored(made.FIRST, date(2026, 10, 4))
    read = _read(session, administrator, tmp_path, "days", made.FIRST, made.LAST)
    assert read.select("mailbox", "day").is_duplicated().sum() == 0
    assert {day.day: audit for day, audit in read.select("day", "audit_id").iter_rows()} == {
        1: newer, 2: newer, 3: newer, 5: older, 8: older,
    }  # fmt: skip


def test_figures_of_officials_and_units(
    session: Session, administrator: Actor, stored: Callable[..., int], tmp_path: Path
) -> None:
    stored()
    officials = _read(session, administrator, tmp_path, "officials", made.FIRST, made.LAST)
    assert officials["official_id"].to_list() == ["CB01", "CB02", "CB03"]
    assert officials["sent"].to_list() == [10, 3, None]
    assert officials["active_last_90"].to_list() == [None, None, None]
    assert officials["reasons_vi"][0] == "gửi 10 thư"
    units = _read(session, administrator, tmp_path, "units", made.FIRST, made.LAST)
    assert units.filter("is_city")["unit"].to_list() == [made.CITY]
    assert units["leaders_rate"].to_list() == [1.0, 1.0, 1.0]
    assert units["using_last_180"].to_list() == [None, None, None]


def test_days_in_the_logs_and_days_nobody_knows(
    session: Session, administrator: Actor, stored: Callable[..., int], tmp_path: Path
) -> None:
    stored()
    read = _read(session, administrator, tmp_path, "coverage", date(2026, 10, 6), date(2026, 10, 12))
    assert read["in_logs"].to_list() == [True, False, True, True, True, None, None]


def test_only_figures_of_exactly_these_days(
    session: Session, administrator: Actor, stored: Callable[..., int], tmp_path: Path
) -> None:
    stored()
    with pytest.raises(NotFoundError, match="no audit or report of exactly 1 October 2026 – 9 October 2026"):
        export(session, administrator, what="units", first=made.FIRST, last=date(2026, 10, 9), path=tmp_path / "x.csv")
    assert list(tmp_path.glob("*.csv")) == []


def test_who_took_what_away_is_in_the_trail(
    session: Session, administrator: Actor, stored: Callable[..., int], tmp_path: Path
) -> None:
    stored()
    export(session, administrator, what="days", first=made.FIRST, last=made.LAST, path=tmp_path / "x.csv")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "mail_audit:facts:export")).one()
    assert (entry.actor, entry.facts) == (
        "quantri",
        {"what": "days", "first": "2026-10-01", "last": "2026-10-10", "form": "csv", "rows": 5},
    )


def test_what_is_refused(session: Session, administrator: Actor, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with pytest.raises(ForbiddenError):
        export(session, Actor("khach"), what="days", first=made.FIRST, last=made.LAST, path=path)
    for first, last in ((made.LAST, made.FIRST), (date(2000, 1, 1), made.LAST)):
        with pytest.raises(InputError):
            export(session, administrator, what="days", first=first, last=last, path=path)
    assert not path.exists()


@pytest.mark.parametrize("what", WHATS)
def test_the_number_of_columns_is_documented(what: What) -> None:
    page = (Path(__file__).parents[3] / "docs" / "report-data.md").read_text("utf-8")
    section = page.partition(f"## `{what}`\n")[2].partition("\n## ")[0]
    named = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
    assert named == list(SCHEMAS[what])
