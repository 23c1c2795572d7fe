"""Rolling shares by day as two lines, leaders and staff, and the table that says the same in figures.

Where a window is not known the line is broken and the days stand in a dashed band; nothing is ever drawn as zero for
want of logs.
"""

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

PLOT = Plot(640, 240, left=46, right=628, top=34, bottom=206)
GRID = (0.0, 0.25, 0.5, 0.75, 1.0)
MOST_LABELS = 5


class Window(Protocol):
    """Officials of a rank who acted in the days that end on a day."""

    @property
    def using(self) -> int | None:
        """How many acted; None where that is not known."""
        ...

    @property
    def total(self) -> int:
        """Of how many."""
        ...

    @property
    def rate(self) -> float | None:
        """Their share; None where that is not known."""
        ...


class Point(Protocol):
    """A day of the line, with its windows in the same order on every day."""

    @property
    def day(self) -> date:
        """The day the windows end on."""
        ...

    @property
    def leaders(self) -> Sequence[Window]:
        """Windows of the leaders."""
        ...

    @property
    def staff(self) -> Sequence[Window]:
        """Windows of the staff."""
        ...


def title(days: int) -> Text:
    """What the line of a window shows, as its heading."""
    return Text(f"Tỷ lệ có dùng trong {days} ngày gần nhất", f"Share that acted in the last {days} days")


def _window(point: Point, side: Side, place: int) -> Window:
    return (point.leaders if side == "leaders" else point.staff)[place]


def _x(index: int, points: int) -> float:
    return PLOT.left + (PLOT.right - PLOT.left) * (0.5 if points == 1 else index / (points - 1))


def _dates(points: Sequence[Point], language: Language) -> Markup:
    step = max(1, -(-len(points) // MOST_LABELS))
    return Markup("").join(
        PLOT.date(
            _x(index, len(points)),
            short_day_words(points[index].day).to(language),
            "start" if index == 0 else "middle",
        )
        for index in range(0, len(points), step)
    )


def _gaps(points: Sequence[Point], place: int) -> Markup:
    """A band over days of which neither line is known."""
    half = (PLOT.right - PLOT.left) / (2 * max(1, len(points) - 1))
    bands: list[list[int]] = []
    for index, point in enumerate(points):
        if any(_window(point, side, place).using is not None for side in SIDES):
            continue
        if bands and bands[-1][1] == index - 1:
            bands[-1][1] = index
        else:
            bands.append([index, index])
    return Markup("").join(
        PLOT.gap(_x(first, len(points)) - half, _x(last, len(points)) + half) for first, last in bands
    )


def _line(points: Sequence[Point], side: Side, place: int) -> Markup:
    shares = ((_x(index, len(points)), _window(point, side, place).rate) for index, point in enumerate(points))
    return PLOT.line(side, shares, mark_each=False)


def _words(points: Sequence[Point], place: int, days: int, language: Language) -> str:
    """First and last known value of each line, and how many days are not known."""
    parts = [f"{title(days).to(language)}."]
    for side in SIDES:
        known = [(one.day, rate) for one in points if (rate := _window(one, side, place).rate) is not None]
        ends = known[:1] + known[1:][-1:]
        said = ", ".join(f"{percent(rate, language)} ({day(on, language)})" for on, rate in ends)
        parts.append(f"{COLUMNS[side].to(language)}: {said or NO_DATA.to(language)}.")
    unknown = sum(all(_window(one, side, place).using is None for side in SIDES) for one in points)
    if unknown:
        parts.append(
            Text(f"{unknown} ngày không có dữ liệu.", f"No data for {unknown} day{'s' if unknown > 1 else ''}.").to(
                language
            )
        )
    return " ".join(parts)


def rolling_line(points: Sequence[Point], place: int, days: int, language: Language) -> Markup:
    """The window at `place` (of `days` days) as two lines, a point a day; empty without points."""
    if not points:
        return Markup("")
    lines = Markup("").join(_line(points, side, place) for side in SIDES)
    grid = PLOT.grid(GRID, language) + _dates(points, language)
    inside = _gaps(points, place) + grid + PLOT.key(language, 130) + lines
    return PLOT.drawn("vt-line vt-line--rolling", _words(points, place, days, language), inside)


def rolling_table(points: Sequence[Point], windows: Sequence[int], language: Language) -> Markup:
    """The same days in figures, the newest first; a column for each window (in days) of each rank."""
    head = Markup("").join(
        Markup('<th scope="col">{}, {}</th>').format(
            COLUMNS[side].to(language), Text(f"{days} ngày", f"{days} days").to(language)
        )
        for side in SIDES
        for days in windows
    )
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            day(point.day, language),
            Markup("").join(
                Markup("<td>{}</td>").format(_cell(_window(point, side, place), language))
                for side in SIDES
                for place in range(len(windows))
            ),
        )
        for point in reversed(points)
    )
    return Markup(
        '<table class="vt-table vt-table--rolling"><caption>{caption}</caption><thead><tr><th scope="col">{day}</th>'
        "{head}</tr></thead><tbody>{rows}</tbody></table>"
    ).format(
        caption=Text("Số liệu từng ngày", "Figures day by day").to(language),
        day=COLUMNS["date"].to(language),
        head=head,
        rows=rows,
    )


def _cell(window: Window, language: Language) -> str:
    if window.using is None:
        return NO_DATA.to(language)
    return f"{count(window.using, language)}/{count(window.total, language)} ({percent(window.rate, language)})"
