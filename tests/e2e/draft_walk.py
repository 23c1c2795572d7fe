"""Through the drafter's guide in a browser, page by page: for its pictures, and for the test of its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from playwright.sync_api import Locator, Page

from tests.e2e.office import HEAD, WITHOUT

TITLE = "Kiểm tra an toàn thực phẩm dịp cuối năm"
BODY = (
    "Thực hiện kế hoạch của thành phố, Sở Y tế đề nghị các bệnh viện kiểm tra bếp ăn trước ngày 10 tháng 12./.",
    "Thực hiện kế hoạch của thành phố, Sở Y tế đề nghị các bệnh viện kiểm tra bếp ăn, căng tin trước ngày 15/12./.",
)
Looking = Callable[[Page, str, "Locator | None"], None]


def passage(page: Page, role: str) -> Locator:
    """The block of the text's first passage that is this part of a document."""
    return page.locator(".vt-block").filter(has=page.locator(f'input[name^="role-"][value="{role}"]')).first


def choose(page: Page, name: str) -> None:
    """Press a button of the page of the text."""
    page.locator(f'#writing button[name=do][value="{name}"]').last.click()


def through_the_guide(page: Page, look: Looking) -> Iterator[str]:
    """Begin, write, mend, compare, send; yields what each page says. `look` may take a picture, at a place of it."""
    page.goto("/drafts")
    yield page.inner_text("body")
    page.goto("/drafts/new")
    page.fill("#title", TITLE)
    yield page.inner_text("body")
    page.click("main form button[type=submit]")
    passage(page, "addressee").locator("textarea").fill("Kính gửi: Các bệnh viện, trung tâm y tế")
    passage(page, "body").locator("textarea").fill(BODY[0])
    passage(page, "authority").locator("textarea").fill("Giám đốc")
    passage(page, "signer").locator("textarea").fill(f"TS. {HEAD.name}")
    choose(page, "save")
    yield page.inner_text("body")
    look(page, "faults", passage(page, "authority"))
    choose(page, "mend")
    look(page, "write", None)
    passage(page, "body").locator("textarea").fill(BODY[1])
    choose(page, "save")
    yield page.inner_text("body")
    draft = page.url.split("#")[0].removesuffix("/write")
    page.goto(f"{draft}/remarks/new")
    page.fill("#text", "Nêu rõ thành phần đoàn.")
    page.click("main form button[type=submit]")
    page.goto(f"{draft}/write")
    yield page.inner_text("body")
    page.goto(f"{draft}/revisions")
    yield page.inner_text("body")
    page.goto(f"{draft}/revisions/3..4")
    look(page, "difference", None)
    yield page.inner_text("body")
    page.goto(f"{draft}/send")
    page.locator(".govuk-radios__item").filter(has_text=WITHOUT).locator("input").check()
    look(page, "send", None)
    page.click("main form button[type=submit]")
    yield page.inner_text("body")
