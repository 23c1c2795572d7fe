"""What is said of each official: figures over the period, class, strongest rung, and why."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from functools import lru_cache

from core.directory.roster import Official, Post
from core.words import Text
from mail_audit.report.model import DaySpan, OfficialFigures, Rung, UsageClass
from mail_audit.thresholds import Thresholds
from mail_audit.usage.coverage import CoveredDays, Told
from mail_audit.usage.exceptions import NO_EXCUSE, Excuse, excused
from mail_audit.usage.reasons import what_was_seen
from mail_audit.usage.rules import Rule
from mail_audit.usage.sums import Facts, Sums, Surroundings

__all__ = ["LOOK_BACK", "Facts", "Sums", "Surroundings", "official_figures"]

LOOK_BACK = (7, 30, 90, 180)
"""Days back from the end of the period, as Microsoft's usage reports count them."""
_FETCHED = (Rule.SYNC, Rule.BULK)
"""Rules by which a program brought whole messages to somebody who may have read them there."""


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
    also: frozenset[date] = frozenset(),
) -> OfficialFigures:
    """The figures of one official in post in the period (`posts`, leaders' first); `also`: days that others cover."""
    in_post = _days_in_post(posts, cover)
    sums = facts.sums(mailboxes, in_post)
    covered = _covered(cover, around.hosts_of(mailboxes), also, in_post)
    known = cover.working_in(covered if sums.active <= covered else covered | sums.active)
    working = known - excuse.days if excuse.days else known
    acted = len(sums.active & working)
    usage_class, reasons = _judge(sums, mailboxes, covered, acted, len(working), what, around, thresholds)
    nothing_left = bool(mailboxes and known) and not working and not sums.active
    usage_class, reasons = excused(usage_class, reasons, excuse, nothing_left=nothing_left)
    sends, reads = what.submissions, what.log_ins
    knows_opened = what.flag_changes and around.blind.isdisjoint(mailboxes)
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
        active_working_days=acted,
        covered_working_days=len(working),
        usage_class=usage_class,
        rung=_rung(sums, usage_class),
        reasons=reasons,
        active_last=dict(_look_back(max(sums.active, default=date.min), _last_of(covered), cover.last)),
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


def _days_in_post(posts: tuple[Post, ...], cover: CoveredDays) -> set[date] | None:
    """The days of the period on which one of the posts was held; None for all of them."""
    if any(post.held_on(cover.first) and post.held_on(cover.last) for post in posts):
        return None
    return {day for day in _span(cover) if any(post.held_on(day) for post in posts)}


def _covered(
    cover: CoveredDays, hosts: frozenset[str], also: frozenset[date], in_post: set[date] | None
) -> frozenset[date]:
    """The covered days that count for an official; the very same set for all of whom nothing else is known."""
    covered = cover.for_hosts(hosts)
    covered = covered | also if also else covered
    return covered if in_post is None else covered & in_post


def _span(cover: CoveredDays) -> list[date]:
    return [cover.first + timedelta(n) for n in range((cover.last - cover.first).days + 1)]


def _rung(sums: Sums, usage_class: UsageClass) -> Rung | None:
    """The strongest evidence that this person acted: what a delegate or a standing forward did is not theirs."""
    if usage_class == "unknown":
        return "C" if any(sums.rules.get(rule) for rule in _FETCHED) and not sums.active else "U"
    if sums.acts_a:
        return "A"
    if sums.acts_b:
        return "B"
    if sums.acts_c and usage_class != "forwarded":
        return "C"
    return "D" if sums.acts_c or sums.acts_d or sums.forwards or sums.delegated else None


@lru_cache(1 << 8)
def _last_of(days: frozenset[date]) -> date:
    """The last of the days, which most officials have in common."""
    return max(days, default=date.min)


@lru_cache(1 << 12)
def _look_back(acted: date, held: date, last: date) -> tuple[tuple[int, bool | None], ...]:
    """Days back from `last` -> acted in them, by the last day with an act and the last covered one."""
    starts = [(days, last - timedelta(days - 1)) for days in LOOK_BACK]
    return tuple((days, acted >= start or (False if held >= start else None)) for days, start in starts)


def _judge(
    sums: Sums,
    mailboxes: tuple[str, ...],
    covered: AbstractSet[date],
    acted: int,
    working: int,
    what: Told,
    around: Surroundings,
    thresholds: Thresholds,
) -> tuple[UsageClass, tuple[Text, ...]]:
    """The class and why, of somebody who acted on so many of so many covered working days."""
    reasons = what_was_seen(sums, mailboxes, acted, working, around)
    if not mailboxes:
        return "none", (Text("chưa được cấp hộp thư", "has not been given a mailbox"),)
    if not covered and not sums.active:
        return "unknown", (Text("nhật ký không phủ ngày nào của kỳ này", "the logs cover no day of the period"),)
    if sums.active:
        enough = acted >= thresholds.regular_share * working
        return ("regular" if enough else "occasional"), reasons
    seeing = around.blind.isdisjoint(mailboxes)
    if sums.delegated and (seeing or not sums.uncounted):
        return "delegated", reasons
    if (sent_on := _sent_on_to(sums, thresholds)) and (seeing or not sums.uncounted):
        return sent_on, reasons
    if sums.uncounted:
        note = Text(
            "có đăng nhập, nhưng máy chủ không ghi đã làm gì trong phiên",
            "there are log-ins, but the server does not write what was done in them",
        )
        return "unknown", (*reasons, note)
    if not seeing and any(sums.rules.get(rule) for rule in _FETCHED):
        note = Text(
            "có phiên tải thư về, nhưng máy chủ không ghi thư nào được mở nên không biết có ai đọc",
            "messages were fetched, but the server does not write which were opened: whether anybody read is not known",
        )
        return "unknown", (*reasons, note)
    if sums.acts_c or sums.acts_d or sums.logins > sums.rules.get(Rule.SWEEP, 0):
        return "machine", reasons
    if not what.submissions or not what.log_ins:
        lacks = ("Dovecot", "Postfix")[what.log_ins]
        note = Text(f"không có nhật ký của {lacks} nên chưa biết", f"without a log of {lacks} this is not known")
        return "unknown", (*reasons, note)
    return "none", (*reasons, Text("không có hoạt động nào trong các ngày có nhật ký", "nothing on the covered days"))


def _sent_on_to(sums: Sums, thresholds: Thresholds) -> UsageClass | None:
    """The class that a standing forward makes: `forwarded` where most mail leaves the government's own domains.

    A rule that passes mail on to another official mailbox makes somebody else its reader: `delegated`. One that picks
    out a few messages says nothing of the mailbox.
    """
    if not sums.forwards or sums.forwards < thresholds.forward_share * sums.received:
        return None
    inside = sums.rules.get(Rule.FORWARD_INSIDE, 0)
    return "forwarded" if sums.forwards > inside else "delegated"
