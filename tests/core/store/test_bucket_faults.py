"""What networks and overloaded servers do to a store in a bucket: told, tried again, never taken for an answer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.settings import SettingsError, load
from core.store import MissingError, Store, StoreUnavailableError
from tests.core.store import everything
from tests.servers.s3 import Server
from tests.servers.s3_between import BROKEN, DENIED, SLOW_DOWN, Answer, Asked, Between

pytestmark = pytest.mark.server

EVERY: dict[str, Callable[[Store], Any]] = {
    "put": lambda store: store.put("events/new", b"x"),
    "read": lambda store: store.read("events/a"),
    "file": lambda store: store.file("events/a"),
    "files": lambda store: store.files("events"),
    "has": lambda store: store.has("events/a"),
    "listed": lambda store: store.listed("events"),
    "remove": lambda store: store.remove("events/a"),
    "remove_folder": lambda store: store.remove_folder("events"),
}
FAULTS: dict[str, Answer | str] = {
    "error": (500, {}, BROKEN),
    "slow down": (503, {}, SLOW_DOWN),
    "hangs up": "hang up",
    "no XML": (200, {}, b"<html>It works!"),
}


@pytest.fixture
def held(between: tuple[Between, Server], tmp_path: Path) -> tuple[Between, Store]:
    """A store with something in it, seen through what may misbehave, by a machine that gives it half a second."""
    line, server = between
    store = server.store(tmp_path / "cache", timeout_seconds=0.4)
    store.put("events/a", b"hello")
    return line, store


@pytest.mark.parametrize("ask", EVERY)
def test_a_server_that_refuses_is_not_an_empty_store(held: tuple[Between, Store], ask: str) -> None:
    line, store = held
    line.fault = lambda _: (403, {}, DENIED)
    with pytest.raises(StoreUnavailableError) as caught:
        EVERY[ask](store)
    assert "refuses the access key" in caught.value.message.en
    line.fault = lambda _: None
    assert everything(store) == ["events/a"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_in_trouble_is_tried_again_and_then_told(held: tuple[Between, Store], fault: str) -> None:
    line, store = held
    line.asked.clear()
    line.fault = lambda _: FAULTS[fault]
    with pytest.raises(StoreUnavailableError, match="does not answer"):
        store.listed("events")
    assert len(line.asked) > (0 if fault == "no XML" else 1)
    left = 2

    def twice(_: Asked) -> Answer | str | None:
        nonlocal left
        left -= 1
        return FAULTS["slow down"] if left >= 0 else None

    line.fault = twice
    store.put("events/b", b"world")
    assert left < 0, "it was tried again by itself"
    assert store.read("events/b") == b"world"


def test_silence_ends(held: tuple[Between, Store]) -> None:
    line, store = held
    line.fault = lambda _: "stall"
    with pytest.raises(StoreUnavailableError, match="does not answer"):
        store.read("events/a")


def test_half_an_answer_is_none(held: tuple[Between, Store]) -> None:
    line, store = held
    line.fault = lambda asked: "half" if asked.method == "GET" else None
    with pytest.raises(StoreUnavailableError):
        store.file("events/a")
    line.fault = lambda _: None
    assert store.file("events/a").read_bytes() == b"hello", "no half of it was kept as a copy"


def test_what_was_put_and_not_answered_may_be_put_again(held: tuple[Between, Store]) -> None:
    """The server has it, and nobody was told: the same again does no harm."""
    line, store = held
    line.fault = lambda asked: "swallow" if asked.method == "PUT" else None
    with pytest.raises(StoreUnavailableError):
        store.put("events/b", b"world")
    line.fault = lambda _: None
    store.put("events/b", b"world")
    assert store.read("events/b") == b"world"


_PUTS = """
import sys
from pathlib import Path
import core.store.bucket
from core.store import opened
core.store.bucket.PART_BYTES = 5 * 1024 * 1024
place, folder, endpoint, key, secret, content = sys.argv[1:]
store = opened(place, Path(folder), {"endpoint": endpoint, "access_key": key, "cache": folder}, secret)
with store.draft() as draft:
    (draft / "log").write_bytes(b"x" * 6_000_000)
    (draft / "small").write_bytes(b"y")
    store.put_file("uploads/a/log", draft / "log") if content == "parts" else store.put_folder("events/a", draft)
