"""The weeks of a period as two lines, leaders and staff, and the table that says the same in figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from markupsafe import Markup

from core.words import Language, Text
from mail_audit.report.charts.bars import FILLS, Side
from mail_audit.report.numbers import count, day, percent
from mail_audit.report.terms import COLUMNS, NO_DATA

WIDTH, HEIGHT = 400, 220
LEFT, RIGHT, TOP, BOTTOM = 46, 388, 34, 186
GRID = (0.0, 0.5, 1.0)
MOST_LABELS = 6
SIDES: tuple[Side, ...] = ("leaders", "staff")
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
    inner = RIGHT - LEFT - 16
    return LEFT + 8 + (inner / 2 if weeks == 1 else inner * index / (weeks - 1))


def _y(rate: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * min(rate, 1.0)


def _mark(side: Side, x: float, y: float) -> Markup:
    """A disc for leaders, a square for staff: told apart without colour."""
    if side == "leaders":
        return Markup('<circle cx="{x}" cy="{y}" r="4" fill="{fill}"/>').format(
            x=f"{x:.1f}", y=f"{y:.1f}", fill=FILLS[side]
        )
    return Markup('<rect x="{x}" y="{y}" width="7" height="7" fill="{fill}"/>').format(
        x=f"{x - 3.5:.1f}", y=f"{y - 3.5:.1f}", fill=FILLS[side]
    )


def _axes(language: Language) -> Markup:
    parts = [
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
    return Markup("").join(parts)


def _dates(weeks: Sequence[WeekFigures]) -> Markup:
    step = max(1, -(-len(weeks) // MOST_LABELS))
    return Markup("").join(
        Markup('<text x="{x}" y="{y}" text-anchor="middle" font-size="12" fill="#0b0c0c">{words}</text>').format(
            x=f"{_x(index, len(weeks)):.1f}", y=BOTTOM + 20, words=f"{weeks[index].start:%d/%m}"
        )
        for index in range(0, len(weeks), step)
    )


def _gaps(weeks: Sequence[WeekFigures]) -> Markup:
    """A dashed band with a question mark where a week is not in the logs."""
    half = (RIGHT - LEFT - 16) / (2 * max(1, len(weeks) - 1))
    parts = []
    for index, week in enumerate(weeks):
        if week.covered:
            continue
        x = _x(index, len(weeks))
        first, last = max(float(LEFT), x - half), min(float(RIGHT), x + half)
        parts.append(
            Markup(
                '<rect class="vt-line__gap" x="{x}" y="{top}" width="{w}" height="{h}" fill="#f3f3f3" '
                'stroke="#505a5f" stroke-dasharray="4 3"/>'
                '<text x="{mid}" y="{text}" text-anchor="middle" font-size="14" fill="#484949">?</text>'
            ).format(
                x=f"{first:.1f}",
                top=TOP,
                w=f"{last - first:.1f}",
                h=BOTTOM - TOP,
                mid=f"{x:.1f}",
                text=(TOP + BOTTOM) // 2,
            )
        )
    return Markup("").join(parts)


def _line(weeks: Sequence[WeekFigures], side: Side) -> Markup:
    """The line of one rank, broken where a week is not known."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for index, week in enumerate(weeks):
        rate = _rate(week, side)
        if rate is None:
            pieces.append([])
        else:
            pieces[-1].append((_x(index, len(weeks)), _y(rate)))
    drawn = Markup("")
    for piece in pieces:
        if len(piece) > 1:
            drawn += Markup(
                '<polyline points="{points}" fill="none" stroke="{stroke}" stroke-width="2" {dashes}/>'
            ).format(
                points=" ".join(f"{x:.1f},{y:.1f}" for x, y in piece),
                stroke=FILLS[side],
                dashes=Markup('stroke-dasharray="6 4"') if side == "staff" else "",
            )
        drawn += Markup("").join(_mark(side, x, y) for x, y in piece)
    return Markup('<g class="vt-line__{side}">{drawn}</g>').format(side=side, drawn=drawn)


def _key(language: Language) -> Markup:
    return Markup("").join(
        _mark(side, x, 14)
        + Markup('<text x="{x}" y="18" font-size="12" fill="#0b0c0c">{words}</text>').format(
            x=x + 9, words=COLUMNS[side].to(language)
        )
        for side, x in zip(SIDES, (LEFT + 4, LEFT + 110), strict=True)
    )


def _words(weeks: Sequence[WeekFigures], language: Language) -> str:
    """First and last known week of each line, and how many weeks are not known."""
    parts = [f"{TITLE.to(language)}."]
    for side in SIDES:
        known = [(week.start, rate) for week in weeks if (rate := _rate(week, side)) is not None]
        said = ", ".join(f"{percent(rate, language)} ({start:%d/%m})" for start, rate in known[:1] + known[1:][-1:])
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
    inside = (
        _gaps(weeks)
        + _axes(language)
        + _dates(weeks)
        + _key(language)
        + Markup("").join(_line(weeks, side) for side in SIDES)
    )
    return Markup(
        '<svg class="vt-line" role="img" aria-label="{words}" viewBox="0 0 {w} {h}" width="100%" '
        'focusable="false">{inside}</svg>'
    ).format(words=_words(weeks, language), w=WIDTH, h=HEIGHT, inside=inside)


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
