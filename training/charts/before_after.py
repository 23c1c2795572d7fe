"""Days before and after training as columns: a picture, which proves nothing and is never shown without saying so."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from core.words import Language, Text
from training.effect import Effect
from training.effect.model import Average
from training.effect.words import HEADINGS, days

WIDTH, HEIGHT = 400, 190
LEFT, RIGHT, TOP, BOTTOM = 12.0, 388.0, 34.0, 150.0
INK, BEFORE, AFTER = "#0b0c0c", "#b1b4b6", "#0b4f6c"
TRAINED = Text("học", "training")


def before_after(effect: Effect, language: Language) -> Markup:
    """The drawing; empty where no period holds enough people. What it shows stands in the table beside it."""
    columns = effect.before_after
    if not columns:
        return Markup("")
    step = (RIGHT - LEFT) / len(columns)
    most = max(1.0, *(average.days or 0.0 for _, average in columns))
    drawn = Markup("").join(_column(place, step, most, one, language) for place, one in enumerate(columns))
    return Markup(
        '<svg class="vt-effect" role="img" aria-label="{words}" viewBox="0 0 {w} {h}" width="100%" focusable="false">'
        '{drawn}{line}<line x1="{left}" y1="{y}" x2="{right}" y2="{y}" stroke="{ink}"/></svg>'
    ).format(
        words=HEADINGS["before_after"].to(language), w=WIDTH, h=HEIGHT, drawn=drawn,
        line=_training(columns, step, language), left=LEFT, right=RIGHT, y=BOTTOM, ink=INK,
    )  # fmt: skip


def since_words(since: int) -> Text:
    """How many periods before or after training."""
    if since < 0:
        return Text(f"trước, kỳ {-since}", f"{-since} before")
    return Text(f"sau, kỳ {since + 1}", f"{since + 1} after")


def _column(place: int, step: float, most: float, one: tuple[int, Average], language: Language) -> Markup:
    since, average = one
    height = (average.days or 0.0) / most * (BOTTOM - TOP)
    middle = LEFT + step * (place + 0.5)
    return Markup(
        '<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{fill}"/>'
        '<text x="{middle:.1f}" y="{above:.1f}" text-anchor="middle" font-size="13" fill="{ink}">{days}</text>'
        '<text x="{middle:.1f}" y="{below}" text-anchor="middle" font-size="13" fill="{ink}">{since}</text>'
    ).format(
        x=middle - step * 0.32, y=BOTTOM - height, w=step * 0.64, h=height, fill=BEFORE if since < 0 else AFTER,
        middle=middle, above=BOTTOM - height - 5, below=BOTTOM + 16, ink=INK,
        days="–" if average.days is None else days(average.days, language),
        since=f"−{-since}" if since < 0 else f"+{since + 1}",
    )  # fmt: skip


def _training(columns: Sequence[tuple[int, Average]], step: float, language: Language) -> Markup:
    """The line between before and after."""
    before = sum(since < 0 for since, _ in columns)
    x = LEFT + step * before
    return Markup(
        '<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{bottom}" stroke="{ink}" stroke-dasharray="5 4"/>'
        '<text x="{label:.1f}" y="{y}" text-anchor="middle" font-size="13" fill="{ink}">{words}</text>'
    ).format(
        x=x, top=TOP - 12, bottom=BOTTOM, ink=INK, label=min(max(x, 40.0), 360.0), y=BOTTOM + 34,
        words=TRAINED.to(language),
    )  # fmt: skip
