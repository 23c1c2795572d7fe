"""From an idea to its approval as people live it: in a browser, by e-mail through a real Postfix, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from core.audit import AuditEntry
from core.calendar import day_in
from core.db import unit_of_work, utc_now
from eoffice.inbound.server import Listener
from eoffice.models import ReplyMail
from eoffice.replying.options import InboundOptions
from tests.e2e.office import (
    AUTHOR,
    BY_MAIL,
    BY_PHONE,
    CLERK,
    DEPUTY,
    HEAD,
    PEOPLE,
    REPLY_TO,
    ROOM,
    WITH_OPINIONS,
    WITHOUT,
    Office,
    Person,
    office,
)
from tests.servers.loopback import free_port
from tests.servers.mail_answers import answer_to, letter_about, letters_of, send_as, with_door
from tests.servers.mail_fixtures import demand_servers
from tests.servers.mail_server import MailServer, running, until
from tests.servers.mail_settings import Options
from tests.servers.postgres import PostgresServer

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("browser")]
DOOR = free_port()
PHONE = 360
SUBJECT = "Kiểm tra an toàn thực phẩm dịp cuối năm"
BODY = "Sở Y tế đề nghị các sở cử cán bộ tham gia đoàn kiểm tra từ ngày 10 tháng 12./."
CORRECTED = "Sở Y tế đề nghị các sở cử cán bộ tham gia đoàn kiểm tra từ ngày 15 tháng 12./."
BY_LETTER, BY_HAND, REASON = "bổ sung kinh phí kiểm tra", "Đề nghị nêu rõ thành phần đoàn.", "Lùi ngày bắt đầu."


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    demand_servers()
    with running(Options(), with_door([one.account for one in PEOPLE], door=DOOR, reply_to=REPLY_TO)) as started:
        yield started


@pytest.fixture(params=["embedded", "postgresql"])
def there(request: pytest.FixtureRequest, tmp_path: Path, browser: Browser, server: MailServer) -> Iterator[Office]:
    """The office; answers by e-mail come in by the door."""
    database = ""
    if request.param == "postgresql":
        postgres: PostgresServer = request.getfixturevalue("postgres_server")
        database = postgres.database("document_story")
    for one in PEOPLE:
        for left in letters_of(server, one.account):
            left.unlink()
    with office(tmp_path, browser, database=database, mail=server.ports.mx, door=DOOR) as started:
        door = Listener(started.settings, InboundOptions.of(started.settings))
        door.start()
        yield started
        door.stop()


def test_from_an_idea_to_its_approval(there: Office, server: MailServer, tmp_path: Path) -> None:
    draft = _drafted(there)
    _sent(there, draft, WITH_OPINIONS)
    _opinion_by_mail(there, server)
    _opinion_by_phone(there)
    _agreed(there, ROOM)
    _agreed(there, CLERK)
    _returned(there)
    _corrected(there, draft)
    _sent(there, draft, WITHOUT)
    _agreed(there, ROOM)
    _agreed(there, CLERK)
    _deputy_named(there)
    _approved_by_the_deputy(there)
    _told(there, draft, tmp_path)


def _drafted(there: Office) -> str:
    """A specialist writes in the browser; two faults are found, and mended by a click; the draft's address."""
    with there.at_the_desk_of(AUTHOR) as page:
        page.goto("/drafts")
        page.click("main >> text=Soạn văn bản mới")
        page.select_option("#kind", "cong_van")
        page.fill("#title", SUBJECT)
        page.get_by_role("button", name="Bắt đầu", exact=True).click()
        draft = page.url.removesuffix("/write").rpartition("/")[2]
        _field(page, "Nội dung").fill(BODY)
        _field(page, "Chức vụ").fill("Giám đốc")
        _field(page, "Họ tên").fill(f"TS. {HEAD.name}")
        page.click("main .vt-choices >> text=Lưu")
        expect(page.locator("#form-title")).to_contain_text("2 chỗ cần xem")
        page.click("#form >> text=Sửa những lỗi sửa được ngay")
        expect(page.locator("#form-title")).to_contain_text("không thấy lỗi")
        assert _field(page, "Chức vụ").input_value() == "GIÁM ĐỐC"
        assert _field(page, "Họ tên").input_value() == HEAD.name
    return draft


