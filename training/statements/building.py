"""One statement: who did what with which part of which course, and when.

Written by the specification xAPI 1.0.3, part two: `id`, `actor`, `verb`, `object`, `result`, `context`, `timestamp`.
`version`, `stored` and `authority` are the store's to set. Verbs are those of ADL's vocabulary. People are accounts of
this site by the number of the personnel office; a name goes along only where the settings say so.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from core.words import Text

VERSION = "1.0.3"
ADL = "http://adlnet.gov/expapi/verbs/"
ACTIVITIES = "http://adlnet.gov/expapi/activities/"
VERBS: Mapping[str, tuple[str, Text]] = {
    "assigned": ("registered", Text("được giao", "was assigned")),
    "lesson": ("completed", Text("đã đọc xong", "completed")),
    "quiz": ("passed", Text("đã đạt", "passed")),
    "exercise": ("passed", Text("đã thực hành", "passed")),
    "class": ("attended", Text("đã dự", "attended")),
    "scorm": ("completed", Text("gói học báo đã xong", "completed, as the package reports")),
    "done": ("completed", Text("đã hoàn thành", "completed")),
    "voided": ("voided", Text("đã rút", "voided")),
}
"""What happened -> the last part of the verb's address, and its words."""
TYPES = {"lesson": "lesson", "quiz": "assessment", "exercise": "performance", "class": "meeting", "scorm": "module"}
"""Kind of step -> the last part of its type's address."""
PROVED = frozenset({"quiz", "exercise", "done"})
"""Of which it is said that it succeeded, not only that it is complete."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Of whom and of which course: the official's number (and name, where it may go along), course, assignment."""

    official_id: str
    name: str | None
    assignment_id: int
    course_key: str
    course: Text


@dataclass(frozen=True, slots=True)
class Learnt:
    """What happened: the course was `assigned` or is `done`, or a step (`lesson`, `quiz` and so on) is.

    Or such a thing was `voided`: withdrawn, for it was recorded by mistake. `turn` counts how often the same thing was
    withdrawn before, for a statement that was voided once is never told again under its id.
    """

    what: str
    key: str
    """Of the step; empty for the whole course."""
    at: datetime
    turn: int = 0
    voids: str | None = None
    """What was withdrawn (`done`, `class`), where something was."""
    reported: str | None = None
    """Of a SCORM step: the status that its package reported, and its own word alone."""
    score: float | None = None
    """That it reported (0 to 100), where it did."""

    @property
    def name(self) -> str:
        """Under this it is noted what a store said to it: `done:`, `class:meet`, `voided:class:meet`, `done:#1`."""
        thing = self.what if self.voids is None else f"{self.what}:{self.voids}"
        return f"{thing}:{self.key}" + (f"#{self.turn}" if self.turn else "")

    @property
    def withdrawn(self) -> Learnt | None:
        """What a voiding one withdraws."""
        return None if self.voids is None else replace(self, what=self.voids, voids=None)


def statement_id(site: str, subject: Subject, learnt: Learnt) -> str:
    """The statement's id (a UUID of version 5): the same for the same thing, whenever and wherever it is made."""
    thing = learnt.what if learnt.voids is None else f"{learnt.what}/{learnt.voids}"
    name = f"{site}/assignments/{subject.assignment_id}/{thing}/{learnt.key}"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}/{learnt.turn}" if learnt.turn else name))


def statement(site: str, subject: Subject, learnt: Learnt) -> dict[str, Any]:
    """The statement as JSON values. `site` is the address of the pages, without a slash at its end."""
    if learnt.withdrawn is not None:
        return _voiding(site, subject, learnt, learnt.withdrawn)
    verb, words = VERBS[learnt.what]
    registration = uuid.uuid5(uuid.NAMESPACE_URL, f"{site}/assignments/{subject.assignment_id}")
    context: dict[str, Any] = {"registration": str(registration), "platform": "Vanthu"}
    if learnt.key:
        context["contextActivities"] = {"parent": [_course(site, subject)]}
    made: dict[str, Any] = {
        "id": statement_id(site, subject, learnt),
        "actor": _actor(site, subject),
        "verb": {"id": f"{ADL}{verb}", "display": _map(words)},
        "object": _step(site, subject, learnt) if learnt.key else _course(site, subject),
        "context": context,
        "timestamp": _moment(learnt.at),
    }
    if learnt.what != "assigned":
        made["result"] = {"completion": True} | ({"success": True} if learnt.what in PROVED else {})
        made["result"] |= _reported(site, learnt)
    return made


def _reported(site: str, learnt: Learnt) -> dict[str, Any]:
    """What a package said, marked as its word by an extension; a score that it did not say is not there."""
    said: dict[str, Any] = {}
    if learnt.reported is not None:
        said["extensions"] = {f"{site}/vocabulary/as-reported-by-the-package": {"status": learnt.reported}}
    if learnt.score is not None:
        said["score"] = {"scaled": round(learnt.score / 100, 4), "raw": learnt.score, "min": 0, "max": 100}
    return said


def _voiding(site: str, subject: Subject, learnt: Learnt, withdrawn: Learnt) -> dict[str, Any]:
    """That an earlier statement holds no more (part two, 2.3.2). This site says so: who corrected it is not told."""
    verb, words = VERBS[learnt.what]
    return {
        "id": statement_id(site, subject, learnt),
        "actor": {"objectType": "Agent", "name": "Vanthu", "account": {"homePage": site, "name": "vanthu:training"}},
        "verb": {"id": f"{ADL}{verb}", "display": _map(words)},
        "object": {"objectType": "StatementRef", "id": statement_id(site, subject, withdrawn)},
        "timestamp": _moment(learnt.at),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _actor(site: str, subject: Subject) -> dict[str, Any]:
    account = {"homePage": site, "name": subject.official_id}
    named = {"name": subject.name} if subject.name is not None else {}
    return {"objectType": "Agent", **named, "account": account}


def _course(site: str, subject: Subject) -> dict[str, Any]:
    definition = {"type": f"{ACTIVITIES}course", "name": _map(subject.course)}
    return {"objectType": "Activity", "id": _address(site, subject), "definition": definition}


def _step(site: str, subject: Subject, learnt: Learnt) -> dict[str, Any]:
    name = Text(f"{subject.course.vi}: {learnt.key}", f"{subject.course.en}: {learnt.key}")
    definition = {"type": f"{ACTIVITIES}{TYPES[learnt.what]}", "name": _map(name)}
    address = f"{_address(site, subject)}/{learnt.what}/{learnt.key}"
    return {"objectType": "Activity", "id": address, "definition": definition}


def _address(site: str, subject: Subject) -> str:
    """The course's name in the vocabulary of this site: an address that no other course has."""
    return f"{site}/courses/{subject.course_key}"


def _map(words: Text) -> dict[str, str]:
    return {"vi": words.vi, "en": words.en}
