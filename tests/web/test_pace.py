"""Pages asked for too fast: counted by account and by address, in all processes together; what the page then says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from core.settings import Settings, load
from tests.web.conftest import NAME, Visitor
from web import pace
from web.app import create_app
from web.pace import Pace

NOON = datetime(2026, 10, 6, 12, 0, 40, tzinfo=UTC)
Made = Callable[[str], Visitor]
_files = count()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moment it is, to be changed."""
    now = [NOON]
    monkeypatch.setattr(pace, "utc_now", lambda: now[0])
    return now


@pytest.fixture
def visitor_of(settings: Settings) -> Made:
    """Makes a visitor of the installation with a table `[web]`."""

    def made(table: str) -> Visitor:
        (settings.home / "vanthu.toml").write_text(f"[web]\n{table}\n", "utf-8")
        return Visitor(create_app(load({"VANTHU_HOME": str(settings.home)})).test_client())

    return made


def _asked(visitor: Visitor, times: int, address: str = "/help", **more: Any) -> list[int]:
    return [visitor.get(address, **more).status_code for _ in range(times)]


def test_who_asks_too_fast_waits_and_nobody_else_does(
    visitor_of: Made, clock: list[datetime], account_of: Callable[..., Visitor]
) -> None:
    """In two browsers of one account together; a minute later all is as it was."""
    account_of(name="can.bo")
    first, second, other = (visitor_of("page_requests_a_minute = 6") for _ in range(3))
    for visitor in (first, second):
        visitor.log_in(name=NAME)
    other.log_in(name="can.bo")
    assert (_asked(first, 3), _asked(second, 3)) == ([200] * 3, [200] * 3)
    refused = second.get("/help")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "20")
    assert "đợi vài phút rồi tải lại trang" in refused.text
    second.client.set_cookie("vanthu_language", "en")
    assert "More was asked for from your account" in second.get("/help").text
    assert first.get("/help").status_code == 429
    assert other.get("/help").status_code == 200
    clock[0] += timedelta(seconds=20)
    assert first.get("/help").status_code == 200


def test_a_form_that_comes_too_fast_changes_nothing(visitor_of: Made, clock: list[datetime]) -> None:
    visitor = visitor_of("page_requests_a_minute = 2")
    visitor.log_in()
    page = visitor.get("/account").text
    assert visitor.post("/log-out", "/account").status_code == 429
    clock[0] += timedelta(minutes=1)
    assert (NAME in page, visitor.get("/account").status_code) == (True, 200)


def test_addresses_are_those_that_our_proxies_say(visitor_of: Made, clock: list[datetime]) -> None:
    """What stands before them was written by whoever asks, and makes nobody new."""
    visitor = visitor_of("address_requests_a_minute = 3\nproxies = 1")
    here, there, forged = (
        dict[str, Any]({"environ_base": {"REMOTE_ADDR": "10.0.0.2"}, "headers": {"X-Forwarded-For": told}})
        for told in ("203.0.113.7", "203.0.113.8", "192.0.2.1, 203.0.113.7")
    )
    assert _asked(visitor, 4, **here) == [200, 200, 200, 429]
    assert _asked(visitor, 1, **forged) == [429]
    assert _asked(visitor, 1, **there) == [200]


def test_without_proxies_nobody_names_an_address(visitor_of: Made, clock: list[datetime]) -> None:
    """One household of IPv6 is one address; style sheets and this machine itself are not counted."""
    visitor = visitor_of("address_requests_a_minute = 3")
    for number in range(3):
        told = {"X-Forwarded-For": f"192.0.2.{number}"}
        asked: dict[str, Any] = {"environ_base": {"REMOTE_ADDR": f"2001:db8::{number + 1}"}, "headers": told}
        assert _asked(visitor, 1, **asked) == [200]
    asked = {"environ_base": {"REMOTE_ADDR": "2001:db8::99"}}
    assert _asked(visitor, 1, **asked) == [429]
    assert _asked(visitor, 2, "/static/nothing.css", **asked) == [404, 404]
    assert _asked(visitor, 5) == [200] * 5


@tried(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abcdefg"), st.integers(0, 1), st.integers(0, 2)), max_size=80))
def test_no_count_is_too_small(tmp_path: Path, asked: list[tuple[str, int, int]]) -> None:
    """Any order of names, processes and minutes that go on: as if one had counted."""
    file = tmp_path / str(next(_files))
    processes = (Pace(file, "key"), Pace(file, "key"))
    expected: Counter[tuple[str, int]] = Counter()
    for name, process, minute in sorted(asked, key=lambda one: one[2]):
        expected[name, minute] += 1
        counted = processes[process].count(name, NOON + timedelta(minutes=minute))
        assert counted == expected[name, minute]
    assert not file.exists() or file.stat().st_size == pace.SIZE


def test_many_at_once_are_counted_each(tmp_path: Path) -> None:
    """Four processes, as the file sees them."""

    def ask(process: Pace) -> int:
        return max(process.count("somebody", NOON) for _ in range(200))

    with ThreadPoolExecutor(4) as at_once:
        counts = list(at_once.map(ask, [Pace(tmp_path / "pace", "key") for _ in range(4)]))
    assert max(counts) == 800


def test_where_no_file_can_be_made_each_process_counts_for_itself(tmp_path: Path) -> None:
    counted = Pace(tmp_path / "no such folder" / "pace", "key")
    assert [counted.count("somebody", NOON) for _ in range(3)] == [1, 2, 3]


def test_the_file_names_nobody(tmp_path: Path) -> None:
    for key in ("one", "another"):
        Pace(tmp_path / key, key).count("account admin", NOON)
    one, another = (tmp_path.joinpath(key).read_bytes() for key in ("one", "another"))
    assert b"admin" not in one
    assert one != another
