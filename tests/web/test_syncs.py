"""The page of what feeds the directory: runs with what they did and left out, and programs that speak SCIM."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.db import unit_of_work, utc_now
from core.directory.feeds.counting import Tally
from core.directory.models import SyncRun
from core.settings import Settings
from tests.web.api.conftest import service_token
from tests.web.conftest import Visitor
from tests.web.scim.conftest import Client, user
from web.border import BorderedFlask

JOINED = {"vi": "thêm cán bộ CB20", "en": "added official CB20"}
FAULTY = {"dn": "uid=x,ou=people", "vi": "hai mã <cán bộ>", "en": "two <numbers>"}


@pytest.fixture
def runs(settings: Settings) -> list[int]:
    """Three runs: one that was done, one that was refused, one without an answer."""
    begun = utc_now() - timedelta(hours=1)
    nobody: dict[str, str | None] = {"vi": None, "en": None}
    kinds: list[tuple[str, Tally, Any, Any, dict[str, str | None]]] = [
        ("done", Tally(9, joined=1, changes=3, left_out=1), [JOINED], [FAULTY], nobody),
        ("refused", Tally(4, left=5, changes=5), [JOINED], [], {"vi": "Quá nhiều.", "en": "Too many."}),
        ("failed", Tally(), [], [], {"vi": "Máy chủ không trả lời.", "en": "The server does not answer."}),
    ]
    with unit_of_work(settings) as session:
        rows = [
            SyncRun(
                source="office", begun_by="cli:root" if at else "scheduler", begun_at=begun + timedelta(minutes=at),
                ended_at=begun + timedelta(minutes=at, seconds=2.4), state=state, counts=tally.by_name(),
                changes=changes, left_out=left_out, error_vi=error["vi"], error_en=error["en"],
            )
            for at, (state, tally, changes, left_out, error) in enumerate(kinds)
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        return [one.id for one in rows]


def test_every_run_opens_what_it_did(admin: Visitor, runs: list[int]) -> None:
    """The newest first; what nobody counted is a dash and no zero."""
    page = admin.get("/directory/sync").text
    places = [page.index(f'href="/directory/sync/{run}"') for run in runs]
    assert places == sorted(places, reverse=True)
    assert all(by in page for by in ("lệnh trên máy chủ (root)", "hệ thống tự chạy"))
    failed = page[places[2] : places[1]]
    assert ("không có trả lời" in failed, failed.count(">–<"), ">0<" in failed) == (True, 4, False)
    done = admin.get(f"/directory/sync/{runs[0]}").text
    for words in ("thêm cán bộ CB20", "và 2 thay đổi nữa", "uid=x,ou=people: hai mã &lt;cán bộ&gt;", "hết 3 giây"):
        assert words in done
    refused = admin.get(f"/directory/sync/{runs[1]}").text
    assert all(words in refused for words in ("Quá nhiều. Chưa có gì thay đổi.", "Những gì lẽ ra sẽ thay đổi"))
    failed = admin.get(f"/directory/sync/{runs[2]}").text
    assert ("Máy chủ không trả lời." in failed, "Những gì" in failed) == (True, False)


@pytest.mark.parametrize("number", [0, 99, 10**30])
def test_a_run_that_never_was(admin: Visitor, runs: list[int], number: int) -> None:
    assert admin.get(f"/directory/sync/{number}").status_code == 404


def test_programs_are_told_with_what_they_did(
    admin: Visitor, app: BorderedFlask, settings: Settings, listed: None
) -> None:
    """A personnel system puts an official; another service, which only reads, is none of them."""
    assert "Chưa có chương trình nào" in admin.get("/directory/sync").text
    service_token(settings, ["directory.read"])
    assert "Chưa có chương trình nào" in admin.get("/directory/sync").text
    program = Client(app.test_client(use_cookies=False), service_token(settings, ["scim"]))
    assert program.ask("POST", "/Users", user()).status_code == 201
    page = admin.get("/directory/sync").text
    assert "Số cán bộ do chương trình ghi đến nay: 1." in page
    assert page.count('href="/trail?actor=service:hr-system"') == 1
    assert "official:CB20" in admin.get("/trail?actor=service:hr-system").text


def test_in_english(admin: Visitor, runs: list[int]) -> None:
    admin.client.set_cookie("vanthu_language", "en")
    page = admin.get(f"/directory/sync/{runs[0]}").text
    assert all(words in page for words in ("added official CB20", "and 2 more", "it took 3 seconds"))
