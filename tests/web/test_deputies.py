"""Naming a deputy without knowing a number: people are found by a few letters of their names, with or without marks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.directory.queries.search import find_colleagues
from core.permissions import Reach, Role
from core.settings import Settings
from tests.web import town
from tests.web.conftest import Visitor

Made = Callable[..., Visitor]


def _offered(page: str, name: str) -> list[str]:
    """The numbers that can be chosen for a field."""
    return re.findall(rf'<input [^>]*type="radio"[^>]*name="{name}" value="([^"]+)"', page)


def _days(settings: Settings) -> dict[str, str]:
    today = day_in(settings.timezone, utc_now())
    return {"first": today.isoformat(), "last": (today + timedelta(days=3)).isoformat(), "scope": "everything"}


def test_an_administrator_finds_both_by_name(admin: Visitor, settings: Settings, listed: None) -> None:
    """Two words, one button; then two choices. What was looked for stays in the fields."""
    assert _offered(admin.get("/deputies").text, "deputy") == []
    place = "/deputies?away=ngoc+anh&q=ung"
    page = admin.get(place).text
    assert (_offered(page, "official_id"), _offered(page, "deputy")) == (["CB1"], ["CB2"])
    assert "Nguyễn Thị Ngọc Ánh" in page
    named = admin.post("/deputies", place, official_id="CB1", deputy="CB2", **_days(settings))
    assert named.status_code == 303
    assert "Trần Văn Ửng (CB2)" in admin.get("/deputies").text


def test_an_official_chooses_from_the_own_unit(official: Visitor, settings: Settings) -> None:
    """Nothing needs to be typed; nobody but oneself is away, and oneself does not act for oneself."""
    page = official.get("/deputies").text
    assert (_offered(page, "official_id"), _offered(page, "deputy")) == ([], ["CB2"])
    assert _offered(official.get("/deputies?q=quân").text, "deputy") == ["CB5"]
    assert official.post("/deputies", "/deputies", deputy="CB2", **_days(settings)).status_code == 303


def test_who_looks_after_a_unit_finds_its_people_only(account_of: Made, settings: Settings) -> None:
    """Another's people may act, but are not theirs to have away."""
    visitor = account_of(Role.ADMINISTRATOR, unit_key=town.CONSTRUCTION)
    page = visitor.get("/deputies?away=c&q=quan").text
    away = _offered(visitor.get("/deputies?away=hoang").text, "official_id")
    assert (away, _offered(page, "deputy")) == ([], ["CB5"])
    assert _offered(visitor.get("/deputies?away=thi").text, "official_id") == ["CB1", "CB3"]
    refused = visitor.post("/deputies", "/deputies", official_id="CB5", deputy="CB1", **_days(settings))
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("chosen", "said"),
    [({"deputy": "CB2"}, "Hãy chọn người vắng mặt"), ({"official_id": "CB1"}, "Hãy chọn người được ủy quyền")],
)
def test_who_is_not_chosen_is_asked_for(
    admin: Visitor, settings: Settings, listed: None, chosen: dict[str, str], said: str
) -> None:
    """The page comes back with what was found and chosen."""
    place = "/deputies?away=anh&q=ung"
    refused = admin.post("/deputies", place, away="anh", q="ung", **chosen, **_days(settings))
    assert refused.status_code == 422
    assert said in refused.text
    assert (_offered(refused.text, "official_id"), _offered(refused.text, "deputy")) == (["CB1"], ["CB2"])
    assert refused.text.count(" checked") == 1


def test_those_written_as_it_is_come_first(settings: Settings, listed: None) -> None:
    """By all words of the question; only in reach; never the one who asks."""
    with unit_of_work(settings) as session:

        def numbers(question: str, **more: object) -> list[str]:
            return [one.official_id for one in find_colleagues(session, question=question, **more)]  # type: ignore[arg-type]

        assert numbers("hà") == numbers("ha") == ["CB3"]
        assert numbers("thi")[0] == "CB1"  # leads
        assert set(numbers("thi", reach=Reach(frozenset({town.CONSTRUCTION, town.HOUSING})))) == {"CB1", "CB3"}
        assert "CB1" not in numbers("thi", of="CB1")
        assert (numbers("nguyen anh"), numbers("nguyen ung"), numbers("")) == (["CB1"], [], [])
        assert numbers("", of="CB3") == ["CB4"]
