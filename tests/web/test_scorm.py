"""SCORM packages by the pages: off until a second origin is named, taken in by HR, shown apart, reported and believed
for no more than it is.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import unquote

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.audit import AuditEntry
from core.db import forget, unit_of_work
from core.permissions import Role, command_line_actor
from core.settings import Settings, SettingsError, load
from tests.training.scorm.packages import ITEM, manifest, zipped
from tests.web.conftest import TOKEN, Visitor
from training.errors import PackageError
from training.models import AssignmentRow, ScormPackageRow, ScormReportRow, StepDoneRow
from training.scorm import opening
from training.services import courses
from training.services.assigning import assign_by_hand
from training.services.scorm import taking
from web import pace
from web.app import create_app
from web.border import BorderedFlask
from web.guards import guard_of
from web.views.learning import moment

Made = Callable[..., Visitor]
ORIGIN = "http://127.0.0.9:8765"
OURS = "http://localhost"
KEY, STEP = "an_toan_thong_tin", "an-toan-thong-tin"
MASTERY = "<adlcp:masteryscore>80</adlcp:masteryscore>"
NOON = datetime(2026, 10, 6, 12, 0, 40, tzinfo=UTC)
TOLD = re.compile(r"data-here='([^']*)'")


@pytest.fixture
def settings(settings: Settings) -> Iterator[Settings]:
    """As everywhere, and a second origin."""
    (settings.home / "vanthu.toml").write_text(f'[training.scorm]\norigin = "{ORIGIN}"\n', "utf-8")
    made = load({"VANTHU_HOME": str(settings.home)})
    yield made
    forget(made)


@pytest.fixture
def hr(account_of: Made) -> Visitor:
    return account_of(Role.HR)


def sent(hr: Visitor, content: bytes, into: str = "") -> TestResponse:
    return hr.post("/courses", "/courses", package=(io.BytesIO(content), "goi.zip"), into=into)


@pytest.fixture
def lesson(hr: Visitor, settings: Settings, app: BorderedFlask) -> str:
    """The address of a lesson of a package with a mastery score, which CB1 has to do."""
    assert sent(hr, zipped(manifest(ITEM % MASTERY))).location == f"/courses/{KEY}"
    with app.app_context(), unit_of_work(settings) as session:
        now = moment()
        assigned = assign_by_hand(
            session, command_line_actor(), official_id="CB1", course_key=KEY, due_on=now.today + timedelta(days=14),
            reason="Thử", moment=now,
        )  # fmt: skip
    return f"/learning/{assigned}/packages/{STEP}"


def told_by(player: str) -> dict[str, Any]:
    """What our frame hands to a lesson as a sitting begins."""
    found = TOLD.search(player)
    assert found
    return cast("dict[str, Any]", json.loads(found[1]))


def ticket_on(page: str) -> str:
    found = re.search(r'data-ticket="([^"]+)"', page)
    assert found
    return found[1]


def said(
    visitor: Visitor, lesson: str, serial: int, /, *, ticket: str = "", finished: bool = False, **values: str
) -> TestResponse:
    """Send a report as our page does."""
    written = {f"cmi.{name.replace('__', '.')}": value for name, value in values.items()}
    ticket = ticket or ticket_on(visitor.get(lesson).text)
    fields = {"ticket": ticket, "serial": str(serial), "finished": "01"[finished], "values": json.dumps(written)}
    return visitor.post(lesson, lesson, **fields)


def test_without_a_second_origin_there_is_nothing(settings: Settings, account_of: Made, app: BorderedFlask) -> None:
    (settings.home / "vanthu.toml").unlink()
    plain = load({"VANTHU_HOME": str(settings.home)})
    bare = create_app(plain)
    assert [one.rule for one in bare.url_map.iter_rules() if "packages" in one.rule] == []
    account_of(Role.HR, name="hr")
    visitor = Visitor(bare.test_client())
    assert visitor.log_in(name="hr").status_code == 303
    assert "SCORM" not in visitor.get("/courses").text
    refused = visitor.post("/courses", "/courses", package=(io.BytesIO(zipped()), "goi.zip"), into="")
    assert refused.status_code == 422
    assert "Ở đây chưa bật SCORM" in refused.text
    forget(plain)


def test_what_is_too_much_is_told_the_limit_of_packages(
    settings: Settings, app: BorderedFlask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not that of a course, which is a tenth of it; what is no package is told that of a course."""

    def stored(size: int, name: str) -> bytes:
        return zipped(name, files={}, build=lambda archive: archive.writestr("a.bin", bytes(size), zipfile.ZIP_STORED))

    monkeypatch.setattr(opening, "LIMITS", replace(opening.LIMITS, largest=11_000_000, most_entries=2))
    crowd = zipped(files={f"{at}.js": b"" for at in range(9)})
    told = {"11 MB": stored(11_000_001, manifest()), "10 MB": stored(10_500_000, ""), "2 entries": crowd}
    for words, content in told.items():
        with app.app_context(), unit_of_work(settings) as session, pytest.raises(PackageError) as refused:
            taking.take(session, command_line_actor(), file=io.BytesIO(content), into=None, moment=moment())
        assert words in refused.value.message.en


