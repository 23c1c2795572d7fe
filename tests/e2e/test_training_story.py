"""From a month of logs to the next one: a leader who never writes learns it, proves it on the real server, and does it.

In a browser, with a real Postfix and Dovecot: HR's rule finds him in the logs, he learns on a telephone, sends the
practice message, the server's own log proves it, anybody may check his certificate, HR takes the list away, and the
audit of the next four weeks shows him. In a browser on the embedded database; by programs (`learnt_by_programs`), which
take the same steps, on PostgreSQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pypdfium2  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.drawn_code import holds
from tests.e2e.learnt_by_programs import Programs
from tests.e2e.office import HEAD, PEOPLE
from tests.e2e.school import DAY, HR, KEEPER, PHONE, WINDOW, School, fits, school
from tests.e2e.test_walk import look_at
from tests.servers.mail_fixtures import demand_servers
from tests.servers.mail_server import MailServer, running
from tests.servers.mail_settings import Options
from tests.servers.postgres import PostgresServer
from tests.servers.practised import with_practice_address
from tests.web.api.conftest import Program
from training.lessons import SHIPPED, of_folder
from training.quizzes import Question

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("browser")]
COURSE, _PICTURES = of_folder(SHIPPED / "mailbox")
TITLE, RULE = COURSE.title.vi, "Lãnh đạo không dùng thư"
NOT_USED, REGULAR = "không dùng", "dùng thường xuyên"


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    demand_servers()
    with running(Options(), with_practice_address) as started:
        yield started


@pytest.fixture
def there(tmp_path: Path, browser: Browser, server: MailServer) -> Iterator[School]:
    with school(tmp_path, browser, server) as opened:
        yield opened


def test_from_a_month_of_logs_to_the_next(there: School, tmp_path: Path, axe: str) -> None:
    _logs_followed(there)
    before = _audited(there, there.today - WINDOW, there.today - DAY, NOT_USED)
    _rule_picks_him(there)
    course = _lessons_read(there)
    _quiz_passed(there, course)
    _practised(there, course)
    certificate = _certificate_checked(there, tmp_path)
    _looked_at(there, axe, course, certificate)
    _list_taken(there, tmp_path)
    there.write_month_after()
    there.collect()
    after = _audited(there, there.today, there.today + WINDOW - DAY, REGULAR)
    _practice_not_counted(there, after)
    _months_compared(there, before, after)


def test_the_same_steps_by_programs_on_postgresql(
    tmp_path: Path, browser: Browser, server: MailServer, postgres_server: PostgresServer
) -> None:
    with school(tmp_path, browser, server, database=postgres_server.database("training_story")) as there:
        programs = Programs(there, COURSE)
        programs.follow_logs()
        before, told = programs.audited(there.today - WINDOW, there.today - DAY)
        assert told["usage_class"] == "none"
        assert programs.pick_by_rule(RULE) == [HEAD.number]
        course = programs.read_lessons()
        assert programs.pass_quiz(course) == 100
        assert programs.practise(course) == ("open", "passed")
        assert programs.get(HEAD, course)["state"] == "done"
        (certificate,) = programs.get(HEAD, "/own/certificates")["rows"]
        seen = Program(there.office.site.app.test_client(), None).get(f"/certificates/{certificate['code']}/verified")
        assert (seen.json or {}).get("state") == "valid"
        (done,) = programs.get(HR, "/completions")["rows"]
        assert (done["official_id"], done["steps_done"]) == (HEAD.number, len(COURSE.steps))
        there.write_month_after()
        programs.collect()
        after, told = programs.audited(there.today, there.today + WINDOW - DAY)
        assert (told["usage_class"], told["sent"]) == ("regular", WINDOW.days - 1)
        moved = programs.get(HR, f"/comparison/moved?earlier={before}&later={after}")["rows"]
        assert [one["after"]["official_id"] for one in moved] == [HEAD.number]


def _logs_followed(there: School) -> None:
    """The administrator names the files; a worker reads them."""
    page = there.window(KEEPER)
    page.goto("/sources")
    page.fill("#name", "Máy chủ thư")
    page.fill("#places", f"{there.logs}\n{there.server.place.iso_log}")
    page.click("main >> text=Theo dõi nguồn này")
    expect(page.locator("main")).to_contain_text("Máy chủ thư")
    there.collect()


def _audited(there: School, first: object, last: object, expected: str) -> int:
    """A report of these days says so of him; its number."""
    page = there.window(KEEPER)
    page.goto("/audits/from-store")
    page.fill("#first", str(first))
    page.fill("#last", str(last))
    page.click("main >> text=Lập báo cáo")
    expect(page).to_have_url(re.compile(r"/audits/[0-9]+$"))
    audit = int(page.url.rpartition("/")[2])
    page.goto("/audits")  # the page of a report that is being made opens itself again, in the midst of what follows
    there.work_off()
    page.goto(f"/audits/{audit}/officials/{HEAD.number}")
    expect(page.locator(".vt-lead")).to_have_text(expected)
    return audit


def _rule_picks_him(there: School) -> None:
    """HR says whom the rule is about, reads whom it would pick and why, and activates it."""
    page = there.window(HR)
    page.goto("/training/rules/new")
    page.fill("#name", RULE)
    page.select_option("#course_key", COURSE.key)
    page.locator("#rank").select_option("leader")
    page.check("[name=mail_classes][value=none]")
    page.click("main >> text=Lưu và xem thử")
    expect(page.locator("main")).to_contain_text(f"1 trên {len(PEOPLE)} cán bộ")
    (picked,) = page.locator("main ol li").all_inner_texts()
    assert HEAD.name in picked
    assert NOT_USED in picked
    page.click("main >> text=Áp dụng quy tắc")
    expect(page.locator("main")).to_contain_text(HEAD.name)


def _lessons_read(there: School) -> str:
    """On a telephone: from the home page through all lessons to the quiz; the address of the course."""
    page = there.window(HEAD)
    page.goto("/")
    fits(page)
    page.click(f".vt-card >> text={TITLE}")
    expect(page.locator("h1")).to_have_text(TITLE)
    course = page.url
    page.click("text=Vì sao tôi có khóa học này?")
    expect(page.locator("details").first).to_contain_text(NOT_USED)
    page.click("main >> text=Bắt đầu: ")
    for lesson in COURSE.lessons:
        expect(page.locator("h1")).to_contain_text(lesson.title.vi)
        fits(page)
        page.click("main form >> text=Đã đọc xong")
    expect(page.locator("main")).to_contain_text("Bắt đầu làm bài")
    return course


def _quiz_passed(there: School, course: str) -> None:
    page = there.window(HEAD)
    page.goto(f"{course}/quiz")
    page.click("main >> text=Bắt đầu làm bài")
    fits(page)
    asked = [one for one in COURSE.questions if page.locator("legend", has_text=one.ask.vi).count()]
    assert len(asked) == COURSE.draw
    for question in asked:
        _answer(page.locator(".vt-question").filter(has_text=question.ask.vi), question)
    page.click("main form >> text=Nộp bài")
    expect(page.locator("h1")).to_contain_text("100")
    fits(page)


def _answer(place: Locator, question: Question) -> None:
    """Choose what is right; nothing in the page tells it from what is wrong."""
    if question.paired:
        partners = {one.key: one.text.vi for one in question.partners}
        for choice, partner in zip(question.choices, question.right, strict=True):
            place.get_by_label(choice.text.vi, exact=True).select_option(label=partners[partner])
        return
    items = place.locator(".govuk-radios__item, .govuk-checkboxes__item")
    alike = {re.sub(r">[^<]+<|[0-9]+", "", one.inner_html()) for one in items.all()}
    assert len(alike) == 1
    for choice in question.choices:
        if choice.key in question.right:
            place.get_by_label(choice.text.vi, exact=True).check()


def _practised(there: School, course: str) -> None:
    """He copies the address and writes from his own mailbox; the log that the server writes proves it."""
    page = there.window(HEAD)
    page.goto(f"{course}/practice/send")
    page.get_by_role("button", name="Bắt đầu", exact=True).click()
    expect(page.locator("main")).to_contain_text("Chưa xong")
    fits(page)
    address = page.locator("code.vt-exercise__copy").inner_text()
    there.send(address, HEAD)
    there.collect()
    page.reload()
    expect(page.locator("main")).to_contain_text("Đã xong")
    page.click("main >> text=Về trang khóa học")
    expect(page.locator("main")).to_contain_text("Ông/Bà đã hoàn thành khóa học")


def _certificate_checked(there: School, tmp_path: Path) -> str:
    """The paper leads anybody, without an account, to the page that says that it is valid; its address."""
    page = there.window(HEAD)
    page.goto("/learning/certificates")
    fits(page)
    with page.expect_download() as waiting:
        page.click("main a[href$='/vi.pdf']")
    paper = tmp_path / "certificate.pdf"
    waiting.value.save_as(paper)
    drawn = pypdfium2.PdfDocument(paper)[0]
    text = drawn.get_textpage().get_text_range()
    printed = re.search(r"http://127[.]0[.]0[.]1:[0-9]+/certificates/\S+", text)
    assert printed is not None, text
    assert holds(drawn, printed[0])
    stranger = there.office.browser.new_context(viewport={"width": PHONE, "height": 740}, service_workers="block")
    shown = stranger.new_page()
    shown.goto(printed[0])
    expect(shown.locator("h1")).to_have_text("Giấy chứng nhận này còn hiệu lực")
    for said in (HEAD.name, TITLE):
        expect(shown.locator("main")).to_contain_text(said)
    fits(shown)
    stranger.close()
    return printed[0]


def _looked_at(there: School, axe: str, course: str, certificate: str) -> None:
    """The pages of the story as they are now that they have something to say: narrow and wide, light and dark; in
    English (the same pages with other words) those that say most.
    """
    rule = "/training/rules/1"
    hr = [f"{rule}/preview?who={HEAD.number}", "/training/waves/1", "/training", rule, "/training/waves"]
    his = [f"{course}/practice/send", course, f"{course}/quiz", "/learning/certificates", certificate]
    bad: dict[str, object] = {}
    for person, addresses in ((HR, [*hr, "/certificates", f"{certificate}/revoke"]), (HEAD, his)):
        page = there.window(person)
        page.set_viewport_size({"width": PHONE, "height": 740})
        for language, some in (("en", addresses[:2]), ("vi", addresses)):
            page.goto(f"/language/{language}")
            for address in some:
                page.goto(address)
                fits(page)
                if found := look_at(page, axe, colours=language == "vi"):
                    bad[f"{language} {address}"] = found
    assert bad == {}


def _list_taken(there: School, tmp_path: Path) -> None:
    page = there.window(HR)
    page.goto("/training")
    with page.expect_download() as waiting:
        page.click("main >> text=Excel (XLSX)")
    kept = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(kept)
    heads, *rows = openpyxl.load_workbook(kept).active.iter_rows(values_only=True)
    (row,) = [dict(zip(heads, one, strict=True)) for one in rows]
    assert (row["Mã số"], row["Họ và tên"], row["Khóa học"]) == (HEAD.number, HEAD.name, TITLE)
    assert (row["Tình trạng"], row["Số bước đã xong"]) == ("đã xong", len(COURSE.steps))
    assert NOT_USED in row["Lý do giao"]


def _practice_not_counted(there: School, after: int) -> None:
    """He wrote on every day but the first, on which he only practised."""
    page = there.window(KEEPER)
    page.goto(f"/audits/{after}/officials/{HEAD.number}")
    expect(page.locator("a[href*='/figures/sent/']")).to_contain_text(re.compile(rf"^{WINDOW.days - 1}\b"))


def _months_compared(there: School, before: int, after: int) -> None:
    page = there.window(HR)
    page.goto("/comparison")
    moved = page.locator("#moved ~ table tbody tr").filter(has_text=HEAD.name)
    expect(moved.locator(".vt-tag")).to_have_text([NOT_USED, REGULAR])
    expect(page.locator("#moved ~ table tbody tr")).to_have_count(1)
    page = there.window(HEAD)
    page.goto("/")
    expect(page.locator("section[aria-labelledby=own]")).to_contain_text(REGULAR)
