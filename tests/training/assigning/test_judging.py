"""What holds of any rule and any snapshot: unknown picks nobody, order means nothing, every verdict says why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from training.rules import (
    MAIL_CLASSES,
    OFFICE_CLASSES,
    Outcome,
    Person,
    Rule,
    Snapshot,
    WindowUse,
    conditions_in_words,
    judge,
    reason,
    rule_from_json,
    rule_to_json,
    why_not,
)

TODAY = date(2026, 11, 9)
DAYS = tuple((TODAY - timedelta(days=28 * back), TODAY - timedelta(days=28 * back - 27)) for back in (2, 1))
ABOVE = {
    "city": frozenset({"city"}),
    "works": frozenset({"works", "city"}),
    "roads": frozenset({"roads", "works", "city"}),
}
COURSES = ("mailbox", "phone")
FEWER = settings(max_examples=40)


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """None of them more often than not: what is not asked refuses nobody."""
    return st.just(()) | st.just(()) | st.lists(st.sampled_from(values), unique=True, max_size=3).map(tuple)


@st.composite
def uses(draw: st.DrawFn) -> WindowUse:
    """Mostly somebody who may be picked, or only just not: else hardly any rule would pick anybody."""
    own = draw(st.sampled_from((5, 9, 10, 18, 20, 20)))
    covered = max(0, own - draw(st.sampled_from((0, 0, 1, 3, 4, 5, 9))))
    return WindowUse(
        mail_class=draw(st.sampled_from(("none", "none", "none", *MAIL_CLASSES, "unknown"))),
        active_days=min(covered, draw(st.sampled_from((0, 0, 1, 2, 3, 4, 12)))),
        covered_days=covered,
        own_days=own,
        has_mailbox=draw(st.sampled_from((True, True, True, False))),
        office_class=draw(st.sampled_from((*OFFICE_CLASSES, "unknown"))),
    )


courses_days = st.dictionaries(st.sampled_from(COURSES), st.integers(0, 100), max_size=2)
some_courses = st.frozensets(st.sampled_from((*COURSES, "*")), max_size=2)


@st.composite
def people(draw: st.DrawFn) -> list[Person]:
    number = draw(st.integers(0, 6))
    return [
        Person(
            official=at,
            number=f"CB{at}",
            name=f"Người {at}",
            unit=draw(st.sampled_from(tuple(ABOVE))),
            title=draw(st.sampled_from(("Giám đốc", "Phó Giám đốc", "Chuyên viên", "Trưởng phòng"))),
            rank=draw(st.sampled_from(("leader", "staff"))),
            use=(draw(uses()), draw(uses())),
            done=draw(courses_days),
            ended=draw(courses_days),
            open=draw(some_courses) - {"*"},
            exempt=draw(some_courses),
        )
        for at in range(number)
    ]


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    values: dict[str, Any] = {
        "mail_classes": draw(st.sampled_from(((), ("none",), ("none", "machine"), MAIL_CLASSES))),
        "active_below": draw(st.none() | st.integers(1, 20)),
        "office_classes": draw(some(OFFICE_CLASSES)),
        "rank": draw(st.sampled_from((None, None, None, "leader"))),
        "units": draw(some(tuple(ABOVE))),
        "post_words": draw(some(("giam doc", "Trưởng", "phó"))),
        "not_done": draw(some(COURSES)),
    }
    if not any(values.values()):
        values["active_below"] = 4
    if values["not_done"]:
        values["done_days_ago"] = draw(st.none() | st.integers(1, 90))
    return Rule(**values)


def snapshot(rows: list[Person]) -> Snapshot:
    return Snapshot.of(rows, today=TODAY, days=(DAYS[0], DAYS[1]), above=ABOVE)


def picked(rule: Rule, rows: list[Person]) -> set[int]:
    known = snapshot(rows)
    return {known.people[place].official for place in judge(rule, "mailbox", known).picked}


@given(rules(), people())
def test_nobody_is_picked_on_what_is_not_known(rule: Rule, rows: list[Person]) -> None:
    """Of whoever is picked, every measured condition holds whatever happened on the days that are not in the logs."""
    for official in picked(rule, rows):
        for use in rows[official].use:
            if rule.mail_classes or rule.active_below is not None:
                assert use.mail_class != "unknown"
                assert use.has_mailbox
                assert use.own_days >= 10
            if rule.mail_classes:
                assert use.mail_class in rule.mail_classes
                assert use.covered_days >= 0.8 * use.own_days
            if rule.active_below is not None:
                at_most = use.active_days + use.own_days - use.covered_days
                assert at_most / use.own_days < rule.active_below / 20
            if rule.office_classes:
                assert use.office_class in rule.office_classes


@FEWER
@given(rules(), people(), st.randoms())
def test_order_means_nothing(rule: Rule, rows: list[Person], chance: Any) -> None:
    mixed = rows.copy()
    chance.shuffle(mixed)
    assert picked(rule, rows) == picked(rule, mixed)


@FEWER
@given(rules(), people())
def test_each_is_judged_alone(rule: Rule, rows: list[Person]) -> None:
    assert picked(rule, rows) == {one.official for one in rows if picked(rule, [one])}


@FEWER
@given(rules(), people())
def test_who_was_picked_and_given_the_course_is_not_picked_again(rule: Rule, rows: list[Person]) -> None:
    chosen = picked(rule, rows)
    given_it = [
        Person(**_values(one) | {"open": one.open | {"mailbox"}}) if one.official in chosen else one for one in rows
    ]
    assert picked(rule, given_it) == set()


@FEWER
@given(rules(), people(), st.integers(0, 80))
def test_two_whole_windows_pass_before_the_same_course_again(rule: Rule, rows: list[Person], days: int) -> None:
    after = [Person(**_values(one) | {"ended": {"mailbox": days}}) for one in rows]
    cooled = picked(rule, after)
    if days <= 56:
        assert cooled == set()
    else:
        assert cooled == picked(rule, [Person(**_values(one) | {"ended": {}}) for one in rows])


@FEWER
@given(rules(), people())
def test_every_pick_and_every_other_verdict_says_why(rule: Rule, rows: list[Person]) -> None:
    known = snapshot(rows)
    verdicts = judge(rule, "mailbox", known)
    for place in range(len(rows)):
        against = why_not(rule, verdicts, known, place)
        if verdicts.outcomes[place] == Outcome.PICKED:
            why = reason(rule, known, place)
            assert against == ()
            assert why.vi.endswith(".")
            assert why.en.endswith(".")
        else:
            assert against
            assert all(one.vi and one.en for one in against)


@FEWER
@given(rules())
def test_a_rule_is_the_same_as_data(rule: Rule) -> None:
    assert rule_from_json(rule_to_json(rule)) == rule
    assert conditions_in_words(rule)


@pytest.mark.parametrize(
    "given_rule",
    [
        {},
        {"active_below": 0},
        {"active_below": 21},
        {"active_below": True},
        {"active_below": "4"},
        {"mail_classes": ["unknown"]},
        {"mail_classes": "none"},
        {"mail_classes": ["none", "none"]},
        {"mail_classes": [None]},
        {"office_classes": ["machine"]},
        {"rank": "boss"},
        {"rank": ["leader"]},
        {"units": [""]},
        {"post_words": ["  "]},
        {"post_words": ["a\x00"]},
        {"done": ["../mailbox"]},
        {"done": ["mailbox"], "not_done": ["mailbox"]},
        {"done_days_ago": 5},
        {"actve_below": 4, "rank": "leader"},
    ],
)
def test_what_is_no_rule_is_refused(given_rule: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        rule_from_json(given_rule)


def test_why_not_tells_what_was_seen() -> None:
    rows = [
        _person(WindowUse("none", 0, 20, 20), WindowUse("occasional", 6, 20, 20)),
        _person(WindowUse("none", 0, 9, 20), WindowUse("none", 0, 20, 20)),
        _person(WindowUse("none", 0, 5, 5), WindowUse("none", 0, 20, 20)),
        _person(WindowUse("none", 0, 20, 20, has_mailbox=False), WindowUse("none", 0, 20, 20)),
    ]
    known = snapshot(rows)
    rule = Rule(active_below=4)
    verdicts = judge(rule, "mailbox", known)
    said = [why_not(rule, verdicts, known, place)[0].en for place in range(4)]
    assert said == [
        (
            "Not “used e-mail on fewer than 4 working days in 28 days”: 12 October 2026–8 November 2026 uses it now "
            "and then, 6 of 20 working days."
        ),
        (
            "Not known whether “used e-mail on fewer than 4 working days in 28 days”: 14 September 2026–11 October "
            "2026 not used, 0 of 9 working days; the logs cover only 9 of 20 days."
        ),
        (
            "Not known whether “used e-mail on fewer than 4 working days in 28 days”: 14 September 2026–11 October "
            "2026 not used, 0 of 5 working days; was at work for only 5 days (new in post, or away)."
        ),
        (
            "Not known whether “used e-mail on fewer than 4 working days in 28 days”: 14 September 2026–11 October "
            "2026 not used, 0 of 20 working days; has not been given a mailbox."
        ),
    ]


def test_a_class_is_known_from_four_fifths_of_the_days_on() -> None:
    for covered, is_picked in ((15, False), (16, True)):
        use = WindowUse("none", 0, covered, 20)
        assert bool(picked(Rule(mail_classes=("none",)), [_person(use, use)])) is is_picked


def test_a_limit_shrinks_with_the_days_somebody_had() -> None:
    """Fewer than 4 of 20 days is fewer than 2 of 10: who was away half of the window is not taken for rare."""
    rule = Rule(active_below=4)
    for active, is_picked in ((1, True), (2, False)):
        use = WindowUse("occasional", active, 10, 10)
        assert bool(picked(rule, [_person(use, use)])) is is_picked


def _person(earlier: WindowUse, later: WindowUse) -> Person:
    return Person(0, "CB0", "Người", "roads", "Chuyên viên", "staff", (earlier, later))


def _values(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in Person.__dataclass_fields__}
