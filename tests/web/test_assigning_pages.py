"""HR's pages of assigning, without a script: a rule made, tried, activated, drawn; exemptions; a course by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from core.db import unit_of_work, utc_now
from core.jobs import Job, run_waiting
from core.permissions import Role
from core.settings import Settings
from mail_audit.services import running
from tests.training.assigning.town import TODAY, moment, settle_town
from tests.web.conftest import PASSWORD, Visitor
from training.cli.draw import draw
from training.models import AssignmentRow, CampaignMemberRow
from web.border import BorderedFlask
from web.views import exemptions, rules, waves

RULE = {
    "name": "Ít dùng thư", "course_key": "mailbox", "active_below": "4", "due_days": "28", "waves": "2",
    "wave_days": "28", "rank": "",
}  # fmt: skip


@pytest.fixture
def town(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The town of the rules, and it is the day on which they look."""
    with unit_of_work(settings) as session:
        settle_town(session)
    for pages in (rules, waves, exemptions):
        monkeypatch.setattr(pages, "moment", moment)
    return settings


@pytest.fixture
def hr(app: BorderedFlask, town: Settings, account: Callable[..., Visitor]) -> Visitor:
    return account(Role.HR)


@pytest.fixture
def account(app: BorderedFlask, town: Settings) -> Callable[..., Visitor]:
    """Makes accounts with a role, logged in."""
    from core.directory.services import create_account
    from core.permissions import command_line_actor

    def made(role: str, unit_key: str | None = None) -> Visitor:
        name = f"{role}.{unit_key or 'city'}"
        with unit_of_work(town) as session:
            create_account(session, command_line_actor(), name=name, password=PASSWORD, role=role, unit_key=unit_key)
        visitor = Visitor(app.test_client())
        assert visitor.log_in(name=name).status_code == 303
        return visitor

    return made


