"""Bars of rates: how many of a unit's leaders and staff use official e-mail."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from markupsafe import Markup

from core.words import Language
from mail_audit.report.headline import rank_sentence
from mail_audit.report.model import RankFigures
from mail_audit.report.terms import COLUMNS

Side = Literal["leaders", "staff"]

FILLS: dict[Side, str] = {"leaders": "#0b4f6c", "staff": "#6b4a00"}
TRACK = "#dbe4e9"
WIDTH = 100
"""Units of the drawing, so that a rate in per cent is a width."""
HEIGHT = 14
PAIR_HEIGHT = 32


def _words(figures: RankFigures, side: Side, language: Language) -> str:
    return rank_sentence(COLUMNS[side], figures).to(language)


def _one(figures: RankFigures, side: Side, top: int) -> Markup:
    """Track and bar; a dashed, empty frame where nothing is known, so that it never looks like zero."""
    if figures.total == 0:
        return Markup("")
    if figures.rate is None:
        return _drawn(None, side, top)
    return _drawn(f"{min(figures.rate, 1.0) * WIDTH:.2f}" if figures.rate > 0 else "", side, top)


@lru_cache(maxsize=4_096)
def _drawn(width: str | None, side: Side, top: int) -> Markup:
    """`width` in units of the drawing: None is unknown, nothing is zero.

    Kept, for a page has hundreds of bars, and many are of one width.
    """
    if width is None:
        return Markup(
            '<rect class="vt-bar__unknown" x="0.5" y="{y}" width="99" height="{h}" fill="none" stroke="#505a5f" '
            'stroke-dasharray="4 3" vector-effect="non-scaling-stroke"/>'
        ).format(y=top + 0.5, h=HEIGHT - 1)
    filled = Markup("")
    if width:
        filled = Markup('<rect class="vt-bar__{side}" x="0" y="{y}" width="{w}" height="{h}" fill="{fill}"/>').format(
            side=side, y=top, w=width, h=HEIGHT, fill=FILLS[side]
        )
    track = Markup('<rect class="vt-bar__track" x="0" y="{y}" width="100" height="{h}" fill="{fill}"/>').format(
        y=top, h=HEIGHT, fill=TRACK
    )
    return track + filled


def _frame(inside: Markup, words: str, height: int) -> Markup:
    return Markup(
        '<svg class="vt-bar" role="img" aria-label="{words}" viewBox="0 0 100 {height}" width="120" height="{height}" '
        'preserveAspectRatio="none" focusable="false">{inside}</svg>'
    ).format(words=words, height=height, inside=inside)


def bar(figures: RankFigures, side: Side, language: Language) -> Markup:
    """One rate as a bar, with its figures as the text alternative."""
    return _frame(_one(figures, side, 0), _words(figures, side, language), HEIGHT)


def bar_pair(leaders: RankFigures, staff: RankFigures, language: Language) -> Markup:
    """A unit's leaders (above) and staff (below) as two bars in one picture."""
    words = f"{_words(leaders, 'leaders', language)} {_words(staff, 'staff', language)}"
    inside = _one(leaders, "leaders", 0) + _one(staff, "staff", PAIR_HEIGHT - HEIGHT)
    return _frame(inside, words, PAIR_HEIGHT)
