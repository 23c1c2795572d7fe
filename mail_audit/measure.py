"""From settled events to use: messages, sessions, acts, delegates, and the facts per mailbox and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import polars as pl

from core.directory.coded import CodedAddresses
from core.directory.roster import Roster
from mail_audit.events.aside import Aside, give_back
from mail_audit.events.gathered import Events
from mail_audit.months import Month, months
from mail_audit.practice import without_practice
from mail_audit.standing import Tells, around_days, fact_rows
from mail_audit.thresholds import Thresholds
from mail_audit.trace.addresses import AddressBook
from mail_audit.trace.keys import rows_that
from mail_audit.trace.messages import Mail
from mail_audit.trace.spans import trace_in_spans
from mail_audit.usage.acts import auto_replies, change_acts, changes, opened_messages, sent_acts, together, visit_acts
from mail_audit.usage.crowd import Crowd
from mail_audit.usage.days import COUNTS, Counts, counts_of, day_facts
from mail_audit.usage.everybody import Everybody
from mail_audit.usage.exceptions import Exemption, SharedStation, shared_stations
from mail_audit.usage.machines import pollers
from mail_audit.usage.programs import sweeps
from mail_audit.usage.refusals import refusals
from mail_audit.usage.sessions import log_ins, sessions
from mail_audit.usage.shards import Shard, Visits, Waiting, shards_of
from mail_audit.usage.stations import Stations
from mail_audit.zones import DAY, Zone


@dataclass(frozen=True)
class Rules:
    """By what is measured: the officials, their days, the thresholds, the exceptions on record."""

    roster: Roster
    zone: Zone
    thresholds: Thresholds = field(default_factory=Thresholds)
    exemptions: Sequence[Exemption] = ()
    practice: CodedAddresses | None = None
    """Where practice messages go to and come from: no use of e-mail."""

    @cached_property
    def book(self) -> AddressBook:
        """Whose mailbox an address is."""
        return AddressBook(self.roster)

    @cached_property
    def stations(self) -> tuple[SharedStation, ...]:
        """Addresses that are nobody's own."""
        return shared_stations(self.exemptions)


@dataclass(frozen=True, slots=True)
class Measurement:
    """All tables of a measurement, each row with its place (`at host file offset`) and `day`, only of the period.

    acts: see `usage.acts`, with `delegate` (a mailbox, or null) and `is_delegated`. facts: see `standing.SCHEMA`.
    """

    mail: Mail
    entered: pl.DataFrame
    refused: pl.DataFrame
    opened: pl.DataFrame
    acts: pl.DataFrame
    facts: pl.DataFrame

    @property
    def days(self) -> pl.DataFrame:
        """The counts a mailbox and day, see `usage.days`."""
        return self.facts.select("mailbox", "day", *COUNTS)

    def facts_alone(self) -> Measurement:
        """The facts, and every other table without its rows: they are the larger part, and only say which lines."""
        return replace(
            self,
            mail=self.mail.each(pl.DataFrame.clear),
            entered=self.entered.clear(),
            refused=self.refused.clear(),
            opened=self.opened.clear(),
            acts=self.acts.clear(),
        )

    @classmethod
    def joined(cls, parts: Sequence[Measurement]) -> Measurement:
        """Measurements of periods that follow one another, as one."""
        if len(parts) == 1:
            return parts[0]
        names = ("entered", "refused", "opened", "acts", "facts")
        tables = {name: pl.concat([getattr(one, name) for one in parts]) for name in names}
        tables["facts"] = tables["facts"].sort("mailbox", "day")
        return cls(Mail.joined([one.mail for one in parts]), **tables)


def measure_period(
    events: Events,
    rules: Rules,
    period: tuple[date, date],
    held: tuple[date, date],
    *,
    with_lines: bool = True,
) -> tuple[Measurement, Tells]:
    """Measure the events of all files together, month by month (see `months`), and what they can tell.

    `held` are the first and the last day of any event. Where they lie in the window of one month there is nothing to
    cut and nothing is cut. Without `with_lines` only the facts of a month are kept while the next is measured.
    """
    parts, tells, idle = [], [], False
    for month in months(*period):
        all_of_it = month.opens <= held[0] and held[1] <= month.closes
        inside = events if all_of_it else events.between(*month.bounds(rules.zone))
        is_empty = inside.is_empty
        if is_empty and idle:
            continue  # it measures like the other one: a line of a far year must not cost its centuries
        idle = idle or is_empty
        days = max(period[0], month.first), min(period[1], month.last)
        parts.append(measure(inside, rules, days, with_lines=with_lines))
        tells.append(Tells.of(inside))
        del inside
        if len(parts) > 1:
            give_back()
    if events.is_empty or _outside(period, held):
        return Measurement.joined(parts), Tells.of(events)
    return Measurement.joined(parts), Tells.together(tells)


