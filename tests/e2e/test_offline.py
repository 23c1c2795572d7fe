"""On a telephone where there is no network: what was kept can be read, and nothing is kept that should not be."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.conftest import NOTE_VIOLATIONS
from tests.e2e.site import OFFICIAL, Site
from tests.servers.browser import until
from tests.web.conftest import NAME, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NO_CONNECTION, AS_IT_WAS = "This device cannot reach Vanthu", "No connection. You see this page as it was"
KEPT = """async () => (await Promise.all(
    (await caches.keys()).filter(name => name.startsWith('pages/')).map(async name =>
        (await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname)))).flat().sort()"""


class Telephone:
    """A browser with its service worker, in one hand."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context, self.site = context, site
        self.wrong: list[str] = []
        context.add_init_script(NOTE_VIOLATIONS)
        self.page: Page = context.new_page()
        self.page.on("console", lambda said: self.wrong.append(said.text) if said.text.startswith("policy:") else None)
        self.go("/language/en?next=/log-in")

    def go(self, address: str) -> str:
        """Open a page; what its content says."""
        self.page.goto(self.site.address + address)
        return self.page.inner_text("main")

    def log_in(self, name: str) -> None:
        self.go("/log-in")
        self.page.fill("#name", name)
        self.page.fill("#password", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_selector("text=Hello,")
        until(self.page, "() => navigator.serviceWorker.controller !== null")

    def keep_pages(self) -> None:
        self.page.click("text=Read without a network")
        self.page.click("text=Keep the pages of the day on this device")
        self.page.wait_for_selector("#keep >> text=Keep no pages here", state="attached")

    def kept(self) -> list[str]:
        found: list[str] = self.page.evaluate(KEPT)
        return found

    def until_kept(self, *addresses: str) -> None:
        all_there = f"{json.dumps(addresses)}.every(one => kept.includes(one))"
        wanted = f"async () => {{ const kept = await ({KEPT})(); return {all_there} }}"
        until(self.page, wanted)


@pytest.fixture
def telephone(browser: Browser, site: Site) -> Iterator[Telephone]:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    made = Telephone(context, site)
    yield made
    context.close()
    assert made.wrong == []


@pytest.fixture
def no_network(site: Site) -> Iterator[Site]:
    """The line is mended at the end, whatever the test did to it."""
    yield site
    if not site.line.is_up:
        site.line.mend()


def test_the_pages_of_the_day(telephone: Telephone, no_network: Site) -> None:
    """What was opened and what waits can be read; the answer that nobody opened still waits afterwards."""
    telephone.log_in(OFFICIAL)
    telephone.keep_pages()
    telephone.go("/mine")
    telephone.go("/")
    answered = telephone.page.get_attribute("[data-keep]", "data-keep")
    assert answered is not None
    telephone.until_kept("/", "/mine", answered)
    no_network.line.cut()
    for address, words in (("/", "Nguyễn Thị Ngọc Ánh"), ("/mine", "My figures"), (answered, "The answer")):
        assert words in telephone.go(address)
        assert AS_IT_WAS in telephone.page.inner_text(".vt-offline")
    assert NO_CONNECTION in telephone.go("/account")
    no_network.line.mend()
    assert "Your request was answered" in telephone.go("/")
    assert not telephone.page.is_visible(".vt-offline")
    assert "The answer" in telephone.go(answered)
    assert "Nothing waits for you" in telephone.go("/")


def test_nothing_is_kept_unasked(telephone: Telephone, no_network: Site) -> None:
    telephone.log_in(OFFICIAL)
    telephone.go("/mine")
    assert telephone.kept() == []
    no_network.line.cut()
    for address in ("/", "/mine"):
        assert NO_CONNECTION in telephone.go(address)


def test_log_out_leaves_nothing(telephone: Telephone, no_network: Site) -> None:
    telephone.log_in(OFFICIAL)
    telephone.keep_pages()
    telephone.go("/mine")
    telephone.until_kept("/", "/mine")
    telephone.page.click("text=Log out")
    telephone.page.wait_for_selector("#password")
    assert telephone.kept() == []
    until(telephone.page, "() => navigator.serviceWorker.controller !== null")
    no_network.line.cut()
    for address in ("/", "/mine"):
        assert NO_CONNECTION in telephone.go(address)


def test_nothing_of_one_account_is_shown_to_the_next(telephone: Telephone, no_network: Site) -> None:
    """Also where the first did not log out: the session in the browser is somebody else's now."""
    telephone.log_in(OFFICIAL)
    telephone.keep_pages()
    telephone.go("/mine")
    telephone.until_kept("/", "/mine")
    telephone.context.add_cookies([no_network.cookie(NAME)])
    assert NAME in telephone.go("/trail")
    telephone.until_kept("/trail")
    assert "/mine" not in telephone.kept()
    no_network.line.cut()
    for address in ("/mine", "/"):
        assert NO_CONNECTION in telephone.go(address)
    assert NAME in telephone.go("/trail")


def test_yesterday_s_pages_are_gone(telephone: Telephone, no_network: Site) -> None:
    telephone.log_in(OFFICIAL)
    telephone.keep_pages()
    telephone.until_kept("/")
    telephone.page.evaluate("""async () => {
        const [name] = (await caches.keys()).filter(one => one.startsWith('pages/'));
        const [today, old] = [await caches.open(name), await caches.open('pages/x/Sat-Jan-01-2000')];
        for (const one of await today.keys()) await old.put(one, await today.match(one));
        await caches.delete(name);
    }""")
    no_network.line.cut()
    assert NO_CONNECTION in telephone.go("/")
    assert telephone.kept() == []


def test_it_can_be_installed(telephone: Telephone, site: Site) -> None:
    """As Chromium judges it: a manifest it can read, icons of the size they say they are, a worker behind it."""
    telephone.log_in(OFFICIAL)
    seen = telephone.context.new_cdp_session(telephone.page)
    manifest = seen.send("Page.getAppManifest")
    assert manifest["errors"] == []
    said = json.loads(manifest["data"])
    assert (said["lang"], said["start_url"], said["display"]) == ("en", "/", "standalone")
    hindered = [one["errorId"] for one in seen.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert hindered == ["in-incognito"]  # the browser of a test keeps nothing, so it installs nothing
    for one in said["icons"]:
        loaded = """src => new Promise((done, failed) => {
            const icon = new Image();
            icon.onload = () => done(icon.naturalWidth);
            icon.onerror = failed;
            icon.src = src;
        })"""
        width = telephone.page.evaluate(loaded, one["src"])
        assert one["sizes"] == "any" or one["sizes"] == f"{width}x{width}"
    vietnamese = site.visitor().get("/manifest/vi.webmanifest").get_json(force=True)
    assert (vietnamese["lang"], vietnamese["name"] != said["name"]) == ("vi", True)
