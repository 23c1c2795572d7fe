r"""What is true of a sample city: the exact figures an audit of its logs must find.

How doubts of definition are settled here:

- A submission counts on the day its queue file became active; a later retry or bounce changes nothing.
- `received` counts a message once per mailbox when the server accepted it: stored, filed, redirected by the owner's
  sieve rule, or sent on by a virtual alias; bounces and automatic reports included. A message to a shared address that
  the server rewrites to its members counts for each member, and for the shared address as addressed.
- `logins` are successful IMAP and POP3 log-ins, those of webmail (from 127.0.0.1) and of machines included.
- `failed_logins`: `auth failed, N attempts` is N; a refused SMTP authentication is 1.
- `opened`: distinct messages first set \Seen by an IMAP `flag_change`; what a POP3 programme downloads is not opened.
  None for everybody where the logs hold no flag changes.
- `active_days`: days with a rung A or B act of the person, days off included. What a clerk does in a leader's mailbox,
  what a schedule submits and what a programme fetches at a fixed gap are not acts of the person.
- `rung` is the strongest evidence of the owner: A or B for those who use it, C or D for machines, D for delegated and
  forwarded (only somebody else or the server acts), U for unknown, None where there is nothing but delivery.
- A person who reads once every morning is a person: a day between two log-ins is no fixed gap of a device.
- Classes follow the working days with logs: `regular` when active on at least half of them, `occasional` on fewer.
- Officials without a mailbox have class none and figures of zero.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from mail_audit.report.model import Rank, Rung, UsageClass
from mail_audit.sample.practised import PracticeMessage

FILE_NAME = "truth.json"


@dataclass(frozen=True, slots=True)
class OfficialTruth:
    """The exact figures of one official."""

    official_id: str
    name: str
    unit: str
    title: str
    rank: Rank
    mailboxes: tuple[str, ...]
    sent: int
    sent_recipients: int
    sent_external: int
    received: int
    logins: int
    failed_logins: int
    opened: int | None
    active_days: int
    active_working_days: int
    covered_working_days: int
    usage_class: UsageClass
    rung: Rung | None
    habit: str
    acted_on: tuple[date, ...]
    """The days with an act of the person."""


@dataclass(frozen=True, slots=True)
class UnitTruth:
    """One unit with its sub-units: people in post, people using official e-mail, rates, classes."""

    unit: str
    parent: str | None
    leaders_total: int
    leaders_using: int
    leaders_rate: float | None
    staff_total: int
    staff_using: int
    staff_rate: float | None
    classes: dict[UsageClass, int]
    no_mailbox: int


@dataclass(frozen=True, slots=True)
class MailboxTruth:
    """A mailbox no official owns."""

    mailbox: str
    kind: Literal["unlisted", "shared", "service"]
    sent: int
    received: int
    logins: int


@dataclass(frozen=True, slots=True)
class FileTruth:
    """One log file: path below the sample's folder, lines, and the days it holds."""

    path: str
    host: str
    style: str
    lines: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything known of one sample city and its logs."""

    seed: int
    first: date
    last: date
    timezone: str
    working_days: int
    covered_days: tuple[date, ...]
    missing_days: tuple[date, ...]
    covered_working_days: int
    hosts: tuple[str, ...]
    officials: tuple[OfficialTruth, ...]
    units: tuple[UnitTruth, ...]
    city: UnitTruth
    unassigned: tuple[MailboxTruth, ...]
    without_mailbox: tuple[str, ...]
    files: tuple[FileTruth, ...]
    lines: int
    directory: str = "officials.csv"
    practised: tuple[PracticeMessage, ...] = ()
    """What was sent to practice addresses, and is in no figure."""

    def official(self, official_id: str) -> OfficialTruth:
        """The figures of one official; KeyError when the city has no such person."""
        for figures in self.officials:
            if figures.official_id == official_id:
                return figures
        raise KeyError(official_id)

    def write(self, path: Path) -> None:
        """Writes the truth as JSON, dates as ISO 8601."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
