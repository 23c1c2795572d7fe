"""The pictures of training: the demonstration's story in a smaller city. `tests.e2e.pictures` takes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Page

import core.db
from core.db import unit_of_work
from core.directory import rosterfile
from core.directory.services import create_account, import_roster
from core.permissions import command_line_actor
from core.settings import load
from mail_audit.sample import PRESETS
from mail_audit.sample.people import settle, write_directory
from tests.e2e.site import Line, Site
from tests.web.conftest import PASSWORD
from training.services.effects import report_effect
from web import demo_roles, demo_training
from web.app import create_app
from web.demo_learners import Days

CITY = 400
SHOWN = {
    "courses": ("canbo", "/learning", 360, 900),
    "late": ("lanhdao", "/training", 360, 900),
    "board": ("tochuc", "/training", 1280, 900),
    "rule": ("tochuc", "/training/rules/2", 1280, 760),
    "waves": ("tochuc", "/training/waves/1", 1280, 900),
    "classes": ("tochuc", "/classes", 1280, 700),
    "effect": ("tochuc", "/training/effect", 1280, 1000),
}
"""Name -> whose page, where, and the window's width and height."""


def site_of(folder: Path, today: date) -> Site:
    """The whole story, in a city of its own, with everybody's account."""
    settings = load({"VANTHU_HOME": str(folder / "home")})
    preset = replace(PRESETS["small"], officials=CITY)
    write_directory(settle(CITY, 2014), folder / "officials.csv")
    roster = rosterfile.read_roster(folder / "officials.csv")
    for name in (*demo_roles.OF_A_UNIT, *demo_roles.OF_THE_CITY):
        (folder / f"demo-password-{name}").write_text(PASSWORD, "ascii")
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=roster)
        demo_roles.prepared(session, command_line_actor(), folder, day=today)
        learner = next(one.official_id for one in reversed(roster.posts) if one.rank != "leader")
        create_account(session, command_line_actor(), name="canbo", password=PASSWORD, official_id=learner)
    PRESETS["pictures"] = preset
    demo_training.prepare(settings, folder / "months", preset="pictures", today=today)
    del PRESETS["pictures"]
    with unit_of_work(settings) as session:
        report_effect(session, campaign_id=1, moment=Days(settings.timezone).at(today, 8))
    app = create_app(settings)
    return Site(Line(app), app, settings)


def pages(browser: Browser, site: Site, language: str) -> list[tuple[str, Page]]:
    """Each page in a window of its own, by the name of its picture."""
    found = []
    for name, (account, address, width, height) in SHOWN.items():
        window = browser.new_context(viewport={"width": width, "height": height}, service_workers="block")
        window.add_cookies([site.cookie(account), {"name": "vanthu_language", "value": language, "url": site.address}])
        page = window.new_page()
        page.goto(f"{site.address}{address}")
        found.append((name, page))
    return found


def close(site: Site) -> None:
    """The end of it."""
    site.line.cut()
    core.db.forget(site.settings)
