"""Second steps in a real Chromium: its virtual authenticator by CDP for passkeys, an app's codes without any script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from core.db import unit_of_work, utc_now
from core.directory.factors import one_time
from core.directory.services import create_account, factors
from core.permissions import command_line_actor
from tests.e2e.conftest import NOTE_VIOLATIONS
from tests.e2e.site import Site, serving
from tests.web.conftest import NAME, PASSWORD
from tests.web.second_steps import HANDED_OVER, LETTERS, SHEET

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
AXE = "axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))"
INTERNAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
NEW = "mưa rào trên mái tôn"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody before a browser of their own; what the browser complains of stands in `wrong`."""

    page: Page
    address: str
    axe: str
    wrong: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status in {200, 302}, path

    def log_in(self, name: str, password: str = PASSWORD) -> None:
        """Name and password; what comes next is another matter."""
        self.go("/log-in")
        self.page.fill("#name", name)
        self.page.fill("#password", password)
        self.page.click("main form[action^='/log-in'] button >> nth=0")

    def log_out(self) -> None:
        self.page.click("header form[action='/log-out'] button")
        self.page.wait_for_url("**/log-in*")

    def came_in(self) -> None:
        """Wait until there is a session: only then is there a way out."""
        self.page.wait_for_selector("header form[action='/log-out']")

    def at(self, path: str) -> None:
        """Wait for a page, and look at it: no sideways scroll, no finding, no complaint."""
        self.page.wait_for_url(f"{self.address}{path}")
        self.check()

    def check(self) -> None:
        assert self.page.evaluate(WIDTH) == 0, self.page.url
        self.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        self.page.evaluate(self.axe)
        assert (self.page.evaluate(AXE), self.wrong) == ([], []), self.page.url

    def device(self, **changed: object) -> tuple[CDPSession, str]:
        """Give the browser a device with passkeys; its session of the protocol and its number there."""
        protocol = self.page.context.new_cdp_session(self.page)
        protocol.send("WebAuthn.enable")
        made = protocol.send("WebAuthn.addVirtualAuthenticator", {"options": INTERNAL | changed})
        return protocol, str(made["authenticatorId"])


