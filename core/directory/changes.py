"""What would change if one roster took the place of another: pure, for the dry run, the import and the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from core.directory.roster import Mailbox, Official, Post, Roster, Unit
from core.words import Text

Kind = Literal["added", "changed", "removed"]
Thing = Literal["unit", "official", "post", "mailbox"]
KIND_WORDS = {
    "added": Text("thêm", "add"),
    "changed": Text("sửa", "change"),
    "removed": Text("bỏ", "remove"),
}
THING_WORDS = {
    "unit": Text("đơn vị", "unit"),
    "official": Text("cán bộ", "official"),
    "post": Text("chức vụ", "post"),
    "mailbox": Text("hộp thư", "mailbox"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of the directory that is added, changed or removed; `key` is its key, number or address."""

    kind: Kind
    thing: Thing
    key: str
    words: Text


@dataclass(frozen=True, slots=True)
class ImportChanges:
    """Everything an import changes, in the order unit, official, post, mailbox."""

    changes: tuple[Change, ...]
    officials_before: int

    def count(self, kind: Kind, thing: Thing | None = None) -> int:
        """How many changes are of `kind` (and about a `thing`)."""
        return sum(change.kind == kind and thing in {None, change.thing} for change in self.changes)

    @property
    def counts(self) -> dict[str, int]:
        """`thing kind` -> how many, only where there are some; in the order of the changes."""
        found: dict[str, int] = {}
        for change in self.changes:
            name = f"{change.thing} {change.kind}"
            found[name] = found.get(name, 0) + 1
        return found


def changes(before: Roster, after: Roster) -> ImportChanges:
    """What differs between the two rosters."""
    found = (
        *_compared("unit", before.units, after.units, _unit),
        *_compared("official", before.officials, after.officials, _official),
        *_compared("post", posts_by_official(before), posts_by_official(after), _posts),
        *_compared("mailbox", before.mailboxes, after.mailboxes, _mailbox),
    )
    return ImportChanges(found, len(before.officials))


def posts_by_official(roster: Roster) -> dict[str, tuple[Post, ...]]:
    """An official's number -> their posts, the main one first."""
    found: dict[str, list[Post]] = {}
    for post in roster.posts:
        found.setdefault(post.official_id, []).append(post)
    return {number: tuple(posts) for number, posts in found.items()}


Value = TypeVar("Value")


def _compared(
    thing: Thing, before: Mapping[str, Value], after: Mapping[str, Value], tell: Callable[[Value], str]
) -> Iterator[Change]:
    for key, value in after.items():
        if key not in before:
            yield _change("added", thing, key, tell(value))
        elif before[key] != value:
            yield _change("changed", thing, key, f"{tell(before[key])} → {tell(value)}")
    for key, value in before.items():
        if key not in after:
            yield _change("removed", thing, key, tell(value))


def _change(kind: Kind, thing: Thing, key: str, told: str) -> Change:
    verb, noun = KIND_WORDS[kind], THING_WORDS[thing]
    return Change(kind, thing, key, Text(f"{verb.vi} {noun.vi} {key}: {told}", f"{verb.en} {noun.en} {key}: {told}"))


def _unit(unit: Unit) -> str:
    return f"{unit.name} ({unit.parent_key})" if unit.parent_key else unit.name


def _official(official: Official) -> str:
    return official.name


def _posts(posts: tuple[Post, ...]) -> str:
    return "; ".join(f"{post.title or '-'}, {post.unit_key}, {post.rank}{_days(post)}" for post in posts)


def _days(post: Post) -> str:
    return f" {post.since or ''}…{post.until or ''}" if post.since or post.until else ""


def _mailbox(box: Mailbox) -> str:
    return " ".join((box.kind, f"[{box.unit_key}]", *((box.owner,) if box.owner else ()), *box.aliases))
