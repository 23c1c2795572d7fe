"""The latest counts of a mailbox with the change since the ones before, and the latest run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.words import Text, moment_words
from mail_audit.models import Census, CensusMailbox
from mail_audit.queries.census.words import REASON_WORDS, SENT_WORDS

LOOKED_BACK = 60
"""Runs of one mailbox among which its last two counts are looked for."""


@dataclass(frozen=True, slots=True)
class MailboxCount:
    """What one run counted in one mailbox; moments in UTC, None is not known."""

    asked_at: datetime
    messages: int
    unseen: int
    answered: int
    oldest_unseen_at: datetime | None
    sent_state: str
    last_sent_at: datetime | None
    uid_validity: int

    @property
    def answered_share(self) -> float | None:
        """Answered messages of all, 0 to 1; None of an empty mailbox."""
        return self.answered / self.messages if self.messages else None


@dataclass(frozen=True, slots=True)
class MailboxCensus:
    """One mailbox: its latest count and the one before it, and why a later run gave none (None: it did)."""

    mailbox: str
    latest: MailboxCount | None
    before: MailboxCount | None
    unknown_at: datetime | None
    unknown_why: Text | None

    @property
    def is_comparable(self) -> bool:
        """Whether both counts are of the same mailbox: it was not made anew in between."""
        return bool(self.latest and self.before and self.latest.uid_validity == self.before.uid_validity)

    @property
    def unseen_change(self) -> int | None:
        """How many more are unseen than the count before; None where the two cannot be compared."""
        return self.latest.unseen - self.before.unseen if self._pair else None  # type: ignore[union-attr]

    @property
    def answered_change(self) -> int | None:
        """How many more are answered than the count before; None where the two cannot be compared."""
        return self.latest.answered - self.before.answered if self._pair else None  # type: ignore[union-attr]

    @property
    def messages_change(self) -> int | None:
        """How many more messages there are than the count before; None where the two cannot be compared."""
        return self.latest.messages - self.before.messages if self._pair else None  # type: ignore[union-attr]

    @property
    def sent_words(self) -> Text | None:
        """What to say where the latest count has no last sent message; None where it has one, or there is no count."""
        return SENT_WORDS.get(self.latest.sent_state) if self.latest else None

    @property
    def _pair(self) -> bool:
        return self.is_comparable


@dataclass(frozen=True, slots=True)
class CensusRun:
    """A run: when, of which server, its state, and `counted`, `waiting` and each reason -> mailboxes."""

    census_id: int
    state: str
    started_at: datetime
    finished_at: datetime | None
    server: str
    totals: dict[str, int]

    @property
    def unknown(self) -> dict[str, int]:
        """Reason of `REASON_WORDS` -> mailboxes that could not be counted, in the order of the words."""
        return {reason: self.totals[reason] for reason in REASON_WORDS if self.totals.get(reason)}

    def said(self, timezone: str) -> tuple[Text, ...]:
        """How it went, on the offices' clock: in one sentence, and one more for each reason not to know."""
        zone = ZoneInfo(timezone)
        begun = moment_words(self.started_at.astimezone(zone))
        mailboxes, counted, waiting = (
            sum(self.totals.values()),
            self.totals.get("counted", 0),
            self.totals.get("waiting"),
        )
        asked = Text(
            f"{_vi(counted)}/{_vi(mailboxes)} hộp thư đếm được ở {self.server}",
            f"{counted:,} of {mailboxes:,} mailboxes counted at {self.server}",
        )
        state = {
            "finished": Text(f"lần gần nhất {begun.vi}", f"the latest began at {begun.en}"),
            "stopped": Text(
                f"lần bắt đầu {begun.vi} ĐÃ DỪNG giữa chừng", f"the one begun at {begun.en} was STOPPED on the way"
            ),
            "running": Text(f"lần bắt đầu {begun.vi} chưa xong", f"the one begun at {begun.en} has not ended"),
        }[self.state]
        left = Text(f"; còn {_vi(waiting)} chưa hỏi", f"; {waiting:,} not asked yet") if waiting else Text("", "")
        whole = Text(f"{state.vi}: {asked.vi}{left.vi}", f"{state.en}: {asked.en}{left.en}")
        words = ((REASON_WORDS[reason], many) for reason, many in self.unknown.items())
        return (whole, *(Text(f"không rõ {_vi(n)}: {why.vi}", f"{n:,} unknown: {why.en}") for why, n in words))


def _vi(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def mailbox_census(session: Session, mailboxes: Sequence[str]) -> tuple[MailboxCensus, ...]:
    """What the census knows of each mailbox that was ever asked, in the order given; one question."""
    number = func.row_number().over(partition_by=CensusMailbox.mailbox, order_by=CensusMailbox.asked_at.desc())
    of_these = (CensusMailbox.mailbox.in_(list(mailboxes)), CensusMailbox.state != "waiting")
    recent = select(CensusMailbox, number.label("number")).where(*of_these).subquery()
    found = session.execute(select(recent).where(recent.c.number <= LOOKED_BACK).order_by(recent.c.number))
    rows: dict[str, list[Any]] = {}
    for row in found:
        rows.setdefault(row.mailbox, []).append(row)
    return tuple(_of_rows(mailbox, rows[mailbox]) for mailbox in dict.fromkeys(mailboxes) if mailbox in rows)


def _of_rows(mailbox: str, rows: list[Any]) -> MailboxCensus:
    """From rows of one mailbox, the newest first."""
    counts = [_count(row) for row in rows if row.state == "counted"][:2]
    newest = rows[0] if rows[0].state == "unknown" else None
    return MailboxCensus(
        mailbox,
        latest=counts[0] if counts else None,
        before=counts[1] if len(counts) > 1 else None,
        unknown_at=newest.asked_at if newest else None,
        unknown_why=REASON_WORDS[newest.reason] if newest else None,
    )


def _count(row: Any) -> MailboxCount:
    return MailboxCount(
        row.asked_at,
        row.messages,
        row.unseen,
        row.answered,
        row.oldest_unseen_at,
        row.sent_state,
        row.last_sent_at,
        row.uid_validity,
    )


def latest_census(session: Session) -> CensusRun | None:
    """The run that began last; None when there was none."""
    run = session.scalars(select(Census).order_by(Census.id.desc()).limit(1)).first()
    if run is None:
        return None
    totals = _counted(session, run.id) if run.totals is None else run.totals
    return CensusRun(run.id, run.state, run.started_at, run.finished_at, run.server, totals)


def _counted(session: Session, census_id: int) -> dict[str, int]:
    """The totals of a run that has not ended: then they are kept."""
    what = func.coalesce(CensusMailbox.reason, CensusMailbox.state)
    counted = select(what, func.count()).where(CensusMailbox.census_id == census_id).group_by(what)
    return {str(name): int(many) for name, many in session.execute(counted).all()}


def waiting_mailboxes(session: Session, census_id: int) -> list[str]:
    """The mailboxes of a run that nobody has asked yet."""
    left = (CensusMailbox.census_id == census_id, CensusMailbox.state == "waiting")
    return list(session.scalars(select(CensusMailbox.mailbox).where(*left).order_by(CensusMailbox.mailbox)))
