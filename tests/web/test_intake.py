"""What a request may be: every write has its token, its size is bounded, its host is known, its files are scanned."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from core.settings import Settings, load
from tests.web.access import ROWS
from tests.web.clamd import Clamd
from tests.web.conftest import TOKEN, Visitor
from web.addresses import safe_next
from web.app import create_app
from web.border import BorderedFlask
from web.guards import READING
from web.intake import FORM_BYTES, STRANGER_BYTES

WRITES = [(row.method, row.address) for row in ROWS if row.method not in READING]
FORM = "application/x-www-form-urlencoded"
FILES = "multipart/form-data; boundary=x"
UPLOADS = {
    "/audits", "/courses", "/directory", "/drafts", "/drafts/9/attachments", "/drafts/9/file", "/invitations",
    "/targets/file",
}  # fmt: skip
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.mark.parametrize("token", [None, "made-up"])
def test_every_write_needs_its_token(admin: Visitor, audit_id: int, token: str | None) -> None:
    """Walks every route that changes something (the table of routes has each of the map)."""
    data = {} if token is None else {"csrf_token": token}
    for method, address in WRITES:
        refused = admin.client.open(address, method=method, data=data)
        assert (refused.status_code, "Chưa có gì thay đổi" in refused.text) == (400, True), address
    assert admin.get("/audits").status_code == 200  # still logged in, though the way out was among them


def test_every_write_is_bounded(app: BorderedFlask, stranger: Visitor, admin: Visitor) -> None:
    app.config.update(MAX_CONTENT_LENGTH=2 * FORM_BYTES, MAX_FORM_MEMORY_SIZE=None)

    def sent(visitor: Visitor, size: int) -> int:
        return visitor.client.open(address, method=method, data=b"x" * size, content_type=FILES).status_code

    for method, address in WRITES:  # noqa: B007 - `sent` uses it
        statuses = [sent(stranger, size) for size in (STRANGER_BYTES, STRANGER_BYTES + 1)]
        assert statuses == [400, 413], address
        statuses = [sent(admin, size) for size in (FORM_BYTES, FORM_BYTES + 1, 2 * FORM_BYTES + 1)]
        assert statuses == [400, 400 if address in UPLOADS else 413, 413], address


def test_of_a_request_that_hides_its_size_no_more_is_read(admin: Visitor) -> None:
    body = io.BytesIO(b"csrf_token=" + b"x" * 2 * FORM_BYTES)
    sent = admin.client.post(
        "/log-out",
        input_stream=body,
        content_type=FORM,
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert (sent.status_code, body.tell()) == (400, FORM_BYTES)


def test_only_files_may_be_large(admin: Visitor) -> None:
    """A form without files is read into memory at once."""
    body = b"x" * (FORM_BYTES + 1)
    assert admin.client.post("/audits", data=body, content_type=FORM).status_code == 413


def _made(folder: Path, table: str) -> FlaskClient:
    folder.mkdir(exist_ok=True)
    (folder / "vanthu.toml").write_text(f"[web]\n{table}\n", "utf-8")
    return create_app(load({"VANTHU_HOME": str(folder)})).test_client()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("mail-audit.tp.example.gov.vn", 200),
        ("MAIL-AUDIT.tp.example.gov.vn.:8443", 200),
        ("[::1]:8000", 200),
        ("[::1]", 200),
        ("evil.example", 400),
        ("mail-audit.tp.example.gov.vn.evil.example", 400),
        ("localhost", 400),
        ("", 400),
    ],
)
def test_only_known_hosts_are_answered(tmp_path: Path, host: str, status: int) -> None:
    client = _made(tmp_path, 'hosts = "mail-audit.tp.example.gov.vn [::1]"')
    page = client.get("/log-in", headers={"Host": host})
    assert page.status_code == status
    assert "evil.example" not in page.text
    assert page.headers["X-Frame-Options"] == "DENY"


def test_cookies_hold_to_their_host_behind_https(tmp_path: Path) -> None:
    client = _made(tmp_path, "https = true")
    base = "https://vanthu.example"
    cookies = client.get("/log-in", base_url=base).headers.getlist("Set-Cookie")
    cookies += client.get("/language/en?next=/log-in", base_url=base).headers.getlist("Set-Cookie")
    assert {one.partition("=")[0] for one in cookies} == {"__Host-vanthu", "__Host-vanthu_language"}
    for one in cookies:
        parts = {part.strip().partition("=")[0].lower() for part in one.split(";")[1:]}
        assert ({"secure", "httponly", "samesite", "path"} <= parts, "domain" in parts) == (True, False)
        assert "Path=/;" in f"{one};"
    assert '<html lang="en"' in client.get("/log-in", base_url=base).text


def _as_a_browser(address: str) -> str:
    """The host an address leads to from a page of ours, read as browsers do (WHATWG URL: 4.4, basic URL parser)."""
    stripped = re.sub(r"[\t\r\n]", "", address.strip("".join(map(chr, range(0x21)))))
    return urlsplit(urljoin("https://vanthu.example/log-in", stripped.replace("\\", "/"))).netloc


SIGNS = st.text(st.one_of(st.sampled_from("/\\:@.?#%\t\r\n \x00evil;[]"), st.characters(codec="utf-8")), max_size=20)


@given(SIGNS | SIGNS.map(lambda rest: f"/{rest}") | SIGNS.map(lambda rest: f"//{rest}"))
@example("/\t/evil.example")
@example("/\\evil.example")
@example("/.//evil.example")
def test_whatever_is_asked_the_next_page_is_ours(wanted: str) -> None:
    led = safe_next(wanted)
    assert led in {"/", wanted}
    assert _as_a_browser(led) == "vanthu.example"


@given(wanted=SIGNS.map(lambda rest: f"/{rest}"))
def test_the_header_too(session_client: FlaskClient, wanted: str) -> None:
    """What stands in `Location`, after all quoting, is still a page of ours."""
    location = session_client.get("/language/en", query_string={"next": wanted}).location
    assert _as_a_browser(location) == "vanthu.example"


@pytest.fixture(scope="module")
def session_client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return _made(tmp_path_factory.mktemp("home"), "")


@pytest.fixture
def scanned(tmp_path: Path, settings: Settings) -> tuple[Visitor, Clamd]:
    """An administrator of an installation with a scanner."""
    clamd = Clamd(tmp_path / "clamd.ctl")
    (settings.home / "vanthu.toml").write_text(f'[web]\nclamd = "{clamd.path}"\n', "utf-8")
    with_scanner = load({"VANTHU_HOME": str(settings.home), "VANTHU_LOG_FOLDERS": str(settings.log_folders[0])})
    visitor = Visitor(create_app(with_scanner).test_client())
    assert visitor.log_in().status_code == 303
    return visitor, clamd


def _send(visitor: Visitor, content: bytes, name: str = "danh bạ.csv") -> TestResponse:
    token = TOKEN.search(visitor.get("/directory").text)
    assert token
    return visitor.client.post("/directory", data={"csrf_token": token[1], "file": (io.BytesIO(content), name)})


ROSTER = "unit,official_id,name,title,rank,email\nSở A,CB1,Nguyễn Văn An,Giám đốc,leader,an@tp.example.gov.vn\n"


def test_a_file_is_scanned_before_it_is_used(scanned: tuple[Visitor, Clamd]) -> None:
    visitor, clamd = scanned
    with clamd.answering(b"stream: OK\0"):
        assert _send(visitor, ROSTER.encode()).status_code == 200
    assert clamd.taken == ROSTER.encode()


def test_a_file_with_something_in_it_is_not_used(scanned: tuple[Visitor, Clamd], settings: Settings) -> None:
    visitor, clamd = scanned
    with clamd.answering(b"stream: Win.Test.EICAR_HDB-1 FOUND\0"):
        refused = _send(visitor, EICAR)
    assert (refused.status_code, "Win.Test.EICAR_HDB-1" in refused.text) == (400, True)
    assert clamd.taken == EICAR
    assert not (settings.home / "directory").exists()


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK", b"", b"stream: OK FOUN\0"])
def test_what_could_not_be_scanned_is_not_used(
    scanned: tuple[Visitor, Clamd], settings: Settings, answer: bytes
) -> None:
    visitor, clamd = scanned
    with clamd.answering(answer):
        refused = _send(visitor, b"x" * 300_000)
    assert (refused.status_code, "Không quét" in refused.text, "clamd" in refused.text) == (503, True, False)
    assert not (settings.home / "directory").exists()


def test_nothing_is_used_when_nobody_scans(scanned: tuple[Visitor, Clamd]) -> None:
    assert _send(scanned[0], ROSTER.encode()).status_code == 503


def test_a_stranger_cannot_have_anything_scanned(scanned: tuple[Visitor, Clamd]) -> None:
    """There is nobody behind the socket: an upload that reached it would answer 503."""
    visitor, _ = scanned
    token = TOKEN.search(visitor.get("/directory").text)
    assert token
    visitor.post("/log-out", "/directory")
    log_in = TOKEN.search(visitor.get("/log-in").text)
    assert log_in
    sent = visitor.client.post("/directory", data={"csrf_token": log_in[1], "file": (io.BytesIO(b"x"), "x.csv")})
    assert sent.location == "/log-in"