Sit = Callable[..., Person]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The town, where administrators may not be without a second step."""
    folder = tmp_path_factory.mktemp("steps")
    (folder / "home").mkdir()
    (folder / "home" / "vanthu.toml").write_text('[web]\nsecond_factor_for = "administrator"\n', "utf-8")
    with serving(folder) as started:
        for number, name in enumerate(("an", "binh"), 2):
            with unit_of_work(started.settings) as session:
                clerk = command_line_actor()
                create_account(session, clerk, name=name, password=PASSWORD, official_id=f"CB{number}")
        yield started


@pytest.fixture
def sit(browser: Browser, site: Site, axe: str) -> Iterator[Sit]:
    contexts: list[BrowserContext] = []

    def start(width: int, language: str = "vi", *, scripts: bool = True) -> Person:
        address = site.address.replace("127.0.0.1", "localhost")  # passkeys are for names, not for addresses
        context = browser.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=scripts, service_workers="block"
        )
        contexts.append(context)
        context.add_cookies([{"name": "vanthu_language", "value": language, "url": address}])
        context.set_default_timeout(10_000)
        page = context.new_page()
        person = Person(page, address, axe)
        if scripts:
            page.add_init_script(NOTE_VIOLATIONS)
        page.on("console", lambda said: person.wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: person.wrong.append(str(error)))
        return person

    yield start
    for context in contexts:
        context.close()


def now_shown(page: Page) -> str:
    """The code that an app shows for the key on the page."""
    letters = LETTERS.search(page.content())
    assert letters
    return one_time.code_at(letters[1].replace(" ", ""), one_time.step_of(utc_now()))


def use_passkey(person: Person) -> None:
    person.page.click("form[data-passkey] button")


def test_a_passkey_from_adding_it_to_logging_in_with_nothing_else(sit: Sit) -> None:
    person = sit(360)
    protocol, device = person.device()
    person.log_in("an")
    person.came_in()
    person.go("/account/security/passkeys/new")
    person.check()
    person.page.fill("#name", "Điện thoại của tôi")
    person.page.fill("#password", PASSWORD)
    use_passkey(person)
    person.page.wait_for_selector(".vt-code-sheet")
    person.check()
    assert len(re.findall("<li>", (SHEET.search(person.page.content()) or [""])[0])) == 10
    person.page.click("main a.govuk-button")
    person.at("/account/security")
    assert "Điện thoại của tôi" in person.page.inner_text("main table")
    person.log_out()

    person.log_in("an")
    person.at("/log-in/second")
    use_passkey(person)
    person.came_in()
    person.log_out()

    person.check()
    use_passkey(person)
    person.came_in()
    person.log_out()

    # the device no longer knows who holds it: a second step still, but not the only one
    assert not person.page.is_visible("[data-passkey-failed]")
    protocol.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    use_passkey(person)
    person.page.wait_for_selector("[data-passkey-failed]:visible")
    assert "Chưa dùng được khóa truy cập" in person.page.inner_text("[data-passkey-failed]")
    assert person.page.url.startswith(f"{person.address}/log-in")


def test_a_usb_key_without_pin_is_a_second_step_only(sit: Sit, site: Site) -> None:
    person = sit(1280, "en")
    person.device(transport="usb", hasUserVerification=False, hasResidentKey=False)
    person.log_in("binh")
    person.came_in()
    person.go("/account/security/passkeys/new")
    person.page.fill("#name", "USB key")
    person.page.fill("#password", PASSWORD)
    use_passkey(person)
    person.page.wait_for_selector(".vt-code-sheet")
    person.check()
    person.go("/account/security")
    person.log_out()
    person.log_in("binh")
    person.at("/log-in/second")
    use_passkey(person)
    person.came_in()


def test_set_up_on_the_way_in_without_scripts(sit: Sit, site: Site) -> None:
    """The administrator must have a second step: an app, its first code, the sheet; and a recovery code another day."""
    with_scripts, person = sit(360), sit(360, scripts=False)
    with_scripts.log_in(NAME)
    with_scripts.at("/log-in/add")
    person.log_in(NAME)
    page = person.page
    page.wait_for_url(f"{person.address}/log-in/add")
    assert not page.is_visible("form[data-passkey]")
    assert "Khóa truy cập cần trình duyệt có bật JavaScript" in page.inner_text("main")
    page.fill("#code", now_shown(page))
    page.click("main form >> nth=0 >> button")
    sheet = page.locator(".vt-code-sheet li").all_inner_texts()
    assert len(sheet) == 10
    page.click("main a.govuk-button")
    page.wait_for_url(f"{person.address}/")
    person.log_out()
    person.log_in(NAME)
    page.wait_for_url(f"{person.address}/log-in/second")
    page.click("main details summary")
    page.fill("#recovery_code", sheet[4].lower())
    page.click("main details form button")
    page.wait_for_url(f"{person.address}/")


def test_recovered_by_the_administrator(sit: Sit, site: Site) -> None:
    """From the lost telephone to work again, in the words and widths of both."""
    with unit_of_work(site.settings) as session:
        create_account(session, command_line_actor(), name="chi", password=PASSWORD, official_id="CB4")
        clerk = command_line_actor()
        password = factors.recover_account(session, clerk, name="chi", reason="mất điện thoại", now=utc_now())
    assert password is not None
    person = sit(1280, "en")
    person.log_in("chi", password)
    person.at("/log-in/new-password")
    for field_ in ("#new", "#again"):
        person.page.fill(field_, NEW)
    person.page.click("main form button")
    person.came_in()
    person.go("/account/security/app")
    person.page.fill("#password", NEW)
    person.page.click("main form button")
    person.page.wait_for_selector("svg.vt-qr")
    person.check()
    person.page.fill("#code", now_shown(person.page))
    person.page.click("main form button")
    person.page.wait_for_selector(".vt-code-sheet")
    person.log_out()
    person.log_in("chi", NEW)
    person.at("/log-in/second")
    person.page.fill("#code", "000000")
    person.page.click("main form[action*='code'] button >> nth=0")
    person.page.wait_for_selector(".govuk-error-summary")
    assert "This code is not right" in person.page.inner_text(".govuk-error-summary")


def test_the_password_to_hand_over_is_shown_on_a_page(sit: Sit, site: Site) -> None:
    with unit_of_work(site.settings) as session:
        create_account(session, command_line_actor(), name="quanly", password=PASSWORD, role="administrator")
        create_account(session, command_line_actor(), name="dung", password=PASSWORD, official_id="CB5")
    person = sit(360)
    person.log_in("quanly")
    person.page.wait_for_url(f"{person.address}/log-in/add")
    person.page.fill("#code", now_shown(person.page))
    person.page.click("main form >> nth=0 >> button")
    person.page.wait_for_selector(".vt-code-sheet")
    person.go("/accounts/dung/recover")
    person.check()
    person.page.fill("#reason", "mất điện thoại; đã gọi lại số cơ quan")
    person.page.click("main form button")
    person.page.wait_for_selector(".vt-code")
    person.check()
    assert HANDED_OVER.search(person.page.content())
