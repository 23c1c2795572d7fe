"""The data model of SCORM 1.2: every element, who may read and write it, and what values it takes.

One table for both sides: the program in the learner's browser is handed it as JSON (`as_json`), the server holds what
comes back against it (`is_right`). Source: ADL SCORM 1.2, *Run-Time Environment*, 3.4 (1 October 2001); the names of
types are its own. `n` stands for an index. Lengths are counted in UTF-16 units, as browsers count.

Answers to questions (`cmi.interactions`) are held to 255 signs and not to the form of their kind: authoring tools
differ there, and nothing is made of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

Access = Literal["r", "w", "rw"]
VERSION = "3.4"
MOST_OBJECTIVES, MOST_INTERACTIONS = 100, 2_000


@dataclass(frozen=True, slots=True)
class Kind:
    """What values are right: `words`, or at most `longest` signs that fit `pattern` whole, between `low` and `high`.

    `pattern` is read alike by Python and by browsers. `blank`: nothing at all is right too.
    """

    longest: int
    pattern: str = ""
    words: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """An element: what it takes, who may read and write it, and what it is while nobody wrote it."""

    kind: Kind
    access: Access
    default: str = ""


_DECIMAL = "-?(?:[0-9]{1,12}(?:[.][0-9]{0,8})?|[.][0-9]{1,8})"
_SPAN = "[0-9]{2,4}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,2})?"
_DONE = ("passed", "completed", "failed", "incomplete", "browsed")

STRING255 = Kind(255, blank=True)
STRING4096 = Kind(4096, blank=True)
IDENTIFIER = Kind(255, "[!-~]+")
DECIMAL = Kind(24, _DECIMAL)
SCORE = Kind(24, _DECIMAL, low=0, high=100, blank=True)
MASTERY = Kind(24, _DECIMAL, low=0, high=100)
TIMESPAN = Kind(13, _SPAN)
TIME = Kind(11, "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,2})?")
STATUS = Kind(16, words=_DONE)
"""`not attempted` is the state before anybody wrote one: a lesson cannot write it."""
GOAL = Kind(16, words=(*_DONE, "not attempted"))
RESULT = Kind(24, f"correct|wrong|unanticipated|neutral|{_DECIMAL}")


def _words(*words: str) -> Kind:
    return Kind(max(map(len, words)), words=words, blank="" in words)


def _whole(low: int, high: int) -> Kind:
    return Kind(4, "-?[0-9]{1,3}", low=low, high=high)


ELEMENTS: Mapping[str, Element] = MappingProxyType(
    {
        "cmi.core.student_id": Element(IDENTIFIER, "r"),
        "cmi.core.student_name": Element(STRING255, "r"),
        "cmi.core.lesson_location": Element(STRING255, "rw"),
        "cmi.core.credit": Element(_words("credit", "no-credit"), "r", "credit"),
        "cmi.core.lesson_status": Element(STATUS, "rw", "not attempted"),
        "cmi.core.entry": Element(_words("ab-initio", "resume", ""), "r"),
        "cmi.core.score.raw": Element(SCORE, "rw"),
        "cmi.core.score.min": Element(SCORE, "rw"),
        "cmi.core.score.max": Element(SCORE, "rw"),
        "cmi.core.total_time": Element(TIMESPAN, "r", "0000:00:00.00"),
        "cmi.core.lesson_mode": Element(_words("browse", "normal", "review"), "r", "normal"),
        "cmi.core.exit": Element(_words("time-out", "suspend", "logout", ""), "w"),
        "cmi.core.session_time": Element(TIMESPAN, "w"),
        "cmi.suspend_data": Element(STRING4096, "rw"),
        "cmi.launch_data": Element(STRING4096, "r"),
        "cmi.comments": Element(STRING4096, "rw"),
        "cmi.comments_from_lms": Element(STRING4096, "r"),
        "cmi.objectives.n.id": Element(IDENTIFIER, "rw"),
        "cmi.objectives.n.score.raw": Element(SCORE, "rw"),
        "cmi.objectives.n.score.min": Element(SCORE, "rw"),
        "cmi.objectives.n.score.max": Element(SCORE, "rw"),
        "cmi.objectives.n.status": Element(GOAL, "rw", "not attempted"),
        "cmi.student_data.mastery_score": Element(MASTERY, "r"),
        "cmi.student_data.max_time_allowed": Element(TIMESPAN, "r"),
        "cmi.student_data.time_limit_action": Element(
            _words("exit,message", "exit,no message", "continue,message", "continue,no message", ""), "r"
        ),
        "cmi.student_preference.audio": Element(_whole(-1, 100), "rw", "0"),
        "cmi.student_preference.language": Element(STRING255, "rw"),
        "cmi.student_preference.speed": Element(_whole(-100, 100), "rw", "0"),
        "cmi.student_preference.text": Element(_whole(-1, 1), "rw", "0"),
        "cmi.interactions.n.id": Element(IDENTIFIER, "w"),
        "cmi.interactions.n.objectives.n.id": Element(IDENTIFIER, "w"),
        "cmi.interactions.n.time": Element(TIME, "w"),
        "cmi.interactions.n.type": Element(
            _words(
                "true-false", "choice", "fill-in", "matching", "performance", "sequencing", "likert", "numeric"
            ), "w"
        ),
        "cmi.interactions.n.correct_responses.n.pattern": Element(STRING255, "w"),
        "cmi.interactions.n.weighting": Element(DECIMAL, "w"),
        "cmi.interactions.n.student_response": Element(STRING255, "w"),
        "cmi.interactions.n.result": Element(RESULT, "w"),
        "cmi.interactions.n.latency": Element(TIMESPAN, "w"),
    }
)  # fmt: skip
CHILDREN: Mapping[str, str] = MappingProxyType(
    {
        "cmi.core": "student_id,student_name,lesson_location,credit,lesson_status,entry,score,total_time,lesson_mode,"
        "exit,session_time",
        "cmi.core.score": "raw,min,max",
        "cmi.objectives": "id,score,status",
        "cmi.objectives.n.score": "raw,min,max",
        "cmi.student_data": "mastery_score,max_time_allowed,time_limit_action",
        "cmi.student_preference": "audio,language,speed,text",
        "cmi.interactions": "id,objectives,time,type,correct_responses,weighting,student_response,result,latency",
    }
)
"""Element -> what `_children` of it answers."""
COUNTED: Mapping[str, int] = MappingProxyType(
    {
        "cmi.objectives": MOST_OBJECTIVES,
        "cmi.interactions": MOST_INTERACTIONS,
        "cmi.interactions.n.objectives": MOST_OBJECTIVES,
        "cmi.interactions.n.correct_responses": MOST_OBJECTIVES,
    }
)
"""Elements that there are several of, and how many are taken."""
_INDEX = re.compile(r"[.](?:0|[1-9][0-9]{0,3})(?=[.])")
_UNFIT = re.compile("[\0\ud800-\udfff]")
"""What no database takes: NUL, and halves of a sign."""


def element_of(name: str) -> Element | None:
    """The element of that name (`cmi.objectives.3.id`); None where there is none."""
    return None if ".n" in name else ELEMENTS.get(_INDEX.sub(".n", name))


def is_right(name: str, value: str) -> bool:
    """Whether an element takes a value, whoever writes it."""
    element = element_of(name)
    return element is not None and _fits(element.kind, value)


def _fits(kind: Kind, value: str) -> bool:
    if value == "":
        return kind.blank
    if kind.words:
        return value in kind.words
    if len(value.encode("utf-16-le", "surrogatepass")) > 2 * kind.longest or _UNFIT.search(value):
        return False
    if kind.pattern and not re.fullmatch(kind.pattern, value):
        return False
    return kind.low is None or kind.high is None or kind.low <= float(value) <= kind.high


def as_json() -> dict[str, Any]:
    """The table for the program in the browser."""
    return {
        "version": VERSION,
        "elements": {
            name: {
                "access": one.access,
                "default": one.default,
                "longest": one.kind.longest,
                "pattern": one.kind.pattern,
                "words": list(one.kind.words),
                "low": one.kind.low,
                "high": one.kind.high,
                "blank": one.kind.blank,
            }
            for name, one in ELEMENTS.items()
        },
        "children": dict(CHILDREN),
        "counted": dict(COUNTED),
    }
