"""Targets as plain values, and whether the figures of a report reach them.

A target is reached when so many use it that those of whom the logs say nothing cannot change the answer; it is missed
when even with all of those it would be. Between the two, and on too few days, it cannot be told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.words import Text
from mail_audit.report.model import Finding, Period, Rank, RankFigures
from mail_audit.report.numbers import count, day, percent

Outcome = Literal["reached", "short", "cannot_tell"]
OUTCOMES: tuple[Outcome, ...] = ("reached", "short", "cannot_tell")
WHOLE_CITY = ""
"""Stands for the whole city where a unit's key would."""
FEWEST_DAYS = 3
"""With fewer covered days of the period nobody is said to fall short."""
OUTCOME_WORDS: dict[Outcome, Text] = {
    "reached": Text("đã đạt", "reached"),
    "short": Text("chưa đạt", "not reached"),
    "cannot_tell": Text("chưa kết luận được", "cannot tell"),
}
OUTCOME_SIGNS: dict[Outcome, str] = {"reached": "✓", "short": "✗", "cannot_tell": "?"}
TITLE = Text("Mục tiêu", "Targets")
_WHO: dict[Rank, Text] = {"leader": Text("lãnh đạo", "leaders"), "staff": Text("chuyên viên, nhân viên", "staff")}


@dataclass(frozen=True, slots=True)
class Target:
    """What share (0 < share <= 1) of a rank of a unit (with all below it) is to use it by `due`, that day included."""

    unit: str
    rank: Rank
    share: float
    due: date


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A target beside the figures of a period. `needed` and `missing` are persons; None where it cannot be told.

    `missing` is how many more have to use it; with officials of whom nothing is known it is the least that is missing.
    """

    target: Target
    outcome: Outcome
    figures: RankFigures | None
    needed: int | None
    missing: int | None
    words: Text


def applying(targets: Iterable[Target], period: Period) -> tuple[Target, ...]:
    """The target of each unit and rank that a report of `period` is held against, the city's first.

    The next one due on or after the period's last day; where all are past, the one that was due last.
    """
    chosen: dict[tuple[str, Rank], Target] = {}
    for one in sorted(targets, key=lambda target: target.due, reverse=True):
        known = chosen.get((one.unit, one.rank))
        if known is None or one.due >= period.last:
            chosen[one.unit, one.rank] = one
    return tuple(sorted(chosen.values(), key=lambda one: (one.unit != WHOLE_CITY, one.unit, one.rank != "leader")))


def judge(target: Target, figures: RankFigures | None, covered_days: int) -> TargetResult:
    """Whether `figures` (None: the report has no such unit) of a period with `covered_days` reach the target."""
    if figures is None:
        return _untold(target, None, Text("báo cáo không có đơn vị này", "the report has no such unit"))
    if not figures.total:
        return _untold(target, figures, Text("không có ai đương chức", "nobody is in post"))
    needed = max(1, math.ceil(target.share * figures.total - 1e-9))
    if figures.using >= needed:
        words = _words("reached", Text(_of(figures, needed, "vi"), _of(figures, needed, "en")))
        return TargetResult(target, "reached", figures, needed, 0, words)
    missing = needed - figures.using - figures.unknown
    if missing <= 0:
        why = Text(
            f"{_of(figures, needed, 'vi')}; {figures.unknown} người không có dữ liệu",
            f"{_of(figures, needed, 'en')}; no data for {figures.unknown}",
        )
        return _untold(target, figures, why, needed)
    if covered_days < FEWEST_DAYS:
        return _untold(target, figures, Text("quá ít ngày có nhật ký", "too few days are in the logs"), needed)
    least = Text("ít nhất ", "at least ") if figures.unknown else Text("", "")
    why = Text(
        f"còn thiếu {least.vi}{count(missing, 'vi')} người; {_of(figures, needed, 'vi')}",
        f"short by {least.en}{count(missing, 'en')} {'person' if missing == 1 else 'persons'}; "
        f"{_of(figures, needed, 'en')}",
    )
    return TargetResult(target, "short", figures, needed, missing, _words("short", why))


def _untold(target: Target, figures: RankFigures | None, why: Text, needed: int | None = None) -> TargetResult:
    return TargetResult(target, "cannot_tell", figures, needed, None, _words("cannot_tell", why))


def _of(figures: RankFigures, needed: int, language: Literal["vi", "en"]) -> str:
    using, total, wanted = (count(number, language) for number in (figures.using, figures.total, needed))
    return Text(f"{using}/{total} người dùng, cần {wanted}", f"{using} of {total} use it, {wanted} needed").to(language)


def _words(outcome: Outcome, why: Text) -> Text:
    return Text(f"{OUTCOME_WORDS[outcome].vi}: {why.vi}", f"{OUTCOME_WORDS[outcome].en}: {why.en}")


def finding(result: TargetResult) -> Finding:
    """The result as a sentence of a report, with its numbers."""
    target, figures = result.target, result.figures
    what, where = said(target), unit_words(target.unit)
    return Finding(
        kind=f"target_{result.outcome}",
        unit=target.unit or None,
        text=Text(
            f"{where.vi}, mục tiêu {what.vi}: {result.words.vi}.", f"{where.en}, target {what.en}: {result.words.en}."
        ),
        figures={
            "rank": target.rank,
            "share": target.share,
            "due": target.due.isoformat(),
            "using": figures.using if figures is not None else None,
            "total": figures.total if figures is not None else None,
            "needed": result.needed,
            "missing": result.missing,
        },
    )


def said(target: Target) -> Text:
    """`80 % lãnh đạo đến 31/12/2026`: the target itself in words."""
    who = _WHO[target.rank]
    return Text(
        f"{percent(target.share, 'vi')} {who.vi} đến {day(target.due, 'vi')}",
        f"{percent(target.share, 'en')} of {who.en} by {day(target.due, 'en')}",
    )


def unit_words(unit: str) -> Text:
    """The unit's name, or that it is the whole city."""
    return Text(unit, unit) if unit else Text("Toàn thành phố", "The whole city")


__all__ = [
    "FEWEST_DAYS", "OUTCOMES", "OUTCOME_SIGNS", "OUTCOME_WORDS", "TITLE", "WHOLE_CITY", "Outcome", "Target",
    "TargetResult", "applying", "judge", "said", "unit_words",
]  # fmt: skip
