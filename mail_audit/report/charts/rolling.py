"""Rolling shares by day as two lines, leaders and staff, and the table that says the same in figures.

Where a window is not known the line is broken and the days stand in a dashed band; nothing is ever drawn as zero for
want of logs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from markupsafe import Markup

from core.words import Language, Text
from mail_audit.report.charts.bars import FILLS, Side
from mail_audit.report.numbers import count, day, percent
from mail_audit.report.terms import COLUMNS, NO_DATA

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 46, 628, 34, 206
GRID = (0.0, 0.25, 0.5, 0.75, 1.0)
MOST_LABELS = 5
SIDES: tuple[Side, ...] = ("leaders", "staff")
DASHES: dict[Side, str] = {"leaders": "", "staff": "6 4"}


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
    return LEFT + (RIGHT - LEFT) * (0.5 if points == 1 else index / (points - 1))


def _y(rate: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * min(rate, 1.0)


def _axes(points: Sequence[Point], language: Language) -> Markup:
    lines = [
        Markup(
            '<line x1="{left}" y1="{y}" x2="{right}" y2="{y}" stroke="#b1b4b6"/>'
            '<text x="{label}" y="{text}" text-anchor="end" font-size="12" fill="#0b0c0c">{words}</text>'
        ).format(
            left=LEFT,
            right=RIGHT,
            y=f"{_y(rate):.1f}",
            label=LEFT - 6,
            text=f"{_y(rate) + 4:.1f}",
            words=percent(rate, language),
        )
        for rate in GRID
    ]
    step = max(1, -(-len(points) // MOST_LABELS))
    dates = [
        Markup('<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="12" fill="#0b0c0c">{words}</text>').format(
            x=f"{_x(index, len(points)):.1f}",
            y=BOTTOM + 20,
            anchor="start" if index == 0 else "middle",
            words=f"{points[index].day:%d/%m}",
        )
        for index in range(0, len(points), step)
    ]
    return Markup("").join([*lines, *dates])


def _gaps(points: Sequence[Point], place: int) -> Markup:
    """A dashed band with a question mark over days of which neither line is known."""
    half = (RIGHT - LEFT) / (2 * max(1, len(points) - 1))
    bands: list[list[int]] = []
    for index, point in enumerate(points):
        if any(_window(point, side, place).using is not None for side in SIDES):
            continue
        if bands and bands[-1][1] == index - 1:
            bands[-1][1] = index
        else:
            bands.append([index, index])
    drawn = Markup("")
    for first, last in bands:
        begin = max(float(LEFT), _x(first, len(points)) - half)
        end = min(float(RIGHT), _x(last, len(points)) + half)
        drawn += Markup(
            '<rect class="vt-line__gap" x="{x}" y="{top}" width="{w}" height="{h}" fill="#f3f3f3" stroke="#505a5f" '
            'stroke-dasharray="4 3"/>'
            '<text x="{mid}" y="{text}" text-anchor="middle" font-size="14" fill="#484949">?</text>'
        ).format(
            x=f"{begin:.1f}",
            top=TOP,
            w=f"{end - begin:.1f}",
            h=BOTTOM - TOP,
            mid=f"{(begin + end) / 2:.1f}",
            text=(TOP + BOTTOM) // 2,
        )
    return drawn


def _mark(side: Side, x: float, y: float) -> Markup:
    """A disc for leaders, a square for staff: told apart without colour."""
    if side == "leaders":
        return Markup('<circle cx="{x}" cy="{y}" r="4" fill="{fill}"/>').format(
            x=f"{x:.1f}", y=f"{y:.1f}", fill=FILLS[side]
        )
    return Markup('<rect x="{x}" y="{y}" width="7" height="7" fill="{fill}"/>').format(
        x=f"{x - 3.5:.1f}", y=f"{y - 3.5:.1f}", fill=FILLS[side]
    )


def _line(points: Sequence[Point], side: Side, place: int) -> Markup:
    """The line of one rank, broken where it is not known, with a mark at the end of each piece."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for index, point in enumerate(points):
        rate = _window(point, side, place).rate
        if rate is None:
            pieces.append([])
        else:
            pieces[-1].append((_x(index, len(points)), _y(rate)))
    drawn = Markup("")
    for piece in pieces:
        if len(piece) > 1:
            drawn += Markup(
                '<polyline points="{points}" fill="none" stroke="{stroke}" stroke-width="2"{dashes}/>'
            ).format(
                points=" ".join(f"{x:.1f},{y:.1f}" for x, y in piece),
                stroke=FILLS[side],
                dashes=Markup(' stroke-dasharray="{}"').format(DASHES[side]) if DASHES[side] else "",
            )
        if piece:
            drawn += _mark(side, *piece[-1])
    return Markup('<g class="vt-line__{side}">{drawn}</g>').format(side=side, drawn=drawn)


def _key(language: Language) -> Markup:
    return Markup("").join(
        _mark(side, x, 14)
        + Markup('<text x="{x}" y="18" font-size="12" fill="#0b0c0c">{words}</text>').format(
            x=x + 9, words=COLUMNS[side].to(language)
        )
        for side, x in zip(SIDES, (LEFT + 4, LEFT + 130), strict=True)
    )


def _words(points: Sequence[Point], place: int, days: int, language: Language) -> str:
    """First and last known value of each line, and how many days are not known."""
    parts = [f"{title(days).to(language)}."]
    for side in SIDES:
        known = [(one.day, rate) for one in points if (rate := _window(one, side, place).rate) is not None]
        ends = known[:1] + known[1:][-1:]
        said = ", ".join(f"{percent(rate, language)} ({on:%d/%m/%Y})" for on, rate in ends)
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
    inside = (
        _gaps(points, place)
        + _axes(points, language)
        + _key(language)
        + Markup("").join(_line(points, side, place) for side in SIDES)
    )
    return Markup(
        '<svg class="vt-line vt-line--rolling" role="img" aria-label="{words}" viewBox="0 0 {w} {h}" width="100%" '
        'focusable="false">{inside}</svg>'
    ).format(words=_words(points, place, days, language), w=WIDTH, h=HEIGHT, inside=inside)


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
