"""Checks of words: what must stand there, how it is written, how the lines of a list begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from core.words import Text
from eoffice.documents.changes import Change, Retext
from eoffice.documents.checking.fault import Check, Fault, looked_at, whole
from eoffice.documents.draft import Block, Draft
from eoffice.documents.ruleset import Rule, RuleSet
from eoffice.documents.signs import INVISIBLE, apart, composed, foreign, is_capitals, skeleton

TEXT_ROLES = ("body", "clause", "point", "article", "heading")
_END = re.compile(r"[\s.,;:/]*$")
_BEGIN = re.compile(r"^\s*(?:[+*•·●○▪‣]\s*)?")
_DASH = re.compile(r"^\s*[-–—\u2010\u2011\u2212\uf02d]")
_DASH_LABEL = re.compile(r"^[-–—\u2010\u2011\u2212\uf02d\uf0b7•]")
_FOOT = ("authority", "signer", "recipients")


def retexted(block: Block, start: int, end: int, text: str) -> tuple[Change, ...]:
    """The change of a text; none while letters and marks are apart (that is mended first) or nothing would change."""
    if not block.text or composed(block.text) != block.text or block.text[start:end] == text:
        return ()
    return (Retext(block.id, start, end, text),)


def present(draft: Draft, rule: Rule, rules: RuleSet) -> Iterator[Fault]:
    """A part that this type of document must have is not there."""
    kind = rules.types.get(draft.type) or rules.types.get("")
    within = rule.given.get("within")
    for role in rule.looks_at:
        needed = kind is not None and role in kind.parts
        there = draft.of(*TEXT_ROLES, "cell") if role == "body" else draft.of(role)
        if needed and not any(block.said for block in there) and (within is None or draft.of(within)):
            yield Fault()


def words(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Words that must read exactly so."""
    for block in looked_at(draft, rule):
        text = composed(block.text)
        said = (
            text.upper()
            if rule.given["words"][0].isupper() and block.runs and all(run.look.caps for run in block.runs)
            else text
        )
        if said.strip() not in rule.given["words"]:
            start = len(text) - len(text.lstrip())
            yield whole(block, None, *retexted(block, start, len(text.rstrip()), rule.given["words"][0]))


