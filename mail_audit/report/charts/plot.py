"""What drawings of shares over time have in common: the field with its grid, marks, broken lines, gaps and key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from core.words import Language
from mail_audit.report.charts.bars import FILLS, Side
from mail_audit.report.numbers import percent
from mail_audit.report.terms import COLUMNS

SIDES: tuple[Side, ...] = ("leaders", "staff")
DASHES: dict[Side, Markup] = {"leaders": Markup(""), "staff": Markup(' stroke-dasharray="6 4"')}
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing's size and the edges of the field in it, in units of its view box."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int

    def y(self, rate: float) -> float:
        """How far down a share (0 to 1) stands."""
        return self.bottom - (self.bottom - self.top) * min(rate, 1.0)

    def grid(self, rates: Iterable[float], language: Language) -> Markup:
        """A level line for each share, with its figure before it."""
        return Markup("").join(
            Markup(
                '<line x1="{left}" y1="{y}" x2="{right}" y2="{y}" stroke="#b1b4b6"/>'
                '<text x="{label}" y="{text}" text-anchor="end" font-size="12" fill="#0b0c0c">{words}</text>'
            ).format(
                left=self.left,
                right=self.right,
                y=f"{self.y(rate):.1f}",
                label=self.left - 6,
                text=f"{self.y(rate) + 4:.1f}",
                words=percent(rate, language),
            )
            for rate in rates
        )

    def date(self, x: float, words: str, anchor: str = "middle") -> Markup:
        """A date below the field."""
        return Markup(
            '<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="12" fill="#0b0c0c">{words}</text>'
        ).format(x=f"{x:.1f}", y=self.bottom + 20, anchor=anchor, words=words)

    def gap(self, first: float, last: float, middle: float | None = None) -> Markup:
        """A dashed band with a question mark, from `first` to `last` as far as the field goes: nothing is known."""
        begin, end = max(float(self.left), first), min(float(self.right), last)
        return Markup(
            '<rect class="vt-line__gap" x="{x}" y="{top}" width="{w}" height="{h}" fill="#f3f3f3" '
            'stroke="#505a5f" stroke-dasharray="4 3"/>'
            '<text x="{mid}" y="{text}" text-anchor="middle" font-size="14" fill="#484949">?</text>'
        ).format(
            x=f"{begin:.1f}",
            top=self.top,
            w=f"{end - begin:.1f}",
            h=self.bottom - self.top,
            mid=f"{(begin + end) / 2 if middle is None else middle:.1f}",
            text=(self.top + self.bottom) // 2,
        )

    def line(self, side: Side, points: Iterable[tuple[float, float | None]], *, mark_each: bool) -> Markup:
        """The line of one rank through (x, share), broken where a share is None; marks at each point or at each end."""
        drawn = Markup("")
        for piece in self._pieces(points):
            if len(piece) > 1:
                drawn += Markup(
                    '<polyline points="{points}" fill="none" stroke="{stroke}" stroke-width="2"{dashes}/>'
                ).format(points=" ".join(f"{x:.1f},{y:.1f}" for x, y in piece), stroke=FILLS[side], dashes=DASHES[side])
            drawn += Markup("").join(mark(side, *place) for place in (piece if mark_each else piece[-1:]))
        return Markup('<g class="vt-line__{side}">{drawn}</g>').format(side=side, drawn=drawn)

    def _pieces(self, points: Iterable[tuple[float, float | None]]) -> Sequence[list[Place]]:
        pieces: list[list[Place]] = [[]]
        for x, rate in points:
            if rate is None:
                pieces.append([])
            else:
                pieces[-1].append((x, self.y(rate)))
        return pieces

    def key(self, language: Language, apart: int) -> Markup:
        """Which mark is whose, above the field; the second stands `apart` from the edge."""
        return Markup("").join(
            mark(side, x, 14)
            + Markup('<text x="{x}" y="18" font-size="12" fill="#0b0c0c">{words}</text>').format(
                x=x + 9, words=COLUMNS[side].to(language)
            )
            for side, x in zip(SIDES, (self.left + 4, self.left + apart), strict=True)
        )

    def drawn(self, css: str, words: str, inside: Markup) -> Markup:
        """The drawing with its text alternative."""
        return Markup(
            '<svg class="{css}" role="img" aria-label="{words}" viewBox="0 0 {w} {h}" width="100%" '
            'focusable="false">{inside}</svg>'
        ).format(css=css, words=words, w=self.width, h=self.height, inside=inside)


def mark(side: Side, x: float, y: float) -> Markup:
    """A disc for leaders, a square for staff: told apart without colour."""
    if side == "leaders":
        return Markup('<circle cx="{x}" cy="{y}" r="4" fill="{fill}"/>').format(
            x=f"{x:.1f}", y=f"{y:.1f}", fill=FILLS[side]
        )
    return Markup('<rect x="{x}" y="{y}" width="7" height="7" fill="{fill}"/>').format(
        x=f"{x - 3.5:.1f}", y=f"{y - 3.5:.1f}", fill=FILLS[side]
    )
