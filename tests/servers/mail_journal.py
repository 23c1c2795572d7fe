"""A real Postfix that gives copies of all mail to a journal, with thousands of mailboxes.

Copies go by `always_bcc` (once a message) and by `recipient_bcc_maps` (once a recipient, each carrying its address), as
`docs/collect.md` says. What the mailboxes get is thrown away: here only the copies matter.
"""

from __future__ import annotations

import asyncio
import base64
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.in_a_thread import run_apart
from tests.servers import mail_settings as settings
from tests.servers.mail_server import MailServer
from tests.servers.mail_settings import DOMAIN, PASSWORD, Options

HOST = "thu"
SERVER = f"{HOST}.{DOMAIN}"
"""The name under which the server writes its Received lines."""
OWN = "journal.invalid"
RECIPIENTS_MAP = f"if !/@{OWN.replace('.', '[.]')}$/\n/^(.+)@([^@]+)$/ journal+$1=$2@{OWN}\nendif\n"


class JournaledServer(MailServer):
    """Postfix with `people` as mailboxes; its copies leave for `journal` (a transport of Postfix)."""

    def __init__(self, root: Path, people: Sequence[str], journal: str) -> None:
        super().__init__(root, settings.Ports(), Options(host=HOST))
        self._people = people
        self._journal = journal

    def write_files(self) -> None:
        """The settings of the documentation on top of those of every other test."""
        super().write_files()
        root = self.place.root
        with (root / "etc" / "main.cf").open("a") as file:
            file.write(
                f"always_bcc = journal@{OWN}\n"
                f"recipient_bcc_maps = regexp:{root}/journal_recipients\n"
                f"transport_maps = texthash:{root}/transport\n"
                "smtpd_sasl_authenticated_header = yes\n"
                "virtual_transport = discard:\n"
                "smtpd_peername_lookup = no\n"
                "default_process_limit = 50\n"
            )
        (root / "journal_recipients").write_text(RECIPIENTS_MAP)
        (root / "transport").write_text(f"{OWN} {self._journal}\n")
        (root / "mailboxes").write_text("".join(f"{person}@{DOMAIN} {person}\n" for person in self._people))
        (root / "passwd").write_text(
            "".join(f"{person}@{DOMAIN}:{{PLAIN}}{PASSWORD}:1000:1000::/nonexistent::\n" for person in self._people)
        )
        (root / "virtual").write_text("")


@contextmanager
def journaled(people: Sequence[str], journal: str) -> Iterator[JournaledServer]:
    """A started server that gives its copies to `journal`."""
    root = Path(tempfile.mkdtemp(prefix="vanthu-journal-"))
    server = JournaledServer(root, people, journal)
    try:
        server.write_files()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(root, ignore_errors=True)


Letter = tuple[str, Sequence[str], bytes]
"""Sender (a mailbox's name or, with an @, an address), recipients and content."""


def send_all(port: int, letters: Iterable[Letter], *, at_once: int = 20, station: str = "127.0.0.11") -> None:
    """Sends letters by several connections from `station`; every one must be taken.

    A sender without an @ logs in as that mailbox.
    """

    async def work(waiting: asyncio.Queue[Letter]) -> None:
        while not waiting.empty():
            await _send(port, station, *waiting.get_nowait())

    async def everybody() -> None:
        waiting: asyncio.Queue[Letter] = asyncio.Queue()
        for letter in letters:
            waiting.put_nowait(letter)
        await asyncio.gather(*(work(waiting) for _ in range(at_once)))

    run_apart(everybody())


async def _send(port: int, station: str, sender: str, recipients: Sequence[str], content: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(station, 0))
    address = sender if "@" in sender or not sender else f"{sender}@{DOMAIN}"

    async def say(line: str, wanted: str) -> None:
        if line:
            writer.write(line.encode() + b"\r\n")
        answer = await _answer(reader)
        assert answer.startswith(wanted), (line, answer)

    await say("", "220")
    await say("EHLO may.tp.example.gov.vn", "250")
    if "@" not in sender and sender:
        plain = base64.b64encode(f"\0{address}\0{PASSWORD}".encode()).decode()
        await say(f"AUTH PLAIN {plain}", "235")
    await say(f"MAIL FROM:<{address}>", "250")
    for recipient in recipients:
        await say(f"RCPT TO:<{recipient}>", "250")
    await say("DATA", "354")
    writer.write(content + b"\r\n.\r\n")
    await say("", "250")
    writer.write(b"QUIT\r\n")
    await _answer(reader)
    writer.close()
    await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> str:
    while True:
        line = (await reader.readline()).decode()
        if line[3:4] != "-":
            return line
