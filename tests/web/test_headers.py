"""What every answer carries: the policy, protection, compression, and how long it may be kept."""

from __future__ import annotations

import gzip

import pytest

from tests.web.conftest import Visitor
from web.headers import ALWAYS, POLICY

FIRST_VIEW_BYTES = 150_000
FONTS = ("latin-400", "latin-700", "vietnamese-400", "vietnamese-700")


@pytest.mark.parametrize("address", ["/log-in", "/", "/nothing", "/health", "/static/icon.svg"])
def test_every_answer_is_protected(stranger: Visitor, address: str) -> None:
    headers = stranger.get(address).headers
    assert {name: headers.get(name) for name in ALWAYS} == ALWAYS


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    assert POLICY.startswith("default-src 'none'; ")
    sources = {source for part in POLICY.split("; ") for source in part.split()[1:]}
    assert sources == {"'none'", "'self'"}


def test_pages_are_never_kept(admin: Visitor) -> None:
    assert admin.get("/audits").headers["Cache-Control"] == "no-store"


def test_static_files_with_their_mark_are_kept_for_ever(stranger: Visitor) -> None:
    assert "immutable" in stranger.get("/static/icon.svg?v=123").headers["Cache-Control"]
    assert "immutable" not in stranger.get("/static/icon.svg").headers["Cache-Control"]


def test_pages_are_compressed_for_who_can_read_it(stranger: Visitor) -> None:
    plain = stranger.get("/log-in")
    packed = stranger.get("/log-in", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data).startswith(b"<!DOCTYPE html>")
    assert len(packed.data) == int(packed.headers["Content-Length"]) < len(plain.data) / 2


def test_the_first_view_is_light(admin: Visitor, audit_id: int) -> None:
    addresses = ["/", "/static/icon.svg", *(f"/static/built/{name}" for name in ("app.css", "app.js"))]
    addresses.append("/static/built/govuk-frontend.min.js")
    addresses += [f"/static/built/fonts/be-vietnam-pro-{font}-normal.woff2" for font in FONTS]
    answers = [admin.get(address, headers={"Accept-Encoding": "gzip"}) for address in addresses]
    assert [answer.status_code for answer in answers] == [200] * len(addresses)
    assert sum(len(answer.data) for answer in answers) < FIRST_VIEW_BYTES
