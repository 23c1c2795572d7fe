"""The page of an exercise, without a script: begun, its address, why not yet, begun again, done; its documents."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.db import session_factory, unit_of_work
from core.directory.services import create_account
from core.mail.letters import compose
from core.mail.models import OutgoingMail
from core.permissions import command_line_actor
from core.settings import Settings
from tests.training.practice.office import MAIL
from tests.web.conftest import Visitor
from training.models import AssignmentRow, CourseRow, ExerciseRow
from training.moments import Moment
from training.practice.evidence import Evidence, MailAct
from training.practice.kinds import KINDS
from training.services.practising import judge
from web.app import create_app
from web.border import BorderedFlask
from web.views.learning import moment


@pytest.fixture
def app(settings: Settings) -> BorderedFlask:
    """The pages of an installation that practises by e-mail."""
    return create_app(replace(settings, tables={**settings.tables, "mail": MAIL}))


@pytest.fixture
def course(settings: Settings, listed: None, app: BorderedFlask) -> str:
    """CB1 has a course to do that asks for everything; the address of its exercises."""
    with app.app_context(), unit_of_work(settings) as session:
        now = moment()
        session.add(
            CourseRow(
                key="practice", version=1, title_vi="Thực hành thư", title_en="Practising e-mail", summary_vi="",
                summary_en="", audience="everybody", minutes=30, valid_months=None, pass_mark=80, digest="0",
                needs=[{"kind": "exercise", "key": kind} for kind in KINDS],
            )
        )  # fmt: skip
        row = AssignmentRow(
            official=1, course_key="practice", reason_vi="Thử", reason_en="Trial", assigned_at=now.now,
            assigned_by="x", starts_on=now.today, due_on=now.today + timedelta(days=30), state="open",
        )  # fmt: skip
        session.add(row)
        session.flush()
        return f"/learning/{row.id}/practice"


def _open(settings: Settings, kind: str) -> ExerciseRow:
    with unit_of_work(settings) as session:
        wanted = select(ExerciseRow).where(ExerciseRow.kind == kind).order_by(ExerciseRow.number.desc()).limit(1)
        row = session.scalars(wanted).one()
        session.expunge(row)
    return row


def test_a_message_is_practised(official: Visitor, course: str, settings: Settings) -> None:
    """Begun, looked at, begun again, done: each time the page says where things stand."""
    page = f"{course}/send"
    text = official.get(page).text
    assert "Bắt đầu" in text
    assert "thuchanh+" not in text
    assert official.post(page, page).location == page
    first = _open(settings, "send")
    text = official.get(page).text
    assert re.findall(r"<code[^>]*>([^<]+)</code>", text) == [f"thuchanh+{first.code}@tp.example.gov.vn"]
    assert "Bài đã bắt đầu" in text
    assert official.post(f"{page}/look", page).location == page
    assert "Chưa thấy trong nhật ký" in official.get(page).text
    official.post(page, page, again="yes")
    second = _open(settings, "send")
    assert (second.number, second.code != first.code) == (2, True)
    with unit_of_work(settings) as session:
        now = Moment(second.issued_at + timedelta(minutes=5), second.issued_at.date())
        act = MailAct("log:1:1", "sent", now.now, now.now, "cb1@tp.example.gov.vn", codes=frozenset({second.code}))
        verdict = judge(session, exercise_id=second.id, known=Evidence(mail=(act,)), moment=now)
    assert verdict is not None
    assert verdict.passed, verdict
    text = official.get(page).text
    assert "Đã xong" in text
    assert "<code" not in text


def test_every_exercise_has_its_page(official: Visitor, course: str) -> None:
    """Each of them before and after it is begun, with its steps and what it is known by."""
    for kind, known in KINDS.items():
        page = f"{course}/{kind}"
        assert known.title.vi in official.get(page).text
        assert official.post(page, page).status_code == 303, kind
        text = official.get(page).text
        assert all(one.vi in text for one in known.todo), kind
        assert ("thuchanh+" in text) == (known.act == "sent" and known.told), kind


def test_a_practice_document_is_opened_from_its_page(official: Visitor, course: str, settings: Settings) -> None:
    for kind, address in (("approve", r"/documents/\d+"), ("draft", r"/drafts/\d+")):
        page = f"{course}/{kind}"
        official.post(page, page)
        found = re.search(rf'href="({address}[a-z/]*)"', official.get(page).text)
        assert found, kind
        assert official.get(found[1]).status_code == 200
    assert "[Thực hành]" not in official.get("/").text
    document = official.get(f"{course}/approve").text
    place = re.search(r'href="(/documents/\d+)"', document)
    assert place
    assert official.post(f"{place[1]}/agree", place[1], seen_revision="1", position="0", comment="").status_code == 303
    assert f'href="{course}/approve">Về bài thực hành</a>' in official.get(place[1]).text
    official.post(f"{course}/approve/look", f"{course}/approve")
    assert _open(settings, "approve").state == "passed"
    assert "Đã xong" in official.get(f"{course}/approve").text


def test_our_letter_is_queued_once_and_comes_from_the_practice_address(
    official: Visitor, course: str, settings: Settings, app: BorderedFlask
) -> None:
    page = f"{course}/answer"
    official.post(page, page)
    official.post(page, page)
    row = _open(settings, "answer")
    given = replace(settings, tables={**settings.tables, "mail": MAIL})
    with session_factory(given)() as session:
        (mail,) = session.scalars(select(OutgoingMail)).all()
        letter = compose(session, mail, now=row.issued_at + timedelta(minutes=1))
    assert (letter.sender, letter.reply_to) == (f"thuchanh+{row.code}@tp.example.gov.vn",) * 2
    assert row.code not in official.get(page).text


def test_nobody_else_sees_or_begins_it(
    account_of: Callable[..., Visitor], official: Visitor, course: str, admin: Visitor
) -> None:
    official.post(f"{course}/send", f"{course}/send")
    other = account_of(official_id="CB2", name="nguoi.khac")
    for visitor in (other, admin):
        assert visitor.get(f"{course}/send").status_code == 404
        assert visitor.post(f"{course}/send", "/account").status_code == 404
        assert visitor.post(f"{course}/send/look", "/account").status_code == 404
    assert official.get(f"{course}/fly").status_code == 404


def test_where_e_mail_is_not_practised_the_page_says_so(settings: Settings, course: str) -> None:
    visitor = Visitor(create_app(settings).test_client())
    with unit_of_work(settings) as session:
        create_account(session, command_line_actor(), name="khac", password="mat khau rat dai", official_id="CB1")
    assert visitor.log_in(name="khac").status_code == 303
    text = visitor.get(f"{course}/send").text
    assert "chưa đặt địa chỉ thư thực hành" in text
    assert "<form" not in text.split("<main")[1].split("</main")[0]
