"""Certificates: what strangers see, papers that can be read, an end in time, a renewal before it, and revocation."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.directory.models import PostRow, UnitRow
from core.directory.services.wording import put_words
from core.errors import ForbiddenError
from core.mail.models import MailNotice
from core.permissions import SCHEDULER, Actor, Role
from core.settings import Settings, SettingsError
from tests.training.classes.office import (
    DAY,
    ELSEWHERE,
    HERE,
    HR,
    HR_ELSEWHERE,
    NAMES,
    at,
    during,
    moment,
    new_class,
    official,
)
from training.errors import CertificateInputError, CertificateNotFoundError
from training.models import AssignmentRow, CertificateRow, ExemptionRow
from training.papers import certificate, sheet
from training.papers.options import CertificateOptions
from training.queries import issuers
from training.queries.certificates import Verified, certificates, own_certificates, verified
from training.queries.certificates import certificate as certificate_of
from training.services import classes as services
from training.services import renewing
from training.services.certifying import certify, months_after, revoke

EXPIRES = date(2027, 11, 24)


@pytest.fixture
def code(session: Session) -> str:
    """The certificate of the official CB2, who was at a class on `DAY`."""
    class_id = new_class(session)
    services.enter(session, HR, class_id=class_id, official_id="CB2", note="", moment=during(10))
    return session.scalars(select(CertificateRow.code)).one()


def test_a_stranger_sees_name_course_day_and_whether_it_is_valid(session: Session, code: str) -> None:
    found = verified(session, code, today=DAY)
    assert found == Verified(NAMES[1], found.title, DAY, "valid", HERE)
    assert found.title.en == "Your official mailbox"
    assert verified(session, code, today=EXPIRES - timedelta(days=1)).state == "valid"
    assert verified(session, code, today=EXPIRES).state == "expired"


@pytest.mark.parametrize("wrong", ["", "0" * 20, "lower", "' OR 1=1 --", "x" * 5000])
def test_other_codes_are_none(session: Session, code: str, wrong: str) -> None:
    with pytest.raises(CertificateNotFoundError):
        verified(session, wrong or code.lower(), today=DAY)


def test_a_row_that_was_tampered_with_is_none(session: Session, code: str) -> None:
    session.scalars(select(CertificateRow)).one().name = "Người khác"
    session.flush()
    with pytest.raises(CertificateNotFoundError):
        verified(session, code, today=DAY)


def test_codes_cannot_be_guessed_from_one_another(session: Session) -> None:
    for number in range(1, 6):
        certify(session, HR, assignment_id=number, moment=moment())
    codes = session.scalars(select(CertificateRow.code)).all()
    assert len({one[:8] for one in codes}) == len(codes) == 5
    assert {len(one) for one in codes} == {20}


def test_it_stays_as_it_was_made(session: Session, code: str) -> None:
    assert certify(session, HR, assignment_id=2, moment=during(9_999)) == code
    wanted = select(AuditEntry).where(AuditEntry.action == "training:certificate:make")
    assert len(session.scalars(wanted).all()) == 1
    notice = session.scalars(select(MailNotice).where(MailNotice.kind == "training:certificate:earned")).one()
    assert notice.said_en == "Your certificate is ready: Your official mailbox"


def test_revoked_with_a_reason_by_whoever_may(session: Session, code: str) -> None:
    themselves = Actor("to.chuc", frozenset({Role.HR, Role.OFFICIAL}), "CB2")
    for who, error in (
        (official(2), ForbiddenError), (HR_ELSEWHERE, CertificateNotFoundError), (themselves, CertificateNotFoundError),
    ):  # fmt: skip
        with pytest.raises(error):
            revoke(session, who, code=code, why="x", moment=during(60))
    with pytest.raises(CertificateInputError):
        revoke(session, HR, code=code, why="  ", moment=during(60))
    for why in ("Cấp nhầm người", "lần nữa"):
        revoke(session, HR, code=code, why=why, moment=during(60))
    assert verified(session, code, today=DAY).state == "revoked"
    [own] = own_certificates(session, official(2), today=DAY)
    assert (own.state, own.revoked_why, own.may_revoke) == ("revoked", "Cấp nhầm người", False)
    wanted = select(AuditEntry.facts).where(AuditEntry.action == "training:certificate:revoke")
    assert session.scalars(wanted).all() == [{"official": "CB2", "why": "Cấp nhầm người"}]


def test_found_by_name_number_course_and_state_in_reach(session: Session, code: str) -> None:
    put_words(session)
    for text, state, who, total in (
        ("", None, HR, 1), ("Ửng", None, HR, 1), ("ung", None, HR, 1), ("cb2", "valid", HR, 1),
        ("mailbox", None, HR, 1), ("official mail", None, HR, 1), ("Ửng mailbox", None, HR, 0),
        ("CB3", None, HR, 0), ("%", None, HR, 0), ("", "expired", HR, 0),
        ("", None, HR_ELSEWHERE, 0), ("", None, official(2), 0),
    ):  # fmt: skip
        assert certificates(session, who, today=DAY, text=text, state=state)[1] == total, (text, state)  # type: ignore[arg-type]


def named(issuer: object) -> dict[str, dict[str, Any]]:
    return {"training": {"certificates": {"issuer": issuer}}}


def test_it_names_who_certifies(
    session: Session, settings: Settings, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The top above the official's main post, the only top for everybody, or whom the settings name."""

    def said() -> list[str | None]:
        one = certificate_of(session, HR, code=code, today=DAY)
        [own], [listed] = own_certificates(session, official(2), today=DAY), certificates(session, HR, today=DAY)[0]
        return [verified(session, code, today=DAY).issuer, one.issuer, own.issuer, listed.issuer]

    assert said() == [HERE] * 4, "two tops: the one above"
    session.scalars(select(UnitRow).where(UnitRow.key == ELSEWHERE)).one().gone_at = at()
    assert said() == [HERE] * 4
    session.execute(delete(PostRow).where(PostRow.official == 2))
    assert said()[:3] == [HERE] * 3, "one top: who has left had theirs from it too"
    session.scalars(select(UnitRow).where(UnitRow.key == ELSEWHERE)).one().gone_at = None
    assert said()[:3] == [None] * 3
    city = "Ủy ban nhân dân thành phố Tân Phú"
    monkeypatch.setattr(issuers, "settings_of", lambda _: replace(settings, tables=named(city)))
    assert said()[:3] == [city] * 3


