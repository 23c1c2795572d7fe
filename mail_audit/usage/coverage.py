"""Which days the logs cover, for the whole and for one mailbox, and what they cannot tell.

A day is covered where any readable line bears it. A server that wrote before and after a day but not on it leaves a
gap: for the mailboxes that server speaks of, the day is not covered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import polars as pl

from core.calendar import working_days
from core.words import Text, day_words
from mail_audit.events.gathered import Events


@dataclass(frozen=True, slots=True)
class CoveredDays:
    """Days of the period with readable lines; per server, the days inside its span on which it wrote nothing."""

    first: date
    last: date
    days: frozenset[date]
    gaps: dict[str, frozenset[date]]
    working: tuple[date, ...]
    log_span: tuple[date, date] | None = None
    """First and last day of any line that was read, in the period or not."""

    @property
    def missing(self) -> tuple[date, ...]:
        """Days of the period without a line."""
        span = (self.last - self.first).days + 1
        return tuple(day for day in (self.first + timedelta(n) for n in range(span)) if day not in self.days)

    def for_hosts(self, hosts: Iterable[str]) -> frozenset[date]:
        """The covered days of a mailbox that these servers speak of (all servers, where none does)."""
        chosen = [gap for host in hosts if (gap := self.gaps.get(host)) is not None] or self.gaps.values()
        gaps = [gap for gap in chosen if gap]
        return self.days.difference(*gaps) if gaps else self.days

    def working_in(self, days: frozenset[date]) -> frozenset[date]:
        """The working days of the period among `days`."""
        return _those_among(days, self.working)


@lru_cache(1 << 8)
def _those_among(days: frozenset[date], others: tuple[date, ...]) -> frozenset[date]:
    """The days among `others`: most officials have the same covered days."""
    return days.intersection(others)


@dataclass(frozen=True, slots=True)
class Seen:
    """Server -> local days with events, and the numbers of the files that hold them; `""` where no server is named."""

    days: dict[str, set[date]]
    files: dict[str, set[int]]


def covered(seen: Seen, other_days: dict[int, set[date]], first: date | None, last: date | None) -> CoveredDays:
    """The covered days from `first` to `last`; without them, from the first to the last day of any event.

    `other_days`: file -> days of its readable lines that are no events.
    """
    with_events: set[date] = set().union(*seen.days.values())
    every = with_events.union(*other_days.values())
    first = first or min(with_events or every)
    last = last or max(with_events or every)
    days = frozenset(day for day in every if first <= day <= last)
    gaps = {}
    for host, on in seen.days.items():
        elsewhere = set().union(*(other_days.get(file, set()) for file in seen.files[host]))
        gaps[host] = _gap(on | elsewhere, days, first, last)
    span = (min(every), max(every)) if every else None
    return CoveredDays(first, last, days, gaps, tuple(working_days(first, last)), span)


STEADY_SHARE = 0.75
"""A server that writes on fewer of the covered days of its span is a quiet one; its silence says nothing."""


def _gap(seen: set[date], days: frozenset[date], first: date, last: date) -> frozenset[date]:
    inside = {day for day in days if max(first, min(seen)) <= day <= min(last, max(seen))}
    silent = inside - seen
    return frozenset(silent) if len(inside - silent) >= STEADY_SHARE * len(inside) else frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """What kinds of lines the logs hold at all, and hence what they can tell."""

    submissions: bool
    deliveries: bool
    log_ins: bool
    flag_changes: bool
    counters: bool
    literal_format: bool


def told(events: Events) -> Told:
    """What the events of an audit can tell."""
    ended = events.distinct("session_ended", "header_count", "literal_format")
    actions = events.distinct("mailbox_change", "action")["action"]
    postfix = any(events.has(kind) for kind in ("submitted", "submitted_by_proxy", "queued", "delivery"))
    return Told(
        submissions=postfix,
        deliveries=postfix or events.has("stored"),
        log_ins=any(events.has(kind) for kind in ("logged_in", "log_in_refused", "session_ended", "downloaded")),
        flag_changes="flag_change" in actions,
        counters=ended.select(pl.col("header_count").is_not_null().any()).item() or ended.is_empty(),
        literal_format=ended.select(pl.col("literal_format").is_not_null().any()).item() or False,
    )


def cannot_tell(what: Told, cover: CoveredDays) -> tuple[Text, ...]:
    """In words, what the logs cannot tell."""
    notes: list[Text] = []
    if not cover.days and cover.log_span:
        start, end = map(day_words, cover.log_span)
        notes.append(
            Text(
                f"mọi số liệu: nhật ký đã đọc nằm từ {start.vi} đến {end.vi}, ngoài kỳ này; "
                "dòng không ghi năm được hiểu theo ngày sửa tệp gần nhất",
                f"every figure: the logs that were read span {start.en} to {end.en}, outside this period; "
                "lines without a year are taken by the day their file was last changed",
            )
        )
    if not what.submissions:
        notes.append(Text("gửi thư: không có dòng nào của Postfix", "sending: no lines of Postfix"))
    if not what.log_ins:
        notes.append(
            Text("đăng nhập và đọc thư: không có dòng nào của Dovecot", "log-ins and reading: no lines of Dovecot")
        )
    elif not what.flag_changes:
        notes.append(
            Text(
                "đọc thư: không có dòng flag_change; hãy thêm flag_change vào mail_log_events của Dovecot",
                "reading: no flag_change lines; add flag_change to Dovecot's mail_log_events",
            )
        )
    if what.literal_format:
        notes.append(
            Text(
                "tải thư: imap_logout_format còn viết kiểu Dovecot 2.3 (%i, %o …) nên nhật ký không có số đếm",
                "fetching: imap_logout_format is still written for Dovecot 2.3 (%i, %o …), so the log has no counters",
            )
        )
    elif what.log_ins and not what.counters:
        notes.append(
            Text(
                "tải thư: máy chủ không ghi số thư đã tải trong mỗi phiên (Dovecot trước 2.3)",
                "fetching: the server does not write how much each session fetched (Dovecot before 2.3)",
            )
        )
    if not cover.working:
        notes.append(
            Text("mức thường xuyên: kỳ này không có ngày làm việc", "regularity: the period has no working day")
        )
    return (*notes, *(_silent(host, gap) for host, gap in sorted(cover.gaps.items()) if gap))


def _silent(host: str, gap: frozenset[date]) -> Text:
    """The days on which a server wrote nothing."""
    said = [day_words(day) for day in sorted(gap)[:10]]
    more = " …" if len(gap) > 10 else ""
    vi, en = ", ".join(one.vi for one in said), ", ".join(one.en for one in said)
    return Text(f"máy chủ {host}: không có dòng nào ngày {vi}{more}", f"server {host}: no lines on {en}{more}")
