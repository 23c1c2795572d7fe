"""The weeks of a period as two lines, leaders and staff, and the table that says the same in figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from markupsafe import Markup

from core.words import Language, Text, short_day_words
from mail_audit.report.charts.bars import Side
from mail_audit.report.charts.plot import SIDES, Plot
from mail_audit.report.numbers import count, day, percent
from mail_audit.report.terms import COLUMNS, NO_DATA

PLOT = Plot(400, 220, left=46, right=388, top=34, bottom=186)
GRID = (0.0, 0.5, 1.0)
MOST_LABELS = 6
TITLE = Text("Tỷ lệ có dùng theo tuần", "Share using it, week by week")


class WeekFigures(Protocol):
    """A week, Monday `start`: who acted in it, of whom; `covered` is False where no day of it is in the logs."""

    @property
    def start(self) -> date:
        """Its Monday, or the first day of the period."""
        ...

    @property
    def leaders_using(self) -> int:
        """Leaders who acted in it."""
        ...

    @property
    def leaders_total(self) -> int:
        """Leaders in post."""
        ...

    @property
    def staff_using(self) -> int:
        """Staff who acted in it."""
        ...

    @property
    def staff_total(self) -> int:
        """Staff in post."""
        ...

    @property
    def covered(self) -> bool:
        """Whether any day of it is in the logs."""
        ...


def _figures(week: WeekFigures, side: Side) -> tuple[int, int]:
    if side == "leaders":
        return week.leaders_using, week.leaders_total
    return week.staff_using, week.staff_total


def _rate(week: WeekFigures, side: Side) -> float | None:
    using, total = _figures(week, side)
    return using / total if week.covered and total else None


def _x(index: int, weeks: int) -> float:
    inner = PLOT.right - PLOT.left - 16
    return PLOT.left + 8 + (inner / 2 if weeks == 1 else inner * index / (weeks - 1))


def _dates(weeks: Sequence[WeekFigures], language: Language) -> Markup:
    step = max(1, -(-len(weeks) // MOST_LABELS))
    return Markup("").join(
        PLOT.date(_x(index, len(weeks)), short_day_words(weeks[index].start).to(language))
        for index in range(0, len(weeks), step)
    )


def _gaps(weeks: Sequence[WeekFigures]) -> Markup:
    """A band where a week is not in the logs."""
    half = (PLOT.right - PLOT.left - 16) / (2 * max(1, len(weeks) - 1))
    places = [_x(index, len(weeks)) for index, week in enumerate(weeks) if not week.covered]
    return Markup("").join(PLOT.gap(x - half, x + half, x) for x in places)


def _line(weeks: Sequence[WeekFigures], side: Side) -> Markup:
    points = ((_x(index, len(weeks)), _rate(week, side)) for index, week in enumerate(weeks))
    return PLOT.line(side, points, mark_each=True)


def _words(weeks: Sequence[WeekFigures], language: Language) -> str:
    """First and last known week of each line, and how many weeks are not known."""
    parts = [f"{TITLE.to(language)}."]
    for side in SIDES:
        known = [(week.start, rate) for week in weeks if (rate := _rate(week, side)) is not None]
        ends = known[:1] + known[1:][-1:]
        said = ", ".join(f"{percent(rate, language)} ({short_day_words(on).to(language)})" for on, rate in ends)
        parts.append(f"{COLUMNS[side].to(language)}: {said or NO_DATA.to(language)}.")
    unknown = sum(not week.covered for week in weeks)
    if unknown:
        parts.append(
            Text(f"{unknown} tuần không có dữ liệu.", f"No data for {unknown} week{'s' if unknown > 1 else ''}.").to(
                language
            )
        )
    return " ".join(parts)


def weekly_line(weeks: Sequence[WeekFigures], language: Language) -> Markup:
    """Share of leaders (discs, solid) and staff (squares, dashed) who acted, a point a week; empty without weeks."""
    if not weeks:
        return Markup("")
    lines = Markup("").join(_line(weeks, side) for side in SIDES)
    inside = _gaps(weeks) + PLOT.grid(GRID, language) + _dates(weeks, language) + PLOT.key(language, 110) + lines
    return PLOT.drawn("vt-line", _words(weeks, language), inside)


def weekly_table(weeks: Sequence[WeekFigures], language: Language, *, css: str = "vt-table") -> Markup:
    """The same weeks in figures, as a table with caption and scopes; `css` is the table's class."""
    rows = []
    for week in weeks:
        cells = []
        for side in SIDES:
            using, total = _figures(week, side)
            rate = _rate(week, side)
            known = f"{count(using, language)}/{count(total, language)} ({percent(rate, language)})"
            cells.append(NO_DATA.to(language) if rate is None else known)
        rows.append(
            Markup('<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>').format(day(week.start, language), *cells)
        )
    return Markup(
        '<table class="{css}"><caption>{caption}</caption><thead><tr><th scope="col">{week}</th>'
        '<th scope="col">{leaders}</th><th scope="col">{staff}</th></tr></thead><tbody>{rows}</tbody></table>'
    ).format(
        css=css,
        caption=TITLE.to(language),
        rows=Markup("").join(rows),
        **{key: COLUMNS[key].to(language) for key in ("week", "leaders", "staff")},
    )
