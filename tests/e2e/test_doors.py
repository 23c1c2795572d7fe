"""In and out by a real provider and a real directory server, in a real browser, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import NOTE_VIOLATIONS
from tests.e2e.site import Site, serving
from tests.servers.loopback import free_port
from tests.servers.oidc import CLIENT, PEOPLE, SECRET, Provider, running
from tests.servers.slapd import BASE, PASSWORD, SERVICE, SERVICE_PASSWORD, Slapd

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.xdist_group("browser")]
SETTINGS = """
[oidc.city]
issuer = "{issuer}"
client_id = "{client}"
secret_file = "{folder}/client"
address = "{address}"
label = "Tài khoản thành phố"
label_en = "City account"
loopback = true
link = ["address"]

[ldap.office]
servers = ["127.0.0.1:{ldap}"]
label = "Máy tính cơ quan"
label_en = "Office computer"
ca_file = "{ca}"
base = "{base}"
service_dn = "{service}"
password_file = "{folder}/service"
link = ["official_id"]
"""
STOPPED = re.compile("^policy: |Content Security Policy")
"""What the browser says of something that the policy stopped; the provider's pages have a policy of their own."""
SCROLLS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with running(tmp_path_factory.mktemp("provider"), f"http://127.0.0.1:{free_port()}", PEOPLE) as started:
        yield started


@pytest.fixture(scope="module")
def site(provider: Provider, directory_server: Slapd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("doors")
    (folder / "client").write_text(SECRET)
    (folder / "service").write_text(SERVICE_PASSWORD)
    (folder / "home").mkdir()
    written = SETTINGS.format(
        issuer=provider.issuer, client=CLIENT, folder=folder, address=provider.back, base=BASE, service=SERVICE,
        ldap=directory_server.tls_port, ca=directory_server.ca_file,
    )  # fmt: skip
    (folder / "home" / "vanthu.toml").write_text(written, "utf-8")
    with serving(folder, int(provider.back.rpartition(":")[2])) as started:
        yield started


Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, site: Site, axe: str) -> Iterator[Opened]:
    """A page at the log-in page, in one language and width; what the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_(width: int, language: str, *, scripts: bool = True) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts))
        page = contexts[-1].new_page()
        if scripts:
            page.add_init_script(NOTE_VIOLATIONS)
        page.on("console", lambda said: wrong.append(said.text) if STOPPED.search(said.text) else None)
        page.goto(f"{site.address}/language/{language}?next=/log-in")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert wrong == []


def check(page: Page, axe: str) -> None:
    """No sideways scroll, no finding of the accessibility checker."""
    assert page.evaluate(SCROLLS) <= 0, page.url
    page.evaluate(axe)
    assert page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))") == [], page.url


def at_the_provider(page: Page, provider: Provider, name: str, *, first: bool = True) -> None:
    """Name and password there, and yes to what it asks: the provider's own pages."""
    page.wait_for_url(re.compile(re.escape(provider.issuer)))
    if first:
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", "x")
        page.click("button[type=submit]")
    page.locator("input[name=prompt][value=consent]").wait_for(state="attached")
    page.click("button[type=submit]")


@pytest.mark.parametrize(("width", "language", "scripts"), [(360, "vi", True), (1280, "en", False)])
def test_in_by_the_citys_account_and_out_again(
    opened: Opened, site: Site, provider: Provider, axe: str, width: int, language: str, scripts: bool
) -> None:
    page = opened(width, language, scripts=scripts)
    if scripts:
        check(page, axe)
    page.click('a[href^="/log-in/with/city"]')
    at_the_provider(page, provider, "an")
    page.wait_for_url(re.compile(re.escape(site.address) + "/(mine)?$"))
    page.goto(f"{site.address}/account")
    expect(page.locator("#ways")).to_be_visible()
    if scripts:
        check(page, axe)
    page.locator('form[action="/log-out"] button').first.click()
    expect(page.locator('a[href="/log-out/with/city"]')).to_be_visible()
    if scripts:
        check(page, axe)
    page.click('a[href="/log-out/with/city"]')
    page.click("button[value=yes]")
    page.wait_for_url(f"{site.address}/log-in")
    page.click('a[href^="/log-in/with/city"]')  # there, too, nobody is logged in any more
    expect(page.locator("input[name=login]")).to_be_visible()


def test_a_stranger_is_told_what_to_do(opened: Opened, provider: Provider, axe: str) -> None:
    page = opened(360, "vi")
    page.click('a[href^="/log-in/with/city"]')
    at_the_provider(page, provider, "stranger")
    expect(page.locator("[role=alert]")).to_contain_text("chưa có tài khoản")
    check(page, axe)


def test_who_goes_back_at_the_provider_may_begin_again(opened: Opened, site: Site, provider: Provider) -> None:
    page = opened(1280, "en")
    page.click('a[href^="/log-in/with/city"]')
    page.wait_for_url(re.compile(re.escape(provider.issuer)))
    page.click("text=[ Cancel ]")
    expect(page.locator("[role=alert]")).to_contain_text("cancelled or refused")
    page.click('a[href^="/log-in/with/city"]')
    at_the_provider(page, provider, "an")
    page.wait_for_url(re.compile(re.escape(site.address) + "/(mine)?$"))


def test_in_by_the_office_computers_password(opened: Opened, site: Site, axe: str) -> None:
    page = opened(360, "vi")
    page.click('a[href^="/log-in/with/office"]')
    for password in ("sai", PASSWORD):
        check(page, axe)
        page.fill("#name", "an")
        page.fill("#password", password)
        page.click("main button[type=submit]")
        if password == "sai":
            expect(page.locator(".govuk-error-summary")).to_be_visible()
    page.wait_for_url(re.compile(re.escape(site.address) + "/(mine)?$"))
