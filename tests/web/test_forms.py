"""The forms, sent as a browser without scripts sends them: a new audit, a directory in two steps."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from core.db import unit_of_work
from core.directory import queries as directory
from core.directory.roster import Official, Roster, Unit
from core.directory.services import import_roster
from core.permissions import WHOLE, command_line_actor
from core.settings import Settings
from mail_audit import queries
from tests.web import town
from tests.web.conftest import TOKEN, Visitor

NEW = "/audits/new"
LOG = f"{town.LINE}\n".encode()
HEAD = "unit,official_id,name,title,rank,email\n"
ROW = "Sở Y tế,CB1,Nguyễn Thị An,Giám đốc,leader,cb1@tp.example.gov.vn\n"
KEPT = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture
def listed(settings: Settings) -> None:
    """A directory with one official: without one no audit may start."""
    one = Roster({"Sở Y tế": Unit("Sở Y tế", "Sở Y tế", None)}, {"CB1": Official("CB1", "Nguyễn Thị An")}, (), {})
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=one)


def _asked(admin: Visitor, **fields: object) -> tuple[int, str]:
    answer = admin.post("/audits", NEW, **({"timezone": town.ZONE} | fields))
    return answer.status_code, answer.text


def test_an_upload_starts_an_audit(admin: Visitor, settings: Settings, listed: None) -> None:
    files = [(io.BytesIO(LOG), "mail.log"), (io.BytesIO(LOG), "../../etc/mail.log.1")]
    started = admin.post("/audits", NEW, timezone=town.ZONE, first="2026-10-01", last="2026-10-31", logs=files)
    assert (started.status_code, started.location) == (303, "/audits/1")
    with unit_of_work(settings) as session:
        audit = queries.audit(session, 1, reach=WHOLE)
    assert [(file.name, file.source, file.size) for file in audit.files] == [
        ("mail.log", "upload", len(LOG)),
        ("mail.log.1", "upload", len(LOG)),
    ]
    assert (str(audit.summary.asked_first), str(audit.summary.asked_last)) == ("2026-10-01", "2026-10-31")
    page = admin.get("/audits/1")
    assert "đang chờ bắt đầu" in page.text
    assert 'href="/audits/1"' in page.text


def test_the_script_asks_for_progress(admin: Visitor, settings: Settings, listed: None) -> None:
    _asked(admin, logs=(io.BytesIO(LOG), "mail.log"))
    seen = admin.get("/audits/1/progress").get_json()
    assert (seen["moving"], seen["values"]["state"], seen["bar"]) == (True, "đang chờ bắt đầu", 0.0)
    assert admin.post("/audits/1/cancel", "/audits/1").status_code == 303
    assert admin.get("/audits/1/progress").get_json()["moving"] is False
    assert admin.post("/audits/1/cancel", "/audits").status_code == 409


@pytest.mark.parametrize("place", ["{logs}/mail.log", "{logs}", "{logs}/mail*", "{logs}/../logs/mail.lo?"])
def test_places_on_the_server(admin: Visitor, settings: Settings, listed: None, place: str) -> None:
    folder = settings.log_folders[0]
    (folder / "mail.log").write_bytes(LOG)
    status, page = _asked(admin, places=place.format(logs=folder))
    if ".." in place:  # a pattern may not climb out, even to come back
        assert status == 422
        return
    assert status == 303, page
    with unit_of_work(settings) as session:
        assert [file.name for file in queries.audit(session, 1, reach=WHOLE).files] == ["mail.log"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Hãy chọn tệp nhật ký"),
        ({"places": "mail.log"}, "đường dẫn đầy đủ"),
        ({"places": "/etc/passwd"}, "Không được đọc /etc/passwd"),
        ({"places": "/etc/pass*"}, "Không có tệp nhật ký nào có tên như /etc/pass*"),
        ({"places": "/no/such/file"}, "Không có tệp hoặc thư mục"),
        ({"places": "\n".join(f"/var/log/{n}" for n in range(101))}, "ghi một thư mục thay cho"),
        ({"places": "/var/log", "first": "2026-02-31"}, "một ngày có thật"),
        ({"places": "/var/log", "first": "2026-10-02", "last": "2026-10-01"}, "Ngày cuối không được trước"),
        ({"places": "/var/log", "timezone": "Asia/Saigon2"}, "Không có múi giờ này"),
        ({"logs": (io.BytesIO(b""), "mail.log")}, "Tệp gửi lên rỗng"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,  # the same in every process
)
def test_what_cannot_be_used_comes_back_with_its_reason(
    admin: Visitor, settings: Settings, listed: None, fields: dict[str, object], words: str
) -> None:
    status, page = _asked(admin, **fields)
    assert (status, words in page) == (422, True), page
    assert "Có chỗ chưa đúng" in page
    with unit_of_work(settings) as session:
        assert queries.audits(session, reach=WHOLE).rows == ()


def test_without_a_directory_the_form_says_so(admin: Visitor) -> None:
    assert "Hãy nhập danh bạ trước" in admin.get(NEW).text
    status, page = _asked(admin, logs=(io.BytesIO(LOG), "mail.log"))
    assert (status, "hãy nhập danh bạ trước" in page) == (422, True)


def _look(admin: Visitor, content: str | bytes, name: str = "officials.csv", **more: str) -> tuple[int, str]:
    body = content.encode() if isinstance(content, str) else content
    answer = admin.post("/directory", "/directory", file=(io.BytesIO(body), name), **more)
    return answer.status_code, answer.text


def test_a_directory_is_looked_at_and_then_imported(admin: Visitor, settings: Settings) -> None:
    status, page = _look(admin, HEAD + ROW)
    assert (status, "Thêm 4, sửa 0, bỏ 0 mục." in page, "Nguyễn Thị An" in page) == (200, True, True)
    with unit_of_work(settings) as session:
        assert directory.roster(session).officials == {}
    kept, token = KEPT.search(page), TOKEN.search(page)
    assert kept
    assert token
    sent = {"token": kept[1], "csrf_token": token[1]}
    assert admin.client.post("/directory/import", data=sent).status_code == 303
    with unit_of_work(settings) as session:
        assert list(directory.roster(session).officials) == ["CB1"]
    assert "Đã nhập: thêm 4, sửa 0, bỏ 0 mục." in admin.get("/directory").text
    assert list((settings.home / "directory").iterdir()) == []
    assert "Không có gì: danh bạ đã đúng" in _look(admin, HEAD + ROW)[1]


def test_many_leaving_must_be_meant(admin: Visitor, settings: Settings) -> None:
    rows = "".join(f"Sở Y tế,CB{n},Người {n},Chuyên viên,staff,cb{n}@tp.example.gov.vn\n" for n in range(1, 31))
    for content, more in ((HEAD + rows, {}), (HEAD + ROW, {}), (HEAD + ROW, {"allow_removals": "y"})):
        page = _look(admin, content)[1]
        kept = KEPT.search(page)
        assert kept
        admin.post("/directory/import", "/directory", token=kept[1], **more)
        with unit_of_work(settings) as session:
            left = len(directory.roster(session).officials)
        assert left == (1 if more else 30)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (HEAD + ROW.replace("leader", "boss"), "officials.csv", "dòng 2, cột rank"),
        ("a,b,c\n1,2,3\n", "officials.csv", "officials.csv"),
        (b"\xff\xd8\xff\xe0 not a table", "photo.csv", "photo.csv"),
        (HEAD, "officials.csv", ""),
        (HEAD + ROW, "officials.exe", "phải là CSV hoặc bảng tính Excel"),
        (b"", "", "Hãy chọn tệp danh bạ"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_wrong_directory_says_where(
    admin: Visitor, settings: Settings, content: str | bytes, name: str, words: str
) -> None:
    status, page = _look(admin, content, name)
    assert (status, words in page, "Có chỗ chưa đúng" in page) == (422, True, True), page
    folder = settings.home / "directory"
    assert not folder.exists() or list(folder.iterdir()) == []


def test_wrong_rows_can_be_left_out(admin: Visitor) -> None:
    status, page = _look(admin, HEAD + ROW + ROW.replace("leader", "boss"), skip_wrong_rows="y")
    assert (status, "Bỏ qua 1 dòng sai" in page) == (200, True)


@pytest.mark.parametrize("token", ["../../secret_key.csv", "0" * 32 + ".csv", "", "x"])
def test_only_a_file_that_was_looked_at_is_imported(admin: Visitor, settings: Settings, token: str) -> None:
    before = Path(settings.home / "secret_key").read_text("ascii")
    assert admin.post("/directory/import", "/directory", token=token).status_code == 303
    assert Path(settings.home / "secret_key").read_text("ascii") == before
    assert "Tệp không còn ở đây" in admin.get("/directory").text
