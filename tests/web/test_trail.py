"""The page of the audit trail: words for every action, filters, pages, and nothing in it that becomes markup."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pytest
from sqlalchemy import select

from core.audit import AuditEntry, TrailAction, heads, record
from core.audit.reading import Wanted, entries
from core.db import unit_of_work
from core.settings import INSTALLED, Settings
from mail_audit.actions import AuditAction
from tests.web import town
from tests.web.conftest import Visitor
from web.trail_words import WORDS, said


def _actions() -> set[str]:
    """The values of every StrEnum named `…Action` in the project."""
    for package in ("core", *(name for name in INSTALLED if name != "web")):
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.startswith("core.migrations.") and ".native" not in module.name:
                importlib.import_module(module.name)
    kinds = [kind for kind in StrEnum.__subclasses__() if kind.__name__.endswith("Action")]
    return {str(one) for kind in kinds if not kind.__module__.startswith("tests") for one in kind}


def test_every_action_has_words() -> None:
    actions = _actions()
    assert {str(TrailAction.EXPORTED), str(AuditAction.REPORT_MADE)} < actions
    assert actions ^ set(WORDS) == set()
    assert [one for one in WORDS.values() if not one.vi or not one.en or one.vi == one.en] == []
    assert said("core:thing:of_tomorrow").vi == "core:thing:of_tomorrow"


@pytest.fixture
def filled(settings: Settings) -> None:
    """Sixty entries, one of them hostile."""
    with unit_of_work(settings) as session:
        record(session, actor=town.HOSTILE, action=AuditAction.TARGETS_SET, subject="50%_đích", facts={"n": "y" * 500})
        for number in range(59):
            record(session, actor="can.bo", action=AuditAction.OFFICIAL_LOOKED_AT, subject=f"official:CB{number:03}")


@pytest.mark.usefixtures("filled")
def test_the_newest_first_by_fifty(admin: Visitor, settings: Settings) -> None:
    page = admin.get("/trail").text
    assert ("official:CB058" in page, "official:CB010" in page, "official:CB000" in page) == (True, True, False)
    assert "xem số liệu của một người" in page
    rest = admin.get("/trail?offset=50").text
    assert ("official:CB058" in rest, "official:CB000" in rest, "tạo tài khoản" in rest) == (False, True, True)
    assert (town.HOSTILE in rest, "&lt;script&gt;" in rest, "y" * 121 in rest) == (False, True, False)
    with unit_of_work(settings) as session:
        assert str(heads.head(session)) in page
    admin.get("/language/en?next=/trail")
    assert "looked at somebody" in admin.get("/trail").text


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("", 50),
        ("actor=CAN.", 50),
        ("actor=admin", 1),
        ("subject=CB05", 9),
        ("subject=50%25_", 1),
        ("subject=5%25", 0),
        ("subject=official:CB05", 9),
        ("subject=_%25", 0),
        ("subject=%00", 50),
        ("actor=can&subject=cb000", 1),
        ("from=yesterday", 50),
        ("from={tomorrow}", 0),
        ("to={yesterday}", 0),
        ("from={yesterday}&to={tomorrow}&actor=admin", 1),
    ],
)
def test_filters(admin: Visitor, asked: str, rows: int) -> None:
    now = datetime.now(UTC)
    days = {"yesterday": (now - timedelta(days=2)).date(), "tomorrow": (now + timedelta(days=2)).date()}
    assert admin.get(f"/trail?{asked.format(**days)}").text.count('role="rowheader"') == rows


def test_a_day_is_a_day_of_the_offices(settings: Settings) -> None:
    with unit_of_work(settings) as session:
        at = session.scalars(select(AuditEntry.at).order_by(AuditEntry.id)).first()
        assert at is not None
        for zone, ahead in (("Etc/GMT-14", 14), ("Etc/GMT+12", -12)):
            day = (at + timedelta(hours=ahead)).date()
            assert entries(session, Wanted(zone, day, day)).total >= 1
            assert entries(session, Wanted(zone, day + timedelta(days=1))).total == 0
            assert entries(session, Wanted(zone, None, day - timedelta(days=1))).total == 0
