"""A rule as data: conditions that must all be true. What a rule does not say, it does not ask.

As JSON it is a flat object with the names of `Rule`; absent means not asked. Anything else is refused, so that a
misspelt condition cannot silently pick everybody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from core.directory.name_order import folded
from core.words import showable
from training.errors import AssigningError

MAIL_CLASSES = ("regular", "occasional", "delegated", "forwarded", "machine", "none")
"""Classes of e-mail use that a rule may ask for: `unknown` is none of them."""
OFFICE_CLASSES = ("regular", "occasional", "delegated", "none")
RANKS = ("leader", "staff")
MOST_DAYS = 20
"""Active days are counted per 20 working days, those of 28 days without a holiday."""
LONGEST_AGO = 3660
MOST_LISTED = 50
LONGEST_WORD = 80
COURSE_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Rule:
    """Whom a rule picks: everybody of whom each condition that it makes is true.

    mail_classes: the class of e-mail use is one of these, in both windows.
    active_below: acted by e-mail on fewer than so many of 20 working days, in both windows.
    office_classes: the class of e-office use is one of these, in both windows.
    rank: leader or staff, by the main post.
    units: the main post is in one of these units (by key) or below.
    post_words: the title of the main post holds one of these, written with or without marks.
    done: has done every one of these courses.
    not_done: has done none of these courses.
    done_days_ago: with `done`, the last time of each was at least so many days ago; with `not_done`, a course that
        was done so many days ago or longer counts as not done.
    """

    mail_classes: tuple[str, ...] = ()
    active_below: int | None = None
    office_classes: tuple[str, ...] = ()
    rank: str | None = None
    units: tuple[str, ...] = ()
    post_words: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    not_done: tuple[str, ...] = ()
    done_days_ago: int | None = None

    def __post_init__(self) -> None:
        _check_lists(self)
        _check_numbers(self)
        if self.rank is not None and self.rank not in RANKS:
            raise _wrong("cấp chức vụ không hợp lệ", "the rank is none")
        if set(self.done) & set(self.not_done) and self.done_days_ago is None:
            raise _wrong("một khóa không thể vừa đã học vừa chưa học", "a course cannot be both done and not done")
        if self.done_days_ago is not None and not (self.done or self.not_done):
            raise _wrong("số ngày cần đi kèm một khóa học", "the number of days needs a course that it speaks of")
        if not any(getattr(self, one.name) for one in fields(self)):
            raise _wrong("cần ít nhất một điều kiện", "at least one condition is needed")

    @property
    def asks_mail(self) -> bool:
        """Whether it asks for measured use of e-mail."""
        return bool(self.mail_classes) or self.active_below is not None


def rule_to_json(rule: Rule) -> dict[str, Any]:
    """The conditions that it makes, as plain JSON values."""
    values = {one.name: getattr(rule, one.name) for one in fields(rule)}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value not in ((), None)
    }


def rule_from_json(given: Mapping[str, Any]) -> Rule:
    """The rule that says this; raises `AssigningError` for anything that is no rule."""
    known = {one.name: one for one in fields(Rule)}
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            said = showable(name[:40])
            raise _wrong(f"không có điều kiện “{said}”", f"there is no condition “{said}”")
        if known[name].default == ():
            if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
                raise _wrong(f"“{name}” phải là một danh sách", f"“{name}” must be a list")
            value = tuple(value)  # noqa: PLW2901 - the same value, as a rule holds it
        elif name == "rank":
            if not isinstance(value, str | None):
                raise _wrong("cấp chức vụ không hợp lệ", "the rank is none")
        elif value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise _wrong(f"“{name}” phải là một số", f"“{name}” must be a number")
        values[name] = value
    return Rule(**values)


def _check_lists(rule: Rule) -> None:
    for name, known in (("mail_classes", MAIL_CLASSES), ("office_classes", OFFICE_CLASSES)):
        if not set(getattr(rule, name)) <= set(known):
            raise _wrong("mức độ sử dụng không hợp lệ", "that is no class of use that a rule may ask for")
    for name in ("mail_classes", "office_classes", "units", "post_words", "done", "not_done"):
        listed = getattr(rule, name)
        if len(listed) > MOST_LISTED or len(set(listed)) < len(listed):
            raise _wrong(
                f"“{name}” có quá {MOST_LISTED} mục hoặc có mục trùng",
                f"“{name}” has more than {MOST_LISTED} entries, or one twice",
            )
    for word in rule.post_words:
        if not folded(word).strip() or len(word) > LONGEST_WORD or not word.isprintable():
            raise _wrong(f"từ trong chức vụ: từ 1 đến {LONGEST_WORD} ký tự", f"post words: 1 to {LONGEST_WORD} letters")
    if not all(COURSE_KEY.fullmatch(key) for key in (*rule.done, *rule.not_done)):
        raise _wrong("không có khóa học này", "there is no such course")
    if not all(key and len(key) <= 200 and key.isprintable() for key in rule.units):
        raise _wrong("không có đơn vị này", "there is no such unit")


def _check_numbers(rule: Rule) -> None:
    if rule.active_below is not None and not 1 <= rule.active_below <= MOST_DAYS:
        raise _wrong(f"số ngày dùng thư: từ 1 đến {MOST_DAYS}", f"active days: 1 to {MOST_DAYS}")
    if rule.done_days_ago is not None and not 1 <= rule.done_days_ago <= LONGEST_AGO:
        raise _wrong(f"số ngày đã qua: từ 1 đến {LONGEST_AGO}", f"days since: 1 to {LONGEST_AGO}")


def _wrong(vi: str, en: str) -> AssigningError:
    return AssigningError(f"Quy tắc: {vi}.", f"The rule: {en}.")
