"""What people and machines do with their mailboxes, and what Dovecot and the submission service write about it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

from mail_audit.sample.ledger import Account
from mail_audit.sample.people import DOMAIN
from mail_audit.sample.postoffice import SECOND, PostOffice
from mail_audit.sample.spelling import IDLE_CLOSED, LOGGED_OUT

NOTHING = "deleted=0 expunged=0 trashed=0 hdr_count=0 hdr_bytes=0 body_count=0 body_bytes=0"


class Desk:
    """Sessions and submissions of one day."""

    def __init__(self, office: PostOffice, chance: random.Random) -> None:
        self.office = office
        self.server = office.server
        self.spelling = office.server.spelling
        self.chance = chance
        self.day = date.min
        self.serial = 0

    def message_id(self, host: str) -> str:
        """A fresh message-id of a client or server at `host`."""
        self.serial += 1
        return f"<{self.day:%Y%m%d}.{self.serial:06d}@{host}>"

    def log_in(self, at: int, account: Account, peer: str, protocol: str = "imap") -> tuple[int, str]:
        """A successful log-in. Returns process and session."""
        session = self.office.session()
        pid = 20_000 + self.office.serial % 9973
        account.logins += 1
        words = self.spelling.login(protocol, account.address, peer, self.server.store_address, pid, session)
        self.office.note_store(at, f"dovecot: {words}")
        return pid, session

    def leave(self, at: int, account: Account, pid: int, session: str, counters: str, reason: str = LOGGED_OUT) -> None:
        """The end of an IMAP session; versions before 2.3 know no counts of headers and bodies."""
        if not self.spelling.counters:
            counters = " ".join(counters.split(" ", 2)[:2])
        words = self.spelling.closed("imap", account.address, pid, session, reason, counters)
        self.office.note_store(at, f"dovecot: {words}")

    def flag(self, at: int, account: Account, pid: int, session: str, what: tuple[int, str, int], flags: str) -> bool:
        """A flag change of one message; False where this server does not write such lines."""
        if not (self.server.mail_log and self.spelling.flag_changes):
            return False
        uid, message_id, size = what
        verb = "delete" if "Deleted" in flags else "flag_change"
        text = f"{verb}: box=INBOX, uid={uid}, {self.office.fields(message_id, size)}, flags=({flags})"
        self.office.note_store(at, f"dovecot: {self.spelling.event(account.address, pid, session, text)}")
        return True

    def read(self, at: int, account: Account, peer: str, count: int, *, by: str = "person") -> int:
        """One sitting at a mail programme: opens up to `count` messages and sometimes files or deletes one.

        `by` is `person` or `clerk`; what a clerk does is not booked as an act of the owner. Returns the time after it.
        """
        chance = self.chance
        pid, session = self.log_in(at, account, peer)
        opened = account.unseen[:count]
        del account.unseen[: len(opened)]
        bodies = size = 0
        written = False
        at += chance.randrange(3 * SECOND, 15 * SECOND)
        for what in opened:
            if self.flag(at, account, pid, session, what, "\\Seen"):
                account.opened += 1
                written = True
            bodies += 1
            size += what[2]
            at += chance.randrange(6 * SECOND, 90 * SECOND)
        account.seen += opened
        deleted = 0
        if account.seen and (not opened or chance.random() < 0.2):
            what = account.seen.pop(chance.randrange(len(account.seen)))
            written = self.flag(at, account, pid, session, what, "\\Seen \\Deleted") or written
            deleted = 1
            at += chance.randrange(2 * SECOND, 9 * SECOND)
        counters = (
            f"in={180 + 40 * bodies} out={1500 + size} deleted={deleted} expunged=0 trashed=0 hdr_count={bodies} "
            f"hdr_bytes={bodies * 420} body_count={bodies} body_bytes={size}"
        )
        self.leave(at, account, pid, session, counters)
        self.book(account, written, bodies if size > 1000 * bodies else 0, by)
        return at

    def book(self, account: Account, certain: bool, bodies: int, by: str) -> None:
        """Books a sitting: A for flags a client set, B for a few whole bodies where the server counts them."""
        rung = "A" if certain else "B" if bodies and self.spelling.counters else None
        if rung is None:
            return
        if by == "person":
            account.act(self.day, "A" if rung == "A" else "B")
        else:
            account.delegated += 1
            account.machine("A" if rung == "A" else "B")

    def fetch(self, at: int, account: Account, peer: str) -> None:
        """One sitting with a programme that reads whole bodies and sets no flag: the counters alone tell."""
        chance = self.chance
        pid, session = self.log_in(at, account, peer)
        bodies = chance.randrange(1, 6)
        size = sum(chance.randrange(1_900, 60_000) for _ in range(bodies))
        at += sum(chance.randrange(5 * SECOND, 120 * SECOND) for _ in range(bodies)) + 4 * SECOND
        counters = (
            f"in={150 + 38 * bodies} out={1400 + size} deleted=0 expunged=0 trashed=0 hdr_count={bodies + 3} "
            f"hdr_bytes={bodies * 390 + 900} body_count={bodies} body_bytes={size}"
        )
        self.leave(at, account, pid, session, counters)
        self.book(account, False, bodies, "person")

    def glance(self, at: int, account: Account, peer: str) -> None:
        """A programme opens the list and its preview: headers and the first bytes of some bodies, nobody read."""
        pid, session = self.log_in(at, account, peer)
        shown = self.chance.randrange(2, 9)
        counters = (
            f"in=178 out={900 + 400 * shown} deleted=0 expunged=0 trashed=0 hdr_count={shown} hdr_bytes={shown * 345} "
            f"body_count={shown} body_bytes={shown * 100}"
        )
        self.leave(at + self.chance.randrange(SECOND, 40 * SECOND), account, pid, session, counters)

    def browse(self, at: int, account: Account, count: int) -> int:
        """A sitting in webmail: every click is a log-in of its own from the web server itself."""
        for _ in range(count):
            if not account.unseen:
                break
            self.poll(at, account, "127.0.0.1")
            what = account.unseen.pop(0)
            at += self.chance.randrange(2 * SECOND, 40 * SECOND)
            pid, session = self.log_in(at, account, "127.0.0.1")
            certain = self.flag(at + 200_000, account, pid, session, what, "\\Seen")
            account.opened += certain
            account.seen.append(what)
            counters = f"in=96 out={what[2] + 700} deleted=0 expunged=0 trashed=0 hdr_count=0 hdr_bytes=0"
            self.leave(at + 2_600_000, account, pid, session, f"{counters} body_count=1 body_bytes={what[2]}")
            self.book(account, certain, 1 if what[2] > 1000 else 0, "person")
            at += self.chance.randrange(3 * SECOND, 60 * SECOND)
        return at

    def poll(self, at: int, account: Account, peer: str) -> None:
        """A device asks for new mail and leaves."""
        pid, session = self.log_in(at, account, peer)
        self.leave(at + 210_000, account, pid, session, f"in=58 out=574 {NOTHING}")

    def hold(self, at: int, account: Account, peer: str, seconds: int) -> None:
        """A telephone holds an IDLE connection for `seconds` and drops it."""
        pid, session = self.log_in(at, account, peer)
        reason = IDLE_CLOSED.format(idle=seconds)
        self.leave(at + seconds * SECOND, account, pid, session, f"in=28 out=753 {NOTHING}", reason)

    def sync(self, at: int, account: Account, peer: str) -> None:
        """A programme copies the whole bodies of everything new, within a second."""
        pid, session = self.log_in(at, account, peer)
        fresh = account.unseen
        size = sum(what[2] for what in fresh)
        account.seen += fresh
        count = len(fresh)
        account.unseen = []
        counters = f"in={58 + count * 30} out={574 + size} deleted=0 expunged=0 trashed=0 hdr_count=0 hdr_bytes=0"
        self.leave(at + 400_000, account, pid, session, f"{counters} body_count={count} body_bytes={size}")
        account.machine("C" if count and self.spelling.counters else "D")

    def pop(self, at: int, account: Account, peer: str) -> None:
        """A POP3 programme downloads everything new; the server then marks it seen on the programme's behalf."""
        pid, session = self.log_in(at, account, peer, "pop3")
        fresh = account.unseen
        size = sum(what[2] for what in fresh)
        if self.server.mail_log and self.spelling.flag_changes:
            start = self.spelling.event(account.address, pid, session, "").replace("imap(", "pop3(", 1)
            for uid, message_id, one in fresh:
                fields = self.office.fields(message_id, one)
                text = f"dovecot: {start}flag_change: box=INBOX, uid={uid}, {fields}, flags=(\\Seen)"
                self.office.note_store(at + 300_000, text)
        account.seen += fresh
        account.unseen = []
        held = len(account.seen)
        counters = f"top=0/0, retr={len(fresh)}/{size}, del=0/{held}, size={held * 3000}"
        words = self.spelling.closed("pop3", account.address, pid, session, LOGGED_OUT, counters)
        self.office.note_store(at + 400_000, f"dovecot: {words}")
        account.machine("C" if fresh else "D")

    def save_sent(self, at: int, account: Account, peer: str, message_id: str, size: int) -> None:
        """The mail programme files what was sent: a message saved to Sent."""
        pid, session = self.log_in(at, account, peer)
        if self.server.mail_log and self.spelling.flag_changes:
            self.serial += 1
            text = f"save: box=Sent, uid={self.serial}, {self.office.fields(message_id, size)}, flags=(\\Seen)"
            line = f"dovecot: {self.spelling.event(account.address, pid, session, text)}"
            self.office.note_store(at + 300_000, line)
        self.leave(at + 500_000, account, pid, session, f"in={size + 140} out=780 {NOTHING}")

    def submit(
        self,
        at: int,
        account: Account,
        peer: str,
        recipients: Sequence[str],
        *,
        sender: str | None = None,
        person: bool = True,
    ) -> str:
        """One authenticated submission; `person` is False for schedules and devices. Returns the message-id."""
        message_id = self.message_id(DOMAIN)
        self.count(account, recipients, person=person)
        extra = f", sasl_method=PLAIN, sasl_username={account.address}"
        size = self.chance.randrange(900, 90_000)
        sender = sender or account.address
        self.office.pass_on(at, "submission/smtpd", f"unknown[{peer}]", extra, sender, recipients, message_id, size)
        return message_id

    def count(self, account: Account, recipients: Sequence[str], *, person: bool) -> None:
        """Books a submission and its recipients as addressed."""
        distinct = set(recipients)
        account.sent += 1
        account.recipients += len(distinct)
        account.external += sum(1 for recipient in distinct if not recipient.endswith("@" + DOMAIN))
        if person:
            account.act(self.day, "A")
        else:
            account.machine("D")
