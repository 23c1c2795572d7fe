"""Logs sent by a browser and folders to read: what is taken, what is refused, what is left on the disk."""

from __future__ import annotations

import gzip
import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core.db import unit_of_work, utc_now
from core.errors import ForbiddenError, InputError
from core.permissions import Actor
from core.settings import Settings
from mail_audit.errors import LogPathError, UploadError
from mail_audit.kept import safe_name
from mail_audit.log_paths import log_files
from mail_audit.models import UploadedLog
from mail_audit.services import add_upload, remove_forgotten_uploads, uploads
from mail_audit.services.uploads import FORGOTTEN, shown_name, sweep_uploads
from tests.core.store import everything
from tests.mail_audit.store.conftest import ADMINISTRATOR

LINE = b"Oct  1 08:00:00 mx1 postfix/qmgr[812]: 2AA0F3004142: removed\n"


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("mail.log-20261001.gz", "mail.log-20261001.gz"),
        ("../../etc/passwd", "passwd"),
        ("C:\\logs\\mail log.txt", "mail_log.txt"),
        ("..", "log"),
        (".hidden", "hidden"),
        ("", "log"),
        ("nhật ký\n\x00.log", "nh_t_k_.log"),
        ("a" * 500 + ".gz", "a" * 97 + ".gz"),
        ("-rf", "rf"),
    ],
)
def test_safe_name(given: str, expected: str) -> None:
    assert safe_name(given) == expected


def test_shown_name_keeps_vietnamese_and_drops_controls() -> None:
    assert shown_name("C:\\x\\nhật ký\u202e\x07.log") == "nhật ký.log"


def test_an_upload_lies_below_the_store_under_a_name_of_ours(session: Session, settings: Settings) -> None:
    content = LINE * 30_000
    number = add_upload(
        session, ADMINISTRATOR, store=settings.store, name="../../nhật ký.log", stream=io.BytesIO(content)
    )
    log = session.get_one(UploadedLog, number)
    assert (log.name, log.size, log.audit_id) == ("nhật ký.log", len(content), None)
    assert everything(settings.store) == [log.path]
    assert settings.store.read(log.path) == content
    assert settings.store.file(log.path).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"x" * 1001])
def test_an_upload_that_is_empty_or_too_large_leaves_nothing(
    session: Session, settings: Settings, content: bytes
) -> None:
    with pytest.raises(UploadError):
        add_upload(session, ADMINISTRATOR, store=settings.store, name="a", stream=io.BytesIO(content), most_bytes=1000)
    assert everything(settings.store) == []


def test_an_upload_that_breaks_off_leaves_nothing(session: Session, settings: Settings) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(100)

    with pytest.raises(UploadError):
        add_upload(session, ADMINISTRATOR, store=settings.store, name="a", stream=Broken(b"x" * 1000))
    assert everything(settings.store) == []


def test_nobody_but_the_administrator_sends_logs(session: Session, settings: Settings) -> None:
    with pytest.raises(ForbiddenError):
        add_upload(session, Actor("ai"), store=settings.store, name="a", stream=io.BytesIO(b"x"))
    assert everything(settings.store) == []


def test_uploads_nobody_used_are_taken_away(session: Session, settings: Settings) -> None:
    old, new = (
        add_upload(session, ADMINISTRATOR, store=settings.store, name=name, stream=io.BytesIO(b"x"))
        for name in ("old", "new")
    )
    session.get_one(UploadedLog, old).uploaded_at = utc_now() - timedelta(days=2)
    session.flush()
    assert remove_forgotten_uploads(session, store=settings.store, before=utc_now() - timedelta(days=1)) == 1
    assert session.get(UploadedLog, old) is None
    assert [one.name for one in settings.store.listed("uploads")] == ["new"]
    assert session.get(UploadedLog, new) is not None


def test_what_a_request_that_died_has_left_is_swept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between keeping the log and its commit: no row names it, and it may hold subjects."""
    store = settings.store
    with unit_of_work(settings) as session:
        number = add_upload(session, ADMINISTRATOR, store=store, name="known", stream=io.BytesIO(b"x"))
        session.get_one(UploadedLog, number).uploaded_at += 2 * FORGOTTEN
    with unit_of_work(settings) as session:
        add_upload(session, ADMINISTRATOR, store=store, name="left", stream=io.BytesIO(b"y"))
        session.rollback()
    assert sorted(one.name for one in store.listed("uploads")) == ["known", "left"]
    assert sweep_uploads(settings) == 0, "a request may be at work"
    monkeypatch.setattr(uploads, "utc_now", lambda: utc_now() + 2 * FORGOTTEN)
    assert sweep_uploads(settings) == 1
    assert [one.name for one in store.listed("uploads")] == ["known"]
    assert sweep_uploads(settings, older_than=-FORGOTTEN) == 1, "given to no run"
    assert store.listed("uploads") == []


def test_a_folder_gives_its_logs_and_passes_over_the_rest(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    (logs / "mx1").mkdir(parents=True)
    contents = {
        "mail.log": LINE,
        "mx1/mail.log.1.gz": gzip.compress(LINE),
        "broken.gz": b"\x1f\x8b\x00",
        "wtmp": b"\x00\x01",
        "notes.txt": b"a text without times\n",
        "empty": b"",
        ".hidden": LINE,
    }
    for name, content in contents.items():
        (logs / name).write_bytes(content)
    (logs / "out").symlink_to("/etc/passwd")
    (logs / "gone").symlink_to(logs / "nowhere")
    found = log_files([logs, logs / "mail.log"], allowed=[logs])
    assert found == [logs / "mail.log", logs / "mx1/mail.log.1.gz"]


@pytest.mark.parametrize(
    "place", ["outside.log", "logs/link", "logs/../outside.log", "logs/missing", "logs2", "logs/none"]
)
def test_what_may_not_or_cannot_be_read_is_refused(tmp_path: Path, place: str) -> None:
    for name in ("logs/none", "logs2"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "outside.log").write_bytes(b"secret\n")
    (tmp_path / "logs" / "link").symlink_to(tmp_path / "outside.log")
    with pytest.raises(LogPathError):
        log_files([tmp_path / place], allowed=[tmp_path / "logs"])


def test_a_name_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"mail\xff.log")).write_bytes(LINE)
    with pytest.raises(InputError, match="UTF-8"):
        log_files([tmp_path], allowed=[tmp_path])
