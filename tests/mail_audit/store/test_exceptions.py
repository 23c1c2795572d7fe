"""Exceptions on record: kept for ever, taken into account from the next report on, brought in from files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.directory.errors import RosterError
from core.directory.roster import Official, Roster
from core.directory.services import import_roster
from core.errors import ForbiddenError
from core.permissions import WHOLE, Actor, Role
from mail_audit.errors import ExceptionEndedError, ExceptionInputError, ExceptionNotFoundError
from mail_audit.exception_file import read_exceptions
from mail_audit.models import Audit, MonthToMeasure
from mail_audit.queries import exceptions as reading
from mail_audit.services.exceptions import (
    ExceptionsImported,
    end_exception,
    import_exceptions,
    record_exception,
    withdraw_exception,
)
from mail_audit.usage.exceptions import Exemption
from tests.mail_audit.store import made
from tests.mail_audit.store.conftest import ADMINISTRATOR

FIRST, LAST = date(2026, 10, 5), date(2026, 10, 9)
TODAY = date(2026, 10, 7)
HEAD = "official_id,kind,first,last,note,address,delegate\n"


@pytest.fixture(autouse=True)
def people(session: Session) -> None:
    """Two officials in the directory."""
    two = {number: Official(number, name) for number, name in (("CB01", "Nguyễn Văn Ân"), ("CB02", "Lê Thị Bưởi"))}
    import_roster(session, ADMINISTRATOR, roster=Roster({}, two, (), {}))


def recorded(session: Session, actor: Actor = ADMINISTRATOR, **more: Any) -> int:
    values: dict[str, Any] = {"official_id": "CB01", "kind": "leave", "first": FIRST, "last": LAST} | more
    return record_exception(session, actor, **values)


def trail(session: Session) -> list[tuple[str, str]]:
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [
        (one.action.removeprefix("mail_audit:exception:"), one.subject) for one in entries if "exception" in one.action
    ]


def test_recorded_ended_withdrawn(session: Session) -> None:
    number = recorded(session, last=None, note="Đơn số 12")
    one = reading.exception(session, number, today=TODAY, reach=WHOLE)
    assert (one.state, one.name, one.note, one.recorded_by) == ("standing", "Nguyễn Văn Ân", "Đơn số 12", "quantri")
    end_exception(session, ADMINISTRATOR, exception_id=number, last=date(2026, 10, 6))
    assert reading.exception(session, number, today=TODAY, reach=WHOLE).state == "ended"
    assert reading.exemptions(session) == (Exemption("CB01", "leave", FIRST, date(2026, 10, 6), "", "quantri"),)
    withdraw_exception(session, ADMINISTRATOR, exception_id=number, why="Nhầm người")
    assert (
        reading.exemptions(session),
        reading.exceptions(session, today=TODAY, state="withdrawn", reach=WHOLE).total,
    ) == ((), 1)
    for again in (end_exception, withdraw_exception):
        more: dict[str, Any] = {"last": LAST} if again is end_exception else {"why": "x"}
        with pytest.raises(ExceptionEndedError):
            again(session, ADMINISTRATOR, exception_id=number, **more)
    subject = f"exception:{number}"
    assert trail(session) == [("record", subject), ("end", subject), ("withdraw", subject)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"official_id": "CB99"},
        {"kind": "holiday"},
        {"last": FIRST - timedelta(1)},
        {"first": date(1900, 1, 1)},
        {"kind": "shared_station"},
        {"kind": "shared_station", "address": "máy số 7"},
        {"kind": "agreed_delegate"},
        {"kind": "agreed_delegate", "delegate": "CB01"},
        {"note": "x" * 2001},
    ],
    ids=str,
)
def test_what_cannot_be_recorded(session: Session, wrong: dict[str, Any]) -> None:
    with pytest.raises(ExceptionInputError):
        recorded(session, **wrong)
    assert (trail(session), reading.exemptions(session)) == ([], ())


def test_only_who_may(session: Session) -> None:
    official = Actor("can.bo", frozenset({Role.OFFICIAL}), "CB01")
    number = recorded(session)
    with pytest.raises(ForbiddenError):
        recorded(session, official)
    with pytest.raises(ForbiddenError):
        end_exception(session, official, exception_id=number, last=LAST)
    with pytest.raises(ForbiddenError):
        withdraw_exception(session, official, exception_id=number, why="x")
    with pytest.raises(ForbiddenError):
        import_exceptions(session, official, rows=(), file="x.csv")
    with pytest.raises(ExceptionNotFoundError):
        end_exception(session, ADMINISTRATOR, exception_id=number + 1, last=LAST)


def test_a_shared_station_has_its_months_measured_again(session: Session) -> None:
    recorded(session)
    assert session.scalars(select(MonthToMeasure.month)).all() == []
    number = recorded(session, kind="shared_station", address=" 10.0.0.7 ", first=date(2026, 9, 30), last=LAST)
    assert sorted(session.scalars(select(MonthToMeasure.month))) == [date(2026, 9, 1), date(2026, 10, 1)]
    assert reading.exception(session, number, today=TODAY, reach=WHOLE).address == "10.0.0.7"


def test_a_report_knows_what_it_took_into_account(session: Session, stored: Callable[..., int]) -> None:
    before = recorded(session, official_id="CB01", first=made.FIRST, last=made.FIRST)
    audit_id = stored()
    audit = session.get(Audit, audit_id)
    assert audit is not None
    audit.reading_since = audit.created_at
    after = recorded(session, kind="sickness", first=made.LAST, last=None)
    recorded(session, first=made.LAST + timedelta(1), last=None)
    found = reading.exceptions_of(session, audit_id, "CB01", today=TODAY)
    assert [(one.exception_id, one.in_report) for one in found] == [(before, True), (after, False)]
    assert reading.changed_since(session, audit_id, reach=WHOLE) == 1
    withdraw_exception(session, ADMINISTRATOR, exception_id=before, why="Nhầm")
    assert reading.changed_since(session, audit_id, reach=WHOLE) == 2


def leave_list(folder: Path, *rows: str) -> Path:
    path = folder / "nghi.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def came(session: Session, path: Path) -> ExceptionsImported:
    return import_exceptions(session, ADMINISTRATOR, rows=read_exceptions(path), file=path.name)


def test_a_leave_list_again_changes_nothing(session: Session, tmp_path: Path) -> None:
    rows = [
        "CB01,nghỉ phép,05/10/2026,09/10/2026,Đơn số 12,,",
        "CB02,Ốm,2026-10-06,,,,",
        "CB02,máy dùng chung,2026-10-01,2026-10-31,,10.0.0.7,",
        "CB01,agreed_delegate,2026-10-01,2026-10-31,,,CB02",
    ]
    path = leave_list(tmp_path, *rows)
    assert came(session, path) == ExceptionsImported(4, 0, 0, 0)
    assert came(session, path) == ExceptionsImported(0, 0, 4, 0)
    kinds = [(one.official_id, one.kind, one.last, one.delegate) for one in reading.exemptions(session)]
    assert kinds == [
        ("CB01", "agreed_delegate", date(2026, 10, 31), "CB02"),
        ("CB01", "leave", LAST, None),
        ("CB02", "shared_station", date(2026, 10, 31), None),
        ("CB02", "leave", None, None),  # a report's manifest is not to say who was ill
    ]
    assert reading.exceptions(session, today=TODAY, text="bưởi", reach=WHOLE).rows[1].kind == "sickness"
    assert trail(session) == [("import", "exceptions")]


def test_a_later_list_moves_the_last_day_but_undoes_nothing(session: Session, tmp_path: Path) -> None:
    rows = [
        "CB01,leave,2026-10-05,2026-10-09,,,",
        "CB02,leave,2026-10-05,2026-10-09,,,",
        "CB02,sickness,2026-10-20,,,,",
    ]
    came(session, leave_list(tmp_path, *rows))
    first, second, third = (
        one.exception_id for one in reversed(reading.exceptions(session, today=TODAY, reach=WHOLE).rows)
    )
    end_exception(session, ADMINISTRATOR, exception_id=second, last=date(2026, 10, 7))
    withdraw_exception(session, ADMINISTRATOR, exception_id=third, why="Nhầm")
    later = [rows[0].replace("10-09", "10-12"), rows[1].replace("10-09", "10-12"), rows[2]]
    assert came(session, leave_list(tmp_path, *later)) == ExceptionsImported(0, 1, 0, 2)
    assert reading.exception(session, first, today=TODAY, reach=WHOLE).last == date(2026, 10, 12)
    assert reading.exception(session, second, today=TODAY, reach=WHOLE).last == date(2026, 10, 7)


def test_wrong_rows_are_named_and_nothing_is_recorded(session: Session, tmp_path: Path) -> None:
    wrong = leave_list(
        tmp_path,
        "CB01,leave,2026-10-05,2026-10-09,,,",
        "CB01,holiday,2026-10-05,,,,",
        ",leave,5 Oct,2026-10-09,,,",
        "CB01,leave,2026-10-05,2026-10-04,,10.0.0.7,",
        "CB01,agreed_delegate,2026-10-05,,,,",
    )
    with pytest.raises(RosterError) as refused:
        came(session, wrong)
    places = [(one.line, one.column) for one in refused.value.problems]
    assert places == [
        (3, "kind"), (4, "official_id"), (4, "first"), (5, "last"), (5, "address"), (6, "delegate"),
    ]  # fmt: skip
    strangers = leave_list(
        tmp_path, "CB01,leave,2026-10-05,,,,", "CB77,leave,2026-10-05,,,,", "CB01,ủy quyền,2026-10-05,,,,CB01"
    )
    with pytest.raises(RosterError) as refused:
        came(session, strangers)
    assert [(one.line, one.column) for one in refused.value.problems] == [(3, "official_id"), (4, "delegate")]
    assert reading.exemptions(session) == ()


def test_a_file_without_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "nghi.csv"
    path.write_text("official_id,kind,first\nCB01,leave,2026-10-05\n", encoding="utf-8")
    with pytest.raises(ExceptionInputError, match="last"):
        read_exceptions(path)
