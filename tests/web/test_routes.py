"""Routes for the administrator, what is overdue, a document's story: as visitors meet them, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.permissions import Actor, Role
from core.settings import Settings
from eoffice.models import RouteTemplate, StepRow
from eoffice.services import drafting, sending_round
from eoffice.services.rounds import Moment
from tests.web import town
from tests.web.conftest import Visitor

Making = Callable[..., Visitor]
FIELDS = {
    "name": "Tờ trình <b>khẩn</b>", "type": "to_trinh", "unit": "*",
    "steps-0-purpose": "content", "steps-0-who": "Thủ trưởng\nGiám đốc @ Sở Y tế", "steps-0-kind": "n_of_m",
    "steps-0-needed": "2", "steps-0-days": "3", "steps-0-when": "urgency:not:normal", "steps-0-place": "10",
    "steps-1-purpose": "approval", "steps-1-who": "Thủ trưởng @ đơn vị cấp trên", "steps-1-kind": "any",
    "steps-1-when": "", "steps-1-place": "30",
    "steps-2-purpose": "form", "steps-2-who": "Văn thư @ gần nhất", "steps-2-kind": "any", "steps-2-when": "",
    "steps-2-place": "20",
    "steps-3-purpose": "opinion", "steps-3-who": "", "steps-3-kind": "any", "steps-3-when": "",
}  # fmt: skip


def moment(settings: Settings, days: int = 0) -> Moment:
    now = utc_now() - timedelta(days=days)
    return Moment(now, day_in(settings.timezone, now))


@pytest.fixture
def sent(settings: Settings, listed: None) -> int:
    """A draft of the department that has waited for its head for three weeks, with two days to decide."""
    author = Actor("CB2", frozenset({Role.OFFICIAL}), "CB2")
    with unit_of_work(settings) as session:
        steps = [{"kind": "any", "purpose": "approval", "who": [{"unit": "own", "rank": "leader"}], "days": 2}]
        row = RouteTemplate(name="Ngắn", version=1, steps=steps, made_at=moment(settings).now, made_by="x")
        session.add(row)
        session.flush()
        then = moment(settings, 21)
        draft = drafting.create_draft(session, author, kind="cong_van", title="V/v họp <giao ban>", moment=then)
        sending_round.submit(session, author, draft_id=draft, template_id=row.id, seen_revision=1, moment=then)
        return draft


def test_the_first_day_has_routes(admin: Visitor, listed: None) -> None:
    pages = [admin.get("/routes").text for _ in range(2)]
    assert "Trình lãnh đạo cơ quan" in pages[0]
    first, again = (page.count('href="/routes/') for page in pages)
    assert first == again, "looking again makes nothing"


def test_made_by_a_form_drawn_and_changed(admin: Visitor, listed: None, settings: Settings) -> None:
    """Typed in Vietnamese, steps put in order by their place; the picture and the form say it again."""
    made = admin.post("/routes", "/routes/new", **FIELDS)
    assert made.status_code == 303
    page = admin.get(made.location).text
    assert "<svg" in page
    assert "Tờ trình &lt;b&gt;khẩn&lt;/b&gt;" in page
    assert "<b>khẩn" not in page
    assert "Giám đốc @ Sở Y tế" in page
    with unit_of_work(settings) as session:
        row = session.scalars(select(RouteTemplate).where(RouteTemplate.type == "to_trinh")).one()
        assert [one.get("purpose") for one in row.steps] == [None, "form", "approval"]
        assert row.steps[0]["if"] == {"field": "urgency", "not": ["normal"]}
        assert row.steps[0]["steps"][0]["who"] == [
            {"unit": "own", "rank": "leader"}, {"unit": town.HEALTH, "title": "Giám đốc"}]  # fmt: skip
    shown = dict(re.findall(r'name="(steps-\d-days)"[^>]*value="(\d*)"', page))
    assert shown["steps-0-days"] == "3"
    again = admin.post("/routes", made.location, **{**FIELDS, "steps-0-days": "5"})
    assert again.location != made.location
    assert admin.post("/routes", again.location, **{**FIELDS, "steps-0-days": "5"}).location == again.location


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Hãy nhập tên"),
        ("steps-1-who", "Thủ trưởng @ Sở Không Có", "không có đơn vị"),
        ("steps-1-purpose", "opinion", "bước cuối phải là phê duyệt"),
        ("steps-0-needed", "9", "Bước 1, Ai trong số đó: Ghi ở dưới cần bao nhiêu người, từ 1 đến 2"),
        ("steps-0-needed", "", "Bước 1, Ai trong số đó: Ghi ở dưới cần bao nhiêu người, từ 1 đến 2"),
        ("steps-0-days", "ba", "Bước 1, Số ngày làm việc: Hãy nhập số nguyên"),
        ("steps-0-days", "999", "Bước 1, Số ngày làm việc: Từ 1 đến 250"),
        ("type", "thu_tinh", "Hãy chọn một mục"),
    ],
)
def test_what_cannot_be_followed_comes_back(
    admin: Visitor, listed: None, settings: Settings, field: str, value: str, said: str
) -> None:
    refused = admin.post("/routes", "/routes/new", **{**FIELDS, field: value})
    assert refused.status_code == 422
    assert said in refused.text
    assert "Văn thư @ gần nhất" in refused.text, "what was typed is still there"
    with unit_of_work(settings) as session:
        assert session.scalars(select(RouteTemplate)).all() == []


def test_a_post_that_nobody_holds_is_told(admin: Visitor, listed: None) -> None:
    """A misspelt one too: else the first author who sends something that way finds out."""
    said = "Bước {}: danh bạ không có ai giữ chức vụ"
    page = admin.get(admin.post("/routes", "/routes/new", **FIELDS).location).text
    assert f"{said.format(2)} “Văn thư @ gần nhất”" in page
    assert said.format(1) not in page
    assert said.format(3) not in page
    there = {"steps-2-who": "giam doc @ gần nhất\nVăn thư @ gần nhất"}
    page = admin.get(admin.post("/routes", "/routes/new", **FIELDS | there).location).text
    assert 'id="vacant"' not in page, "one of them will do, however it is spelt"
    misspelt = {"steps-0-who": "Thủ trưởng\nGiám đốk @ Sở Y tế"}
    page = admin.get(admin.post("/routes", "/routes/new", **FIELDS | there | misspelt).location).text
    assert f"{said.format(1)} “Giám đốk @ Sở Y tế”" in page


def test_retired_with_a_way_back(admin: Visitor, listed: None) -> None:
    address = admin.post("/routes", "/routes/new", **FIELDS).location
    assert admin.post(f"{address}/retire", address).location == "/routes"
    after = admin.get("/routes").text
    assert f'action="{address}/bring-back"' in after
    assert admin.post(f"{address}/bring-back", "/routes").location == address


def test_what_the_form_cannot_say_is_left_to_a_file(admin: Visitor, listed: None, settings: Settings) -> None:
    strange = {"kind": "condition", "if": {"field": "type", "is": ["quyet_dinh", "ke_hoach"]}, "steps": [
        {"kind": "any", "purpose": "opinion", "who": [{"unit": "own", "rank": "leader"}]}]}  # fmt: skip
    last = {"kind": "any", "purpose": "approval", "who": [{"unit": "own", "rank": "leader"}]}
    with unit_of_work(settings) as session:
        row = RouteTemplate(name="x", version=1, steps=[strange, last], made_at=utc_now(), made_by="x")
        session.add(row)
        session.flush()
        number = row.id
    page = admin.get(f"/routes/{number}").text
    assert "vanthu eoffice routes" in page
    assert 'name="steps-0-who"' not in page


def test_a_head_sees_what_is_late_without_asking(account_of: Making, sent: int) -> None:
    head = account_of(official_id="CB1")
    assert f"1 việc quá hạn ở {town.CONSTRUCTION}" in head.get("/").text
    board = head.get("/overdue").text
    assert "V/v họp &lt;giao ban&gt;" in board
    assert f"/documents/{sent}" in board
    assert "Nguyễn Thị Ngọc Ánh" in board


def test_others_see_less(account_of: Making, admin: Visitor, sent: int) -> None:
    elsewhere, whole = account_of(official_id="CB5").get("/overdue").text, admin.get("/overdue").text
    assert town.CONSTRUCTION not in elsewhere
    assert town.CONSTRUCTION in whole
    for page in (elsewhere, whole):
        assert "giao ban" not in page
        assert "Nguyễn Thị Ngọc Ánh" not in page


def test_the_story_on_a_page_and_as_a_paper(account_of: Making, sent: int) -> None:
    head = account_of(official_id="CB1")
    assert f"/documents/{sent}/story" in head.get(f"/documents/{sent}").text
    page = head.get(f"/documents/{sent}/story").text
    assert "trình văn bản theo quy trình" in page
    assert "mở xem văn bản" in page
    assert head.get(f"/documents/{sent}/story/vi.pdf").data.startswith(b"%PDF-")
    assert head.get(f"/documents/{sent}/story/fr.pdf").status_code == 404
    stranger = account_of(official_id="CB5")
    for address in (f"/documents/{sent}/story", f"/documents/{sent}/story/vi.pdf"):
        assert stranger.get(address).status_code == 404


def test_a_board_without_deadlines(account_of: Making, settings: Settings, sent: int) -> None:
    with unit_of_work(settings) as session:
        for step in session.scalars(select(StepRow)):
            step.due = None
    assert "Không có việc quá hạn" in account_of(official_id="CB1").get("/overdue").text
