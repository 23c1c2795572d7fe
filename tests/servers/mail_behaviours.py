"""Seventeen things a mail client does, each in a mailbox of its own on a real server, and the rung each is evidence of.

`python -m tests.servers.mail_behaviours` as root plays them anew and keeps the log as a sample.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from mail_audit.report.model import Rung
from tests.servers import mail_clients as clients
from tests.servers.mail_clients import ImapFrom, address
from tests.servers.mail_server import MailServer, missing, running, until
from tests.servers.mail_settings import PASSWORD, PEOPLE, ZONE, Options

SAMPLES = Path(__file__).resolve().parents[1] / "mail_audit" / "samples"
SAMPLE = "behaviours"
MESSAGES = 5
STATION = "127.0.0.12"
Does = Callable[[ImapFrom], object]


def _selected(does: Does) -> Does:
    def whole(client: ImapFrom) -> None:
        client.select_folder("INBOX")
        does(client)

    return whole


def _fetch(*items: str, most: int = MESSAGES) -> Does:
    return _selected(lambda client: client.fetch(client.search("ALL")[:most], list(items)))


def _marks_only(client: ImapFrom) -> None:
    client.add_flags(client.search("ALL")[:1], [rb"\Seen"])


def _part_and_mark(client: ImapFrom) -> None:
    first = client.search("ALL")[:1]
    client.fetch(first, ["BODY.PEEK[1]"])
    client.add_flags(first, [rb"\Seen"])


def _answer(client: ImapFrom) -> None:
    client.create_folder("Sent")
    client.append("Sent", clients.message("a@x.test", "b@x.test", "Trả lời", "<r1@x.test>"), [rb"\Seen"])
    client.select_folder("INBOX")
    client.add_flags(client.search("ALL")[:1], [rb"\Answered"])


def _remove(client: ImapFrom) -> None:
    client.delete_messages(client.search("ALL")[:1])
    client.expunge()


OVER_IMAP: Mapping[str, tuple[Rung, Does]] = {
    "log in and out": ("D", lambda client: None),
    "ask for the status": ("D", lambda client: client.folder_status("INBOX", ["MESSAGES", "UNSEEN"])),
    "fetch flags": ("D", _fetch("FLAGS")),
    "list by envelopes": ("D", _fetch("ENVELOPE", "BODYSTRUCTURE", "RFC822.SIZE")),
    "list by some heads": ("C", _fetch("BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)]")),
    "list by whole heads": ("C", _fetch("BODY.PEEK[HEADER]")),
    "first words by part": ("C", _fetch("BODY.PEEK[TEXT]<0.100>")),
    "first words by PREVIEW": ("D", _fetch("PREVIEW")),
    "fetch all in the background": ("C", _fetch("BODY.PEEK[]")),
    "open one whole": ("A", _fetch("BODY[]", most=1)),
    "open one from the store": ("A", _selected(_marks_only)),
    "open one by part and mark": ("A", _selected(_part_and_mark)),
    "answer one": ("A", _answer),
    "throw one away": ("A", _selected(_remove)),
}
DROPPED, LOOKED, DOWNLOADED = "lose the connection", "look by POP3", "download and remove by POP3"
RUNGS: Mapping[str, Rung] = {name: rung for name, (rung, _) in OVER_IMAP.items()} | {
    DROPPED: "D",
    LOOKED: "D",
    DOWNLOADED: "C",
}
BOXES: Mapping[str, str] = dict(zip(RUNGS, PEOPLE, strict=False))
"""Behaviour -> the mailbox it is played in."""


def play(server: MailServer) -> None:
    """Five messages for everybody, then each behaviour once."""
    for number in range(MESSAGES):
        content = clients.message("dan@out.test", address(PEOPLE[0]), "Đơn", f"<m{number}@out.test>")
        clients.send(server.ports.mx, "127.0.0.66", "dan@out.test", [address(who) for who in BOXES.values()], content)
    until(server.queue_empty, "everything has arrived")
    for name, (_, does) in OVER_IMAP.items():
        with clients.imap(server.ports.imap, STATION, BOXES[name]) as client:
            does(client)
    client = ImapFrom(server.ports.imap, STATION)
    client.login(address(BOXES[DROPPED]), PASSWORD)
    client.select_folder("INBOX")
    client.shutdown()
    with clients.pop3(server.ports.pop3, STATION, BOXES[LOOKED]) as box:
        box.stat()
        box.uidl()
    with clients.pop3(server.ports.pop3, STATION, BOXES[DOWNLOADED]) as box:
        box.retr(1)
        box.retr(2)
        box.dele(1)


def log_of(folder: Path) -> Path:
    """Play on a fresh server and copy its log into `folder`."""
    with running(Options()) as server:
        play(server)
        server.stop()
        return Path(shutil.copyfile(server.place.mixed_log, folder / f"{SAMPLE}.log"))


def main() -> None:
    """Keep the log, and when it was written, because its stamps bear no year."""
    if reason := missing():
        sys.exit(reason)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(log_of(Path(folder)), SAMPLES / f"{SAMPLE}.log")
    written = datetime.now(ZoneInfo(ZONE)).isoformat(timespec="seconds")
    (SAMPLES / f"{SAMPLE}.json").write_text(json.dumps({"written": written}) + "\n", "utf-8")


if __name__ == "__main__":
    main()
