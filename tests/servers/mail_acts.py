"""What people, machines and attackers do with a mail server; every act adds to the truth what it did."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from tests.servers import mail_clients as clients
from tests.servers.mail_clients import address
from tests.servers.mail_server import until
from tests.servers.mail_settings import DOMAIN, PASSWORD, Ports
from tests.servers.mail_truth import PlayedTruth

CITIZEN = "cong.dan@out.test"


class Server(Protocol):
    """What the acts need to know of a mail server, or of several that work as one."""

    @property
    def ports(self) -> Ports:
        """Where its doors are."""

    def queue_empty(self) -> bool:
        """True when no message is on its way."""


@dataclass
class Play:
    """One server, or several that work as one, and what was truly done."""

    server: Server
    truth: PlayedTruth
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def message_id(self) -> str:
        """A fresh message-id."""
        return f"<{next(self._numbers)}.{self.server.ports.mx}@{DOMAIN}>"

    def submit(
        self,
        person: str,
        recipients: Sequence[str],
        *,
        station: str = "127.0.0.11",
        door: str = "submission",
        sender: str | None = None,
        subject: str = "Công văn",
        message_id: str | None = None,
        log_in: str | None = None,
        body: str = "Kính gửi các đồng chí.\r\n" * 60,
        helo: str = "may-tinh.tp.example.gov.vn",
    ) -> None:
        """A person sends one message through a submission port (`submission`, `.._filtered` or `.._proxied`)."""
        sender = sender or address(person)
        identity = self.message_id() if message_id is None else message_id
        content = clients.message(sender, recipients[0], subject, identity, body=body)
        port = getattr(self.server.ports, door)
        clients.send(port, station, sender, recipients, content, log_in=log_in or address(person), helo=helo)
        self.truth.submitted(person, recipients)
        if any(recipient.startswith("refuse") for recipient in recipients):
            self.truth.arrived([sender])

    def arrive(
        self,
        recipients: Sequence[str],
        *,
        sender: str = CITIZEN,
        station: str = "127.0.0.66",
        subject: str = "Đơn kiến nghị",
        message_id: str | None = None,
        from_header: str | None = None,
        helo: str = "mx.out.test",
    ) -> None:
        """The outside world sends one message to the city."""
        identity = self.message_id() if message_id is None else message_id
        content = clients.message(from_header or sender, recipients[0], subject, identity)
        clients.send(self.server.ports.mx, station, sender, recipients, content, helo=helo)
        self.truth.arrived(recipients)

    def open_unread(
        self, person: str, station: str, how: str = "body", *, folder: str = "INBOX", most: int = 99
    ) -> list[int]:
        """A person opens unread messages: whole (`body`), by parts and a flag (`parts`), or from a cache (`cache`)."""
        with self.reading(person, station) as client:
            client.select_folder(folder)
            unread = client.search("UNSEEN")[:most]
            for uid in unread:
                if how == "body":
                    client.fetch([uid], ["BODY[]"])
                elif how == "parts":
                    client.fetch([uid], ["BODY.PEEK[1]"])
                    client.add_flags([uid], [rb"\Seen"])
                else:
                    client.add_flags([uid], [rb"\Seen"])
        assert unread, f"nothing unread in {folder} of {person}"
        self.truth.add(person, "opened", len(unread))
        return list(unread)

    def reading(self, person: str, station: str, *, log_in: str | None = None) -> clients.Session:
        """A logged-in IMAP session, counted as a log-in."""
        self.truth.add(person, "logins")
        return clients.imap(self.server.ports.imap, station, person, log_in=log_in)

    def idle_and_drop(self, person: str, station: str) -> None:
        """A telephone that waits for mail and loses its connection."""
        self.truth.add(person, "logins")
        client = clients.ImapFrom(self.server.ports.imap, station)
        client.login(address(person), PASSWORD)
        client.select_folder("INBOX")
        client.idle()
        client.shutdown()

    def pop3(self, person: str, station: str) -> clients.Pop3Session:
        """A logged-in POP3 session, counted as a log-in."""
        self.truth.add(person, "logins")
        return clients.pop3(self.server.ports.pop3, station, person)

    def reply(self, person: str, station: str, recipient: str, uid: int, *, door: str = "submission") -> None:
        """Answer message `uid`: submit, save to Sent, and mark it answered (which opens nothing new)."""
        self.submit(person, [recipient], station=station, door=door, subject="Trả lời: Công văn")
        with self.reading(person, station) as client:
            if not client.folder_exists("Sent"):
                client.create_folder("Sent")
            client.append(
                "Sent", clients.message(address(person), recipient, "Trả lời", self.message_id()), [rb"\Seen"]
            )
            client.select_folder("INBOX")
            client.add_flags([uid], [rb"\Answered"])

    # Refused log-ins

    def smtp_refused(self, names: Iterable[str], station: str = "127.0.0.99", mechanism: str = "PLAIN") -> None:
        """Refused AUTH attempts of one SMTP connection; each is an attempt on the mailbox it names."""
        with clients.smtp(self.server.ports.submission, station) as client:
            client.ehlo()
            for name in names:
                code, _ = _auth(client.docmd, mechanism, name)
                assert code == 535, code
                self.truth.tried(name)

    def imap_refused(
        self, names: Sequence[bytes], station: str = "127.0.0.99", *, then: str | None = None, drop: bool = False
    ) -> None:
        """Refused LOGIN attempts of one IMAP connection, names sent as literals; `then` logs in at the end."""
        with socket.create_connection(("127.0.0.1", self.server.ports.imap), 20, (station, 0)) as connection:
            talk = connection.makefile("rwb", buffering=0)
            assert talk.readline().startswith(b"* OK")
            for name in names:
                talk.write(b"a LOGIN {%d+}\r\n%s {3+}\r\nsai\r\n" % (len(name), name))
                assert talk.readline().startswith(b"a NO")
            if then is not None:
                talk.write(f"b LOGIN {address(then)} {PASSWORD}\r\n".encode())
                assert talk.readline().startswith(b"b OK")
                self.truth.add(then, "logins")
            if not drop:
                talk.write(b"c LOGOUT\r\n")
                while talk.readline():
                    pass
        self.truth.refused([name.decode("utf-8", "replace") for name in names], then_in=then is not None)

    def imap_refused_plain(self, name: bytes, station: str = "127.0.0.99", *, acting_as: bytes = b"") -> None:
        """One refused AUTHENTICATE PLAIN, perhaps in the name of another."""
        response = base64.b64encode(acting_as + b"\0" + name + b"\0" + (PASSWORD.encode() if acting_as else b"sai"))
        with socket.create_connection(("127.0.0.1", self.server.ports.imap), 20, (station, 0)) as connection:
            talk = connection.makefile("rwb", buffering=0)
            talk.readline()
            talk.write(b"a AUTHENTICATE PLAIN " + response + b"\r\n")
            assert talk.readline().startswith(b"a NO")
        self.truth.refused([name.decode("utf-8", "replace")])

    def pop3_refused(self, names: Sequence[str], station: str = "127.0.0.99") -> None:
        """Refused USER and PASS attempts of one POP3 connection."""
        client = clients.pop3_bare(self.server.ports.pop3, station)
        for name in names:
            client.user(name)
            with suppress(clients.POP3_REFUSED):
                client.pass_("sai")
                raise AssertionError(f"{name} was let in with a wrong password")
        client.quit()
        self.truth.refused(names)

    def broken_off(self, person: str, recipients: Sequence[str], station: str = "127.0.0.11") -> None:
        """An authenticated client that resets one message and loses its connection in the text of the next."""
        with clients.smtp(self.server.ports.submission, station) as client:
            client.ehlo()
            client.user, client.password = address(person), PASSWORD
            client.auth("PLAIN", client.auth_plain)
            client.mail(address(person))
            for recipient in recipients:
                client.rcpt(recipient)
            client.rset()
            client.mail(address(person))
            client.rcpt(recipients[0])
            client.docmd("DATA")
            client.close()

    def unwelcome(self, recipients: Sequence[str], station: str = "127.0.0.66") -> None:
        """The outside world writes to people who do not exist and tries to relay: refused, one by one."""
        with clients.smtp(self.server.ports.mx, station, f"x, sasl_username={address('pccc.gd')}") as client:
            client.ehlo()
            client.mail(CITIZEN)
            for recipient in recipients:
                code, _ = client.docmd(f"RCPT TO:<{recipient}>")
                assert code >= 500, (recipient, code)

    def settle(self) -> None:
        """Wait until everything on its way has arrived, the second try of deferred mail included."""
        until(self.server.queue_empty, "the queue is empty", 60)


def _auth(command: clients.Command, mechanism: str, name: str) -> tuple[int, bytes]:
    if mechanism == "PLAIN":
        return command("AUTH", "PLAIN " + base64.b64encode(f"\0{name}\0sai".encode()).decode())
    command("AUTH", mechanism)
    command(base64.b64encode(name.encode()).decode())
    return command(base64.b64encode(b"sai").decode())
