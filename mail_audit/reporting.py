"""From a measurement to the report: officials, units, findings, coverage, and what belongs to nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import polars as pl

from core.directory.roster import Post, Roster
from mail_audit.events import Reading
from mail_audit.findings import find
from mail_audit.measure import Measurement
from mail_audit.report.model import (
    BrokenSample,
    Coverage,
    OfficialFigures,
    Period,
    Report,
    UnassignedMailbox,
)
from mail_audit.thresholds import Thresholds
from mail_audit.usage.classes import Facts, Surroundings, official_figures
from mail_audit.usage.coverage import CoveredDays, Told, cannot_tell
from mail_audit.usage.units import posts_in_period, unit_figures
from mail_audit.zones import Zone

Kind = Literal["unlisted", "shared", "service"]


def build_report(
    roster: Roster,
    measured: Measurement,
    cover: CoveredDays,
    what: Told,
    reading: Reading,
    files: Sequence[str],
    zone: Zone,
    thresholds: Thresholds,
) -> Report:
    """The report of one audit; `files` are the names of the log files, by number."""
    posts = posts_in_period(roster, cover.first, cover.last)
    officials = _officials(roster, posts, measured, cover, what, thresholds)
    units, city = unit_figures(roster, posts, officials)
    return Report(
        period=Period(cover.first, cover.last, zone.name, len(cover.working)),
        coverage=_coverage(reading, cover, what, files),
        officials=officials,
        units=units,
        findings=find(city, units, officials, _from_outside(roster, posts, measured)),
        unassigned=_unassigned(roster, measured, what),
        without_mailbox=tuple(one.official_id for one in officials if not one.mailboxes),
        city=city,
    )


def _officials(
    roster: Roster,
    posts: Mapping[str, tuple[Post, ...]],
    measured: Measurement,
    cover: CoveredDays,
    what: Told,
    thresholds: Thresholds,
) -> tuple[OfficialFigures, ...]:
    facts = Facts(measured.days, cover.first, cover.last)
    around = _surroundings(roster, measured)
    own = {
        owner: tuple(box.address for box in boxes if box.kind == "personal")
        for owner, boxes in roster.mailboxes_of.items()
    }
    return tuple(
        official_figures(official, posts[number], own.get(number, ()), facts, cover, what, around, thresholds)
        for number, official in roster.officials.items()
        if number in posts
    )


def _surroundings(roster: Roster, measured: Measurement) -> Surroundings:
    names = {
        box.address: roster.officials[box.owner].name for box in roster.mailboxes.values() if box.owner is not None
    }
    delegated = (
        measured.acts.filter(pl.col("is_delegated")).group_by("mailbox").agg(pl.col("delegate").mode().sort().first())
    )
    forwards = measured.mail.forwards.with_columns(domain=pl.col("target").str.split("@").list.last())
    targets = forwards.group_by("mailbox").agg(pl.col("domain").unique().sort().str.join(", "))
    scheduled = measured.acts.filter(pl.col("kind") == "sent_by_schedule")["mailbox"].unique()
    return Surroundings(
        hosts=measured.hosts,
        blind=measured.blind,
        delegates={box: names.get(delegate, delegate) for box, delegate in delegated.iter_rows()},
        targets=dict(targets.iter_rows()),
        schedules=frozenset(scheduled),
    )


def _coverage(reading: Reading, cover: CoveredDays, what: Told, files: Sequence[str]) -> Coverage:
    samples = sorted(((files[file], offset, why) for file, offset, why in reading.samples), key=lambda one: one[:2])
    return Coverage(
        lines=reading.lines,
        events=reading.events,
        not_of_interest=reading.not_of_interest,
        broken=reading.broken,
        covered_days=tuple(sorted(cover.days)),
        missing_days=cover.missing,
        hosts=tuple(sorted(host for host in cover.gaps if host)),
        files=tuple(files),
        cannot_tell=cannot_tell(what, cover),
        broken_samples=tuple(BrokenSample(*sample) for sample in samples),
    )


def _from_outside(roster: Roster, posts: Mapping[str, tuple[Post, ...]], measured: Measurement) -> dict[str, int]:
    """Unit (with its sub-units) -> messages its officials received from outside the government."""
    counts: dict[str, int] = {}
    for mailbox, messages in measured.outside.iter_rows():
        box = roster.mailboxes.get(mailbox)
        if box is None or box.owner is None or box.owner not in posts:
            continue
        key: str | None = posts[box.owner][0].unit_key
        passed: set[str] = set()
        while key is not None and key not in passed:
            counts[key] = counts.get(key, 0) + messages
            passed.add(key)
            key = roster.units[key].parent_key
    return counts


def _unassigned(roster: Roster, measured: Measurement, what: Told) -> tuple[UnassignedMailbox, ...]:
    """Shared and service mailboxes, and mailboxes of the directory's domains that are not in it but are used."""
    totals = measured.days.group_by("mailbox").agg(pl.col("sent", "received", "logins").sum())
    rows = {row[0]: row[1:] for row in totals.iter_rows()}
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