"""


@pytest.mark.parametrize("content", ["parts", "folder"])
def test_killed_in_the_middle_of_a_put(
    between: tuple[Between, Server], s3_server: Server, tmp_path: Path, content: str
) -> None:
    """An upload in parts shows nothing; of several objects some may be there, which no row names; and it goes again."""
    line, server = between
    line.fault = lambda asked: "stall" if asked.method == "PUT" and len(asked.body) > 500_000 else None
    prefix = f"killed-{os.getpid()}-{content}"
    given = [
        f"s3://{server.bucket}/{prefix}",
        str(tmp_path),
        server.endpoint,
        server.access_key,
        server.secret,
        content,
    ]
    child = subprocess.Popen([sys.executable, "-c", _PUTS, *given])
    assert line.stalled.wait(30)
    child.send_signal(signal.SIGKILL)
    assert child.wait(10) == -signal.SIGKILL
    straight = s3_server.store(tmp_path, prefix)
    assert straight.listed("uploads") == []
    assert [one.name for one in straight.listed("events")] in ([], ["small"])
    line.fault = lambda _: None
    subprocess.run([sys.executable, "-c", _PUTS, *given], check=True, timeout=30)
    kept = {one.name: one.size for one in [*straight.listed("uploads"), *straight.listed("events")]}
    assert kept == ({"log": 6_000_000} if content == "parts" else {"log": 6_000_000, "small": 1})
    assert straight.sweep(older_than=-1) == 1, "the draft of the one that was killed"


def test_wrong_credentials_are_told_as_such(s3_server: Server, tmp_path: Path) -> None:
    for one in (replace(s3_server, secret="wrong"), replace(s3_server, access_key="NOBODY")):
        for ask in ("put", "read", "file", "has", "listed", "remove"):
            with pytest.raises(StoreUnavailableError, match="refuses the access key") as caught:
                EVERY[ask](one.store(tmp_path))
            assert one.secret not in str(caught.value)


def test_a_bucket_that_is_not_there_is_no_empty_store(s3_server: Server, tmp_path: Path) -> None:
    nowhere = replace(s3_server, bucket="nobodys").store(tmp_path)
    for ask in ("put", "read", "file", "files", "has", "listed"):
        with pytest.raises(StoreUnavailableError, match="There is no bucket"):
            EVERY[ask](nowhere)


def test_long_lists_come_in_pages(between: tuple[Between, Server], tmp_path: Path) -> None:
    """Every object is listed and taken away, however many answers that takes (our server gives five at a time)."""
    line, server = between
    store = server.store(tmp_path)
    names = [f"{number:02}" for number in range(12)]
    for name in names:
        store.put(f"events/{name}", b"")
    line.asked.clear()
    assert [one.name for one in store.listed("events")] == names
    assert "VANTHU_TEST_S3" in os.environ or len(line.asked) == 3
    store.remove_folder("events")
    assert store.listed("events") == []


@pytest.mark.parametrize(
    ("store", "table"),
    [
        ("s3://", ""),
        ("s3:///x", ""),
        ("s3://a b/x", ""),
        ("s3://bucket/../x", ""),
        ("s3://bucket", "access_key = ''"),
        ("s3://bucket", "acess_key = 'a'"),
        ("s3://bucket", "access_key = 'a'\nendpoint = 'http://10.0.0.1:9000'"),
        ("s3://bucket", "access_key = 'a'\nendpoint = 'https://name:secret@host'"),
        ("s3://bucket", "access_key = 'a'\nendpoint = 'ftp://host'"),
        ("s3://bucket", "access_key = 'a'\ntimeout_seconds = 0"),
        ("s3://bucket", "access_key = 'a'\ncache_megabytes = -1"),
        ("s3://bucket", "access_key = 'a'\ncache = 'here'"),
    ],
)
def test_settings_that_cannot_be_used_stop_the_start(tmp_path: Path, store: str, table: str) -> None:
    (tmp_path / "vanthu.toml").write_text(f"[s3]\n{table}\n", "utf-8")
    with pytest.raises(SettingsError, match=r"\[s3\]"):
        load({"VANTHU_HOME": str(tmp_path), "VANTHU_STORE": store})


def test_the_secret_comes_from_a_file_and_is_printed_nowhere(s3_server: Server, tmp_path: Path) -> None:
    environ = s3_server.environ(tmp_path / "home")
    shown = repr(load(environ))
    assert s3_server.secret not in shown
    without = load({**environ, "VANTHU_STORE_SECRET": "wrong"})
    with pytest.raises(StoreUnavailableError):
        without.store.listed("events")
    table = tmp_path / "home" / "vanthu.toml"
    (tmp_path / "secret").write_text(f"{s3_server.secret}\n", "utf-8")
    table.write_text(f"{table.read_text('utf-8')}secret_file = '{tmp_path}/secret'\n", "utf-8")
    assert load(environ).store.listed("events") == []
    (tmp_path / "secret").unlink()
    with pytest.raises(StoreUnavailableError, match="secret"):
        load({**environ, "VANTHU_STORE": f"{environ['VANTHU_STORE']}/other"}).store.listed("events")
    with pytest.raises(MissingError):
        s3_server.store(tmp_path).read("nothing")
