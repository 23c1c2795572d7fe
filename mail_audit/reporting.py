"""From standing facts to the report: officials, units, findings, coverage, and what belongs to nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

import polars as pl

from core.directory.roster import Post, Roster
from core.words import Text
from mail_audit.findings import find
from mail_audit.measure import Rules
from mail_audit.report.model import (
    BrokenSample,
    CopiedFile,
    Coverage,
    OfficialFigures,
    Period,
    Report,
    UnassignedMailbox,
)
from mail_audit.standing import Standing, broken_samples, days_held, surroundings
from mail_audit.standing.others import with_witnesses, witnessed
from mail_audit.usage.classes import Facts, official_figures
from mail_audit.usage.coverage import CoveredDays, Told, cannot_tell
from mail_audit.usage.crowd import REST, together
from mail_audit.usage.days import COUNTS
from mail_audit.usage.exceptions import NO_EXCUSE, excuses
from mail_audit.usage.units import posts_in_period, unit_figures, upward

Kind = Literal["unlisted", "shared", "service"]
FEW_STRANGERS = 0.9
"""The share of rows of the directory's mailboxes from which on the others are left among them."""


def build_report(rules: Rules, standing: Standing, first: date, last: date) -> Report:
    """The report of the days from `first` to `last`: the one function behind `vanthu audit` and `vanthu report`."""
    roster = rules.roster
    chosen = standing.within(first, last)
    cover = days_held(chosen.held, first, last)
    posts = posts_in_period(roster, first, last)
    officials = tuple(_officials(rules, posts, chosen, cover))
    units, city = unit_figures(roster, posts, officials)
    return Report(
        period=Period(first, last, rules.zone.name, len(cover.working)),
        coverage=_coverage(chosen, cover, rules.thresholds.unlisted_addresses),
        officials=officials,
        units=units,
        findings=find(city, units, officials, _from_outside(roster, posts, chosen.rows)),
        unassigned=_unassigned(roster, chosen.rows, chosen.tells.told),
        without_mailbox=tuple(one.official_id for one in officials if not one.mailboxes),
        city=city,
    )


def officials_in(rules: Rules, standing: Standing, first: date, last: date) -> Iterator[OfficialFigures]:
    """What a report of the days from `first` to `last` says of each official, one by one, without the rest of it."""
    chosen = standing.within(first, last)
    cover = days_held(chosen.held, first, last)
    return _officials(rules, posts_in_period(rules.roster, first, last), chosen, cover)


def _officials(
    rules: Rules, posts: Mapping[str, tuple[Post, ...]], standing: Standing, cover: CoveredDays
) -> Iterator[OfficialFigures]:
    roster = rules.roster
    known = _without_strangers(standing.rows, roster)
    facts = Facts(known.select("mailbox", "day", *COUNTS), cover.first, cover.last)
    around = surroundings(known, roster)
    what = standing.tells.told
    names = {number: official.name for number, official in roster.officials.items()}
    excuse = excuses(rules.exemptions, cover.first, cover.last, names)
    own = {
        owner: tuple(box.address for box in boxes if box.kind == "personal")
        for owner, boxes in roster.mailboxes_of.items()
    }
    heard = witnessed(known)
    for number, official in roster.officials.items():
        if number not in posts:
            continue
        boxes = own.get(number, ())
        also, exempt = standing.also_covered(boxes), excuse.get(number, NO_EXCUSE)
        figures = official_figures(
            official, posts[number], boxes, facts, cover, what, around, rules.thresholds, exempt, also
        )
        said = [heard[box] for box in boxes if box in heard]
        yield with_witnesses(figures, said, also) if said or also else figures


def _without_strangers(rows: pl.DataFrame, roster: Roster) -> pl.DataFrame:
    """`rows` without those of mailboxes that nobody knows, where they are many: strangers may have tried thousands.

    A few are left: to copy all the others costs more, and nobody asks for theirs.
    """
    listed = pl.Series(list(roster.mailboxes), dtype=pl.String)
    known = rows.select(pl.col("mailbox").is_in(listed.implode()).alias("known")).to_series()
    return rows if known.sum() > FEW_STRANGERS * rows.height else rows.filter(known)


