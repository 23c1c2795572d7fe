"""A large log of an everyday city, written fast, with the counts that an audit of it must give.

The mix is that of a busy server: submissions, deliveries inside and outside, log-ins of people, pollers that log in all
day, refused log-ins, and lines of no interest. Stamps are those of Debian 12 (ISO 8601 with zone).
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

DOMAIN = "tp.example.gov.vn"
OUTSIDE = ("example.com", "example.net", "example.org")
ZONE = timezone(timedelta(hours=7))
FIRST = datetime(2026, 10, 1, tzinfo=ZONE)
DAYS = 30
PEOPLE = 2000
FIGURES = ("sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins")
LINES_A_STEP = 5.9
"""Lines that one step of the generator writes on average; only used to choose how many steps to make."""


@dataclass
class BigLog:
    """Where the log and its directory lie, and what an audit of it must count: official -> figure -> count."""

    log: Path
    directory: Path
    lines: int = 0
    truth: dict[str, dict[str, int]] = field(default_factory=dict)


def write(folder: Path, *, lines: int, seed: int = 2014) -> BigLog:
    """Write `mail.log` of about `lines` lines and `officials.csv` into `folder`; the same seed, the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    big = BigLog(folder / "mail.log", folder / "officials.csv")
    _write_directory(big)
    dice = random.Random(seed)
    steps = round(lines / LINES_A_STEP)
    pause = timedelta(days=DAYS) / steps
    city = _City(dice, big.truth)
    with big.log.open("w", encoding="ascii", buffering=1 << 20) as out:
        for step in range(steps):
            written = city.step(FIRST + pause * step)
            big.lines += len(written)
            out.write("\n".join(written))
            out.write("\n")
    return big


def _write_directory(big: BigLog) -> None:
    with big.directory.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["unit", "official_id", "name", "title", "rank", "email"])
        for number in range(PEOPLE):
            rank = "leader" if number % 10 == 0 else "staff"
            rows.writerow([f"Phòng {number // 40}", f"CB{number:05}", f"Cán bộ {number}", "", rank, _address(number)])
            big.truth[f"CB{number:05}"] = dict.fromkeys(FIGURES, 0)


def _address(number: int) -> str:
    return f"cb{number:05}@{DOMAIN}"


