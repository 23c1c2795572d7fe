"""How each role gets from the log-in mail to its first finished task; steps are counted by the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Page, Request
from sqlalchemy import func, select

from core.audit import AuditEntry
from core.db import unit_of_work
from core.permissions import Role
from tests.e2e.first_site import COLLEAGUE, TITLE, FirstSite
from tests.web import town

PASSWORD = "một câu hoàn toàn khác hẳn"
Looking = Callable[[Page, str], None]


def _nothing(_page: Page, _name: str) -> None:
    """Nobody takes pictures."""


@dataclass
class Walk:
    """Somebody on the way: a step is whatever makes the browser ask for a page; what stood on the pages is kept.

    `look` is called with the page and a name where something is to be seen: it may take a picture.
    """

    page: Page
    there: FirstSite
    look: Looking = _nothing
    steps: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Count from now on."""
        self.page.on("request", self._count)

    def _count(self, request: Request) -> None:
        if request.is_navigation_request() and request.redirected_from is None:
            self.steps.append(f"{request.method} {request.url}")

    def say(self, vi: str, en: str) -> str:
        """The words of the walk's language."""
        return vi if self.there.language == "vi" else en

    def read(self) -> str:
        """What the page says, buttons and labels among it; it is kept."""
        text = " ".join(self.page.inner_text("body").split())
        self.seen.append(text)
        return text

    def press(self, name: str, kind: str = "link") -> None:
        """Press a link or a button by its words, and wait for the page it leads to."""
        found = self.page.get_by_role("button" if kind == "button" else "link", name=name, exact=True)
        with self.page.expect_navigation():
            found.first.click()

    def address(self) -> str:
        """Where the browser is, without the site."""
        return self.page.url.removeprefix(self.there.site.address)

    def trail(self, action: str) -> int:
        """How many entries of the trail say this."""
        with unit_of_work(self.there.site.settings) as session:
            wanted = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
            return session.scalars(wanted).one()


def come_in(walk: Walk, role: Role) -> None:
    """The first two steps, the same for everybody: the link in the mail, and a password."""
    walk.page.set_content(walk.there.letter(role))
    walk.read()
    walk.look(walk.page, "mail")
    walk.press(walk.say("Đặt mật khẩu và bắt đầu", "Choose a password and begin"))
    walk.read()
    walk.page.fill("#new", PASSWORD)
    walk.page.fill("#again", PASSWORD)
    walk.look(walk.page, "password")
    walk.press(walk.say("Bắt đầu", "Begin"), "button")
    walk.read()


def _official(walk: Walk) -> None:
    """Reads what the report says of them."""
    assert walk.address() == "/mine"
    walk.look(walk.page, "official")
    with walk.page.expect_navigation():
        walk.page.locator(".vt-periods a").first.click()
    said = walk.read()
    assert "Phạm Đức Long" in said
    assert walk.say("người khác dùng hộ", "somebody else uses it for them") in said.lower()


def _leader(walk: Walk) -> None:
    """Agrees to the document that waits."""
    assert walk.page.get_by_role("heading", level=1, name=TITLE).count() == 1
    walk.look(walk.page, "leader")
    walk.press(walk.say("Đồng ý", "Agree"), "button")
    assert walk.say("Đã đồng ý.", "You agreed.") in walk.read()
    assert walk.trail("eoffice:draft:approve") == 1


def _auditor(walk: Walk) -> None:
    """Answers somebody who asked for a review of a figure."""
    assert walk.address().startswith("/contests/")
    walk.page.check("#verdict-explained")
    walk.page.fill("#answer", walk.say("Đã xem các dòng nhật ký của từng thư.", "The log lines of each message agree."))
    walk.look(walk.page, "auditor")
    walk.press(walk.say("Gửi câu trả lời", "Send the answer"), "button")
    walk.read()
    assert walk.trail("mail_audit:contest:answer") == 2  # one was answered before


def _administrator(walk: Walk) -> None:
    """Lets a colleague in."""
    assert walk.address() == "/invitations"
    walk.page.fill("#numbers", COLLEAGUE)
    walk.look(walk.page, "administrator")
    walk.press(walk.say("Gửi thư mời", "Invite"), "button")
    assert walk.say("Đã mời: 1.", "Invited: 1.") in walk.read()
    assert walk.trail("core:account:invite") == 2


def _hr(walk: Walk) -> None:
    """Puts somebody's leave on record."""
    assert walk.address() == "/exceptions/new"
    walk.page.fill("#official_id", "CB1")
    walk.page.fill("#first", town.FIRST.replace(day=20).isoformat())
    walk.page.fill("#last", town.FIRST.replace(day=23).isoformat())
    walk.look(walk.page, "hr")
    walk.press(walk.say("Ghi nhận", "Put it on record"), "button")
    assert "Nguyễn Thị Ngọc Ánh" in walk.read()
    assert walk.trail("mail_audit:exception:record") == 2


def _clerk(walk: Walk) -> None:
    """Finds where to write to: a colleague's official mailbox, by a name typed without marks."""
    assert walk.address() == "/"
    walk.page.fill("#search", "hoang quan")
    walk.look(walk.page, "clerk")
    walk.press(walk.say("Tìm", "Search"), "button")
    said = walk.read()
    assert "Hoàng Minh Quân" in said
    assert "cb5@tp.example.gov.vn" in said


def _inspector(walk: Walk) -> None:
    """Reads the city's picture, and opens the people behind a figure."""
    assert walk.address() == "/"
    walk.look(walk.page, "inspector")
    walk.press(town.HEALTH)
    said = walk.read()
    assert "Hoàng Minh Quân" in said


FINISH: Mapping[Role, Callable[[Walk], None]] = {
    Role.OFFICIAL: _official,
    Role.LEADER: _leader,
    Role.AUDITOR: _auditor,
    Role.ADMINISTRATOR: _administrator,
    Role.HR: _hr,
    Role.CLERK: _clerk,
    Role.INSPECTOR: _inspector,
}
"""Role -> from the page after the password to the finished task."""
