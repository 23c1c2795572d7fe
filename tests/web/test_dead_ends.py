"""No page leads to a closed door: whoever follows the links of the pages they may open is refused nowhere."""

from __future__ import annotations

import re

import pytest

from core.permissions import Role
from tests.web.conftest import Visitor
from tests.web.test_documents import Making

LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')
ELSEWHERE = ("/language/", "/look/", "/log-out", "/static/")
NUMBERS = re.compile(r"\d+")
MOST_PAGES = 120


def _refused(visitor: Visitor) -> dict[str, str]:
    """Refused addresses -> how, and the page that leads there. Of pages that differ by numbers only, two are read."""
    waits, came_from, alike, refused = ["/"], {"/": ""}, dict[str, int](), dict[str, str]()
    while waits and len(alike) < MOST_PAGES:
        address = waits.pop(0)
        kind = NUMBERS.sub("N", address.partition("?")[0])
        alike[kind] = alike.get(kind, 0) + 1
        if alike[kind] > 2:
            continue
        answer = visitor.client.get(address, follow_redirects=True)
        if answer.status_code in {403, 404, 405, 500}:
            refused[address] = f"{answer.status_code}, from {came_from[address]}"
        if answer.mimetype != "text/html":
            continue
        for link in LINK.findall(answer.text):
            found = link.replace("&amp;", "&")
            if found not in came_from and not found.startswith(ELSEWHERE):
                came_from[found] = address
                waits.append(found)
    assert len(alike) > 5
    return refused


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.OFFICIAL], ids=str)
def test_no_link_leads_to_a_closed_door(account_of: Making, audit_id: int, role: Role) -> None:
    assert _refused(account_of(role, official_id="CB5")) == {}


def test_nor_for_who_is_an_official_only(account_of: Making, audit_id: int) -> None:
    assert _refused(account_of(official_id="CB1")) == {}
