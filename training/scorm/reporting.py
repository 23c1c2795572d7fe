"""What a package says while it runs, held against the data model; what it comes to; and what it is told at its start.

Whatever runs in the learner's browser can say anything. A report is checked for its form and for nothing else, and it
is kept as what it is: a report.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import InputError
from core.words import Text
from training.scorm import elements
from training.scorm.manifest import Sco

LARGEST_REPORT = 200_000
"""Signs of a report as JSON."""
SHORT_LIVED = ("cmi.core.exit", "cmi.core.session_time")
"""Of one sitting; the next is not told them."""
UNKEPT = "cmi.interactions."
ENDED_WELL = frozenset({"passed", "completed"})
MOST_HUNDREDTHS = ((9_999 * 60 + 99) * 60 + 99) * 100 + 99
NOT_ATTEMPTED = "not attempted"


class ReportError(InputError):
    """A report that no package can have made by the interface it is given."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            Text("Gói học gửi dữ liệu không đọc được.", "The package sent data that cannot be read."), detail=detail
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a report comes to: the status, the score that was said (0 to 100), and whether that ends the lesson."""

    status: str
    score: float | None

    @property
    def is_done(self) -> bool:
        """Whether the step is done by what the package said."""
        return self.status in ENDED_WELL


def read_report(text: str) -> dict[str, str]:
    """Element -> value of everything a lesson wrote, from JSON. Raises `ReportError`."""
    if len(text) > LARGEST_REPORT:
        raise ReportError("too long")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise ReportError("no JSON") from wrong
    if not isinstance(given, dict):
        raise ReportError("no object")
    for name, value in given.items():
        element = elements.element_of(name)
        if element is None or element.access == "r" or name.startswith(UNKEPT):
            raise ReportError(f"{name[:80]} is not reported")
        if not isinstance(value, str) or not elements.is_right(name, value):
            raise ReportError(f"{name[:80]} has no value of its kind")
    if sum(name.startswith("cmi.objectives.") for name in given) > 5 * elements.MOST_OBJECTIVES:
        raise ReportError("too many objectives")
    return given


def outcome(values: Mapping[str, str], *, mastery_score: str, is_finished: bool) -> Outcome:
    """What the values come to by the rules of 3.4.4: a mastery score decides between passed and failed as soon as a
    lesson that is over, or says how it ended, has a score; one that finishes without a word is completed.
    """
    status = values.get("cmi.core.lesson_status", NOT_ATTEMPTED)
    raw = values.get("cmi.core.score.raw", "")
    score = float(raw) if raw else None
    says_end = status in {"passed", "completed", "failed"}
    if mastery_score and score is not None and (is_finished or says_end):
        return Outcome("passed" if score >= float(mastery_score) else "failed", score)
    if is_finished and status == NOT_ATTEMPTED:
        return Outcome("completed", score)
    return Outcome(status, score)


def told_at_start(
    sco: Sco, *, learner: str, name: str, kept: Mapping[str, str], status: str, hundredths: int, is_review: bool
) -> dict[str, str]:
    """Element -> value as a sitting begins. `kept` are the values of the sittings before, `hundredths` their time.

    A lesson that was left (with `suspend`, or without a word) is resumed; `learner` is the personnel office's number.
    """
    entry = "ab-initio" if not kept and status == NOT_ATTEMPTED else ""
    if not is_review and kept and (kept.get("cmi.core.exit", "suspend") == "suspend"):
        entry = "resume"
    lasting = {element: value for element, value in kept.items() if element not in SHORT_LIVED}
    return lasting | {
        "cmi.core.student_id": learner if elements.is_right("cmi.core.student_id", learner) else "-",
        "cmi.core.student_name": name[:120],
        "cmi.core.credit": "no-credit" if is_review else "credit",
        "cmi.core.lesson_mode": "review" if is_review else "normal",
        "cmi.core.lesson_status": status,
        "cmi.core.entry": entry,
        "cmi.core.total_time": span(hundredths),
        "cmi.launch_data": sco.launch_data,
        "cmi.student_data.mastery_score": sco.mastery_score,
        "cmi.student_data.max_time_allowed": sco.max_time_allowed,
        "cmi.student_data.time_limit_action": sco.time_limit_action,
    }


def hundredths_of(given: str) -> int:
    """Hundredths of a second in a `CMITimespan`; 0 for nothing."""
    if not given:
        return 0
    hours, minutes, seconds = given.split(":")
    whole, _dot, part = seconds.partition(".")
    return ((int(hours) * 60 + int(minutes)) * 60 + int(whole)) * 100 + int(part.ljust(2, "0"))


def span(hundredths: int) -> str:
    """As a `CMITimespan`, at most 9999 hours."""
    seconds, part = divmod(min(hundredths, MOST_HUNDREDTHS), 100)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    if hours > 9_999:
        return "9999:59:59.99"
    return f"{hours:04}:{minute:02}:{second:02}.{part:02}"


def sco_as_json(sco: Sco) -> dict[str, Any]:
    """Plain values of a SCO, as its package's row keeps them."""
    return {name: getattr(sco, name) for name in Sco.__slots__}


def sco_of(kept: Mapping[str, Any]) -> Sco:
    """The SCO that `sco_as_json` wrote."""
    return Sco(**kept)