def _outside(period: tuple[date, date], held: tuple[date, date]) -> bool:
    """Whether no event helps to judge the period: then it is said what the logs could tell of their own days."""
    return held[1] < Month.of(period[0]).opens or Month.of(period[1]).closes < held[0]


def measure(events: Events, rules: Rules, period: tuple[date, date], *, with_lines: bool = True) -> Measurement:
    """Measure a period (first and last day, both included) of one month from the events of its window.

    Messages are traced over everything that is given, so that a message whose hops lie on both sides of the period's
    ends is still one message; the figures then keep to the period. Without `with_lines` only the facts have rows.
    """
    everything = events
    if rules.practice is not None:
        events = without_practice(events, rules.practice, rules.book)
    days = _Days(rules.zone, period)
    crowd = Crowd(rules.book, rules.thresholds.unlisted_addresses)
    with _two_workers() as workers:
        tracing = workers.submit(trace_in_spans, events, rules.book)
        refusing = workers.submit(
            refusals, events["log_in_refused"], events["password_refused"], events["smtp_refused"], rules.book
        )
        writing = workers.submit(_write_flags, everything)
        visits, everybody = _visits(events, rules, days, crowd, tracing)
        swept = sweeps(everybody, visits.values(), rules.thresholds)
        mail = _told_mail(crowd, days, everybody, tracing.result())
        del tracing
        answers = crowd.without(auto_replies(events["auto_replied"], rules.book)).filter(days.wanted)
        refused = _counted(crowd, "failed_logins", days, refusing.result())
        judging = _Judging(rules, days, mail, refused, everybody, swept, with_lines)
        del mail
        parts = judging.shards(visits, answers, writing.result(), workers)
    measured = Measurement.joined(parts)
    return replace(measured, facts=crowd.put_together(measured.facts))


@contextmanager
def _two_workers() -> Iterator[ThreadPoolExecutor]:
    """Threads of which an error, or who presses Ctrl-C, need not wait for what was not begun."""
    with ThreadPoolExecutor(2) as workers:
        try:
            yield workers
        except BaseException:
            workers.shutdown(wait=False, cancel_futures=True)
            raise