def test_switched_off_again_the_course_says_so(official: Visitor, lesson: str, settings: Settings) -> None:
    (settings.home / "vanthu.toml").unlink()
    plain = load({"VANTHU_HOME": str(settings.home)})
    visitor = Visitor(create_app(plain).test_client())
    assert visitor.log_in(name="can.bo").status_code == 303
    course = lesson.partition("/packages")[0]
    assert "Ở đây đang tắt bài SCORM" in visitor.get(course).text
    assert visitor.get(lesson).status_code == 404
    assert "packages" not in visitor.get("/learning").text
    forget(plain)


@pytest.mark.parametrize(
    "table",
    [
        'origin = "learn.example.gov.vn"',
        'origin = "http://learn.example.gov.vn"',
        'origin = "https://learn.example.gov.vn/path"',
        'origin = "https://u@learn.example.gov.vn"',
        'origin = "https://vanthu.tp.example.gov.vn:8443"',
        'origin = "https://learn.example.gov.vn"\nhours = 99',
        'origin = "https://learn.example.gov.vn"\nport = 1',
    ],
)
def test_an_origin_that_cannot_be_used_stops_the_start(settings: Settings, table: str) -> None:
    """The fifth is our own name with another port: browsers share cookies between ports."""
    text = f'[web]\nhosts = "vanthu.tp.example.gov.vn"\n[training.scorm]\n{table}\n'
    (settings.home / "vanthu.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError):
        create_app(load({"VANTHU_HOME": str(settings.home)}))


def test_every_route_of_it_has_a_guard(app: BorderedFlask) -> None:
    found = {one.endpoint: guard_of(app, one.endpoint) for one in app.url_map.iter_rules() if "packages/" in one.rule}
    assert {name: guard.permission for name, guard in found.items() if guard} == {
        "scorm.lesson": "training:course:take", "scorm.save": "training:course:take",
    }  # fmt: skip


def test_the_frame_and_its_files_come_from_the_other_origin_only(official: Visitor, lesson: str) -> None:
    page = official.get(lesson)
    assert f"frame-src {ORIGIN}" in page.headers["Content-Security-Policy"]
    assert "frame-src" not in official.get("/learning").headers["Content-Security-Policy"]
    ticket = ticket_on(page.text)
    nobody = Visitor(official.client.application.test_client())
    player = nobody.get(f"/c/{ticket}/", base_url=ORIGIN)
    assert player.status_code == 200
    assert "frame-ancestors http://localhost" in player.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in player.headers
    told = told_by(player.text)
    assert told["start"]["cmi.core.student_id"] == "CB1"
    assert told["start"]["cmi.student_data.mastery_score"] == "80"
    file = nobody.get(told["launch"], base_url=ORIGIN)
    assert (file.status_code, file.headers["Content-Type"]) == (200, "text/html")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox allow-scripts" in file.headers["Content-Security-Policy"]
    assert nobody.get(told["launch"].replace("index", "INDEX"), base_url=ORIGIN).status_code == 200
    assert nobody.get(told["launch"], base_url=ORIGIN, headers={"Service-Worker": "script"}).status_code == 403
    assert nobody.get("/shim/scorm-player.js", base_url=ORIGIN).status_code == 200
    for address in ("/", "/log-in", "/learning", "/static/built/app.css", "/shim/app.js", f"/c/{ticket}x/",
                    f"/c/{ticket}/files/imsmanifest.xml/x", f"/c/{ticket}/files/../../x"):  # fmt: skip
        assert nobody.get(address, base_url=ORIGIN).status_code == 404, address
    for host in ("http://127.0.0.9", "http://127.0.0.9:1", "http://127.0.0.9.:8765", "http://127.0.0.9:9999"):
        assert nobody.get("/log-in", base_url=host).status_code == 404, "no page of ours at any port of that name"
    for address in (f"/c/{ticket}/", told["launch"], "/shim/scorm-player.js"):
        assert official.get(address).status_code == 404, "not under our own name"


def test_a_ticket_ends_with_the_log_in(official: Visitor, lesson: str) -> None:
    ticket = ticket_on(official.get(lesson).text)
    nobody = Visitor(official.client.application.test_client())
    assert nobody.get(f"/c/{ticket}/", base_url=ORIGIN).status_code == 200
    official.post("/log-out", "/learning")
    assert nobody.get(f"/c/{ticket}/", base_url=ORIGIN).status_code == 404
    assert (
        nobody.client.post(
            f"/c/{ticket}/last", base_url=ORIGIN, data='1\n{"cmi.core.lesson_status": "passed"}'
        ).status_code
        == 404
    )


def test_left_resumed_failed_and_passed(official: Visitor, lesson: str, settings: Settings, hr: Visitor) -> None:
    """What a learner meets over three sittings, with the score deciding; and what HR sees of it."""
    first = said(
        official, lesson, 1, core__lesson_status="incomplete", core__lesson_location="p7", suspend_data="câu 3",
        core__session_time="0000:10:00", core__exit="suspend",
    )  # fmt: skip
    assert first.json is not None
    assert first.json["said"].endswith("Gói học báo: chưa học xong.")
    assert not first.json["done"]
    page = official.get(lesson).text
    assert "chưa học xong" in page
    start = told_by(_player(official, page))["start"]
    assert (start["cmi.core.entry"], start["cmi.core.lesson_location"]) == ("resume", "p7")
    assert (start["cmi.suspend_data"], start["cmi.core.total_time"]) == ("câu 3", "0000:10:00.00")
    assert "cmi.core.exit" not in start
    again = said(official, lesson, 1, finished=True, core__lesson_status="completed", core__score__raw="70")
    assert (again.json or {})["said"].endswith("Gói học báo: chưa đạt, 70 điểm."), (
        "the package's own mastery score decides"
    )
    third = said(official, lesson, 1, finished=True, core__lesson_status="completed", core__score__raw="92.5",
                 core__session_time="0000:05:00.50")  # fmt: skip
    assert (third.json or {})["done"]
    with unit_of_work(settings) as session:
        row = session.scalars(select(ScormReportRow)).one()
        assert (row.status, row.score, row.before + row.spent) == ("passed", 92.5, 60_000 + 30_050)
        step = session.scalars(select(StepDoneRow)).one()
        assert (step.kind, step.key, step.proof["reported"]) == ("scorm", STEP, True)
        assert session.scalars(select(AssignmentRow.state)).one() == "done"
    assert "xong, theo gói học báo" in official.get(lesson.partition("/packages")[0]).text
    assert "92,5" in hr.get("/training").text
    later = said(official, lesson, 1, core__lesson_status="failed", core__score__raw="1")
    assert (later.json or {})["said"].endswith("đạt, 92,5 điểm."), "looked at again, it changes nothing"


def _player(official: Visitor, page: str) -> str:
    return Visitor(official.client.application.test_client()).get(f"/c/{ticket_on(page)}/", base_url=ORIGIN).text


def test_late_double_and_older_reports_change_nothing(official: Visitor, lesson: str, settings: Settings) -> None:
    old = ticket_on(official.get(lesson).text)
    new = ticket_on(official.get(lesson).text)
    assert said(official, lesson, 2, ticket=new, suspend_data="zwei").status_code == 200
    assert said(official, lesson, 2, ticket=new, suspend_data="again").status_code == 200
    assert said(official, lesson, 1, ticket=new, suspend_data="late").status_code == 200
    assert said(official, lesson, 9, ticket=old, suspend_data="older window").status_code == 409
    last = '3 finished\n{"cmi.suspend_data": "last words", "cmi.core.lesson_status": "incomplete"}'
    nobody = Visitor(official.client.application.test_client())
    for _twice in range(2):
        assert nobody.client.post(f"/c/{new}/last", base_url=ORIGIN, data=last).status_code == 204
    with unit_of_work(settings) as session:
        row = session.scalars(select(ScormReportRow)).one()
        assert (row.serial, row.finished, row.values["cmi.suspend_data"]) == (3, True, "last words")


MOODS: tuple[dict[str, str], ...] = (
    {"core__lesson_status": "failed"}, {"core__lesson_status": "incomplete"}, {"core__lesson_status": "browsed"},
    {"core__lesson_status": "completed"}, {"core__lesson_status": "passed"},
)  # fmt: skip


def test_a_script_that_changes_its_mind_for_ever_fills_no_trail_and_has_to_wait(
    official: Visitor, lesson: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One entry where it was begun, one for each way it ended; and a pace, apart for its last words."""
    monkeypatch.setattr(pace, "REPORTS_A_MINUTE", 14)
    monkeypatch.setattr(pace, "LAST_WORDS_A_MINUTE", 3)
    monkeypatch.setattr(pace, "utc_now", lambda: NOON)
    ticket = ticket_on(official.get(lesson).text)
    token = TOKEN.search(official.get(lesson).text)
    assert token
    nobody = Visitor(official.client.application.test_client())
    got: list[int] = []
    for serial in range(1, 16):
        values = {f"cmi.{name.replace('__', '.')}": value for name, value in MOODS[serial % len(MOODS)].items()}
        fields = {"csrf_token": token[1], "ticket": ticket, "serial": str(serial), "finished": "0"}
        got.append(official.client.post(lesson, data=fields | {"values": json.dumps(values)}).status_code)
    assert got == [200] * 14 + [429]
    last = [
        f'{serial}\n{{"cmi.core.lesson_status": "{mood}"}}' for serial, mood in enumerate(("failed", "passed") * 2, 20)
    ]
    said_last = [nobody.client.post(f"/c/{ticket}/last", base_url=ORIGIN, data=words).status_code for words in last]
    assert said_last == [204] * 3 + [429]
    with unit_of_work(settings) as session:
        wanted = select(AuditEntry.facts).where(AuditEntry.action == "training:scorm:report")
        assert [one["status"] for one in session.scalars(wanted.order_by(AuditEntry.id))] == [
            "incomplete", "completed", "passed", "failed",
        ]  # fmt: skip
        steps = select(AuditEntry).where(AuditEntry.action == "training:step:done")
        assert len(session.scalars(steps).all()) <= 1


UNFIT = (
    "", "[]", "{", "null", '{"cmi.core.student_name": "x"}', '{"cmi.core.lesson_status": "not attempted"}',
    '{"cmi.core.lesson_status": 1}', '{"cmi.core.score.raw": "101"}', '{"cmi.interactions.0.id": "x"}',
    '{"cmi.suspend_data": "' + "x" * 4097 + '"}', '{"cmi.suspend_data": "\\u0000"}', '{"cmi.objectives.n.id": "x"}',
    '{"cmi.suspend_data": "\\ud800"}', "[" * 100_000, '{"x": "' + "y" * 250_000 + '"}',
)  # fmt: skip


def test_reports_that_no_lesson_can_have_sent(official: Visitor, lesson: str, settings: Settings) -> None:
    page = official.get(lesson).text
    token = TOKEN.search(page)
    assert token
    fields = {"csrf_token": token[1], "ticket": ticket_on(page), "serial": "1", "finished": "0"}
    got = {values[:60]: official.client.post(lesson, data=fields | {"values": values}).status_code for values in UNFIT}
    assert got == dict.fromkeys(got, 400)
    with unit_of_work(settings) as session:
        assert session.scalars(select(ScormReportRow)).first() is None


def test_tickets_of_others_are_worth_nothing(official: Visitor, lesson: str, account_of: Made) -> None:
    ticket = ticket_on(official.get(lesson).text)
    other = account_of(official_id="CB5", name="khac")
    assert other.get(lesson).status_code == 404
    sheet = "/learning"
    fields = {"ticket": ticket, "serial": "1", "finished": "0", "values": "{}"}
    assert other.post(lesson, sheet, **fields).status_code == 400
    assert official.client.post(lesson, data=fields).status_code == 400, "without the form's token"
    bent = ticket[:-2] + ("AA" if not ticket.endswith("AA") else "BB")
    assert official.post(lesson, lesson, **(fields | {"ticket": bent})).status_code == 400
    assert official.post(lesson, lesson, **(fields | {"serial": "1x"})).status_code == 400


def test_a_package_as_a_step_of_a_course_and_again(hr: Visitor, settings: Settings, app: BorderedFlask) -> None:
    with app.app_context(), unit_of_work(settings) as session:
        courses.ensure_shipped(session, moment=moment())
    items = ITEM % "" + (ITEM % "<adlcp:prerequisites type='aicc_script'>I1</adlcp:prerequisites>").replace(
        'I1"', 'I2"'
    )
    taken = sent(hr, zipped(manifest(items)), into="safe_mail")
    assert taken.location == "/courses/safe_mail"
    page = hr.get(taken.location).text
    assert page.count("bài SCORM") == 2
    assert page.count("An toàn thông tin") >= 2, "steps have their titles"
    assert "không bị khóa" in page, "what is not done here is said"
    assert sent(hr, zipped(manifest(items)), into="safe_mail").status_code == 303
    with unit_of_work(settings) as session:
        assert session.scalars(select(ScormPackageRow)).one().title == "An toàn thông tin"
    zipped_again = hr.get("/courses/safe_mail/package").data
    assert sent(hr, zipped_again).location == "/courses/safe_mail", "taken away and brought back"
    assert hr.get("/courses/safe_mail").text.count("bài SCORM") == 2
    assert unquote(taken.location)