class _City:
    """Takes one step after another: a message, a sitting, a poll, an attack."""

    def __init__(self, dice: random.Random, truth: dict[str, dict[str, int]]) -> None:
        self.dice = dice
        self.truth = truth
        self.made = 0

    def step(self, at: datetime) -> list[str]:
        """The lines of one step at that time, in their order."""
        self.made += 1
        what = self.dice.random()
        person = int(PEOPLE * self.dice.random() ** 2)
        acts = self._message if what < 0.45 else self._poll if what < 0.85 else self._sitting
        lines = self._strangers(person) if what > 0.97 else acts(person)
        stamp = at.strftime("%Y-%m-%dT%H:%M:%S")
        return [f"{stamp}.{at.microsecond // 1000:03}{place:03}+07:00 mail {line}" for place, line in enumerate(lines)]

    def _count(self, person: int, figure: str, more: int = 1) -> None:
        self.truth[f"CB{person:05}"][figure] += more

    def _station(self, person: int) -> str:
        return f"10.{person % 200}.{person // 200}.{person % 7 + 1}"

    def _message(self, person: int) -> Iterator[str]:
        queue_id = f"4Q{self.made:09d}zA"
        message_id = f"{self.made}.{self.dice.getrandbits(48):012x}@{DOMAIN}"
        inside = self.dice.sample(range(PEOPLE), self.dice.choice((1, 1, 2, 3)))
        outside = self.dice.choice((0, 0, 0, 1))
        name, station = _address(person), self._station(person)
        process = self.made % 30000 + 1000
        yield f"postfix/submission/smtpd[{process}]: connect from unknown[{station}]"
        yield (
            f"postfix/submission/smtpd[{process}]: {queue_id}: client=unknown[{station}], "
            f"sasl_method=PLAIN, sasl_username={name}"
        )
        yield f"postfix/cleanup[{process + 1}]: {queue_id}: message-id=<{message_id}>"
        count = len(inside) + outside
        yield f"postfix/qmgr[901]: {queue_id}: from=<{name}>, size={2000 + process}, nrcpt={count} (queue active)"
        for receiver in inside:
            to = _address(receiver)
            session = f"<{process}><{self.made:x}x{receiver:x}>"
            yield f"dovecot: lmtp({to}){session}: sieve: msgid=<{message_id}>: stored mail into mailbox 'INBOX'"
            yield (
                f"postfix/lmtp[{process + 2}]: {queue_id}: to=<{to}>, relay={DOMAIN}[private/dovecot-lmtp], "
                f"delay=0.2, delays=0.1/0/0/0.1, dsn=2.0.0, status=sent (250 2.0.0 <{to}> {session} Saved)"
            )
            self._count(receiver, "received")
        if outside:
            domain = self.dice.choice(OUTSIDE)
            yield (
                f"postfix/smtp[{process + 3}]: {queue_id}: to=<p{self.made % 9999}@{domain}>, "
                f"relay=mx.{domain}[203.0.113.9]:25, delay=1.2, delays=0.1/0/0.6/0.5, dsn=2.0.0, "
                f"status=sent (250 2.0.0 Ok: queued as 5C{self.made:x})"
            )
        yield f"postfix/qmgr[901]: {queue_id}: removed"
        yield f"postfix/submission/smtpd[{process}]: disconnect from unknown[{station}] ehlo=2 starttls=1 auth=1 quit=1"
        self._count(person, "sent")
        self._count(person, "sent_recipients", count)
        self._count(person, "sent_external", outside)

    def _log_in(self, person: int) -> tuple[str, str]:
        self._count(person, "logins")
        name, process = _address(person), self.made % 30000 + 1000
        session = f"{self.made:x}+Vt/{person:x}"
        line = (
            f"dovecot: imap-login: Login: user=<{name}>, method=PLAIN, rip={self._station(person)}, lip=10.0.0.1, "
            f"mpid={process}, TLS, session=<{session}>"
        )
        return line, f"dovecot: imap({name})<{process}><{session}>: "

    def _poll(self, person: int) -> Iterator[str]:
        line, head = self._log_in(person)
        yield line
        yield (
            f"{head}Disconnected: Logged out in=95 out=880 deleted=0 expunged=0 trashed=0 "
            "hdr_count=0 hdr_bytes=0 body_count=0 body_bytes=0"
        )

    def _sitting(self, person: int) -> Iterator[str]:
        line, head = self._log_in(person)
        yield line
        opened = self.dice.randrange(1, 6)
        for uid in range(opened):
            yield (
                f"{head}flag_change: box=INBOX, uid={self.made % 90000 + uid}, "
                f"msgid=<{self.made}.{uid}@{DOMAIN}>, size={3000 + uid}, flags=(\\Seen)"
            )
        yield (
            f"{head}Disconnected: Connection closed (IDLE running for 0.001 + waiting input for 28.914 secs, 2 B in + "
            f"10 B out, state=wait-input) in=1313 out=11985 deleted=0 expunged=0 trashed=0 hdr_count=9 hdr_bytes=2800 "
            f"body_count={opened} body_bytes={opened * 3000}"
        )

    def _strangers(self, person: int) -> Iterator[str]:
        address, process = f"198.51.100.{self.made % 250}", self.made % 30000 + 1000
        yield f"postfix/smtpd[{process}]: connect from unknown[{address}]"
        yield (
            f"postfix/smtpd[{process}]: NOQUEUE: reject: RCPT from unknown[{address}]: 454 4.7.1 <x@example.com>: "
            f"Relay access denied; from=<{_address(person)}> to=<x@example.com> proto=ESMTP helo=<{_address(person)}>"
        )
        yield f"postfix/smtpd[{process}]: disconnect from unknown[{address}] ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4"
        self._count(person, "failed_logins", 2)
        yield (
            f"dovecot: imap-login: Disconnected: Connection closed (auth failed, 2 attempts in 6 secs): "
            f"user=<{_address(person)}>, method=PLAIN, rip={address}, lip=10.0.0.1, TLS, session=<{self.made:x}+At>"
        )


def now() -> str:
    """When a run was made, for the line that is printed."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
