"""Automata and needle tables: one pass finds what the regular expression finds."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail_audit.events.native.automata import (
    END,
    PRINTABLE,
    Expression,
    State,
    UnsupportedError,
    compiled,
    side_by_side,
)
from mail_audit.events.native.layout import from_json, to_json
from mail_audit.events.native.needles import needle_rows
from mail_audit.events.native.tables import make_tables, taken_patterns
from mail_audit.formats import HEADS, PATTERNS, patterns_for
from tests.mail_audit.events.hostile import lines
from tests.mail_audit.events.test_two_engines import tried

LEFT = {"submitted_by_proxy", "session_ended"}


def walked(states: list[State], text: str, *, prefix: bool = False) -> tuple[int, dict[int, int]] | None:
    """Which expression ends at the end of `text`, and the slots that were set; None where none does."""
    state, slots = states[0], dict[int, int]()
    for place, letter in enumerate(text):
        if prefix and state.accepts is not None:
            break
        byte = 1 << ord(letter) if ord(letter) < 0x7F else 0
        if state.run & byte:
            continue
        for allowed, target, action in state.edges:
            if allowed & byte:
                slots.update(dict.fromkeys(action, place))
                state = states[target]
                break
        else:
            return None
    if state.accepts is None:
        return None
    slots.update(dict.fromkeys(state.action, len(text)))
    return state.accepts, slots


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head.name)
def test_nearly_every_pattern_is_taken_in_one_pass(head: object) -> None:
    """What is not deterministic is known by name: the columnar engine does it."""
    one = next(form for form in HEADS if form is head)
    taken = [pattern for pattern, _ in taken_patterns(one)]
    assert {pattern.kind for pattern in patterns_for(one) if pattern not in taken} <= LEFT


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head.name)
def test_no_byte_leaves_a_state_two_ways(head: object) -> None:
    """The automaton of all patterns side by side is deterministic, over printable ASCII."""
    one = next(form for form in HEADS if form is head)
    both = [expression for _, expression in taken_patterns(one)]
    states = side_by_side(both, [{}] * len(both), prefix=False)
    for state in states:
        allowed = [state.run, *(edge[0] for edge in state.edges)]
        assert sum(each.bit_count() for each in allowed) == _union(allowed).bit_count()
        assert _union(allowed) & ~PRINTABLE == 0


def _union(sets: list[int]) -> int:
    found = 0
    for each in sets:
        found |= each
    return found


@pytest.mark.parametrize("text", ["a*a", "(?P<x>a*)(?P<y>a*)b", "a?(?:ab)?", "(?P<x>a)?a"])
def test_a_choice_is_seen(text: str) -> None:
    assert not compiled(text).is_deterministic()


@pytest.mark.parametrize("text", [r"(a)\1", "(?=a)b", r"\d", "^a"])
def test_what_one_pass_cannot_follow_is_refused(text: str) -> None:
    with pytest.raises(UnsupportedError):
        compiled(text)


@pytest.mark.parametrize("text", ["", "b", "ab", "aab", "xyz", "x,xz", "xz,xyz", "xz,", "x,xyz,xz,"])
def test_groups_are_those_of_the_regular_expression(text: str) -> None:
    """The last turn of a repeated group counts, an empty group has a place, an absent one has none."""
    expression = "(?P<a>a*)b?(?:x(?P<y>y*)(?:z,?|,))*"
    one = compiled(expression)
    assert one.is_deterministic()
    match = re.fullmatch(expression, text)
    found = walked(side_by_side([one], [{slot: slot for slot in range(4)}], prefix=False), text)
    if match is None:
        assert found is None
        return
    assert found is not None
    for name, slot in one.groups.items():
        assert (found[1].get(slot, -1), found[1].get(slot + 1, -1)) == match.span(name)


def test_the_end_is_a_position() -> None:
    one = compiled("a?")
    assert END in one.closure(one.start)


@cache
def _automata() -> list[tuple[re.Pattern[str], Expression, list[State]]]:
    made = []
    for head in HEADS:
        for pattern, one in taken_patterns(head):
            slots = {slot: slot for slot in range(2 * len(one.groups))}
            made.append((re.compile(head.fast + pattern.fast()), one, side_by_side([one], [slots], prefix=False)))
    return made


@tried(200)
@given(lines())
def test_every_fast_expression_finds_the_same_groups(line: bytes) -> None:
    """On any line, for every head and pattern: the same answer, the same groups."""
    text = line.decode("utf-8", "replace")
    for expression, one, states in _automata():
        match, found = expression.fullmatch(text), walked(states, text)
        assert (found is None) == (match is None)
        if match is None or found is None:
            continue
        for name, slot in one.groups.items():
            assert (found[1].get(slot, -1), found[1].get(slot + 1, -1)) == match.span(name)


@given(st.text(st.sampled_from("ab: c"), max_size=12))
def test_needles_are_found_where_they_stand(text: str) -> None:
    needles = ["ab", "b: c", ": a", "aab"]
    classes, rows = needle_rows(needles)
    row = 0
    for letter in text:
        row = rows[row][classes[ord(letter)]]
        if row < 0:
            break
    assert (row < 0) == any(needle in text for needle in needles)


def test_tables_are_those_of_the_patterns() -> None:
    """They survive being written down, and are not read when they are of other patterns."""
    flat = make_tables()
    text = to_json(flat)
    read = from_json(text)
    assert read is not None
    assert to_json(read) == text
    assert {PATTERNS[pattern].kind for _, pattern, _ in flat.taken} >= {pattern.kind for pattern in PATTERNS} - LEFT
    assert from_json(text.replace('"digest": "', '"digest": "0')) is None
