"""What is said of each official: figures over the period, class, strongest rung, and why."""

from __future__ import annotations

from collections.abc import Container, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from core.directory.roster import Official, Post
from core.words import Text
from mail_audit.report.model import DaySpan, OfficialFigures, Rung, UsageClass
from mail_audit.thresholds import Thresholds
from mail_audit.usage.coverage import CoveredDays, Told
from mail_audit.usage.exceptions import NO_EXCUSE, Excuse, excused
from mail_audit.usage.rules import Rule, count_column

LOOK_BACK = (7, 30, 90, 180)
"""Days back from the end of the period, as Microsoft's usage reports count them."""
_RULE_OF = {count_column(rule): rule for rule in Rule}


@dataclass(slots=True)
class Sums:
    """Day facts of one official's mailboxes, added up over the days in post."""

    sent: int = 0
    sent_recipients: int = 0
    sent_external: int = 0
    received: int = 0
    logins: int = 0
    failed_logins: int = 0
    opened: int = 0
    acts_a: int = 0
    acts_b: int = 0
    acts_c: int = 0
    acts_d: int = 0
    uncounted: int = 0
    delegated: int = 0
    forwards: int = 0
    active: set[date] = field(default_factory=set)
    rules: dict[Rule, int] = field(default_factory=dict)
    """Acts that a rule judged."""

    def add(self, row: Mapping[str, Any]) -> None:
        """Add the sums of one mailbox."""
        for name, count in row.items():
            if name == "active":
                self.active.update(count)
            elif name in _RULE_OF:
                if count:
                    self.rules[_RULE_OF[name]] = self.rules.get(_RULE_OF[name], 0) + count
            elif name != "mailbox":
                setattr(self, name, getattr(self, name) + count)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else is known of mailboxes: servers that speak of them, whose station acts come from, where mail goes."""

    hosts: Mapping[str, frozenset[str]]
    blind: frozenset[str]
    """Mailboxes whose server writes no flag changes though another does: what was opened there is unknown."""
    delegates: Mapping[str, str]
    targets: Mapping[str, str]
    """Mailbox -> domain its standing forward leads to."""
    schedules: frozenset[str]


class Facts:
    """Day facts added up per mailbox over a period; over fewer days for those who were not in post on all of them."""

    def __init__(self, days: pl.DataFrame, first: date, last: date) -> None:
        self._days = days.filter(pl.col("day").is_between(first, last))
        names = [name for name in days.columns if name not in ("mailbox", "day")]
        active = pl.col("day").filter((pl.col("acts_a") > 0) | (pl.col("acts_b") > 0)).alias("active")
        self._summed = (pl.col(names).sum(), active)
        totals = self._days.group_by("mailbox").agg(*self._summed)
        self._totals = {row["mailbox"]: row for row in totals.iter_rows(named=True)}

    def sums(self, mailboxes: tuple[str, ...], in_post: Container[date] | None) -> Sums:
        """The sums of some mailboxes, over the whole period or (`in_post`) over some of its days."""
        rows = [self._totals[mailbox] for mailbox in mailboxes if mailbox in self._totals]
        if in_post is not None:
            chosen = self._days.filter(pl.col("mailbox").is_in(mailboxes))
            held = pl.Series([day in in_post for day in chosen["day"]], dtype=pl.Boolean)
            rows = list(chosen.filter(held).group_by("mailbox").agg(*self._summed).iter_rows(named=True))
        sums = Sums()
        for row in rows:
            sums.add(row)
        return sums


def official_figures(
    official: Official,
    posts: tuple[Post, ...],
    mailboxes: tuple[str, ...],
    facts: Facts,
    cover: CoveredDays,
    what: Told,
    around: Surroundings,
    thresholds: Thresholds,
    excuse: Excuse = NO_EXCUSE,
) -> OfficialFigures:
    """The figures of one official who was in post in the period (`posts`, leaders' first); `excuse`: see exceptions."""
    always = any(post.held_on(cover.first) and post.held_on(cover.last) for post in posts)
    in_post = None if always else {day for day in _span(cover) if any(post.held_on(day) for post in posts)}
    sums = facts.sums(mailboxes, in_post)
    hosts = frozenset().union(*(around.hosts.get(mailbox, frozenset()) for mailbox in mailboxes))
    covered = {day for day in cover.for_hosts(hosts) if in_post is None or day in in_post}
    held = cover.working if in_post is None else (day for day in cover.working if day in in_post)
    known = {day for day in held if day in covered or day in sums.active}
    working = known - excuse.days
    active_working = len(sums.active & working)
    usage_class, reasons = _judge(sums, mailboxes, covered, working, what, around, thresholds)
    nothing_left = bool(mailboxes and known and not working and not sums.active)
    usage_class, reasons = excused(usage_class, reasons, excuse, nothing_left=nothing_left)
    sends, reads = what.submissions, what.log_ins
    knows_opened = what.flag_changes and not around.blind.intersection(mailboxes)
    return OfficialFigures(
        official_id=official.official_id,
        name=official.name,
        unit=posts[0].unit_key,
        title=posts[0].title,
        rank=posts[0].rank,
        mailboxes=mailboxes,
        sent=sums.sent if sends else None,
        sent_recipients=sums.sent_recipients if sends else None,
        sent_external=sums.sent_external if sends else None,
        received=sums.received if what.deliveries else None,
        logins=sums.logins if reads else None,
        failed_logins=sums.failed_logins if reads or sums.failed_logins else None,
        opened=sums.opened if knows_opened else None,
        active_days=len(sums.active),
        active_working_days=active_working,
        covered_working_days=len(working),
        usage_class=usage_class,
        rung=_rung(sums, usage_class),
        reasons=reasons,
        active_last=_look_back(sums, covered, cover.last),
        in_post=() if in_post is None else _spans(in_post),
        excused=_spans(excuse.days),
    )


def _spans(days: AbstractSet[date]) -> tuple[DaySpan, ...]:
    """The days as spans of days that follow one another."""
    spans: list[DaySpan] = []
    for day in sorted(days):
        if spans and spans[-1].last + timedelta(1) == day:
            spans[-1] = DaySpan(spans[-1].first, day)
        else:
            spans.append(DaySpan(day, day))
    return tuple(spans)


def _span(cover: CoveredDays) -> list[date]:
    return [cover.first + timedelta(n) for n in range((cover.last - cover.first).days + 1)]


def _rung(sums: Sums, usage_class: UsageClass) -> Rung | None:
    """The strongest evidence that this person acted: what a delegate or a standing forward did is not theirs."""
    if usage_class == "unknown":
        return "U"
    if sums.acts_a:
        return "A"
    if sums.acts_b:
        return "B"
    if sums.acts_c and usage_class != "forwarded":
        return "C"
    return "D" if sums.acts_c or sums.acts_d or sums.forwards or sums.delegated else None


def _look_back(sums: Sums, covered: set[date], last: date) -> dict[int, bool | None]:
    answers: dict[int, bool | None] = {}
    for days in LOOK_BACK:
        start = last - timedelta(days - 1)
        acted = any(start <= day for day in sums.active)
        answers[days] = acted or (False if any(start <= day for day in covered) else None)
    return answers


def _judge(
    sums: Sums,
    mailboxes: tuple[str, ...],
    covered: set[date],
    working: set[date],
    what: Told,
    around: Surroundings,
    thresholds: Thresholds,
) -> tuple[UsageClass, tuple[Text, ...]]:
    reasons = _what_was_seen(sums, mailboxes, working, around)
    if not mailboxes:
        return "none", (Text("chưa được cấp hộp thư", "has not been given a mailbox"),)
    if not covered and not sums.active:
        return "unknown", (Text("nhật ký không phủ ngày nào của kỳ này", "the logs cover no day of the period"),)
    if sums.active:
        enough = len(sums.active & working) >= thresholds.regular_share * len(working)
        return ("regular" if enough else "occasional"), reasons
    seeing = not around.blind.intersection(mailboxes)
    if sums.delegated and (seeing or not sums.uncounted):
        return "delegated", reasons
    if sums.forwards and (seeing or not sums.uncounted):
        return "forwarded", reasons
    if sums.uncounted:
        note = Text(
            "có đăng nhập, nhưng máy chủ không ghi đã làm gì trong phiên",
            "there are log-ins, but the server does not write what was done in them",
        )
        return "unknown", (*reasons, note)
    if sums.acts_c or sums.acts_d or sums.logins:
        return "machine", reasons
    if not what.submissions or not what.log_ins:
        lacks = ("Dovecot", "Postfix")[what.log_ins]
        note = Text(f"không có nhật ký của {lacks} nên chưa biết", f"without a log of {lacks} this is not known")
        return "unknown", (*reasons, note)
    return "none", (*reasons, Text("không có hoạt động nào trong các ngày được phủ", "nothing on the covered days"))


def _what_was_seen(
    sums: Sums, mailboxes: tuple[str, ...], working: set[date], around: Surroundings
) -> tuple[Text, ...]:
    """Every fact that bears on the class, strongest first."""
    seen: list[Text] = []

    def say(count: int, vi: str, en: str) -> None:
        if count:
            seen.append(Text(vi.format(count), en.format(count)))

    if sums.active:
        seen.append(
            Text(
                f"tự mình dùng {len(sums.active & working)}/{len(working)} ngày làm việc được phủ",
                f"acted in person on {len(sums.active & working)} of {len(working)} covered working days",
            )
        )
    say(sums.sent, "đã gửi {} thư sau khi đăng nhập", "messages sent after logging in: {}")
    say(sums.opened, "{} thư đã được mở", "messages opened: {}")
    say(
        sums.acts_b,
        "{} dấu hiệu đọc thư theo nhịp của người (bậc B)",
        "signs of reading at a person's pace (rung B): {}",
    )
    for mailbox in mailboxes:
        seen += _seen_in(mailbox, sums, around)
    say(
        sums.acts_c,
        "{} phiên chỉ tải về, chưa chắc có người đọc (bậc C)",
        "sessions that only fetched, perhaps unread (rung C): {}",
    )
    if not sums.active and not sums.delegated:
        say(sums.logins, "{} lần đăng nhập, không thấy người làm gì", "log-ins without any act of a person in them: {}")
    say(
        sums.failed_logins,
        "{} lần đăng nhập bị từ chối, không tính là dùng",
        "refused log-ins, which are never use: {}",
    )
    return tuple(seen)


def _seen_in(mailbox: str, sums: Sums, around: Surroundings) -> list[Text]:
    """What others than the owner do in a mailbox: another official, a standing forward, a schedule."""
    seen: list[Text] = []
    if mailbox in around.delegates and sums.delegated:
        seen.append(
            Text(
                f"{sums.delegated} việc làm từ máy hoặc tài khoản của {around.delegates[mailbox]}",
                f"acts from the station or log-in of {around.delegates[mailbox]}: {sums.delegated}",
            )
        )
    if mailbox in around.targets and sums.forwards:
        seen.append(
            Text(
                f"{sums.forwards} thư được chuyển tiếp tự động tới {around.targets[mailbox]}",
                f"messages that a standing rule forwarded to {around.targets[mailbox]}: {sums.forwards}",
            )
        )
    if mailbox in around.schedules:
        seen.append(
            Text(
                "có thư gửi tự động theo lịch, không tính là người dùng",
                "mail sent on a schedule does not count as use",
            )
        )
    return seen