def test_of_a_large_city_the_page_says_how_far_judging_is(
    hr: Visitor, town: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for it: the page comes at once, a task judges everybody, and then the page is there."""
    monkeypatch.setattr("training.queries.preview.MOST_JUDGED", 8)
    monkeypatch.setattr(running, "utc_now", lambda: moment().now)
    hr.post("/training/rules", "/training/rules/new", **RULE)
    page, address = "/training/rules/1/preview", "/training/rules/1/preview/progress"
    waits = hr.get(page).text
    assert f'data-poll="{address}"' in waits
    assert ("đang chờ bắt đầu" in waits, "Có thể rời trang này" in waits, "3 trên 9" in waits) == (True, True, False)
    assert hr.get(address).json == {"values": {"state": "đang chờ bắt đầu", "done": ""}, "bar": None, "moving": True}
    sent = hr.post("/training/rules/1/activate", "/training/rules")
    assert (sent.status_code, sent.location) == (303, page)
    with unit_of_work(town) as session:
        job = session.scalars(select(Job).where(Job.task == running.TASK)).one()
        job.started_at, job.done, job.total = moment().now, 5, 20
    half = hr.get(address).json
    assert half is not None
    assert (half["values"]["done"], half["bar"]) == ("đã xong 25\xa0%", 0.25)
    run_waiting(town)
    done = hr.get(address).json
    assert done is not None
    assert done["moving"] is False
    assert "3 trên 9 cán bộ" in hr.get(page).text
    assert hr.post("/training/rules/1/activate", "/training/rules").location == "/training/waves/1"


def test_a_task_that_cannot_judge_says_why(hr: Visitor, town: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.queries.preview.MOST_JUDGED", 8)
    hr.post("/training/rules", "/training/rules/new", **RULE)
    hr.get("/training/rules/1/preview")
    with unit_of_work(town) as session:
        job = session.scalars(select(Job).where(Job.task == running.TASK)).one()
        job.state, job.finished_at, job.error_vi, job.error_en = "failed", utc_now(), "Đĩa đầy.", "Disk full."
    shown = hr.get("/training/rules/1/preview").text
    assert ("Đĩa đầy." in shown, "data-poll" in shown) == (True, False)


def test_a_rule_is_made_tried_activated_and_drawn(
    hr: Visitor, town: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Chưa có quy tắc nào" in hr.get("/training/rules").text
    made = hr.post("/training/rules", "/training/rules/new", **RULE)
    assert made.location == "/training/rules/1/preview", "kept, and tried at once"
    assert "dùng thư dưới 4 ngày làm việc trong 28 ngày" in hr.get("/training/rules/1").text
    tried = hr.get("/training/rules/1/preview").text
    assert "3 trên 9 cán bộ" in tried
    assert "0/20 ngày làm việc" in tried
    assert "nhật ký chỉ phủ 15/20 ngày" in hr.get("/training/rules/1/preview?who=gap").text
    unknown = hr.get("/training/rules/1/preview?who=nobody")
    assert unknown.status_code == 422
    assert "3 trên 9 cán bộ" in unknown.text

    monkeypatch.setattr(rules, "LIMIT", 2)
    first, second = (hr.get(f"/training/rules/1/preview?offset={at}").text for at in (0, 2))
    assert ("1–2 trong 3" in first, "3–3 trong 3" in second) == (True, True)
    assert '<ol class="govuk-list govuk-list--number govuk-list--spaced" start="3">' in second
    assert "3 trên 9" in second

    activated = hr.post("/training/rules/1/activate", "/training/rules/1/preview")
    assert activated.location == "/training/waves/1"
    page = "/training/waves/1"
    wrong = hr.post(f"{page}/first", page, official_id="daily", why="x")
    assert wrong.status_code == 422
    assert "không có trong danh sách" in wrong.text
    assert hr.post(f"{page}/first", page, official_id="never", why="Đứng đầu phòng").status_code == 303
    assert "học trước, không bốc thăm: Đứng đầu phòng" in hr.get(page).text
    start = (TODAY + timedelta(days=7)).isoformat()
    assert hr.post(f"{page}/seed", page, seed="", starts_on="").status_code == 422
    assert hr.post(f"{page}/seed", page, seed="  Xổ số 08/11  ", starts_on=start).status_code == 303
    assert "Xổ số 08/11" in hr.get(page).text
    assert hr.post(f"{page}/draw", page).status_code == 303
    with unit_of_work(town) as session:
        assert len(session.scalars(select(AssignmentRow)).all()) == 3
        places = {one.person: one.wave for one in session.scalars(select(CampaignMemberRow))}
    assert places["never"] == 1

    kept = tmp_path / "list.csv"
    kept.write_bytes(hr.get(f"{page}/draw.csv").data)
    again = CliRunner().invoke(
        draw, [str(kept), "--seed", "Xổ số 08/11", "--waves", "2", "--check", str(kept)], catch_exceptions=False
    )
    assert again.exit_code == 0, again.output


def test_lists_are_headed_in_the_order_of_their_page(hr: Visitor) -> None:
    """Straight below the page's own heading, and below the rule's heading of lists: no level is left out."""
    hr.post("/training/rules", "/training/rules/new", **RULE)
    hr.post("/training/rules/1/activate", "/training/rules/1/preview")
    for address, levels in (("/training/waves", ["1", "2"]), ("/training/rules/1", ["1", "2", "3"])):
        assert re.findall(r"<h([1-6])[ >]", hr.get(address).text.partition("<main")[2]) == levels, address


def test_a_change_is_a_new_version_and_a_rule_is_retired(hr: Visitor) -> None:
    hr.post("/training/rules", "/training/rules/new", **RULE)
    form = hr.get("/training/rules/1/change").text
    assert 'value="4"' in form
    assert 'value="Ít dùng thư"' in form
    assert 'name="changes" value="Ít dùng thư"' in form
    new = RULE | {"units": "works", "post_words": "phó, giám"}
    again = hr.post("/training/rules", "/training/rules/new", **new)
    assert (again.status_code, "Đã có quy tắc tên này" in again.text) == (422, True), "no rule takes another's place"
    renamed = hr.post("/training/rules", "/training/rules/1/change", **new | {"changes": RULE["name"], "name": "Khác"})
    assert (renamed.status_code, "vẫn giữ tên Ít dùng thư" in renamed.text) == (422, True)
    assert "Sửa quy tắc" in renamed.text, "it is still a change"
    changed = hr.post("/training/rules", "/training/rules/1/change", **new | {"changes": RULE["name"]})
    assert changed.location == "/training/rules/2/preview"
    assert "bản 2" in hr.get("/training/rules/2").text
    assert hr.get("/training/rules").text.count("vt-card__title") == 1
    assert hr.post("/training/rules/2/retire", "/training/rules/2").status_code == 303
    assert "ngừng áp dụng" in hr.get("/training/rules/2").text


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"active_below": ""}, "Hãy điền ít nhất một điều kiện"),
    ({"course_key": ""}, "Hãy chọn khóa học"),
    ({"active_below": "0"}, "từ 1 đến 20"),
    ({"name": " "}, "Hãy đặt tên"),
    ({"waves": "13"}, "từ 1 đến 12"),
    ({"course_key": "nothing"}, ""),
    ({"done_days_ago": "5"}, "Hãy chọn khóa học"),
    ({"mail_classes": "unknown"}, ""),
)


def test_what_is_no_rule_comes_back_with_its_reason(hr: Visitor) -> None:
    for wrong, said in WRONG:
        answer = hr.post("/training/rules", "/training/rules/new", **RULE | wrong)
        assert answer.status_code == 422, wrong
        assert said in answer.text
        assert "govuk-error-summary" in answer.text
    assert "Chưa có quy tắc nào" in hr.get("/training/rules").text


def test_from_the_board_a_course_is_given_by_hand_and_taken_back(
    hr: Visitor, town: Settings, account: Callable[..., Visitor]
) -> None:
    """Both stand on the board of whoever may do so, and of nobody else."""
    assert 'href="/training/assign"' in hr.get("/training").text
    given = {"official_id": "once", "course_key": "phone", "due_on": "2026-12-01", "reason": "Xin học"}
    assert hr.post("/training/assign", "/training/assign", **given).location == "/training?text=once"
    [back] = re.findall(r'action="(/training/assignments/[0-9]+/withdraw)"', hr.get("/training").text)
    reader = account(Role.INSPECTOR).get("/training").text
    assert ("Xin học" in reader, "/withdraw" in reader, 'href="/training/assign"' in reader) == (True, False, False)
    assert hr.post(back, "/training", why="Chuyển công tác").status_code == 303
    with unit_of_work(town) as session:
        assert [(one.state, one.ended_why) for one in session.scalars(select(AssignmentRow))] == [
            ("withdrawn", "Chuyển công tác")
        ]
    assert "/withdraw" not in hr.get("/training?standing=withdrawn").text


def test_exemptions_and_courses_by_hand(hr: Visitor, town: Settings) -> None:
    given = {"official_id": "once", "course_key": "phone", "due_on": "2026-12-01", "reason": "Xin học"}
    assert hr.post("/training/assign", "/training/assign", **given).status_code == 303
    again = hr.post("/training/assign", "/training/assign", **given)
    assert again.status_code == 422
    assert "Đang có khóa học" in again.text or "đang có khóa học" in again.text
    unchosen = hr.post("/training/assign", "/training/assign", **given | {"course_key": "", "official_id": "never"})
    assert (unchosen.status_code, "Hãy chọn khóa học" in unchosen.text) == (422, True), "none is given by itself"
    exempt = {
        "official_id": "once",
        "course_key": "",
        "reason": "Biệt phái",
        "first": "2026-11-09",
        "last": "2026-12-01",
    }
    assert hr.post("/training/exemptions", "/training/exemptions", **exempt).status_code == 303
    assert "Biệt phái" in hr.get("/training/exemptions").text
    with unit_of_work(town) as session:
        assert [row.state for row in session.scalars(select(AssignmentRow))] == ["excused"]
    wrong = hr.post("/training/exemptions", "/training/exemptions", **exempt | {"last": "2026-11-01"})
    assert wrong.status_code == 422
    assert hr.post("/training/exemptions/1/end", "/training/exemptions").status_code == 303
    assert "hết hạn" in hr.get("/training/exemptions").text


def test_who_looks_after_some_units_sees_and_changes_these_only(account: Callable[..., Visitor], hr: Visitor) -> None:
    hr.post("/training/rules", "/training/rules/new", **RULE)
    hr.post("/training/rules/1/activate", "/training/rules/1/preview")
    works = account(Role.HR, "works")
    page = works.get("/training/waves/1").text
    assert "Người never" in page
    assert "Người clerk" not in page
    assert "waves/1/seed" not in page
    assert works.post("/training/waves/1/seed", "/training/rules/new", starts_on="2026-11-10").status_code == 404
    assert works.post("/training/rules", "/training/rules/new", **RULE | {"name": "Toàn thành phố"}).status_code == 422
    assert (
        works.post("/training/rules", "/training/rules/new", **RULE | {"name": "b", "units": "roads"}).status_code
        == 303
    )
    assert works.post("/training/rules/1/retire", "/training/rules/new").status_code == 404
    other = {"official_id": "clerk", "course_key": "phone", "due_on": "2026-12-01", "reason": "x"}
    assert works.post("/training/assign", "/training/assign", **other).status_code == 422
