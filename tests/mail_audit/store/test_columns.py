"""Lists by packed columns: every filter and order gives what sorting the officials one by one gives."""

from __future__ import annotations

import operator
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.db import AS_BYTES
from core.directory.name_order import folded, person_order, text_order
from core.permissions import WHOLE, Reach
from mail_audit import queries
from mail_audit.comparison import DIRECTIONS, compare, snapshot
from mail_audit.models import OfficialColumns
from mail_audit.queries.comparing import comparison
from mail_audit.report.columns import _SORTED_BY
from mail_audit.report.model import CLASSES, OfficialFigures, Report
from mail_audit.services import store_result
from tests.mail_audit.store import made
from tests.mail_audit.store.conftest import bare_run

UNITS = (made.BUILDING, made.PERMITS)
NAMES = ("Nguyễn Văn Ân", "Lê Đức", "Trần Thị Hà", "Đỗ Hạ", "Phạm Hải", "Nguyễn Văn An")


def _people(seed: int, number: int = 60) -> tuple[OfficialFigures, ...]:
    chance = random.Random(seed)
    return tuple(
        replace(
            made.official(
                f"CB{one:02}", NAMES[one % len(NAMES)], chance.choice(UNITS), rank=chance.choice(("leader", "staff")),
                usage_class=chance.choice(CLASSES),
            ),
            sent=chance.choice((None, 0, 3, 9)), received=chance.choice((None, 1, 2)), logins=chance.randrange(4),
        )
        for one in range(number)
    )  # fmt: skip


def _stored(session: Session, people: tuple[OfficialFigures, ...], *days: date) -> tuple[int, Report]:
    run = bare_run(session)
    report = replace(made.report(*days), officials=people)
    store_result(session, audit_id=run.id, report=report, days=made.days(), actor="quantri")
    run.state, run.finished_at = "finished", run.created_at
    session.flush()
    return run.id, report


def _by_hand(people: tuple[OfficialFigures, ...], sort: str, *, descending: bool) -> list[str]:
    keys: dict[str, Callable[[OfficialFigures], Any]] = {
        "name": lambda one: person_order(one.name),
        "unit": lambda one: text_order(one.unit),
        "class": lambda one: one.usage_class,
    }
    key = keys.get(sort) or operator.attrgetter(sort)
    named = sorted(people, key=lambda one: person_order(one.name))
    known = sorted((one for one in named if key(one) is not None), key=key, reverse=descending)
    return [one.official_id for one in (*known, *(one for one in named if key(one) is None))]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", _SORTED_BY)
def test_every_order(session: Session, sort: Any, descending: bool) -> None:
    people = _people(1)
    audit_id, _ = _stored(session, people)
    found = queries.officials(session, audit_id, sort=sort, descending=descending, limit=999, reach=WHOLE)
    assert [row.official_id for row in found.rows] == _by_hand(people, sort, descending=descending)
    part = queries.officials(session, audit_id, sort=sort, descending=descending, offset=17, limit=9, reach=WHOLE)
    assert (part.rows, part.total) == (found.rows[17:26], len(people))


def test_every_filter_together(session: Session) -> None:
    people = _people(2)
    audit_id, _ = _stored(session, people)
    for text, usage_class, rank, units in (
        ("", "none", "leader", None), ("ngUyen van", None, None, None), ("HẠ", None, "staff", {made.PERMITS}),
        ("b1", "regular", None, {made.BUILDING}), ("%", None, None, None), ("", None, None, set()),
    ):  # fmt: skip
        wanted = {
            one.official_id
            for one in people
            if folded(text) in folded(f"{one.name} {one.official_id}")
            and usage_class in {None, one.usage_class}
            and rank in {None, one.rank}
            and (units is None or one.unit in units)
        }
        reach = WHOLE if units is None else Reach(frozenset(units))
        found = queries.officials(
            session, audit_id, text=text, usage_class=usage_class, rank=rank, reach=reach, limit=999
        )
        assert ({row.official_id for row in found.rows}, found.total) == (wanted, len(wanted)), text


def test_a_report_stored_before_there_were_columns_is_read_from_its_rows(session: Session) -> None:
    audit_id, _ = _stored(session, _people(3))
    before = queries.officials(session, audit_id, sort="sent", reach=WHOLE)
    session.execute(delete(OfficialColumns))
    assert queries.officials(session, audit_id, sort="sent", reach=WHOLE) == before


def test_a_comparison_in_columns_is_that_of_the_reports(session: Session) -> None:
    people = _people(4)
    others = tuple(
        replace(one, usage_class=other.usage_class, unit=other.unit, rank=other.rank)
        for one, other in zip(people, _people(5), strict=True)
    )
    earlier, first = _stored(session, people[:50], date(2026, 8, 1), date(2026, 8, 10))
    later, second = _stored(session, others[5:])
    wanted = compare(snapshot(first), snapshot(second))
    pair = comparison(session, (later, earlier), reach=WHOLE)
    assert [side.officials for side in (pair.before, pair.after)] == [50, 55]
    assert (pair.changes.city, pair.changes.findings) == (wanted.city, wanted.findings)
    assert set(pair.changes.units) == set(wanted.units)
    for way in DIRECTIONS:
        own = [one for one in wanted.moved if one.direction == way]
        parts = [pair.people.moved_part(way, offset=start, limit=7) for start in range(0, 60, 7)]
        found = [row for part in parts for row in part.rows]
        assert len(found) == len(own) == parts[0].total == pair.people.directions()[way]
        assert {one.after.official_id: one for one in found} == {one.after.official_id: one for one in own}
        orders = [person_order(one.after.name) for one in found]
        assert orders == sorted(orders)
    assert set(pair.people.only_in("later", limit=99).rows) == set(wanted.joined)
    assert set(pair.people.only_in("earlier", limit=99).rows) == set(wanted.left)
    assert pair.people.only_in("earlier", limit=0).total == 5


def test_they_come_from_the_database_as_bytes(session: Session) -> None:
    """As text, each byte is two letters."""
    _stored(session, _people(1))
    found = session.connection().execute(select(OfficialColumns.data), execution_options=AS_BYTES)
    if session.get_bind().dialect.name == "postgresql":
        assert found.cursor.pgresult.fformat(0) == 1
    assert found.scalar_one() == session.scalar(select(OfficialColumns.data))