def matches(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Text that does not begin as the pattern says; mended by the first of the replacements that makes it so."""
    for block in looked_at(draft, rule):
        text = composed(block.text)
        if re.match(rule.given["pattern"], f"{block.label} {text.lstrip()}" if block.label else text):
            continue
        yield whole(block, None, *(() if block.label else _replaced(block, text, rule)))


def _replaced(block: Block, text: str, rule: Rule) -> tuple[Change, ...]:
    for old, new in rule.given.get("replace", {}).items():
        found = re.match(old, text)
        if found is not None:
            made = found.expand(new)
            if re.match(rule.given["pattern"], made + text[found.end() :]):
                return retexted(block, 0, found.end(), made)
    return ()


def capitals(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Not in capitals where that is asked, or all in capitals where it is not."""
    for block in looked_at(draft, rule):
        text = composed(block.text)
        shown = [run for run in block.runs if any(sign.isalpha() for sign in run.text)]
        if not shown:
            continue
        big = all(run.look.caps or is_capitals(run.text) for run in shown)
        if rule.given["capitals"] and not big:
            yield whole(block, None, *retexted(block, 0, len(text), text.upper()))
        elif not rule.given["capitals"] and big and len(block.said) > rule.given.get("longer", 3):
            yield whole(block)


def row_ends(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Lines of a list that do not end with the sign they should, the last one with its own."""
    rows = looked_at(draft, rule)
    for block in rows:
        wanted = rule.given["last"] if block is rows[-1] else rule.given["each"]
        text = composed(block.text)
        unsure = block is rows[-1] and block.role != rule.given.get("last_role", block.role)
        if text.rstrip().endswith((wanted, rule.given["each"]) if unsure else wanted):
            continue
        ends = _END.search(text)
        start = ends.start() if ends else len(text)
        shown = text.rstrip()[-1:]
        found = Text(f"kết thúc bằng “{shown}”", f"ends with “{shown}”")
        yield Fault(block, max(start - 20, 0), len(text), found, retexted(block, start, len(text.rstrip()), wanted))


def row_begins(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Lines of a list without the dash in front."""
    for block in looked_at(draft, rule):
        text = composed(block.text)
        if _DASH.match(text) or _DASH_LABEL.match(block.label):
            continue
        begins = _BEGIN.match(text)
        end = begins.end() if begins else 0
        yield Fault(
            block, 0, min(len(text), 30), None, () if block.label else retexted(block, 0, end, rule.given["begins"])
        )


def text_ends(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """The last paragraph of the text does not end with the closing sign; a table at the end has none."""
    if not draft.of(*_FOOT):
        return
    last = [block for block in draft.blocks if block.role in {*TEXT_ROLES, "cell"} and block.said][-1:]
    for block in last:
        text = composed(block.text)
        if block.role != "cell" and not text.rstrip().endswith(rule.given["ends"]):
            ends = _END.search(text)
            start = ends.start() if ends else len(text)
            yield Fault(
                block,
                max(start - 20, 0),
                len(text),
                None,
                retexted(block, start, len(text.rstrip()), rule.given["ends"]),
            )


def no_titles(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Academic or honorary titles before a name."""
    titles = "|".join(sorted((re.escape(title) for title in rule.given["titles"]), key=len, reverse=True))
    before = re.compile(rf"\s*(?:(?:{titles})(?:[.,]\s*|\s+))+(?=\w)")
    for block in looked_at(draft, rule):
        found = before.match(composed(block.text))
        if found:
            yield Fault(block, 0, found.end(), None, retexted(block, 0, found.end(), ""))


def as_above(draft: Draft, rule: Rule, rules: RuleSet) -> Iterator[Fault]:
    """A document with addressees whose first recipient is not “as above”."""
    kind = rules.types.get(draft.type)
    if kind is None or "addressee" not in kind.parts or not draft.of("addressee"):
        return
    for block in draft.of("recipients")[:1]:
        rows = draft.of("recipient")
        if rows and not re.search(rule.given["pattern"], composed(rows[0].text).casefold()):
            yield whole(rows[0])
        elif not rows and draft.of("archive"):
            yield whole(block)


def deputy(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """`KT.` and the head's post, and nothing of the one who signs."""
    rows = looked_at(draft, rule)
    for block, after in zip_longest(rows, rows[1:]):
        if skeleton(block.text).startswith("kt.") and (after is None or not _same_column(block, after)):
            yield whole(block)


def _same_column(one: Block, other: Block) -> bool:
    return (one.table, one.column) == (other.table, other.column)


def followed(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """A chapter or section without its title right below."""
    spoken = [block for block in draft.blocks if block.role not in {"empty", "line"}]
    for block, after in zip_longest(spoken, spoken[1:]):
        if block.role in rule.looks_at and (after is None or after.role not in rule.given["by"]):
            yield whole(block)


def referred(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """An appendix that the text never speaks of."""
    appendices = looked_at(draft, rule)
    text = " ".join(composed(block.text) for block in draft.of(*TEXT_ROLES, "cell", "subject", "ground")).casefold()
    if appendices and not any(word in text for word in rule.given["words"]):
        yield whole(appendices[0])


def lookalike(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Signs of other alphabets inside Vietnamese words."""
    for block in looked_at(draft, rule):
        for start, end, right in foreign(block.text):
            strange = ", ".join(
                f"U+{ord(sign):04X}" for sign, other in zip(block.text[start:end], right, strict=True) if sign != other
            )
            yield Fault(block, start, end, Text(strange, strange), (Retext(block.id, start, end, right),))


def composed_text(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Letters and marks that are separate signs."""
    for block in looked_at(draft, rule):
        place = apart(block.text)
        if place is not None:
            yield Fault(block, *place, None, (Retext(block.id, *place, composed(block.text[slice(*place)])),))


def invisible(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Signs that nobody sees."""
    for block in looked_at(draft, rule):
        found = INVISIBLE.search(block.text)
        if found:
            code = f"U+{ord(found[0]):04X}"
            yield Fault(
                block, found.start(), found.end(), Text(code, code), (Retext(block.id, found.start(), found.end(), ""),)
            )


CHECKS: dict[str, Check] = {
    "present": present,
    "words": words,
    "matches": matches,
    "capitals": capitals,
    "row_ends": row_ends,
    "row_begins": row_begins,
    "text_ends": text_ends,
    "no_titles": no_titles,
    "as_above": as_above,
    "deputy": deputy,
    "followed": followed,
    "referred": referred,
    "lookalike": lookalike,
    "composed": composed_text,
    "invisible": invisible,
}
