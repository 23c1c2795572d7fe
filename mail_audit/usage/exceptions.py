"""Exceptions on record: what an office knows of a person and no log says, and what follows from it in a report.

- `leave`, `sickness`: the person was away. Those days are no covered working days of theirs; counts stay as they are.
- `shared_station`: several people work at one address. It is nobody's station, so nothing from it is delegated.
- `agreed_delegate`: somebody works in the mailbox by agreement. It is said so, with the dates; the class stays.

A report says in its `reasons` which of these it took into account. It says of an absence that there was one, not
whether it was leave or sickness: that is between the person and the office.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import polars as pl

from core.calendar import working_days
from core.permissions import who_words
from core.words import Text
from mail_audit.report.model import UsageClass
from mail_audit.report.numbers import day as day_words
from mail_audit.zones import Zone

Kind = Literal["leave", "sickness", "shared_station", "agreed_delegate"]
KINDS: tuple[Kind, ...] = ("leave", "sickness", "shared_station", "agreed_delegate")
ABSENCES: tuple[Kind, ...] = ("leave", "sickness")


@dataclass(frozen=True, slots=True)
class Exemption:
    """One exception of one official, from `first` to `last` (both included; None: until it is ended).

    `author` is the account that recorded it. `address` (a client's IP address) stands with `shared_station`,
    `delegate` (an official's number) with `agreed_delegate`, neither with the others.
    """

    official_id: str
    kind: Kind
    first: date
    last: date | None
    note: str
    author: str
    address: str | None = None
    delegate: str | None = None

    def within(self, first: date, last: date) -> tuple[date, date] | None:
        """The part of the period that it covers, first and last day; None where they do not meet."""
        start, end = max(self.first, first), min(self.last or last, last)
        return (start, end) if start <= end else None


@dataclass(frozen=True, slots=True)
class Excuse:
    """What the exceptions of one official mean for a period: days that do not count, and what to say."""

    days: frozenset[date] = field(default_factory=frozenset)
    reasons: tuple[Text, ...] = ()


NO_EXCUSE = Excuse()


def excuses(exemptions: Iterable[Exemption], first: date, last: date, names: Mapping[str, str]) -> dict[str, Excuse]:
    """official_id -> what their exceptions mean for the days from `first` to `last`; `names` of officials by number."""
    days: dict[str, set[date]] = {}
    reasons: dict[str, list[Text]] = {}
    for one in sorted(exemptions, key=_order):
        part = one.within(first, last)
        if part is None:
            continue
        if one.kind in ABSENCES:
            span = (part[1] - part[0]).days + 1
            days.setdefault(one.official_id, set()).update(part[0] + timedelta(n) for n in range(span))
        reasons.setdefault(one.official_id, []).append(_said(one, part, names))
    return {number: Excuse(frozenset(days.get(number, ())), tuple(said)) for number, said in reasons.items()}


def excused(
    usage_class: UsageClass, reasons: tuple[Text, ...], excuse: Excuse, *, nothing_left: bool
) -> tuple[UsageClass, tuple[Text, ...]]:
    """Class and reasons with the exceptions.

    `nothing_left`: the person did nothing and was away on every working day that the logs cover. Then there is no day
    to tell by, and nobody is said not to use e-mail.
    """
    if not nothing_left:
        return usage_class, (*reasons, *excuse.reasons)
    away = Text(
        "vắng mặt có lý do suốt các ngày làm việc có nhật ký, nên không kết luận",
        "excused on every working day that the logs cover, so nothing is concluded",
    )
    return "unknown", (*reasons, *excuse.reasons, away)


@dataclass(frozen=True, slots=True)
class SharedStation:
    """An address that is nobody's own from `first` to `last` (None: still)."""

    address: str
    first: date
    last: date | None


def shared_stations(exemptions: Iterable[Exemption]) -> tuple[SharedStation, ...]:
    """The addresses on record as shared, each once a span."""
    found = {
        SharedStation(one.address, one.first, one.last): None
        for one in sorted(exemptions, key=_order)
        if one.kind == "shared_station" and one.address is not None
    }
    return tuple(found)


def at_shared_station(acts: pl.DataFrame, stations: Sequence[SharedStation], zone: Zone) -> pl.Series:
    """For each row of `acts` (`at` in microseconds UTC, `client_ip`): whether it came from a station that is shared."""
    if not stations or acts.is_empty():
        return pl.repeat(value=False, n=acts.height, dtype=pl.Boolean, eager=True)
    day = zone.days(acts["at"]).cast(pl.Date)
    marked = pl.repeat(value=False, n=acts.height, dtype=pl.Boolean, eager=True)
    for one in stations:
        here = (acts["client_ip"] == one.address).fill_null(value=False) & (day >= one.first)
        marked |= here & (day <= one.last) if one.last is not None else here
    return marked


def _order(one: Exemption) -> tuple[str, date, int, str, str]:
    return (one.official_id, one.first, KINDS.index(one.kind), one.address or "", one.delegate or "")


def _said(one: Exemption, part: tuple[date, date], names: Mapping[str, str]) -> Text:
    """The sentence of a report: what was recorded, for which days, with which effect, by whom."""
    vi, en = _span(part)
    who = who_words(one.author)
    by_vi, by_en = f" (ghi nhận bởi {who.vi})", f" (recorded by {who.en})"
    if one.kind in ABSENCES:
        held = len(working_days(*part))
        return Text(
            f"vắng mặt có lý do {vi}: {held} ngày làm việc không tính vào kỳ{by_vi}",
            f"excused {en}: working days left out of the period: {held}{by_en}",
        )
    if one.kind == "shared_station":
        return Text(
            f"máy {one.address} là máy dùng chung {vi}: việc làm từ máy này không coi là của người khác{by_vi}",
            f"the station {one.address} is shared {en}: what comes from it is not taken for somebody else's{by_en}",
        )
    name = names.get(one.delegate or "", one.delegate or "")
    return Text(
        f"{name} được thống nhất làm thay trong hộp thư này {vi}{by_vi}",
        f"{name} works in this mailbox by agreement {en}{by_en}",
    )


def _span(part: tuple[date, date]) -> tuple[str, str]:
    first, last = part
    if first == last:
        return f"ngày {day_words(first, 'vi')}", f"on {day_words(first, 'en')}"
    return (
        f"từ {day_words(first, 'vi')} đến {day_words(last, 'vi')}",
        f"from {day_words(first, 'en')} to {day_words(last, 'en')}",
    )
