"""What a safe fix does, as plain values, and how it is done to a structured draft.

The same values are carried out on a DOCX by `docx_file.mending`. A fix touches the block it names and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from eoffice.documents.draft import Block, Draft, Page, PageNumber, Run


@dataclass(frozen=True, slots=True)
class Restyle:
    """Letters `start` to `end` of a block get other values of `Look`."""

    block: str
    start: int
    end: int
    look: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Relayout:
    """A block gets other values of `Layout`."""

    block: str
    layout: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Retext:
    """Letters `start` to `end` of a block are replaced by `text`, which looks like what it replaces."""

    block: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Repage:
    """A page (section) gets other values of `Page`."""

    page: int
    values: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Renumber:
    """The page number gets other values of `PageNumber`."""

    values: tuple[tuple[str, Any], ...]


Change = Restyle | Relayout | Retext | Repage | Renumber


def apart(changes: Iterable[Change]) -> list[Change]:
    """Those that can be done in one go: each value once, one text for a block; the rest waits for the next round."""
    taken: set[object] = set()
    kept: list[Change] = []
    for change in changes:
        if change in kept:
            continue
        keys = _keys(change)
        if not taken & keys:
            taken |= keys
            kept.append(change)
    return kept


def _keys(change: Change) -> set[object]:
    if isinstance(change, Retext):
        return {("text", change.block)}
    if isinstance(change, Restyle):
        return {("look", change.block, change.start, name) for name, _value in change.look}
    if isinstance(change, Relayout):
        return {("layout", change.block, name) for name, _value in change.layout}
    if isinstance(change, Repage):
        return {("page", change.page, name) for name, _value in change.values}
    return {("page_number", name) for name, _value in change.values}


def in_order(changes: Iterable[Change]) -> list[Change]:
    """Looks before texts: a text changes the places of the letters behind it."""
    return sorted(apart(changes), key=lambda change: isinstance(change, Retext))


def apply(draft: Draft, changes: Iterable[Change]) -> Draft:
    """The draft with the changes made; those that name a block that is not there do nothing."""
    for change in in_order(changes):
        if isinstance(change, Repage):
            if 0 <= change.page < len(draft.pages):
                pages: list[Page] = list(draft.pages)
                pages[change.page] = replace(pages[change.page], **dict(change.values))
                draft = replace(draft, pages=tuple(pages))
        elif isinstance(change, Renumber):
            number = draft.page_number or PageNumber()
            draft = replace(draft, page_number=replace(number, **dict(change.values)))
        else:
            blocks = (_changed(block, change) if block.id == change.block else block for block in draft.blocks)
            draft = replace(draft, blocks=tuple(blocks))
    return draft


def _changed(block: Block, change: Restyle | Relayout | Retext) -> Block:
    if isinstance(change, Relayout):
        return replace(block, layout=replace(block.layout, **dict(change.layout)))
    if isinstance(change, Restyle):
        return replace(block, runs=_restyled(block.runs, change))
    return replace(block, runs=_retexted(block.runs, change))


def _restyled(runs: tuple[Run, ...], change: Restyle) -> tuple[Run, ...]:
    found: list[Run] = []
    at = 0
    for run in runs:
        start, end = (min(max(place - at, 0), len(run.text)) for place in (change.start, change.end))
        looks = (
            (run.text[:start], run.look),
            (run.text[start:end], replace(run.look, **dict(change.look))),
            (run.text[end:], run.look),
        )
        found += [Run(text, look) for text, look in looks if text]
        at += len(run.text)
    return tuple(found)


def _retexted(runs: tuple[Run, ...], change: Retext) -> tuple[Run, ...]:
    found: list[Run] = []
    at, waiting = 0, change.text
    for number, run in enumerate(runs):
        end = at + len(run.text)
        inside = at <= change.start < end or (at <= change.start <= end and number == len(runs) - 1)
        text = run.text[: max(change.start - at, 0)]
        if inside:
            text += waiting
            waiting = ""
        text += run.text[max(change.end - at, 0) :]
        found.append(replace(run, text=text))
        at = end
    return tuple(run for run in found if run.text)
