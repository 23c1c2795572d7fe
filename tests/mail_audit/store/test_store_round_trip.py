"""Any report comes back from the database exactly as it was stored."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.errors import NotFoundError
from core.words import Text
from mail_audit import queries
from mail_audit.models import Audit, MailboxDay, OfficialFigure
from mail_audit.plain import from_plain, to_plain
from mail_audit.report.model import (
    CLASSES,
    BrokenSample,
    Coverage,
    Finding,
    OfficialFigures,
    Period,
    RankFigures,
    Report,
    UnassignedMailbox,
    UnitFigures,
)
from mail_audit.services import store_result
from tests.mail_audit.store import made
from tests.mail_audit.store.conftest import bare_run

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
hostile = st.text(max_size=12)
texts = st.builds(Text, hostile, hostile)
counts = st.integers(0, 2**31 - 1)
known = st.none() | counts
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
shares = st.floats(0, 1)
by_days_back = st.sampled_from([7, 30, 90, 180])


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


@st.composite
def rank_figures(draw: st.DrawFn) -> RankFigures:
    using, unknown, others = draw(st.tuples(*[st.integers(0, 10**6)] * 3))
    return RankFigures(using + unknown + others, using, unknown, draw(st.none() | shares))


@st.composite
def officials(draw: st.DrawFn) -> OfficialFigures:
    working = draw(st.integers(0, 300))
    return draw(
        st.builds(
            OfficialFigures,
            official_id=words,
            name=words,
            unit=words,
            title=words,
            rank=st.sampled_from(["leader", "staff"]),
            mailboxes=some(hostile),
            **dict.fromkeys(made.COUNTS, known),
            active_days=st.integers(working, 400),
            active_working_days=st.just(working),
            covered_working_days=st.integers(0, 300),
            usage_class=st.sampled_from(CLASSES),
            rung=st.none() | st.sampled_from(["A", "B", "C", "D", "U"]),
            reasons=some(texts),
            active_last=st.dictionaries(by_days_back, st.none() | st.booleans()),
        )
    )


def units(name: st.SearchStrategy[str] = words) -> st.SearchStrategy[UnitFigures]:
    return st.builds(
        UnitFigures,
        unit=name,
        parent=st.none() | words,
        leaders=rank_figures(),
        staff=rank_figures(),
        classes=st.dictionaries(st.sampled_from(CLASSES), counts),
        no_mailbox=counts,
        using_last=st.dictionaries(by_days_back, known),
    )


figures = st.none() | hostile | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
coverages = st.builds(
    Coverage,
    **dict.fromkeys(("lines", "events", "not_of_interest", "broken"), st.integers(0, 2**60)),
    covered_days=some(days),
    missing_days=some(days),
    hosts=some(hostile),
    files=some(hostile),
    cannot_tell=some(texts),
    broken_samples=some(st.builds(BrokenSample, hostile, st.integers(0, 2**60), texts)),
)
reports = st.builds(
    Report,
    period=st.tuples(days, days).map(sorted).flatmap(
        lambda ends: st.builds(Period, st.just(ends[0]), st.just(ends[1]), words, st.integers(0, 9999))
    ),
    coverage=coverages,
    officials=some(officials()),
    units=st.lists(units(), max_size=3, unique_by=lambda unit: unit.unit).map(tuple),
    findings=some(
        st.builds(
            Finding,
            words,
            st.none() | words,
            st.builds(Text, words, words),
            st.dictionaries(hostile, figures, max_size=3),
        )
    ),
    unassigned=some(
        st.builds(UnassignedMailbox, words, st.sampled_from(["unlisted", "shared", "service"]), known, known, known)
    ),
    without_mailbox=some(hostile),
    city=st.none() | units(),
)  # fmt: skip
EMPTY_DAYS = pl.DataFrame(schema=made.DAY_SCHEMA)


@given(report=reports)
def test_plain_values_lose_nothing(report: Report) -> None:
    assert from_plain(Report, json.loads(json.dumps(to_plain(report)))) == report


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(report=reports)
def test_any_report_comes_back_as_it_was_stored(session: Session, report: Report) -> None:
    with session.begin_nested() as nested:
        run = bare_run(session)
        store_result(session, audit_id=run.id, report=report, days=EMPTY_DAYS, actor="quantri")
        session.expunge_all()
        assert queries.report(session, run.id) == report
        nested.rollback()


def test_the_same_result_again_changes_nothing(session: Session) -> None:
    run = bare_run(session)
    assert store_result(session, audit_id=run.id, report=made.report(), days=made.days(), actor="quantri")
    rows = session.scalars(select(OfficialFigure.id)).all()
    again = store_result(session, audit_id=run.id, report=made.report(), days=made.days()[::-1], actor="quantri")
    assert not again
    assert session.scalars(select(OfficialFigure.id)).all() == rows
    assert [entry.action for entry in session.scalars(select(AuditEntry))] == ["mail_audit:result:store"]


def test_another_result_of_the_same_run_takes_the_place_of_the_first(session: Session) -> None:
    run = bare_run(session)
    store_result(session, audit_id=run.id, report=made.report(), days=made.days(), actor="quantri")
    changed = made.report(using=1)
    assert store_result(session, audit_id=run.id, report=changed, days=made.days().head(2), actor="quantri")
    assert queries.report(session, run.id) == changed
    assert len(session.scalars(select(MailboxDay)).all()) == 2


def test_days_come_back_as_they_were(session: Session) -> None:
    run = bare_run(session)
    store_result(session, audit_id=run.id, report=made.report(), days=made.days(), actor="quantri")
    assert set(session.scalars(select(MailboxDay.uncounted))) == {0}
    columns = [getattr(MailboxDay, name) for name in made.DAY_SCHEMA]
    rows = session.execute(select(*columns).order_by(MailboxDay.mailbox, MailboxDay.day)).all()
    assert [tuple(row) for row in rows] == made.days().sort("mailbox", "day").rows()


def test_made_up_mailboxes_do_not_stop_the_rest(session: Session) -> None:
    run = bare_run(session)
    odd = pl.DataFrame(
        [made.day("CB01", 1), made.day("X" * 9000, 1), made.day("a\x00b", 1)], schema=made.DAY_SCHEMA, orient="row"
    )
    store_result(session, audit_id=run.id, report=made.report(), days=odd, actor="quantri")
    assert session.scalars(select(MailboxDay.mailbox)).all() == [made.address("CB01")]


def test_a_run_that_was_deleted_takes_no_result(session: Session) -> None:
    with pytest.raises(NotFoundError):
        store_result(session, audit_id=77, report=made.report(), days=made.days(), actor="quantri")
    assert session.scalars(select(Audit)).all() == []