def _field(page: Page, label: str) -> Locator:
    return page.locator(".vt-block").filter(has_text=label).locator("textarea").first


def _sent(there: Office, draft: str, route: str) -> None:
    """Its author sends it off, after reading who would have it."""
    with there.at_the_desk_of(AUTHOR) as page:
        page.goto(f"/drafts/{draft}/write")
        page.click("main .vt-choices >> text=Gửi đi")
        way = page.locator(".govuk-radios__item").filter(has_text=route)
        for one in (ROOM, CLERK, HEAD, *((BY_MAIL, BY_PHONE) if route == WITH_OPINIONS else ())):
            expect(way).to_contain_text(one.name)
        way.locator("input").check()
        page.click("main form >> text=Gửi đi")
        expect(page.locator(".vt-notice")).to_contain_text("Đã gửi")
        first = (BY_MAIL, BY_PHONE) if route == WITH_OPINIONS else (ROOM,)
        expect(page.locator("#with-whom")).to_have_text(f"Văn bản đang chờ {', '.join(one.name for one in first)}.")


def _opinion_by_mail(there: Office, server: MailServer) -> None:
    """One of those who are asked at the same time answers the letter, as any mail program does."""
    letter = letter_about(there.settings, server, BY_MAIL.account, SUBJECT)
    send_as(server, answer_to(letter, f"Ý kiến: {BY_LETTER}", sender=BY_MAIL.account), BY_MAIL.account)
    until(lambda: _mails_taken(there) == ["opinion"], "the answer is taken", seconds=60)


def _mails_taken(there: Office) -> list[str]:
    with unit_of_work(there.settings) as session:
        return list(session.scalars(select(ReplyMail.outcome)))


def _opinion_by_phone(there: Office) -> None:
    with _opened_from_home(there, BY_PHONE, width=PHONE) as page:
        expect(page.locator(".vt-opinion")).to_contain_text(BY_LETTER)
        page.fill("#comment", BY_HAND)
        page.click("text=Gửi ý kiến")
        expect(page.locator(".vt-notice")).to_contain_text("Đã gửi ý kiến")


@contextmanager
def _opened_from_home(there: Office, person: Person, *, width: int = 1280) -> Iterator[Page]:
    """The document, opened by its card on the home page."""
    with there.at_the_desk_of(person, width=width) as page:
        page.goto("/")
        page.click(f".vt-card >> text={SUBJECT}")
        expect(page.locator("#decision")).to_be_attached()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        yield page


def _agreed(there: Office, person: Person) -> None:
    with _opened_from_home(there, person) as page:
        page.click("main .vt-choices >> text=Đồng ý")
        expect(page.locator(".vt-notice")).to_contain_text("Đã đồng ý")


def _returned(there: Office) -> None:
    """The head reads both opinions and returns it; without a reason it stays."""
    with _opened_from_home(there, HEAD, width=PHONE) as page:
        for one, said in ((BY_MAIL, BY_LETTER), (BY_PHONE, BY_HAND)):
            opinion = page.locator(".vt-opinion").filter(has_text=said)
            expect(opinion).to_contain_text(f"{one.name}, {one.title}, {one.unit}")
        page.click("main .vt-choices >> text=Trả lại")
        expect(page.locator(".govuk-error-summary")).to_be_visible()
        page.fill("#comment", REASON)
        page.click("main .vt-choices >> text=Trả lại")
        expect(page.locator(".vt-notice")).to_contain_text("Đã trả lại")