@pytest.mark.parametrize("wrong", [7, "hai\ndòng", "x" * 201])
def test_an_issuer_that_cannot_be_used_stops_the_start(settings: Settings, wrong: object) -> None:
    with pytest.raises(SettingsError):
        CertificateOptions.of(replace(settings, tables=named(wrong)))


def renewals(session: Session, day: date) -> list[int]:
    return renewing.running_out(session, moment=moment(at((day - at().date()).days * 86_400)))


def test_its_course_is_assigned_again_before_it_expires(session: Session, code: str) -> None:
    first = EXPIRES - renewing.RENEWED_BEFORE
    assert renewals(session, first - timedelta(days=1)) == []
    [row] = renewals(session, first)
    when = moment(at((first - at().date()).days * 86_400))
    made = renewing.renew(session, SCHEDULER, certificate_id=row, moment=when)
    again = session.get_one(AssignmentRow, made)
    assert (again.official, again.state, again.renews, again.attempt) == (2, "open", 2, 2)
    assert again.due_on == EXPIRES - timedelta(days=1)
    assert "24/11/2027" in again.reason_vi
    assert "24 November 2027" in again.reason_en
    assert renewing.renew(session, SCHEDULER, certificate_id=row, moment=when) is None
    assert renewals(session, EXPIRES) == []
    [own] = own_certificates(session, official(2), today=first)
    assert (own.renewed, own.state) == (True, "valid")


def test_not_renewed_when_revoked_exempted_followed_or_under_way(session: Session, code: str) -> None:
    day, row = EXPIRES - timedelta(days=20), session.scalars(select(CertificateRow)).one()
    assert renewals(session, day) == [row.id]
    exemption = ExemptionRow(
        official=2, course_key=None, reason="x", first_day=day, last_day=day, recorded_at=at(), recorded_by="x"
    )
    session.add(exemption)
    assert renewals(session, day) == []
    assert renewals(session, day + timedelta(days=1)) == [row.id]
    session.delete(exemption)
    revoke(session, HR, code=code, why="x", moment=during(60))
    assert renewals(session, day) == []


def test_who_has_the_course_to_do_already_is_left_with_that(session: Session) -> None:
    certify(session, HR, assignment_id=3, moment=moment())  # still open: as if it had been assigned again
    [row] = renewals(session, EXPIRES)
    assert renewing.renew(session, SCHEDULER, certificate_id=row, moment=during(60)) == 3


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 24), 12, EXPIRES),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 12, 5), 24, date(2028, 12, 5)),
    ],
)
def test_months_later(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return " ".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_paper_says_what_the_certificate_says(language: str) -> None:
    one = certificate.CertificatePaper(
        "0123456789ABCDEFGHJK", "Nguyễn Thị Ngọc Ánh <b>", "Hộp thư #công vụ $x$ 漢", 3, DAY, EXPIRES,
        "https://vanthu.tp.example.gov.vn/certificates/0123456789ABCDEFGHJK", "Ủy ban nhân dân thành phố $x$",
    )  # fmt: skip
    made = certificate.render(one, language=language)  # type: ignore[arg-type]
    said = text_of(made)
    assert "Nguyễn Thị Ngọc Ánh <b>" in said
    assert "#công vụ $x$ \ufffd" in said
    assert "Ủy ban nhân dân thành phố $x$" in said
    assert "01234 56789 ABCDE FGHJK" in said
    assert one.address in said.replace("\r\n", "")
    assert ("24/11/2027" if language == "vi" else "24 November 2027") in said
    assert b"pdfaid:part" in made
    assert certificate.render(one, language=language) == made  # type: ignore[arg-type]


def test_the_sheet_has_a_line_for_everybody_and_some_to_spare() -> None:
    start = during(0).now
    lines = tuple(sheet.SheetLine(name, f"CB{number}", "Sở Xây dựng") for number, name in enumerate(NAMES * 8))
    one = sheet.Sheet("Hộp thư", start, start + timedelta(hours=2), "Phòng 5", "Ai đó", 50, False, lines)
    said = text_of(sheet.render(one, zone="Asia/Ho_Chi_Minh"))
    assert all(f"CB{number}" in said for number in range(48))
    assert "08:30–10:30, 24/11/2026" in said
    assert "51" in said
