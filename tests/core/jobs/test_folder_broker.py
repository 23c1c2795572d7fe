"""Messages in a folder: each taken once by whoever is first, and nothing half-written is ever in anybody's way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu.connection import Connection

from core.jobs import folder_broker

QUEUE = "vanthu"
PRODUCER = """
import sys
from pathlib import Path
from tests.core.jobs.test_folder_broker import QUEUE, opened
channel = opened(Path(sys.argv[1]))
channel._queue_bind("an-exchange", sys.argv[2], "", QUEUE)
for number in range(300):
    channel._put(QUEUE, [sys.argv[2], number])
"""
CONSUMER = """
import sys, time
from pathlib import Path
from queue import Empty
from tests.core.jobs.test_folder_broker import QUEUE, opened
channel, stop = opened(Path(sys.argv[1])), Path(sys.argv[1], "stop")
while True:
    try:
        print(*channel._get(QUEUE))
    except Empty:
        if stop.exists():
            break
        time.sleep(0.01)
"""


def opened(folder: Path) -> Any:
    """A channel over the folder, as a process of its own opens it."""
    for name in ("messages", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    options = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
    }
    made: Any = Connection
    connection = made(f"{folder_broker.SCHEME}://localhost", transport_options=options)
    return connection.channel()


@pytest.fixture
def channel(tmp_path: Path) -> Any:
    return opened(tmp_path)


def _started(code: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, *words], stdout=subprocess.PIPE, text=True)


def test_two_send_while_two_take(tmp_path: Path) -> None:
    senders = [_started(PRODUCER, str(tmp_path), name) for name in "ab"]
    takers = [_started(CONSUMER, str(tmp_path)) for _ in range(2)]
    for one in senders:
        one.communicate(timeout=60)
    (tmp_path / "stop").touch()
    said = [one.communicate(timeout=60)[0].splitlines() for one in takers]
    assert [one.returncode for one in senders + takers] == [0] * 4
    assert sorted(said[0] + said[1]) == sorted(f"{name} {number}" for name in "ab" for number in range(300))
    for lines in said:
        for name in "ab":
            own = [int(line.split()[1]) for line in lines if line.startswith(name)]
            assert own == sorted(own), "in the order in which they were sent"
    assert {one.routing_key for one in opened(tmp_path).get_table("an-exchange")} == {"a", "b"}
    assert list((tmp_path / "messages").iterdir()) == []


def test_what_a_killed_process_left_is_in_nobodys_way(channel: Any, tmp_path: Path) -> None:
    (tmp_path / "control/an-exchange.exchange").touch()
    (tmp_path / "messages/.1_1_1.half").write_text('{"bo')
    (tmp_path / "messages/.1_1_2.taken").write_text('{"bo')
    assert channel.get_table("an-exchange") == []
    with pytest.raises(Empty):
        channel._get(QUEUE)
    channel._queue_bind("an-exchange", "k", "", QUEUE)
    channel._queue_bind("an-exchange", "k", "", QUEUE)
    assert [tuple(one) for one in channel.get_table("an-exchange")] == [("k", "", QUEUE)]


def test_a_message_that_could_not_be_written_whole_is_none(
    channel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        with pytest.raises(OSError, match="No space"):
            channel._put(QUEUE, ["x"])
    with pytest.raises(Empty):
        channel._get(QUEUE)
    assert channel._size(QUEUE) == 0
    channel._put(QUEUE, ["y"])
    assert (channel._size(QUEUE), channel._get(QUEUE)) == (1, ["y"])