@dataclass(frozen=True, slots=True)
class _Days:
    """The days that are measured, in a time zone."""

    zone: Zone
    period: tuple[date, date]

    def only(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of those days, with their `day`."""
        days = frame.with_columns(day=self.zone.days(frame["at"]).cast(pl.Date))
        return rows_that(days, pl.col("day").is_between(*self.period))

    @property
    def wanted(self) -> pl.Expr:
        """Which acts of a window are asked for: those about these days, and whatever persons did around them."""
        low, high = self.zone.begins(self.period[0]) - DAY, self.zone.begins(self.period[1]) + 2 * DAY
        return pl.col("at").is_between(low, high) | pl.col("rung").is_in(["A", "B"])


def _write_flags(events: Events) -> pl.Series:
    """The servers that write which flags were changed, of practice messages or others."""
    changed = events.distinct("mailbox_change", "action", "host")
    return changed.filter(pl.col("action") == "flag_change")["host"]


def _visits(
    events: Events, rules: Rules, days: _Days, crowd: Crowd, tracing: Future[Mail]
) -> tuple[dict[Shard, Waiting], Everybody]:
    """Log-ins, sessions and changes, shard by shard, and what they tell of everybody.

    Of several shards each waits on the disk.
    """
    found: dict[Shard, Waiting] = {}
    told: list[Everybody] = []
    shards = shards_of(events, rules.book, rules.thresholds.unlisted_addresses)
    aside = Aside() if len(shards) > 1 else None
    for shard in shards:
        theirs = shard.events(events, rules.book)
        entered = log_ins(theirs["logged_in"], rules.book)
        if crowd.may_come(entered):
            crowd.keep_near(entered, tracing.result().submissions)
        entered = _counted(crowd, "logins", days, entered)
        polled = pollers(entered, rules.thresholds)
        held = crowd.without(sessions(entered, theirs["session_ended"], theirs["downloaded"], polled, rules.book))
        made = crowd.without(changes(theirs["mailbox_change"], rules.book))
        these = Visits(entered, held, made)
        told.append(Everybody.of(these))
        found[shard] = these.put(aside)
    if aside:
        give_back()
    return found, Everybody.together(told)


def _told_mail(crowd: Crowd, days: _Days, everybody: Everybody, mail: Mail) -> Mail:
    """`mail` without that of the crowd, which is counted."""
    if not crowd.is_there and crowd.may_come(everybody.used, mail.submissions):
        crowd.keep_near(everybody.used, mail.submissions)
    return Mail(
        _counted(crowd, "sent", days, mail.submissions),
        crowd.without(mail.addressed),
        _counted(crowd, "received", days, mail.received),
        crowd.without(mail.forwards),
    )


def _counted(crowd: Crowd, figure: str, days: _Days, rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` without those of the crowd, which are counted as `figure`."""
    told = crowd.without(rows)
    if crowd.is_there:
        crowd.count(figure, days.only(rows))
    return told


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is counted of a shard, and the rows behind it, of the days that are measured."""

    counts: Counts
    mail: Mail
    entered: pl.DataFrame
    refused: pl.DataFrame
    opened: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Judging:
    """What is known of all mailboxes when a shard of them is judged; what is asked of a shard changes none of it.

    `swept` are the log-ins of programs on their round.
    """

    rules: Rules
    days: _Days
    mail: Mail
    refused: pl.DataFrame
    everybody: Everybody
    swept: pl.DataFrame
    with_lines: bool

    def shards(
        self, visits: Mapping[Shard, Waiting], answers: pl.DataFrame, writing: pl.Series, workers: ThreadPoolExecutor
    ) -> list[Measurement]:
        """The measurement of each shard; `answers` are acts, `writing` the servers that write which flags were changed.

        The `workers` do what need not wait for something else; what was judged is held no longer than it is needed.
        """
        changing = [workers.submit(self.changed, *one) for one in visits.items()]
        visiting = [workers.submit(self.visited, *one) for one in visits.items()]
        counting = [workers.submit(self.counted, *one) for one in visits.items()]
        sent = pl.concat([self.sent(visits.values()), answers])
        acting = (one.result() for one in (*changing, *visiting))
        stations = Stations.of((sent, *acting), self.mail.submissions, self.rules)
        measured = []
        for shard in visits:
            acts = together([shard.only(sent), changing.pop(0).result(), visiting.pop(0).result()])
            sent_as = self.days.only(shard.only(stations.sent_as))
            acts = stations.marked(self.days.only(acts), sent_as, self.rules)
            measured.append(self.measured(acts, counting.pop(0).result(), writing, workers))
        return measured

    def changed(self, shard: Shard, waiting: Waiting) -> pl.DataFrame:
        """The acts that changes are."""
        received = shard.only(self.mail.received)
        return change_acts(waiting(), received, self.rules.thresholds, self.days.wanted)

    def visited(self, shard: Shard, waiting: Waiting) -> pl.DataFrame:
        """The acts that sessions and log-ins are."""
        received, seeing = shard.only(self.mail.received), self.everybody.seeing
        return visit_acts(waiting(), received, self.swept, seeing, self.rules.thresholds, self.days.wanted)

    def sent(self, visits: Iterable[Waiting]) -> pl.DataFrame:
        """The acts that submissions are, of all shards."""
        return sent_acts(self.mail, self.everybody, visits, self.rules.thresholds, self.days.wanted)

    def counted(self, shard: Shard, waiting: Waiting) -> _Counted:
        """The messages and log-ins of a shard."""
        visits, book = waiting(), self.rules.book
        mail = self.mail.each(lambda table: self.days.only(shard.only(table)))
        mail = replace(mail, received=_with_outside(mail.received, book), forwards=_with_inside(mail.forwards, book))
        entered, opened = self.days.only(visits.entered), self.days.only(opened_messages(visits.made))
        refused = self.days.only(shard.only(self.refused))
        counts = counts_of(mail.submissions, mail.received, mail.forwards, entered, refused, opened)
        if self.with_lines:
            return _Counted(counts, mail, entered, refused, opened)
        around = replace(mail, submissions=mail.submissions.clear(), addressed=mail.addressed.clear())
        return _Counted(counts, around, entered.clear(), refused.clear(), opened.clear())

    def measured(
        self, acts: pl.DataFrame, counted: _Counted, writing: pl.Series, workers: ThreadPoolExecutor
    ) -> Measurement:
        """The measurement of a shard with these acts, of the days that are measured."""
        forwards = counted.mail.forwards.filter(~pl.col("inside"))
        around = workers.submit(around_days, acts, counted.mail.received, forwards, writing)
        facts = fact_rows(day_facts(counted.counts, acts), around.result())
        measured = Measurement(counted.mail, counted.entered, counted.refused, counted.opened, acts, facts)
        return measured if self.with_lines else measured.facts_alone()


def _with_outside(received: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """`received` with `outside`: whether the sender is named and outside the directory's domains."""
    inside = book.internal(received["sender"]).fill_null(True)
    return received.with_columns(outside=~inside & (pl.col("sender") != ""))


def _with_inside(forwards: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """`forwards` with `inside`: whether they lead to another official mailbox."""
    return forwards.with_columns(inside=book.internal(forwards["target"]))
