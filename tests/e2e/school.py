"""An office that learns: HR, an administrator, officials with real mailboxes, and a mail server whose log is followed.

The log of the months before stands in a file beside the server's own (`tests.e2e.written_log`); both are one source.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.directory.services import create_account, import_roster
from core.jobs import run_waiting, sweep
from core.permissions import Role, command_line_actor
from core.settings import Settings
from tests.e2e.office import CLERK, DOMAIN, HEAD, PEOPLE, Office, Person, opened, roster
from tests.e2e.written_log import WrittenLog
from tests.servers.loopback import free_port
from tests.servers.mail_answers import send_as
from tests.servers.mail_server import MailServer, until
from tests.servers.practised import SPELLING
from tests.web.conftest import PASSWORD

HR = Person("nhan.su", "Phòng Tổ chức cán bộ", "", "")
KEEPER = Person("quan.tri", "Quản trị", "", "")
PHONE = 360
WINDOW = timedelta(days=28)
DAY = timedelta(days=1)
WRITERS = frozenset(f"{one.account}@{DOMAIN}" for one in PEOPLE if one not in {HEAD, CLERK})
"""Who uses e-mail every day: everybody but a leader and a clerk."""


def settings_file(site: str, server: MailServer) -> str:
    """`vanthu.toml`: mail by the server, e-mail practised there, no reports that nobody asked for."""
    return f"""\
[mail]
server = "127.0.0.1:{server.ports.mx}"
security = "none"
sender = "vanthu@{DOMAIN}"
site = "{site}"
practice = "{SPELLING}"

[mail_audit.standing]
morning = ""
"""


@dataclass
class School:
    """The office, its mail server, and the day on which the story is told."""

    office: Office
    server: MailServer
    logs: Path
    today: date
    stack: ExitStack
    log: WrittenLog = field(init=False)
    _windows: dict[str, Page] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.log = WrittenLog("mail", [f"{one.account}@{DOMAIN}" for one in PEOPLE])

    def window(self, person: Person) -> Page:
        """The window of somebody who is logged in, the same until the story ends; the leader's is a telephone's."""
        if person.account not in self._windows:
            width = PHONE if person == HEAD else 1280
            desk = self.office.at_the_desk_of(person, width=width)
            self._windows[person.account] = self.stack.enter_context(desk)
        return self._windows[person.account]

    def write_months_before(self) -> None:
        """The two windows before today, and some days more: the leader never writes."""
        text = self.log.days(self.today - 2 * WINDOW - 4 * DAY, self.today - DAY, writers=WRITERS)
        (self.logs / "mail.log.1").write_text(text)

    def write_month_after(self) -> None:
        """The four weeks from tomorrow on: the leader writes too."""
        writers = WRITERS | {f"{HEAD.account}@{DOMAIN}"}
        (self.logs / "mail.log").write_text(self.log.days(self.today + DAY, self.today + WINDOW, writers=writers))

    def work_off(self) -> None:
        """What a worker and the scheduler do: the jobs that wait, and those that are due after them."""
        run_waiting(self.office.settings)
        sweep(self.office.settings)
        run_waiting(self.office.settings)

    def collect(self) -> None:
        """The administrator has the logs collected, by the button; a worker does it."""
        page = self.window(KEEPER)
        page.goto("/sources")
        page.click("main >> text=Thu thập ngay")
        expect(page.locator(".vt-notice")).to_be_visible()
        self.work_off()

    def send(self, to: str, sender: Person) -> None:
        """A message from the sender's own mailbox to `to`; back when the server has written all of it to its log."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = f"{sender.account}@{DOMAIN}", to, "Thư thực hành"
        message.set_content("Kính gửi.")
        send_as(self.server, message, sender.account)
        until(lambda: self._is_over(to), f"the log tells all of the message to {to}", 60)

    def _is_over(self, to: str) -> bool:
        """Whether the server wrote that it delivered a message to `to`, and that nothing is left of it."""
        lines = self.server.place.iso_log.read_text("utf-8").splitlines()
        ids = [line.split(": ")[1] for line in lines if f"to=<{to}>" in line and "status=sent" in line]
        return any(line.endswith(f": {one}: removed") for one in ids for line in lines)


@contextmanager
def school(folder: Path, browser: Browser, server: MailServer, *, database: str = "") -> Iterator[School]:
    """Serve it until the block ends; the months before are written, and nothing is collected yet."""
    port = free_port()
    file = settings_file(f"http://127.0.0.1:{port}", server)
    own = server.place.iso_log.parent
    with ExitStack() as stack:
        office = stack.enter_context(
            opened(folder, browser, port=port, file=file, fill=_fill, database=database, logs=[own])
        )
        today = day_in(office.settings.timezone, utc_now())
        made = School(office, server, folder / "logs", today, stack)
        made.write_months_before()
        yield made


def _fill(settings: Settings) -> None:
    clerk = command_line_actor()
    with unit_of_work(settings) as session:
        import_roster(session, clerk, roster=roster())
        create_account(session, clerk, name=HEAD.account, password=PASSWORD, official_id=HEAD.number)
        create_account(session, clerk, name=HR.account, password=PASSWORD, role=Role.HR)
        create_account(session, clerk, name=KEEPER.account, password=PASSWORD)


def fits(page: Page) -> None:
    """Nothing on the page is wider than the telephone's screen."""
    width = page.locator("html").evaluate("html => html.scrollWidth")  # waits for a page that only begins to come
    assert width <= PHONE, page.url
