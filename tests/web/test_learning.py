"""An official's courses in the browser: lessons left and taken up, a quiz without a script, the result; HR's shelf."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from core.db import engine, unit_of_work
from core.permissions import Role, command_line_actor
from core.settings import Settings
from tests.web.conftest import Visitor
from training import lessons, quizzes
from training.models import AssignmentRow, AttemptRow, CourseEditionRow
from training.moments import Moment
from training.queries.courses import edition_course
from training.services import courses as course_services
from training.services.assigning import assign_by_hand
from training.services.completing import step_done
from web.border import BorderedFlask
from web.views.learning import moment

Made = Callable[..., Visitor]


@pytest.fixture
def shipped(settings: Settings, listed: None, app: BorderedFlask) -> None:
    """The courses of the program."""
    with app.app_context(), unit_of_work(settings) as session:
        course_services.ensure_shipped(session, moment=moment())


@pytest.fixture
def assigned(settings: Settings, shipped: None, app: BorderedFlask) -> int:
    """CB1 has the course of the mailbox to do."""
    with app.app_context(), unit_of_work(settings) as session:
        now = moment()
        return assign_by_hand(
            session, command_line_actor(), official_id="CB1", course_key="mailbox",
            due_on=now.today + timedelta(days=14), reason="Thử", moment=now,
        )  # fmt: skip


def right_fields(settings: Settings, *, wrong: int = 0) -> dict[str, list[str]]:
    """The fields that answer the open attempt rightly, the first `wrong` questions left out."""
    with unit_of_work(settings) as session:
        row = session.scalars(select(AttemptRow).where(AttemptRow.handed_in_at.is_(None))).one()
        course = edition_course(session, row.edition)
    questions = {one.key: one for one in course.questions}
    fields: dict[str, list[str]] = {}
    for asked in quizzes.draw(course.questions, seed=row.seed, count=course.draw)[wrong:]:
        right = questions[asked.question].right
        for offered, key in zip(asked.choices, asked.choice_keys, strict=True):
            if asked.paired:
                partner = asked.partner_keys.index(right[asked.first_keys.index(key)])
                fields[f"q{asked.number}-pair-{offered.value}"] = [str(partner + 1)]
            elif key in right:
                fields.setdefault(f"q{asked.number}-choice", []).append(offered.value)
    return fields


def test_from_the_home_page_to_the_last_step(official: Visitor, assigned: int, settings: Settings) -> None:
    """The story of a learner: what waits, lessons in turn, left in the middle, the quiz, what is left."""
    course = f"/learning/{assigned}"
    assert course in official.get("/").text
    assert "Hộp thư công vụ của Ông/Bà" in official.get("/learning").text
    first = re.search(rf'href="({course}/lessons/[a-z-]+)"', official.get(course).text)
    assert first
    page = official.get(first[1]).text
    assert "Bài 1 trên 4" in page
    assert '<img src="/learning/pictures/' in page
    second = official.post(first[1], first[1]).location
    official.get(second)
    assert f'role="button" draggable="false" href="{second}"' in official.get(course).text, "where it was left"
    address = second
    while "/lessons/" in address:
        address = official.post(address, address).location
    assert address == f"{course}/quiz"
    attempt = official.post(address, address).location
    answer = official.post(attempt, attempt, **right_fields(settings), changes="0", do="hand_in")
    assert answer.location == f"{attempt}/result"
    result = official.get(answer.location).text
    assert "Đạt: 100\u00a0%" in result
    with unit_of_work(settings) as session:
        assert session.get_one(AssignmentRow, assigned).state == "open", "the practice is still to come"
        step_done(
            session, command_line_actor(), assignment_id=assigned, kind="exercise", key="send", proof={},
            moment=moment_of(official),
        )  # fmt: skip
    assert course not in official.get("/").text
    assert "Ông/Bà đã hoàn thành" in official.get(course).text


def moment_of(visitor: Visitor) -> Moment:
    with visitor.client.application.app_context():
        return moment()


def test_no_answer_leaves_the_server_before_the_attempt_is_handed_in(
    official: Visitor, assigned: int, settings: Settings
) -> None:
    """Over every page a learner can open: no explanation, no key, no mark of what is right."""
    course = f"/learning/{assigned}"
    attempt = official.post(f"{course}/quiz", f"{course}/quiz").location
    with unit_of_work(settings) as session:
        held = edition_course(session, session.scalars(select(AttemptRow.edition)).one())
    pages = ["/", "/learning", course, f"{course}/print", f"{course}/quiz", attempt, f"{attempt}/result"]
    pages += [f"{course}/lessons/{one.key}" for one in held.lessons]
    for page in pages:
        text = official.get(page).text
        for question in held.questions:
            assert question.why.vi not in text, page
            assert question.why.en not in text, page
            assert f'"{question.key}"' not in text, page
        assert "right" not in re.sub(r"copyright|straight", "", text.lower()), page
    sheet = official.get(attempt).text
    assert {*re.findall(r'value="([^"]*)"', sheet)} - {*map(str, range(10))} <= {
        "", "hand_in", "save", *re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', sheet),
    }  # fmt: skip


def test_saved_and_gone_on_with(official: Visitor, assigned: int, settings: Settings) -> None:
    quiz = f"/learning/{assigned}/quiz"
    attempt = official.post(quiz, quiz).location
    fields = right_fields(settings)
    some = dict(list(fields.items())[:2])
    assert official.post(attempt, attempt, **some, changes="0", do="save").location == quiz
    assert "Làm tiếp bài kiểm tra" in official.get(quiz).text
    assert official.post(quiz, quiz).location == attempt, "the same attempt"
    sheet = official.get(attempt).text
    assert 'name="changes" value="1"' in sheet
    assert sheet.count(" checked") + sheet.count(" selected") >= 2
    stale = official.post(attempt, attempt, **fields, changes="0", do="hand_in")
    assert stale.status_code == 409
    assert official.post(attempt, attempt, **fields, changes="1", do="hand_in").status_code == 303
    again = official.post(attempt, quiz, changes="1", do="hand_in")
    assert again.location == f"{attempt}/result", "handed in twice: one result"
    assert official.get(attempt).location == f"{attempt}/result"


def test_questions_left_open(official: Visitor, assigned: int, settings: Settings) -> None:
    quiz = f"/learning/{assigned}/quiz"
    attempt = official.post(quiz, quiz).location
    fields = right_fields(settings, wrong=3)
    asked = official.post(attempt, attempt, **fields, changes="0", do="hand_in")
    assert asked.status_code == 422
    assert "Câu 1 chưa trả lời" in asked.text
    answer = official.post(attempt, attempt, **fields, changes="1", do="hand_in_anyway")
    result = official.get(answer.location).text
    assert "Chưa đạt: 50\u00a0%" in result
    assert "Đáp án đúng:" in result
    assert "Đọc lại bài:" in result
    assert official.post(quiz, quiz).location != attempt


def test_somebody_elses_course_is_not_there(assigned: int, account_of: Made, official: Visitor) -> None:
    quiz = f"/learning/{assigned}/quiz"
    attempt = official.post(quiz, quiz).location
    other = account_of(official_id="CB5", name="khac")
    for address in (f"/learning/{assigned}", f"/learning/{assigned}/lessons/what-it-is", quiz, attempt):
        assert other.get(address).status_code == 404, address
    assert other.post(attempt, "/", changes="0", do="hand_in").status_code == 404


def test_hr_changes_a_lesson(account_of: Made, assigned: int, official: Visitor, settings: Settings) -> None:
    hr = account_of(Role.HR)
    page = "/courses/mailbox/lessons/what-it-is"
    assert "# Hộp thư công vụ là gì" in hr.get(page).text
    shown = hr.post(page, page, version="1", vi="# Mới\n\n**Khác** <script>alert(1)</script>", en="# New", do="preview")
    assert shown.status_code == 422
    assert "vi/what-it-is.md, dòng 3" in shown.text
    shown = hr.post(page, page, version="1", vi="# Mới\n\n**Khác hẳn**", en="# New", do="preview")
    assert "<strong>Khác hẳn</strong>" in shown.text
    assert hr.post(page, page, version="1", vi="# Mới\n\n**Khác hẳn**", en="# New", do="save").status_code == 303
    assert "<strong>Khác hẳn</strong>" in official.get(f"/learning/{assigned}/lessons/what-it-is").text
    stale = hr.post(page, page, version="1", vi="# Nữa", en="# More", do="save")
    assert stale.status_code == 409
    course = hr.get("/courses/mailbox").text
    assert "Bản 2" in course
    assert hr.post("/courses/mailbox/editions/1", "/courses/mailbox", version="2").status_code == 303
    assert "Nhanh." in official.get(f"/learning/{assigned}/lessons/what-it-is").text
    with unit_of_work(settings) as session:
        assert [one.origin for one in session.scalars(select(CourseEditionRow).where(CourseEditionRow.course == 1))]


def test_a_package_goes_and_comes_back(account_of: Made, shipped: None) -> None:
    hr = account_of(Role.HR)
    taken = hr.get("/courses/mailbox/package")
    assert taken.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(taken.data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["course.toml"] = files["course.toml"].replace(b'key = "mailbox"', b'key = "own_course"')
    sent = hr.post("/courses", "/courses", package=(io.BytesIO(lessons.as_zip(files)), "khoa-hoc.zip"))
    assert sent.location == "/courses/own_course"
    assert hr.get(sent.location).status_code == 200
    files["vi/01-what-it-is.md"] += b"\n![x](pictures/none.svg)\n"
    refused = hr.post("/courses", "/courses", package=(io.BytesIO(lessons.as_zip(files)), "khoa-hoc.zip"))
    assert refused.status_code == 422
    assert "vi/01-what-it-is.md, dòng" in refused.text
    assert hr.post("/courses", "/courses", package=(io.BytesIO(b"no zip"), "x.zip")).status_code == 422
    assert hr.post("/courses/own_course/retire", "/courses").status_code == 303
    assert "ngừng giao" in hr.get("/courses").text


def test_a_picture_by_itself_may_do_nothing(official: Visitor, assigned: int) -> None:
    page = official.get(f"/learning/{assigned}/lessons/what-it-is").text
    found = re.search(r'src="(/learning/pictures/[0-9a-f]{64})"', page)
    assert found
    answer = official.get(found[1])
    assert answer.mimetype == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert official.get("/learning/pictures/" + "0" * 64).status_code == 404


def test_the_list_asks_a_fixed_number_of_questions(official: Visitor, assigned: int, settings: Settings) -> None:
    seen: list[str] = []

    def count(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    def questions_of_the_list() -> int:
        seen.clear()
        assert official.get("/learning").status_code == 200
        return len(seen)

    event.listen(engine(settings), "before_cursor_execute", count)
    at_one = questions_of_the_list()
    with unit_of_work(settings) as session:
        for key in ("phone", "records"):
            now = moment_of(official)
            assign_by_hand(
                session, command_line_actor(), official_id="CB1", course_key=key, due_on=now.today, reason="Thử",
                moment=now,
            )  # fmt: skip
    at_three = questions_of_the_list()
    event.remove(engine(settings), "before_cursor_execute", count)
    assert 0 < at_one == at_three
