"""Practice messages of the sample city: who sent which to practice addresses, and from whose desk.

A practice message is a submission like any other; what comes for a practice address the server throws away
(`docs/practice.md`). It is no use of e-mail, so it stands in no ledger: the truth about it is the message itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mail_audit.sample.people import DOMAIN, Person
from mail_audit.sample.postoffice import SECOND, PostOffice

AFTERNOON = 14 * 3600 * SECOND
APART = 420 * SECOND
SIZE = 1840


@dataclass(frozen=True, slots=True)
class PracticeMessage:
    """One message: whose mailbox it was sent with, at whose computer, and to which addresses; people by official_id."""

    day: date
    log_in: str
    desk: str
    to: tuple[str, ...]


def by_day(
    messages: Iterable[PracticeMessage], people: Mapping[str, Person], covered: Iterable[date]
) -> dict[date, list[PracticeMessage]]:
    """The messages of each day. Raises ValueError for a day without logs, or somebody without a mailbox."""
    found: dict[date, list[PracticeMessage]] = {day: [] for day in covered}
    for one in messages:
        known = one.log_in in people and one.desk in people and people[one.log_in].address is not None
        if not known or one.day not in found:
            raise ValueError(f"{one.log_in} cannot practise on {one.day}")
        found[one.day].append(one)
    return found


def send(office: PostOffice, message: PracticeMessage, number: int, people: Mapping[str, Person]) -> None:
    """The lines of the day's `number`th practice message, in the afternoon."""
    sender, peer = people[message.log_in].address or "", f"unknown[{people[message.desk].station}]"
    message_id = f"<{message.day:%Y%m%d}.practice{number}@{DOMAIN}>"
    extra = f", sasl_method=PLAIN, sasl_username={sender}"
    at = AFTERNOON + number * APART
    queue_id, at = office.take_in(at, "submission/smtpd", peer, extra, sender, message.to, message_id, SIZE)
    if office.server.filtered:
        queue_id, at = office.filter(at, queue_id, sender, message.to, message_id, SIZE, "RelayedInternal")
    for recipient in message.to:
        office.note(
            at + 20_000,
            f"postfix/discard[{2200 + number % 7}]: {queue_id}: to=<{recipient}>, relay=none, delay=0.31, "
            "delays=0.29/0.01/0/0.01, dsn=2.0.0, status=sent (practice)",
        )
    office.note(at + 40_000, f"postfix/qmgr[812]: {queue_id}: removed")
