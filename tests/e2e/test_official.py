"""An official, from the own page to the log line, the request and its answer: wide, narrow, by keyboard, no scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from core.db import forget, unit_of_work, utc_now
from core.directory.rosterfile import read_roster
from core.directory.services import create_account, import_roster
from core.permissions import command_line_actor
from core.settings import load
from mail_audit import kept
from mail_audit.models import Audit
from mail_audit.pipeline import run
from mail_audit.sample.truth import OfficialTruth
from mail_audit.services import store_result
from tests.core.store import folder_of
from tests.e2e.conftest import Visitor
from tests.e2e.suite import PASSWORD, Suite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Visitor]
ACCOUNT, HOME = "canbo", "/"


@pytest.fixture(scope="module")
def person(suite: Suite) -> OfficialTruth:
    """Somebody who sends and receives, with an account of their own, and a report that speaks of them."""
    one = max(suite.truth.officials, key=lambda official: official.sent)
    settings = load({"VANTHU_HOME": str(suite.home)})
    roster = read_roster(suite.sample / "officials.csv")
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=roster)
        create_account(session, command_line_actor(), name=ACCOUNT, password=PASSWORD, official_id=one.official_id)
        audit = Audit(created_by="quantri", created_at=utc_now(), timezone=settings.timezone, asked_paths=[])
        session.add(audit)
        session.flush()
        token = kept.new_token()
        evidence = folder_of(settings.store) / kept.evidence_file(audit.id, token)
        evidence.parent.mkdir(parents=True)
        measured = run([suite.sample / "logs"], roster, evidence=evidence)
        store_result(session, audit_id=audit.id, report=measured.report, days=measured.days, actor="quantri")
        audit.state, audit.finished_at, audit.measured = "finished", utc_now(), token
    forget(settings)
    return one


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """What an earlier step found out: addresses for the later ones."""
    return {}


class TestOfficial:
    """In order: each step stands on the one before."""

    def test_from_the_own_page_to_the_line(
        self, visit: Visit, person: OfficialTruth, axe: str, told: dict[str, str]
    ) -> None:
        visitor = visit(360)
        visitor.log_in("vi", ACCOUNT, HOME)
        visitor.check(axe)
        visitor.page.click("main >> text=Tất cả số liệu của tôi")
        visitor.page.click(".vt-periods a >> nth=0")
        visitor.page.wait_for_selector("#figures")
        told["own"] = visitor.page.url.removeprefix(visitor.suite.address)
        visitor.check(axe)
        visitor.page.click('a[href*="/figures/sent/"]')
        visitor.page.wait_for_selector(".vt-log-line")
        told["figure"] = visitor.page.url.removeprefix(visitor.suite.address)
        assert visitor.page.locator("h1").inner_text().endswith(f": {person.sent}")
        assert visitor.page.locator(".vt-log-line").count() == min(person.sent, 100)
        visitor.check(axe)

    def test_the_figure_is_contested_without_scripts(
        self, visit: Visit, person: OfficialTruth, told: dict[str, str]
    ) -> None:
        visitor = visit(360, scripts=False)
        visitor.log_in("vi", ACCOUNT, HOME)
        visitor.go(told["figure"])
        visitor.page.click('main a[href*="/contests/sent/"]')
        visitor.page.wait_for_selector("#reason")
        told["ask"] = visitor.page.url.removeprefix(visitor.suite.address)
        visitor.page.click("main button[type=submit]")
        assert "Hãy ghi vì sao" in visitor.page.inner_text(".govuk-error-summary")
        visitor.page.fill("#reason", "Tôi nghỉ phép trong tuần này.")
        visitor.page.click("main button[type=submit]")
        visitor.page.wait_for_url(re.compile(r"/contests/\d+$"))
        told["contest"] = visitor.page.url.removeprefix(visitor.suite.address)
        assert "đang chờ trả lời" in visitor.page.inner_text("main")

    def test_it_is_answered_by_keyboard(self, visit: Visit, told: dict[str, str], axe: str) -> None:
        visitor = visit(1280)
        visitor.log_in("en")
        visitor.go("/contests")
        visitor.page.focus(f'a[href="{told["contest"]}"]')
        visitor.page.keyboard.press("Enter")
        visitor.page.wait_for_selector("#verdict")
        visitor.page.focus("#verdict")
        visitor.page.keyboard.press("Space")
        visitor.page.keyboard.press("Tab")
        visitor.page.keyboard.type("Your leave is on record now.")
        visitor.page.keyboard.press("Tab")
        visitor.page.keyboard.press("Enter")
        visitor.page.wait_for_selector("text=The answer is stored")
        assert "accepted" in visitor.page.inner_text("main")
        visitor.check(axe)

    def test_the_official_reads_it(self, visit: Visit, told: dict[str, str]) -> None:
        visitor = visit(360)
        visitor.log_in("en", ACCOUNT, HOME)
        assert "Your request was answered" in visitor.page.inner_text("main")
        visitor.page.click(".vt-card >> text=Sent")
        visitor.page.wait_for_url(f"{visitor.suite.address}{told['contest']}")
        assert "Your leave is on record now." in visitor.page.inner_text("main")
        visitor.go(HOME)
        assert "Nothing waits for you" in visitor.page.inner_text("main")

    def test_the_own_account_without_scripts(self, visit: Visit, person: OfficialTruth) -> None:
        """The password is changed there and back; the session that was open elsewhere is over."""
        elsewhere, visitor = visit(360), visit(360, scripts=False)
        elsewhere.log_in("vi", ACCOUNT, HOME)
        visitor.log_in("vi", ACCOUNT, HOME)
        for old, new in ((PASSWORD, "mưa rào trên mái tôn"), ("mưa rào trên mái tôn", PASSWORD)):
            visitor.go("/account")
            for field, typed in (("#old", old), ("#new", new), ("#again", new)):
                visitor.page.fill(field, typed)
            visitor.page.click("main form >> nth=0 >> button[type=submit]")
            assert "Đã đổi mật khẩu" in visitor.page.inner_text("main [role=status]")
        assert visitor.page.locator("#sessions ~ table tbody tr").count() == 1
        elsewhere.go("/account")
        assert elsewhere.page.url.endswith("/log-in?next=/account")

    def test_another_person_s_page_is_not_there(self, visit: Visit, suite: Suite, told: dict[str, str]) -> None:
        visitor = visit(360)
        visitor.log_in("vi", ACCOUNT, HOME)
        own = told["own"].rsplit("/", 1)
        other = next(one for one in suite.truth.officials if one.official_id != own[1])
        answer = visitor.page.goto(f"{suite.address}{own[0]}/{other.official_id}")
        assert answer is not None
        assert (answer.status, other.name in visitor.page.inner_text("main")) == (404, False)
