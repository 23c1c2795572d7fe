"""An effect on the terminal, within 80 columns: the sentence, one dot with its bar, the table; all without colour."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from core.words import Language, Text
from training.effect.model import Average, Effect
from training.effect.words import HEADINGS, LABEL_WORDS, days, headline

WIDEST = 80
WIDTH = 60
DASH = "–"


def lines(effect: Effect, language: Language) -> Iterator[str]:
    """What is printed, line by line."""
    yield from _wrapped(headline(effect).to(language))
    evidence = f"{HEADINGS['evidence'].to(language)}: {effect.label}, {LABEL_WORDS[effect.label].to(language)}"
    yield from _wrapped(evidence + (f"; p = {_p(effect.p, language)}" if effect.p is not None else ""))
    if effect.needs is not None:
        yield from _wrapped(f"{HEADINGS['needs'].to(language)}: {effect.needs.to(language)}")
    for note in effect.notes:
        yield from _wrapped(f"- {note.to(language)}")
    if effect.estimate is not None:
        yield ""
        yield from _dot_and_bar(effect, language)
    if effect.label == "E":
        yield from _before_after(effect, language)
    elif any(one.trained.days is not None or one.waiting.days is not None for one in effect.periods):
        yield from _averages(effect, language)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDEST, subsequent_indent="  ", break_long_words=False)


def _p(p: float, language: Language) -> str:
    shown = f"{p:.3f}"
    return shown.replace(".", ",") if language == "vi" else shown


def _dot_and_bar(effect: Effect, language: Language) -> Iterator[str]:
    """The bar from `low` to `high`, open where it has no end, with the estimate and the line of no effect."""
    estimate = effect.estimate or 0.0
    ends = [end for end in (effect.low, effect.high) if end is not None]
    far = max(1.0, *(abs(end) for end in (*ends, estimate))) * 1.1

    def place(number: float) -> int:
        return round((number + far) / (2 * far) * (WIDTH - 1))

    low = 0 if effect.low is None else place(effect.low)
    high = WIDTH - 1 if effect.high is None else place(effect.high)
    bar = [" "] * WIDTH
    bar[low : high + 1] = "─" * (high + 1 - low)
    bar[place(0.0)] = "│" if bar[place(0.0)] == " " else "┼"
    bar[low], bar[high] = "◄" if effect.low is None else "├", "►" if effect.high is None else "┤"
    bar[place(estimate)] = "●"
    yield "  " + "".join(bar).rstrip()
    yield " " * (2 + place(0.0)) + "0"
    less, more = (f"{days(end, language, signed=True)}" for end in (-far, far))
    yield f"  {less}{more.rjust(WIDTH - len(less))}"


def _averages(effect: Effect, language: Language) -> Iterator[str]:
    yield ""
    yield f"{HEADINGS['averages'].to(language)}:"
    yield "".join(HEADINGS[key].to(language).ljust(16) for key in ("period", "trained", "waiting")).rstrip()
    for one in effect.periods:
        cells = (str(one.period), _cell(one.trained, language), _cell(one.waiting, language))
        yield "".join(cell.ljust(16) for cell in cells).rstrip()


def _before_after(effect: Effect, language: Language) -> Iterator[str]:
    if not effect.before_after:
        return
    yield ""
    yield f"{HEADINGS['before_after'].to(language)} ({HEADINGS['averages'].to(language).lower()}):"
    most = max(average.days or 0.0 for _, average in effect.before_after) or 1.0
    for since, average in effect.before_after:
        bar = "█" * round((average.days or 0.0) / most * 30)
        yield f"{_since(since, language).ljust(14)} {_cell(average, language).ljust(14)} {bar}".rstrip()


def _since(since: int, language: Language) -> str:
    if since < 0:
        return Text(f"trước, kỳ {-since}", f"{-since} before").to(language)
    return Text(f"sau, kỳ {since + 1}", f"{since + 1} after").to(language)


def _cell(average: Average, language: Language) -> str:
    if average.days is None:
        return DASH
    return f"{days(average.days, language)} ({average.people})"
