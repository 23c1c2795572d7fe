"""The mail server of the sample city: what Postfix, amavis and Dovecot's LMTP write while a message passes.

Times are whole microseconds since the day's local midnight. Lines go to `mta` and `store` as (time, text) with the
text from the program on; the transport module puts stamp and host before it. Shapes follow Postfix 3.7, amavisd-new
2.13 and Dovecot.
"""

from __future__ import annotations

import random
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field

from mail_audit.sample.ledger import Account, Ledger
from mail_audit.sample.people import DOMAIN
from mail_audit.sample.spelling import Spelling

Lines = list[tuple[int, str]]
SECOND = 1_000_000
SPREAD = 0x9E3779B97F4A7C15F39CC061
"""An odd number that scatters running numbers over 96 bits."""
LONG_ALPHABET = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
GMAIL = "gmail-smtp-in.l.google.com[192.0.2.27]:25"


@dataclass(frozen=True, slots=True)
class Rule:
    """A sieve rule of a mailbox: `redirect` to `target` (with or without a copy kept), or `vacation`."""

    kind: str
    target: str
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Server:
    """How the sample's mail server is set up."""

    spelling: Spelling
    filtered: bool = True
    """Every message passes amavis and comes back under a new queue id."""
    mail_log: bool = True
    """mail_log writes save, delete and flag_change lines."""
    subjects: bool = False
    """mail_log writes sender and subject too (it should not: they are private)."""
    auth_verbose: bool = True
    """Dovecot writes a line of its own for every refused password."""
    long_ids: bool = False
    two_hosts: bool = True
    store_address: str = "10.0.0.12"
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)


