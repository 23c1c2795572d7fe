"""Checks of what the registry gives: number and notation, place and date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from core.words import Text
from eoffice.documents.checking.fault import Check, Fault, looked_at, whole
from eoffice.documents.checking.wording import retexted
from eoffice.documents.draft import Block, Draft
from eoffice.documents.ruleset import Rule, RuleSet
from eoffice.documents.signs import composed

_NUMBER = re.compile(r"^(?P<word>\s*Số|\s*SỐ|\s*số)(?P<after>[\s:.]*)(?P<digits>\d*)(?P<rest>.*)$", re.DOTALL)
_BLANK = re.compile(r"^[\s.…_]*")
_DASHES = "-–—‐‑−"
_GROUP = re.compile(rf"[^\s/{re.escape(_DASHES)}]+")
_DATE = re.compile(
    r"^(?P<place>.*?)(?P<between>[\s,;.]*)\b(?P<word>[Nn]gày)(?P<day>[\s\d.…_]*)tháng(?P<month>[\s\d.…_]*)năm(?P<year>[\s\d.…_]*)$",
    re.DOTALL,
)
_SLASHED = re.compile(r"(?:[Nn]gày\s*)?(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*\.?\s*$")
_LETTER_MARK = "cv"


def _parsed(block: Block) -> re.Match[str] | None:
    return _NUMBER.match(composed(block.text))


def colon(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """No colon after the word."""
    for block in looked_at(draft, rule):
        found = _parsed(block)
        if found and found["after"].strip() != ":":
            yield whole(block, None, *retexted(block, found.end("word"), found.end("after"), ": "))


def padded(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """A number below ten without the zero."""
    for block in looked_at(draft, rule):
        found = _parsed(block)
        if found and len(found["digits"]) == 1:
            yield whole(
                block, None, *retexted(block, found.start("digits"), found.end("digits"), "0" + found["digits"])
            )


def _notation(block: Block) -> tuple[int, str]:
    """Where the notation begins (behind the first slash, and behind a year), and the notation."""
    text = composed(block.text).rstrip()
    slash = text.find("/")
    year = re.match(r"\s*\d{4}\s*/", text[slash + 1 :]) if slash >= 0 else None
    start = slash + 1 + (year.end() if year else 0)
    return (start, text[start:]) if slash >= 0 else (len(text), "")


def spaces(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """Spaces around slash and hyphens, or dashes that are no hyphens. A blank left for the number is none."""
    for block in looked_at(draft, rule):
        found = _parsed(block)
        text = composed(block.text).rstrip()
        if not found or "/" not in text:
            continue
        start = found.end("digits") if found["digits"] else text.find("/")
        part = text[start:]
        right = "".join("-" if sign in _DASHES else sign for sign in part if not sign.isspace())
        if part != right:
            yield whole(block, None, *retexted(block, start, len(text), right))


def slash(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """No slash between number and notation."""
    for block in looked_at(draft, rule):
        found = _parsed(block)
        if not found or "/" in found["rest"]:
            continue
        between = re.match(rf"[\s\\.…_{re.escape(_DASHES)}]+(?=\w)|(?=[^\W\d_])", found["rest"])
        if between:
            start = found.start("rest")
            changes = retexted(block, start, start + between.end(), "/") if found["digits"] else ()
            yield whole(block, None, *changes)


def capital_notation(draft: Draft, rule: Rule, rules: RuleSet) -> Iterator[Fault]:
    """Small letters in the notation, but for the abbreviations that have them."""
    special = {word.casefold(): word for word in rules.signs.get("type_abbreviations", "").split()}
    for block in looked_at(draft, rule):
        start, text = _notation(block)
        right = text
        for group in reversed(list(_GROUP.finditer(text))):
            fixed = special.get(group[0].casefold(), group[0].upper()) if not _DATE.match(group[0]) else group[0]
            right = right[: group.start()] + fixed + right[group.end() :]
        if right != text:
            yield whole(block, None, *retexted(block, start, start + len(text), right))


def abbreviation(draft: Draft, rule: Rule, rules: RuleSet) -> Iterator[Fault]:
    """The abbreviation of another type of document than this one is."""
    kind = rules.types.get(draft.type)
    if kind is None or not kind.key:
        return
    known = {one.abbreviation.casefold() for one in rules.types.values() if one.abbreviation} | {_LETTER_MARK}
    for block in looked_at(draft, rule):
        groups = _GROUP.findall(_notation(block)[1])
        if not groups:
            continue
        first = groups[0].casefold()
        wrong = first != kind.abbreviation.casefold() if kind.abbreviation else (first in known and len(groups) > 1)
        if wrong:
            wanted = kind.abbreviation or "–"
            yield whole(block, Text(f"ghi {groups[0]}, đúng là {wanted}", f"reads {groups[0]}, should be {wanted}"))


def _dated(block: Block) -> re.Match[str] | None:
    return _DATE.match(composed(block.text).rstrip(" .\t"))


def _value(text: str) -> int | None:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() else None


def written(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """A date in figures only, or with a year of two figures."""
    for block in looked_at(draft, rule):
        found = _dated(block)
        if found is not None:
            year = found["year"].strip()
            if year.isdigit() and len(year) != 4:
                yield whole(block)
            continue
        text = composed(block.text)
        short = _SLASHED.search(text)
        changes = ()
        if short:
            day, month, year = (int(part) for part in short.groups())
            put = (
                f"ngày {day:02} tháng {month:02} năm {year}" if month < 3 else f"ngày {day:02} tháng {month} năm {year}"
            )
            changes = retexted(block, short.start(), len(text.rstrip()), put) if 0 < month < 13 and 0 < day < 32 else ()  # type: ignore[assignment]
        yield whole(block, None, *changes)


def padded_date(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """A day below ten, or January or February, without the zero."""
    for block in looked_at(draft, rule):
        found = _dated(block)
        for part, below in (("day", 10), ("month", 3)):
            digits = found[part].strip() if found else ""
            if found and len(digits) == 1 and digits.isdigit() and 0 < int(digits) < below:
                start = found.start(part) + found[part].index(digits)
                yield whole(block, None, *retexted(block, start, start + 1, "0" + digits))


def overpadded_date(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """March to September with a zero."""
    for block in looked_at(draft, rule):
        found = _dated(block)
        digits = found["month"].strip() if found else ""
        if found and re.fullmatch("0[3-9]", digits):
            start = found.start("month") + found["month"].index(digits)
            yield whole(block, None, *retexted(block, start, start + 2, digits[1]))


def real_date(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """A day that no calendar has."""
    for block in looked_at(draft, rule):
        found = _dated(block)
        if found:
            parts = [_value(found[part]) for part in ("year", "month", "day")]
        else:
            short = _SLASHED.search(composed(block.text))
            parts = [int(short[3]), int(short[2]), int(short[1])] if short else []
        numbers = [part for part in parts if part is not None]
        if len(numbers) == 3 and not _is_day(*numbers):
            yield whole(block)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except (ValueError, OverflowError):
        return False
    return True


def comma(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """No comma between place and date."""
    for block in looked_at(draft, rule):
        found = _dated(block)
        if found and found["place"].strip() and found["between"].strip() != ",":
            yield whole(block, None, *retexted(block, found.start("between"), found.end("between"), ", "))


def place(draft: Draft, rule: Rule, _rules: RuleSet) -> Iterator[Fault]:
    """A place that does not begin, or whose name does not begin, with a capital; or no place at all."""
    for block in looked_at(draft, rule):
        found = _dated(block)
        names = found["place"].split() if found else []
        if found and (not names or any(name[0].islower() for name in (names[0], names[-1]))):
            yield whole(block)


CHECKS: dict[str, Check] = {
    "number_colon": colon,
    "number_padded": padded,
    "number_spaces": spaces,
    "number_slash": slash,
    "number_capitals": capital_notation,
    "number_abbreviation": abbreviation,
    "date_written": written,
    "date_padded": padded_date,
    "date_overpadded": overpadded_date,
    "date_real": real_date,
    "date_comma": comma,
    "date_place": place,
}