def _corrected(there: Office, draft: str) -> None:
    """The author finds the remark beside the text, and mends what it is about."""
    with there.at_the_desk_of(AUTHOR) as page:
        page.goto("/drafts")
        expect(page.locator(".vt-card")).to_contain_text("đã trả lại người soạn")
        page.click(f".vt-card >> text={SUBJECT}")
        expect(page.locator("#writing")).to_contain_text(REASON)
        _field(page, "Nội dung").fill(CORRECTED)
        page.locator(".vt-opinion").filter(has_text=REASON).locator("text=Đã xử lý").click()
        expect(page.locator("#writing")).not_to_contain_text(REASON)
        assert _field(page, "Nội dung").input_value() == CORRECTED


def _deputy_named(there: Office) -> None:
    """The head is away from tomorrow; somebody decides in their place from today on."""
    today = day_in(there.settings.timezone, utc_now())
    with there.at_the_desk_of(HEAD, width=PHONE) as page:
        page.goto("/deputies")
        page.locator(".govuk-radios__item").filter(has_text=DEPUTY.name).locator("input").check()
        page.select_option("#scope", "decisions")
        page.fill("#last", (today + timedelta(days=7)).isoformat())
        page.click("main form button[type=submit] >> nth=-1")
        expect(page.locator("main")).to_contain_text(DEPUTY.name)


def _approved_by_the_deputy(there: Office) -> None:
    """On a telephone: for whom, what changed since, one tap; and it is done."""
    with _opened_from_home(there, DEPUTY, width=PHONE) as page:
        expect(page.locator("main")).to_contain_text(f"Ông/Bà làm thay {HEAD.name}; nhật ký kiểm toán ghi cả hai tên.")
        agree = page.locator(".vt-choices >> text=Đồng ý")
        expect(agree).to_be_in_viewport()
        agree.click()
        expect(page.locator(".vt-notice")).to_contain_text("Đã đồng ý")
        expect(page.locator("article")).to_contain_text("đã duyệt")


def _told(there: Office, draft: str, folder: Path) -> None:
    """The trail, the story's page and its paper name everybody, and the deputy with the head."""
    named = [*(str(one.name) for one in PEOPLE), f"{DEPUTY.name}, {DEPUTY.title} (thay {HEAD.name}, {HEAD.title})"]
    with there.at_the_desk_of(AUTHOR, width=PHONE) as page:
        page.goto(f"/documents/{draft}")
        page.click("main >> text=Toàn bộ quá trình")
        with page.expect_download() as waiting:
            page.click("main >> text=Lưu thành tệp PDF")
        paper = folder / "story.pdf"
        waiting.value.save_as(paper)
        on_page, on_paper = _one_line(page.inner_text("main")), _words_of(paper)
    for words in (*named, BY_LETTER, BY_HAND, REASON, "bằng thư"):
        assert words in on_page
        assert words in on_paper
    with unit_of_work(there.settings) as session:
        wanted = select(AuditEntry.actor, AuditEntry.action).where(AuditEntry.subject == f"draft:{draft}")
        entries = [(actor, action.removeprefix("eoffice:draft:")) for actor, action in session.execute(wanted)]
    assert {
        (AUTHOR.account, "create"), (AUTHOR.account, "save"), (AUTHOR.account, "submit"), (BY_MAIL.account, "opinion"),
        (BY_PHONE.account, "opinion"), (ROOM.account, "agree"), (CLERK.account, "agree"), (HEAD.account, "return"),
        (f"{DEPUTY.account} (for {HEAD.number})", "approve"),
    } <= set(entries)  # fmt: skip
    for once in ("return", "approve"):
        assert [action for _, action in entries].count(once) == 1


def _words_of(paper: Path) -> str:
    document = pypdfium2.PdfDocument(paper)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return _one_line(text)


def _one_line(text: str) -> str:
    return " ".join(re.sub(r"\ufffe|-\r\n", "-", text).split())