def _coverage(standing: Standing, cover: CoveredDays, most: int) -> Coverage:
    held = standing.held
    return Coverage(
        lines=sum(one.lines for one in held),
        events=sum(one.events for one in held),
        not_of_interest=sum(one.not_of_interest for one in held),
        broken=sum(one.broken for one in held),
        covered_days=tuple(sorted(cover.days)),
        missing_days=cover.missing,
        hosts=tuple(sorted(host for host in cover.gaps if host)),
        files=tuple(sorted(one.name for one in held)),
        cannot_tell=(*cannot_tell(standing.tells.told, cover), *_more_addresses(standing.rows, most)),
        broken_samples=tuple(BrokenSample(*sample) for sample in broken_samples(held)),
        copies=tuple(CopiedFile(*one) for one in sorted((one.name, one.same_as) for one in held if one.same_as)),
    )


def _more_addresses(rows: pl.DataFrame, most: int) -> tuple[Text, ...]:
    """What is said where some month met more addresses than `most` that the directory does not know."""
    crowds = rows.filter(pl.col("mailbox").str.starts_with(REST)).with_columns(month=pl.col("day").dt.month_start())
    months: Counter[date] = Counter()
    for name, month in crowds.select("mailbox", "month").unique().iter_rows():
        months[month] += together(name) or 0
    number = max(months.values(), default=0)  # of one month: whether two months met the same ones is not known
    if not number:
        return ()
    sums = crowds.select(pl.col("sent", "received", "logins", "failed_logins").sum()).row(0)
    en = [f"{most:,}", f"{number:,}", " / ".join(f"{count:,}" for count in sums)]
    vi = [text.replace(",", ".") for text in en]
    return (
        Text(
            f"Quá nhiều địa chỉ thuộc tên miền của cơ quan không có trong danh bạ: mỗi tháng chỉ nêu riêng {vi[0]} "
            f"địa chỉ được dùng nhiều nhất; số còn lại, tháng nhiều nhất là {vi[1]} địa chỉ, được đếm chung (thư gửi / "
            f"thư nhận / đăng nhập / đăng nhập hỏng trong cả kỳ: {vi[2]}).",
            f"Too many addresses of the offices' domains are not in the directory: of each month the {en[0]} busiest "
            f"are listed; the others, {en[1]} in the month with the most, are counted together (sent / received / "
            f"log-ins / failed log-ins in the whole period: {en[2]}).",
        ),
    )


def _from_outside(roster: Roster, posts: Mapping[str, tuple[Post, ...]], rows: pl.DataFrame) -> dict[str, int]:
    """Unit (with its sub-units) -> messages its officials received from outside the government."""
    by_unit, counts = Counter[str](), Counter[str]()
    received = rows.filter(pl.col("outside") > 0).group_by("mailbox").agg(pl.col("outside").sum())
    for mailbox, messages in received.iter_rows():
        box = roster.mailboxes.get(mailbox)
        if box is not None and box.owner is not None and box.owner in posts:
            by_unit[posts[box.owner][0].unit_key] += messages
    for unit, messages in by_unit.items():
        for key in upward(roster, unit):
            counts[key] += messages
    return counts


def _unassigned(roster: Roster, facts: pl.DataFrame, what: Told) -> tuple[UnassignedMailbox, ...]:
    """Shared and service mailboxes, and mailboxes of the directory's domains that are not in it but are used."""
    totals = facts.group_by("mailbox").agg(pl.col("sent", "received", "logins").sum())
    rows = {row[0]: row[1:] for row in totals.iter_rows() if together(row[0]) is None}
    listed = [box for box in roster.mailboxes.values() if box.kind != "personal" or box.owner is None]
    found = []
    for box in listed:
        kind: Kind = "unlisted" if box.kind == "personal" else box.kind
        found.append(_mailbox(box.address, kind, rows.get(box.address, (0, 0, 0)), what))
    unlisted = sorted(name for name, counts in rows.items() if name not in roster.mailboxes and any(counts))
    found.extend(_mailbox(name, "unlisted", rows[name], what) for name in unlisted)
    return tuple(found)


def _mailbox(address: str, kind: Kind, counts: tuple[int, ...], what: Told) -> UnassignedMailbox:
    sent, received, log_ins = counts
    return UnassignedMailbox(
        address,
        kind,
        sent if what.submissions else None,
        received if what.deliveries else None,
        log_ins if what.log_ins else None,
    )