class PostOffice:
    """Takes messages in and writes their lines, counting what arrives where."""

    def __init__(self, server: Server, ledger: Ledger, chance: random.Random) -> None:
        self.server = server
        self.ledger = ledger
        self.chance = chance
        self.mta: Lines = []
        self.store: Lines = []
        self.odd: dict[str, tuple[str, str]] = {}
        """Hostile message-ids as Postfix writes them -> as mail_log and as the delivery agent write them."""
        self.serial = 0
        self.day_number = 0
        self.relay = f"mail2.{DOMAIN}[10.0.0.12]:24" if server.two_hosts else f"mail1.{DOMAIN}[private/dovecot-lmtp]"
        self.lmtp_peer = "10.0.0.11" if server.two_hosts else "local"

    def note(self, at: int, text: str) -> None:
        """Writes a line of the mail server."""
        self.mta.append((at, text))

    def note_store(self, at: int, text: str) -> None:
        """Writes a line of the store."""
        self.store.append((at, text))

    def queue_id(self, at: int) -> str:
        """A Postfix queue id: five hex digits of microseconds and an inode, or the long form."""
        self.serial += 1
        if not self.server.long_ids:
            return f"{at % SECOND:05X}{0x20C000 + self.serial % 50021:X}"
        digits, rest = "", (self.day_number * 86400 + at // SECOND) * 1000 + self.serial % 1000
        while rest:
            rest, digit = divmod(rest, 52)
            digits = LONG_ALPHABET[digit] + digits
        return f"4{digits}z{self.serial % 50021:04d}"

    def session(self) -> str:
        """A session id as Dovecot writes it: 16 characters of base64."""
        self.serial += 1
        return b64encode(((self.serial * SPREAD) % (1 << 96)).to_bytes(12, "little")).decode()

    def take_in(
        self,
        at: int,
        smtpd: str,
        peer: str,
        extra: str,
        sender: str,
        recipients: Sequence[str],
        message_id: str,
        size: int,
    ) -> tuple[str, int]:
        """One SMTP conversation up to the queue: connect to disconnect. Returns the queue id and the time after it."""
        pid = 2000 + self.serial % 37
        queue_id = self.queue_id(at)
        put = self.note
        count = len(recipients)
        put(at, f"postfix/{smtpd}[{pid}]: connect from {peer}")
        put(at + 80_000, f"postfix/{smtpd}[{pid}]: {queue_id}: client={peer}{extra}")
        put(at + 90_000, f"postfix/cleanup[{pid + 40}]: {queue_id}: message-id={message_id}")
        put(at + 120_000, f"postfix/qmgr[812]: {queue_id}: from=<{sender}>, size={size}, nrcpt={count} (queue active)")
        login = "ehlo=2 starttls=1 auth=1" if extra else "ehlo=1"
        commands = count + (7 if extra else 4)
        put(
            at + 140_000,
            f"postfix/{smtpd}[{pid}]: disconnect from {peer} {login} mail=1 rcpt={count} data=1 quit=1 "
            f"commands={commands}",
        )
        return queue_id, at + 150_000

    def filter(
        self, at: int, queue_id: str, sender: str, recipients: Sequence[str], message_id: str, size: int, origin: str
    ) -> tuple[str, int]:
        """The hop through amavis: the same message comes back under a new queue id, the first file is removed."""
        second, after = self.take_in(
            at, "smtpd", "localhost[127.0.0.1]", "", sender, recipients, message_id, size + 455
        )
        put = self.note
        number = self.serial
        listed = ",".join(f"<{recipient}>" for recipient in recipients)
        put(
            after,
            f"amavis[{1400 + number % 2}]: (0{1400 + number % 2}-{number % 20:02d}) Passed CLEAN {{{origin}}}, "
            f"[203.0.113.9]:50{number % 1000:03d} <{sender}> -> {listed}, Queue-ID: {queue_id}, "
            f"Message-ID: {message_id}, mail_id: {second[:9]}x, Hits: -0.1, size: {size}, queued_as: {second}, 210 ms",
        )
        for recipient in recipients:
            put(
                after + 10_000,
                f"postfix/smtp[{2100 + number % 11}]: {queue_id}: to=<{recipient}>, relay=127.0.0.1[127.0.0.1]:10024, "
                "delay=0.36, delays=0.12/0/0.01/0.23, dsn=2.0.0, status=sent (250 2.0.0 from "
                f"MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as {second})",
            )
        put(after + 20_000, f"postfix/qmgr[812]: {queue_id}: removed")
        return second, after + 30_000

    def deliver(
        self, at: int, queue_id: str, sender: str, recipients: Sequence[str], message_id: str, size: int
    ) -> None:
        """Deliveries of the last queue file: aliases expanded, mailboxes by LMTP, the rest to the outside."""
        inside: list[tuple[Account, str]] = []
        for recipient in recipients:
            targets = self.server.aliases.get(recipient)
            if targets is None:
                self.one(at, queue_id, recipient, "", inside)
                continue
            known = self.ledger.accounts.get(recipient)
            if known is not None:
                known.received += 1
                known.forwarded += 1
            for target in targets:
                self.one(at, queue_id, target, f" orig_to=<{recipient}>,", inside)
        if inside:
            at = self.lmtp(at, queue_id, sender, inside, message_id, size)
        self.note(at + 40_000, f"postfix/qmgr[812]: {queue_id}: removed")

    def one(self, at: int, queue_id: str, recipient: str, original: str, inside: list[tuple[Account, str]]) -> None:
        """One recipient after expansion: put with the mailboxes, or sent to the outside."""
        if recipient.endswith("@" + DOMAIN):
            inside.append((self.ledger.open(recipient), original))
            return
        domain = recipient.partition("@")[2]
        relay = GMAIL if domain == "gmail.com" else f"mx.{domain}[192.0.2.{len(domain)}]:25"
        self.note(
            at + 20_000,
            f"postfix/smtp[{2100 + self.serial % 11}]: {queue_id}: to=<{recipient}>,{original} relay={relay}, "
            f"delay=1.2, delays=0.05/0.01/0.6/0.54, dsn=2.0.0, status=sent (250 2.0.0 OK {self.serial} - gsmtp)",
        )

    def lmtp(
        self, at: int, queue_id: str, sender: str, inside: list[tuple[Account, str]], message_id: str, size: int
    ) -> int:
        """One LMTP transaction with all its mailboxes. Returns the time after it."""
        pid = 5000 + self.serial % 61
        session = self.session() + "Ag+zDQ"
        spelling, server = self.server.spelling, self.server
        put, line = self.note_store, self.note
        old = spelling.version == "1"
        if not old:
            put(at, f"dovecot: lmtp({pid}): Connect from {self.lmtp_peer}")
        for number, (account, original) in enumerate(inside, start=1):
            mine = session if number == 1 else f"{session}:R{number}"
            address = account.address
            start = f"dovecot: {spelling.delivery(address, pid, mine)}"
            rule = server.rules.get(address)
            at += 4_000
            account.received += 1
            if rule is not None and rule.kind == "vacation":
                self.answer(at, start, sender, message_id)
            elif rule is not None:
                self.redirect(at, start, sender, message_id, size, rule)
                account.forwarded += 1
            if rule is None or rule.keep:
                self.keep(at, account, start, pid, mine, message_id, size, sieve=rule is not None)
            if old:
                reply = "delay=0.12, delays=0.03/0/0/0.08, dsn=2.0.0, status=sent (delivered via dovecot service)"
                line(at + 2_000, f"postfix/pipe[2300]: {queue_id}: to=<{address}>,{original} relay=dovecot, {reply}")
                continue
            line(
                at + 2_000,
                f"postfix/lmtp[{2300 + pid % 7}]: {queue_id}: to=<{address}>,{original} relay={self.relay}, "
                f"delay=0.08, delays=0.03/0/0.02/0.03, dsn=2.0.0, status=sent (250 2.0.0 <{address}> {mine} Saved)",
            )
        if not old:
            put(at + 9_000, f"dovecot: lmtp({pid}): Disconnect from {self.lmtp_peer}: {spelling.parting}")
        return at + 10_000

    def keep(
        self, at: int, account: Account, start: str, pid: int, session: str, message_id: str, size: int, *, sieve: bool
    ) -> None:
        """The lines of a message stored in a mailbox."""
        spelling = self.server.spelling
        uid = account.next_uid
        account.next_uid = uid + 1
        message_id, named = self.odd.get(message_id, (message_id, message_id))
        account.arriving.append((uid, message_id, size + 160))
        put = self.note_store
        if self.server.mail_log and spelling.flag_changes:
            saving = spelling.saving(account.address, pid, session)
            put(at, f"dovecot: {saving}save: box=INBOX, uid={uid}, {self.fields(message_id, size + 160)}, flags=()")
        words = "stored mail into mailbox 'INBOX'" if sieve else "saved mail to INBOX"
        put(at + 1_000, f"{start}{'sieve: ' if sieve else ''}msgid={named}: {words}")

    def fields(self, message_id: str, size: int) -> str:
        """mail_log's fields between uid and flags."""
        if not self.server.subjects:
            return f"msgid={message_id}, size={size}"
        return f"msgid={message_id}, size={size}, from=can.bo@{DOMAIN}, subject={self.chance.choice(SUBJECTS)}"

    def redirect(self, at: int, start: str, sender: str, message_id: str, size: int, rule: Rule) -> None:
        """A sieve redirect: the store hands a copy with the first sender back to the mail server."""
        action = "" if self.server.spelling.version in ("1", "2.2") else "redirect action: "
        self.note_store(at, f"{start}sieve: msgid={message_id}: {action}forwarded to <{rule.target}>")
        peer = f"mail2.{DOMAIN}[10.0.0.12]" if self.server.two_hosts else "localhost[127.0.0.1]"
        queue_id, after = self.take_in(at - 700_000, "smtpd", peer, "", sender, (rule.target,), message_id, size + 510)
        self.deliver(after, queue_id, sender, (rule.target,), message_id, size + 510)

    def answer(self, at: int, start: str, sender: str, message_id: str) -> None:
        """An automatic reply to somebody outside: it has no sender and is nobody's act."""
        if not sender or sender.endswith("@" + DOMAIN) or message_id in self.odd:
            return
        action = "" if self.server.spelling.version in ("1", "2.2") else "vacation action: "
        self.note_store(at, f"{start}sieve: msgid={message_id}: {action}sent vacation response to <{sender}>")
        peer = f"mail2.{DOMAIN}[10.0.0.12]" if self.server.two_hosts else "localhost[127.0.0.1]"
        reply = f"<dovecot-sieve-17953{at % 100_000:05d}-{self.serial}-0@mail2>"
        queue_id, after = self.take_in(at - 700_000, "smtpd", peer, "", "", (sender,), reply, 623)
        self.deliver(after, queue_id, "", (sender,), reply, 623)

    def pass_on(
        self,
        at: int,
        smtpd: str,
        peer: str,
        extra: str,
        sender: str,
        recipients: Sequence[str],
        message_id: str,
        size: int,
    ) -> None:
        """A message from its first connection to its last delivery."""
        queue_id, after = self.take_in(at, smtpd, peer, extra, sender, recipients, message_id, size)
        if self.server.filtered:
            origin = "RelayedInbound" if not extra else "RelayedOpenRelay" if "@" not in sender else "RelayedInternal"
            queue_id, after = self.filter(after, queue_id, sender, recipients, message_id, size, origin)
        self.deliver(after + 700_000, queue_id, sender, recipients, message_id, size)


SUBJECTS = (
    "Giấy mời họp giao ban",
    "Báo cáo tuần",
    "imap-login: Login: user=<thutruong.xd@tp.example.gov.vn>, method=PLAIN, rip=203.0.113.66, ses...",
    "V/v góp ý dự thảo, flags=(\\Seen)",
    "client=unknown[203.0.113.66], sasl_method=PLAIN, sasl_username=thutruong.xd@tp.example.gov.vn",
)
