"""An office whose people draft, give opinions and decide: its directory, accounts and route, and its pages served."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from core import db
from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.directory.roster import Mailbox, Official, Post, Rank, Roster, Unit
from core.directory.services import create_account, import_roster
from core.permissions import command_line_actor
from core.settings import Settings, load
from eoffice.routing import plan_from_json
from eoffice.routing.templates import Template
from eoffice.services.rounds import Moment
from eoffice.services.routes import make_route
from tests.core.mail.post_office import hash_cheaply
from tests.e2e.site import Line, Site
from tests.servers.loopback import free_port
from tests.web.conftest import PASSWORD
from web.app import create_app

DOMAIN = "tp.example.gov.vn"
HEALTH, FINANCE, BUILDING = "Sở Y tế", "Sở Tài chính", "Sở Xây dựng"
REPLY_TO = "traloi"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the office: number in the directory, name, unit, title, rank; the account is the mailbox's name."""

    account: str
    name: str
    unit: str
    title: str
    rank: Rank = "leader"

    @property
    def number(self) -> str:
        """What the directory calls them."""
        return self.account.upper()


AUTHOR = Person("yt.cv", "Nguyễn Thu An", HEALTH, "Chuyên viên", "staff")
ROOM = Person("yt.tp", "Lê Thanh Bình", HEALTH, "Trưởng phòng Nghiệp vụ")
CLERK = Person("yt.vt", "Phạm Thị Em", HEALTH, "Văn thư", "staff")
HEAD = Person("yt.gd", "Trần Quốc Chính", HEALTH, "Giám đốc")
DEPUTY = Person("yt.pgd", "Đỗ Thị Dung", HEALTH, "Phó Giám đốc")
BY_MAIL = Person("tc.gd", "Hồ Văn Hải", FINANCE, "Giám đốc")
BY_PHONE = Person("xd.gd", "Vũ Minh Khang", BUILDING, "Giám đốc")
PEOPLE = (HEAD, DEPUTY, ROOM, CLERK, AUTHOR, BY_MAIL, BY_PHONE)
WITH_OPINIONS, WITHOUT = "Lấy ý kiến hai sở", "Trình lại"
_OPINIONS = {"kind": "all", "purpose": "opinion", "days": 3, "who": [
    {"unit": FINANCE, "rank": "leader"}, {"unit": BUILDING, "rank": "leader"}]}  # fmt: skip
_ANSWERED = [
    {"kind": "any", "purpose": "content", "days": 2, "who": [{"unit": "own", "title": ROOM.title}]},
    {"kind": "any", "purpose": "form", "days": 1, "who": [{"unit": "own", "title": CLERK.title}]},
    {"kind": "any", "purpose": "approval", "days": 2, "who": [{"unit": "own", "title": HEAD.title}]},
]
ROUTES = {WITH_OPINIONS: [_OPINIONS, *_ANSWERED], WITHOUT: _ANSWERED}


def roster() -> Roster:
    """The directory: three units, each person in one of them, with a mailbox."""
    return Roster(
        {name: Unit(name, name, None) for name in (HEALTH, FINANCE, BUILDING)},
        {one.number: Official(one.number, one.name) for one in PEOPLE},
        tuple(Post(one.number, one.unit, one.title, one.rank) for one in PEOPLE),
        {box.address: box for box in (
            Mailbox(f"{one.account}@{DOMAIN}", "personal", one.unit, one.number, ()) for one in PEOPLE)},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Office:
    """The pages of the office, and the browser that its people use."""

    site: Site
    browser: Browser

    @property
    def settings(self) -> Settings:
        """The installation behind the pages."""
        return self.site.settings

    @contextmanager
    def at_the_desk_of(
        self, person: Person, *, width: int = 1280, language: str = "vi", scripts: bool = True
    ) -> Iterator[Page]:
        """A window of somebody who is logged in."""
        context: BrowserContext = self.browser.new_context(
            viewport={"width": width, "height": 740}, java_script_enabled=scripts, base_url=self.site.address,
            service_workers="block",
        )  # fmt: skip
        context.add_cookies([
            self.site.cookie(person.account),
            {"name": "vanthu_language", "value": language, "url": self.site.address},
        ])  # fmt: skip
        try:
            yield context.new_page()
        finally:
            context.close()


def settings_file(*, site: str, mail: int | None, door: int) -> str:
    """`vanthu.toml`: mail by the server at port `mail` (None: no mail), answers taken at port `door`."""
    if mail is None:
        return ""
    own = [f"mail.{DOMAIN}", "mail", socket.gethostname().lower(), "localhost"]
    return f"""\
[mail]
server = "127.0.0.1:{mail}"
security = "none"
sender = "vanthu@{DOMAIN}"
site = "{site}"

[eoffice.inbound]
address = "{REPLY_TO}@{DOMAIN}"
listen = "127.0.0.1:{door}"
trust = "submission"
servers = {own}
"""


@contextmanager
def office(
    folder: Path, browser: Browser, *, database: str = "", mail: int | None = None, door: int = 0
) -> Iterator[Office]:
    """Serve the office from `folder` until the block ends; `database` is a URL, empty: the embedded one."""
    port = free_port()
    file = settings_file(site=f"http://127.0.0.1:{port}", mail=mail, door=door)
    with opened(folder, browser, port=port, file=file, fill=_fill, database=database) as made:
        yield made


@contextmanager
def opened(
    folder: Path, browser: Browser, *, port: int, file: str, fill: Callable[[Settings], None], database: str = "",
    logs: Sequence[Path] = (),
) -> Iterator[Office]:  # fmt: skip
    """Serve an office at `port`: `file` is its `vanthu.toml`, `fill` gives it its people, `logs` are more folders that
    logs may be read from beside its own (`folder`/logs).
    """
    home = folder / "home"
    home.mkdir(parents=True)
    (folder / "logs").mkdir()
    (home / "vanthu.toml").write_text(file)
    folders = ":".join(str(one) for one in (folder / "logs", *logs))
    environ = {"VANTHU_HOME": str(home), "VANTHU_LOG_FOLDERS": folders}
    settings = load(environ | ({"VANTHU_DATABASE_URL": database} if database else {}))
    with pytest.MonkeyPatch.context() as patched:
        hash_cheaply(patched)
        fill(settings)
        app = create_app(settings)
        line = Line(app, port)
        try:
            yield Office(Site(line, app, settings), browser)
        finally:
            line.cut()
            db.forget(settings)


def _fill(settings: Settings) -> None:
    clerk, now = command_line_actor(), utc_now()
    moment = Moment(now, day_in(settings.timezone, now))
    with unit_of_work(settings) as session:
        import_roster(session, clerk, roster=roster())
        for one in PEOPLE:
            create_account(session, clerk, name=one.account, password=PASSWORD, official_id=one.number)
        for name, steps in ROUTES.items():
            make_route(session, clerk, template=Template(name, None, None, plan_from_json(steps)), moment=moment)
