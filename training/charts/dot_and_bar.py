"""An estimate as one dot with its bar on a line of days, and a mark where there is no effect."""

from __future__ import annotations

from markupsafe import Markup

from core.words import Language, Text
from training.effect import Effect
from training.effect.model import MARGIN
from training.effect.words import days, headline

WIDTH, HEIGHT = 400, 104
LEFT, RIGHT = 24.0, 376.0
MIDDLE = 44.0
AXIS = 74.0
INK, BAR, FAINT = "#0b0c0c", "#0b4f6c", "#dbe4e9"
NO_EFFECT = Text("không đổi", "no effect")


def dot_and_bar(effect: Effect, language: Language) -> Markup:
    """The drawing; empty where there is no single number to give. What it shows stands in its text alternative."""
    if effect.estimate is None:
        return Markup("")
    far = max(2.0, *(abs(end) * 1.15 for end in (effect.low, effect.high, effect.estimate) if end is not None))

    def x(number: float) -> float:
        return LEFT + (number + far) / (2 * far) * (RIGHT - LEFT)

    inside = _field(x(-MARGIN), x(MARGIN), x(0.0)) + _scale(far, x(0.0), language)
    inside += _bar(effect, x(effect.low or 0.0), x(effect.high or 0.0)) + Markup(
        '<circle cx="{x:.1f}" cy="{y}" r="7" fill="{ink}"/>'
        '<text x="{label:.1f}" y="{above}" text-anchor="middle" font-size="15" font-weight="700" fill="{ink}">'
        "{words}</text>"
    ).format(
        x=x(effect.estimate), y=MIDDLE, ink=INK, label=min(max(x(effect.estimate), 40), 360), above=MIDDLE - 16,
        words=days(effect.estimate, language, signed=True),
    )  # fmt: skip
    return Markup(
        '<svg class="vt-effect" role="img" aria-label="{words}" viewBox="0 0 {w} {h}" width="100%" focusable="false">'
        "{inside}</svg>"
    ).format(words=headline(effect).to(language), w=WIDTH, h=HEIGHT, inside=inside)


def _field(less: float, more: float, zero: float) -> Markup:
    """The axis, the band within which a change is no real one, and the line of no effect."""
    return Markup(
        '<rect x="{less:.1f}" y="{top}" width="{w:.1f}" height="{h}" fill="{faint}"/>'
        '<line x1="{left}" y1="{axis}" x2="{right}" y2="{axis}" stroke="{ink}"/>'
        '<line x1="{zero:.1f}" y1="{top}" x2="{zero:.1f}" y2="{tick}" stroke="{ink}" stroke-width="2"/>'
    ).format(
        less=less, top=30, w=more - less, h=AXIS - 30, faint=FAINT, left=LEFT, right=RIGHT, axis=AXIS, ink=INK,
        zero=zero, tick=AXIS + 5,
    )  # fmt: skip


def _scale(far: float, zero: float, language: Language) -> Markup:
    """The ends of the axis in days, and what the middle means."""
    words = (
        (LEFT, "start", days(-far, language, signed=True)),
        (zero, "middle", f"0 ({NO_EFFECT.to(language)})"),
        (RIGHT, "end", days(far, language, signed=True)),
    )
    return Markup("").join(
        Markup('<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" font-size="13" fill="{ink}">{words}</text>').format(
            x=x, y=AXIS + 21, anchor=anchor, ink=INK, words=said
        )
        for x, anchor, said in words
    )


def _bar(effect: Effect, low: float, high: float) -> Markup:
    """From end to end; an arrow where it has no end."""
    begin, end = (LEFT if effect.low is None else low), (RIGHT if effect.high is None else high)
    return (
        Markup('<line x1="{a:.1f}" y1="{y}" x2="{b:.1f}" y2="{y}" stroke="{bar}" stroke-width="5"/>').format(
            a=begin, b=end, y=MIDDLE, bar=BAR
        )
        + _end(begin, -1, is_open=effect.low is None)
        + _end(end, 1, is_open=effect.high is None)
    )


def _end(x: float, side: int, *, is_open: bool) -> Markup:
    if not is_open:
        return Markup('<line x1="{x:.1f}" y1="{a}" x2="{x:.1f}" y2="{b}" stroke="{bar}" stroke-width="3"/>').format(
            x=x, a=MIDDLE - 9, b=MIDDLE + 9, bar=BAR
        )
    points = f"{x:.1f},{MIDDLE - 9} {x + side * 12:.1f},{MIDDLE} {x:.1f},{MIDDLE + 9}"
    return Markup('<polygon points="{points}" fill="{bar}"/>').format(points=points, bar=BAR)
