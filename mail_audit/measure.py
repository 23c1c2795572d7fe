"""From settled events to use: messages, sessions, acts, delegates, and the facts per mailbox and day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import polars as pl

from core.directory.coded import CodedAddresses
from core.directory.roster import Roster
from mail_audit.events.gathered import Events
from mail_audit.events.reading import NAME
from mail_audit.months import Month, months
from mail_audit.practice import without_practice
from mail_audit.standing import Tells, around_days, fact_rows
from mail_audit.thresholds import Thresholds
from mail_audit.trace.addresses import AddressBook
from mail_audit.trace.keys import is_one_of, one_number
from mail_audit.trace.messages import Mail
from mail_audit.trace.spans import trace_in_spans
from mail_audit.usage.acts import acts, auto_replies, changes, opened_messages
from mail_audit.usage.crowd import Crowd
from mail_audit.usage.days import COUNTS, Counts, counts_of, day_facts
from mail_audit.usage.delegates import at_shared_addresses, delegates
from mail_audit.usage.exceptions import Exemption, SharedStation, at_shared_station, shared_stations
from mail_audit.usage.machines import pollers
from mail_audit.usage.refusals import refusals
from mail_audit.usage.rules import Rule
from mail_audit.usage.sessions import log_ins, sessions
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
        month_measured = measure(inside, rules, days)
        parts.append(month_measured if with_lines else month_measured.facts_alone())
        tells.append(Tells.of(inside))
        del inside, month_measured
    if events.is_empty or _outside(period, held):
        return Measurement.joined(parts), Tells.of(events)
    return Measurement.joined(parts), Tells.together(tells)


def _outside(period: tuple[date, date], held: tuple[date, date]) -> bool:
    """Whether no event helps to judge the period: then it is said what the logs could tell of their own days."""
    return held[1] < Month.of(period[0]).opens or Month.of(period[1]).closes < held[0]


def measure(events: Events, rules: Rules, period: tuple[date, date]) -> Measurement:
    """Measure a period (first and last day, both included) of one month from the events of its window.

    Messages are traced over everything that is given, so that a message whose hops lie on both sides of the period's
    ends is still one message; the figures then keep to the period.
    """
    book, zone, thresholds = rules.book, rules.zone, rules.thresholds
    seeing = _write_flags(events["mailbox_change"])
    if rules.practice is not None:
        events = without_practice(events, rules.practice, book)

    def within(frame: pl.DataFrame) -> pl.DataFrame:
        days = frame.with_columns(day=zone.days(frame["at"]).cast(pl.Date))
        return days.filter(pl.col("day").is_between(*period))

    with ThreadPoolExecutor(1) as beside:  # what does not wait for another has a core of its own
        tracing = beside.submit(trace_in_spans, events, book)
        refusing = beside.submit(
            refusals, events["log_in_refused"], events["password_refused"], events["smtp_refused"], book
        )
        crowd = Crowd(book, thresholds.unlisted_addresses)
        entered = log_ins(events["logged_in"], book)
        if crowd.may_come(entered):
            crowd.keep_near(entered, tracing.result().submissions)
        entered = _counted(crowd, "logins", within, entered)
        polled = pollers(entered, thresholds)
        held = crowd.without(sessions(entered, events["session_ended"], events["downloaded"], polled, book))
        made = crowd.without(changes(events["mailbox_change"], book))
        opening = beside.submit(opened_messages, made)
        traced = tracing.result()
        if not crowd.is_there and crowd.may_come(entered, traced.submissions):
            crowd.keep_near(entered, traced.submissions)
        mail = _counted_mail(crowd, within, traced)
        del tracing, traced
        answers = crowd.without(auto_replies(events["auto_replied"], book))
        table = acts(mail, entered, held, made, answers, thresholds, _may_count(period, zone))
        del polled, held, made  # nobody asks for them again
        keeping = beside.submit(_kept, mail, within, book)
        refused_in = beside.submit(lambda: within(_counted(crowd, "failed_logins", within, refusing.result())))
        opened, entered = within(opening.result()), within(entered)
        counting = beside.submit(_counts, keeping, entered, refused_in, opened, zone)
        table = _with_delegates(table, mail.submissions, rules, within)
        kept, refused = keeping.result(), refused_in.result()
        forwards = kept.forwards.filter(~pl.col("inside"))
        around = beside.submit(around_days, table, kept.received, forwards, seeing)
        facts = fact_rows(day_facts(counting.result(), table, zone), around.result())
    return Measurement(kept, entered, refused, opened, table, crowd.put_together(facts))


def _may_count(period: tuple[date, date], zone: Zone) -> pl.Expr:
    """Which acts of a window are asked for: those about the days of its period, and whatever persons did around it."""
    low, high = zone.begins(period[0]) - DAY, zone.begins(period[1]) + 2 * DAY
    return pl.col("at").is_between(low, high) | pl.col("rung").is_in(["A", "B"])


def _write_flags(changes: pl.DataFrame) -> pl.Series:
    """The servers that write which flags were changed, of practice messages or others."""
    return changes.filter(pl.col("action") == "flag_change")["host"].unique()


def _counted(
    crowd: Crowd, figure: str, within: Callable[[pl.DataFrame], pl.DataFrame], rows: pl.DataFrame
) -> pl.DataFrame:
    """`rows` without those of the crowd, which are counted as `figure`."""
    told = crowd.without(rows)
    if crowd.is_there:
        crowd.count(figure, within(rows))
    return told


def _counted_mail(crowd: Crowd, within: Callable[[pl.DataFrame], pl.DataFrame], mail: Mail) -> Mail:
    """`mail` without that of the crowd, which is counted."""
    return Mail(
        _counted(crowd, "sent", within, mail.submissions),
        crowd.without(mail.addressed),
        _counted(crowd, "received", within, mail.received),
        crowd.without(mail.forwards),
    )


def _counts(
    keeping: Future[Mail], entered: pl.DataFrame, refused: Future[pl.DataFrame], opened: pl.DataFrame, zone: Zone
) -> Counts:
    """What is counted of messages and log-ins, once it is known which are of the period."""
    kept = keeping.result()
    return counts_of(kept.submissions, kept.received, kept.forwards, entered, refused.result(), opened, zone)


def _kept(mail: Mail, within: Callable[[pl.DataFrame], pl.DataFrame], book: AddressBook) -> Mail:
    """The messages of the period, with who is outside and what stays inside."""
    received, forwards = _with_outside(within(mail.received), book), _with_inside(within(mail.forwards), book)
    return Mail(within(mail.submissions), within(mail.addressed), received, forwards)


def _with_delegates(
    table: pl.DataFrame, submissions: pl.DataFrame, rules: Rules, within: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """`acts` of the period with `delegate` and `is_delegated`, and a `sent_as` for each message in another's name.

    Whose an address is, and who writes often in whose name, is judged by all that is given.
    """
    book, thresholds = rules.book, rules.thresholds
    did = pl.col("rung").is_in(["A", "B"])
    by_person = table.select("mailbox", "client_ip", "at", "rung").filter(did)
    at_shared = at_shared_station(by_person, rules.stations, rules.zone)
    owners = {box.address: box.owner for box in rules.roster.mailboxes.values() if box.kind == "personal" and box.owner}
    leaders = frozenset(post.official_id for post in rules.roster.posts if post.rank == "leader")
    source = one_number("mailbox", "client_ip")
    stations = delegates(by_person, owners, leaders, thresholds, at_shared).select("delegate", source=source)
    shared = at_shared_addresses(by_person, owners, thresholds).select(source).to_series()
    marked = within(table)
    marked = marked.with_columns(apart=at_shared_station(marked, rules.stations, rules.zone), source=source)
    marked = marked.join(stations, on="source", how="left", maintain_order="left")
    marked = marked.with_columns(delegate=pl.when(~pl.col("apart")).then("delegate"))
    theirs = pl.col("delegate").is_not_null() & did
    in_common = is_one_of("source", shared) & did
    marked = marked.with_columns(
        rule=pl.when(theirs)
        .then(pl.lit(Rule.STATION.value, dtype=NAME))
        .when(in_common)
        .then(pl.coalesce("rule", pl.lit(Rule.SHARED_ADDRESS.value, dtype=NAME)))
        .otherwise("rule")
    )
    sent_as = within(_sent_as(submissions, owners, book, thresholds))
    from_there = pl.col("delegate").is_not_null()
    return pl.concat([marked.select(sent_as.columns), sent_as]).with_columns(is_delegated=from_there)


def _sent_as(
    submissions: pl.DataFrame, owners: dict[str, str], book: AddressBook, thresholds: Thresholds
) -> pl.DataFrame:
    """Messages sent in another's name, where that happens often, as acts in the mailbox of whoever is named."""
    in_name_of = submissions.with_columns(named=book.mailboxes(submissions["sender"]))
    in_name_of = in_name_of.filter(pl.col("named").is_in(list(owners)) & pl.col("mailbox").is_in(list(owners)))
    in_name_of = in_name_of.filter(
        pl.col("named").replace_strict(owners, default=None) != pl.col("mailbox").replace_strict(owners, default=None)
    )
    often = in_name_of.filter(pl.len().over("named", "mailbox") >= thresholds.delegate_acts)
    return often.select(
        pl.col("named").alias("mailbox"),
        "at",
        pl.lit("sent_as", dtype=NAME).alias("kind"),
        pl.lit("A", dtype=NAME).alias("rung"),
        pl.lit(Rule.IN_NAME_OF.value, dtype=NAME).alias("rule"),
        "client_ip",
        pl.lit(None, dtype=pl.UInt64).alias("session"),
        "host",
        "file",
        "offset",
        pl.col("mailbox").alias("delegate"),
    )


def _with_outside(received: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """`received` with `outside`: whether the sender is named and outside the directory's domains."""
    inside = book.internal(received["sender"]).fill_null(True)
    return received.with_columns(outside=~inside & (pl.col("sender") != ""))


def _with_inside(forwards: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """`forwards` with `inside`: whether they lead to another official mailbox."""
    return forwards.with_columns(inside=book.internal(forwards["target"]))
