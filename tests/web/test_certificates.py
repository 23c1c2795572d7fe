"""Certificates as pages: what a stranger may see and how often, the own ones, and revoking."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from core.db import unit_of_work
from core.permissions import command_line_actor
from core.settings import Settings
from tests.web import town
from tests.web.classrooms import DAY, STARTS, set_clock, settle
from tests.web.conftest import Visitor
from training.models import AssignmentRow
from training.moments import Moment
from training.services.certifying import certify
from web import pace

Made = Callable[..., Visitor]


@pytest.fixture
def code(settings: Settings, listed: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The certificate of the official CB1; the pages take it for the day on which it was made."""
    set_clock(monkeypatch)(STARTS)
    with unit_of_work(settings) as session:
        settle(session)
        assignment = session.scalars(select(AssignmentRow.id).order_by(AssignmentRow.id)).first()
        assert assignment is not None
        return certify(session, command_line_actor(), assignment_id=assignment, moment=Moment(STARTS, DAY))


def test_a_stranger_sees_five_things_and_no_more(stranger: Visitor, code: str) -> None:
    page = stranger.get(f"/certificates/{code}")
    assert page.status_code == 200
    for told in ("Nguyễn Thị Ngọc Ánh", "Hộp thư công vụ", "24/11/2026", town.CONSTRUCTION, "còn hiệu lực"):
        assert told in page.text
    for kept in ("CB1", "cb1@", "Giám đốc", "2027"):
        assert kept not in page.text


@pytest.mark.parametrize("other", ["0" * 20, "x", "..%2Fetc"])
def test_an_unknown_code_is_not_found(stranger: Visitor, code: str, other: str) -> None:
    assert stranger.get(f"/certificates/{other}").status_code == 404


def test_a_code_that_nobody_has_is_told_in_words(stranger: Visitor, code: str) -> None:
    page = stranger.get(f"/certificates/{'0' * 20}").text
    assert ("Không có giấy chứng nhận nào có mã này" in page, "không phải do nơi này cấp" in page) == (True, True)


def test_a_code_that_was_copied_by_hand_is_read_as_it_was_meant(stranger: Visitor, code: str) -> None:
    """In groups, in small letters, O for 0 and L for 1; of whatever cannot be a code nothing is made."""
    meant = code.replace("0", "o").replace("1", "l").lower()
    for written in (meant, f"{meant[:5]} {meant[5:10]} {meant[10:15]}-{meant[15:]}"):
        answer = stranger.get(f"/certificates/{written}")
        assert (answer.status_code, answer.location) == (303, f"/certificates/{code}")
    for wrong in (f"{meant}x", meant[:-1], f"{meant[:-1]}u", "%00" * 20):
        assert stranger.get(f"/certificates/{wrong}").status_code == 404


def test_one_address_may_not_try_many(stranger: Visitor, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "LOOKUPS_A_MINUTE", 3)
    monkeypatch.setattr(pace, "utc_now", lambda: STARTS)  # one minute all the time
    tried = [
        stranger.get(f"/certificates/{code}", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code for _ in range(5)
    ]
    assert tried == [200, 200, 200, 429, 429]
    there = stranger.get(f"/certificates/{code}", environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert there.status_code == 200


def test_the_own_certificate_and_its_paper(official: Visitor, account_of: Made, code: str) -> None:
    assert code in official.get("/learning/certificates").text
    for language in ("vi", "en"):
        paper = official.get(f"/certificates/{code}/{language}.pdf")
        assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")
    other = account_of(official_id="CB5", name="khac")
    assert other.get(f"/certificates/{code}/vi.pdf").status_code == 404
    assert code not in other.get("/learning/certificates").text


def test_revoked_by_the_personnel_office_of_the_unit(account_of: Made, stranger: Visitor, code: str) -> None:
    here, there = account_of("hr", unit_key=town.CONSTRUCTION), account_of("hr", unit_key=town.HEALTH)
    address = f"/certificates/{code}/revoke"
    assert (there.get(address).status_code, code in there.get("/certificates").text) == (404, False)
    assert code in here.get("/certificates?text=Ánh&state=valid").text
    assert here.post(address, address, why="").status_code == 422
    assert here.post(address, address, why="Cấp nhầm").status_code == 303
    page = stranger.get(f"/certificates/{code}").text
    assert ("đã bị thu hồi" in page, "Cấp nhầm" in page) == (True, False)
    assert "Cấp nhầm" in here.get("/certificates?state=revoked").text
