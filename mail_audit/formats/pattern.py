"""Patterns as data: what a server writes about one kind of event, and where it writes it.

A body is a regular expression with typed fields, `%{name:type}`. Every type has two spellings: *full* takes whatever
a server may write there, *fast* takes the everyday ASCII case and keeps the expression deterministic, which the
columnar engine runs three to four times as fast. A line that *fast* takes, *full* takes with the same fields; a
property test holds them to it.

Deterministic means that no character leaves a choice between two ways on (the regular-expression engine then needs one
pass and no memory): alternatives that start alike are factored, `d(?:elays=…, d)?sn=` instead of `(?:delays=…, )?dsn=`.

All expressions are anchored at both ends of the message: text that strangers choose (subjects, message-ids, host
names, user names) can stand inside a field, but cannot start one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple


class FieldType(NamedTuple):
    """The two regular expressions of a field type."""

    full: str
    fast: str


TYPES: dict[str, FieldType] = {
    "number": FieldType("[0-9]+", "[0-9]+"),
    "queue_id": FieldType("[0-9A-Za-z]{5,}", "[0-9A-Za-z]{5,}"),
    "name": FieldType("[0-9A-Za-z]+", "[0-9A-Za-z]+"),
    "word": FieldType("[0-9A-Za-z_-]+", "[0-9A-Za-z_-]+"),
    "verb": FieldType("[a-z_]+", "[a-z_]+"),
    "ip": FieldType("[0-9a-fA-F.:]+", "[0-9a-fA-F.:]+"),
    # An address inside <>: a quoted local part may hold any character, `>` among them (RFC 5321, 4.1.2).
    "address": FieldType(r'(?:"(?:[^"\\]|\\.)*"|[^">])*', "[!#-=?-~]*"),
    "to_comma": FieldType("[^,]*", r"[ -+\--~]*"),
    "to_paren": FieldType("[^()]*", r"[!-&*-~]*"),
    "to_comma_or_paren": FieldType(".*", "[!-&*+\\--~]*"),
    "to_angle": FieldType(".*", "[!-;=?-~]*"),
    "to_colon": FieldType(".*?", "[!-9;-~]*"),
    "session": FieldType("[0-9A-Za-z+/:=._-]*", "[0-9A-Za-z+/:=._-]*"),
    "flags": FieldType("[^()]*", "[ !#-'*-~]*"),
    "mismatch": FieldType("[Pp]assword mismatch", "[Pp]assword mismatch"),
    "rest": FieldType(".*", "[ -~]*"),
}

_PLACEHOLDER = re.compile(r"%\{(?P<name>[a-z_]+):(?P<type>[a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Part:
    """What matters of a long field: `least` to `most` of `letters` between `before` and `after` at the field's end.

    letters: a class of a regular expression, without its brackets; where there are none, the part only tells whether
    the field holds `before` anywhere. whole: `before` stands at the field's beginning.
    """

    name: str
    of: str
    before: str
    letters: str = ""
    after: str = ""
    least: int = 1
    most: int = 200
    whole: bool = False

    def expression(self) -> str:
        """The regular expression that finds the part, as its group 1."""
        start = "^" if self.whole else ""
        middle = f"([{self.letters}]{{{self.least},{self.most}}})"
        return f"{start}{re.escape(self.before)}{middle}{re.escape(self.after)}$"

    def found(self, text: str) -> str | bool | None:
        """The part of `text`; None where it is not there, and for a part without letters whether it is."""
        if not self.letters:
            return self.before in text
        match = re.search(self.expression(), text)
        return match[1] if match else None


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of event of one program.

    kind: what the event is called in `mail_audit.events`; several patterns may give one kind (spellings).
    programs: the daemons that write it: the last part of the syslog tag (`smtpd` of `postfix/submission/smtpd`).
    needles: literals, one of which stands in every such line; the columnar engine looks for them before anything else.
    body: the whole message, as a regular expression with typed fields.
    fast_body: the everyday spelling, where `body` cannot be made deterministic by its field types alone.
    announced: whether a needle makes this pattern probable; if not, it is tried only where nothing else took the line.
    begins: where a message of this kind is recognised even when it is cut short: such a line is broken, not foreign.
    parts: what is taken out of the fields that are long.
    """

    kind: str
    programs: tuple[str, ...]
    needles: tuple[str, ...]
    body: str
    begins: str
    fast_body: str = ""
    announced: bool = True
    parts: tuple[Part, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields, in their order."""
        return tuple(match["name"] for match in _PLACEHOLDER.finditer(self.body))

    def part(self, name: str) -> Part | None:
        """The part called `name`."""
        return next((part for part in self.parts if part.name == name), None)

    def full(self) -> str:
        """The regular expression that takes every spelling; not anchored."""
        return expand(self.body, fast=False)

    def fast(self) -> str:
        """The deterministic regular expression for the everyday spelling; not anchored."""
        return expand(self.fast_body or self.body, fast=True)


def expand(body: str, *, fast: bool) -> str:
    """`body` with its typed fields written out as named groups."""

    def group(match: re.Match[str]) -> str:
        spelling = TYPES[match["type"]]
        return f"(?P<{match['name']}>{spelling.fast if fast else spelling.full})"

    return _PLACEHOLDER.sub(group, body)
