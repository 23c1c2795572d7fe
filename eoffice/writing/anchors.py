"""Where a remark stands: a passage and the words it is about, found again after the text has changed."""

from __future__ import annotations

from dataclasses import dataclass

from eoffice.writing.text import Written


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words `quote` of a passage, from `start` to `end` of its text; the whole passage where `start` is None."""

    passage: str
    quote: str
    start: int | None = None
    end: int | None = None


def found_again(anchor: Anchor, text: Written) -> Anchor | None:
    """The anchor in a later state: the same words nearest to where they stood; None where they are gone."""
    passage = text.passage(anchor.passage)
    if passage is None:
        return None
    if anchor.start is None:
        return anchor
    places = []
    at = passage.text.find(anchor.quote)
    while at >= 0 and anchor.quote:
        places.append(at)
        at = passage.text.find(anchor.quote, at + 1)
    if not places:
        return None
    start = min(places, key=lambda place: abs(place - (anchor.start or 0)))
    return Anchor(anchor.passage, anchor.quote, start, start + len(anchor.quote))
