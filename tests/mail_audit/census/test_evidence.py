"""What the census tells of days: the last sent message, what rose between two counts, and what it cannot tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from sqlalchemy.orm import Session

from mail_audit.queries.census import census_coverage, census_days, census_told
from mail_audit.usage.days import COUNTS

Taken = Callable[..., None]
BOX = "cb01@tp.example.gov.vn"
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


def local(day: int, hour: int, month: int = 10) -> datetime:
    """A moment of the offices (UTC+7)."""
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=7)


def acts(session: Session, first: date = FIRST, last: date = LAST) -> dict[date, int]:
    frame = census_days(session, first, last)
    assert frame["mailbox"].unique().to_list() in ([], [BOX])
    return dict(frame.select("day", "acts_b").iter_rows())


def covered(session: Session) -> set[int]:
    return {day.day for day in census_coverage(session, FIRST, LAST).get(BOX, set())}


def test_without_a_census_there_is_a_table_without_rows(session: Session) -> None:
    frame = census_days(session, FIRST, LAST)
    assert frame.schema == {
        "mailbox": pl.String,
        "day": pl.Date,
        **dict.fromkeys(COUNTS, pl.Int64),
        "rung": pl.String,
    }
    assert frame.is_empty()
    assert census_coverage(session, FIRST, LAST) == {}


def test_the_last_sent_message_is_an_act_on_its_local_day(session: Session, taken: Taken) -> None:
    taken(BOX, local(20, 2), messages=5, sent_at=local(15, 0))  # midnight here, the 14th in UTC
    [row] = census_days(session, FIRST, LAST).to_dicts()
    assert row["rung"] == "B"
    assert (row["mailbox"], row["day"], row["acts_b"], row["acts_a"]) == (BOX, date(2026, 10, 15), 1, 0)
    assert row["opened"] is None
    assert row["rule_mailbox_count"] == 1
    others = set(COUNTS) - {"acts_b", "opened", "rule_mailbox_count"}
    assert {name: row[name] for name in others} == dict.fromkeys(others, 0)


def test_the_same_last_message_seen_by_many_censuses_is_one_act(session: Session, taken: Taken) -> None:
    for day in range(16, 26):
        taken(BOX, local(day, 2), messages=5, uid_next=6, sent_at=local(15, 9))
    assert acts(session) == {date(2026, 10, 15): 1}


def test_silence_behind_the_last_sent_message_is_covered_within_its_month(session: Session, taken: Taken) -> None:
    taken(BOX, local(5, 2, 11), messages=5, sent_at=local(28, 9))
    assert covered(session) == {28, 29, 30, 31}
    assert census_coverage(session, date(2026, 11, 1), date(2026, 11, 30)) == {}


def test_one_census_with_an_unseen_pile_is_no_proof_of_anything(session: Session, taken: Taken) -> None:
    taken(BOX, local(20, 2), messages=400, unseen=400, uid_next=401)
    assert (acts(session), covered(session)) == ({}, set())


@pytest.mark.parametrize(
    ("before", "after", "is_act"),
    [
        ((10, 4, 0, 11), (10, 1, 0, 11), True),  # three were marked as read
        ((10, 4, 0, 11), (15, 4, 0, 16), True),  # five came and were read
        ((10, 4, 2, 11), (10, 4, 3, 11), True),  # one was answered
        ((10, 4, 0, 11), (12, 6, 0, 13), False),  # two came and lie there
        ((10, 4, 0, 11), (6, 0, 0, 11), False),  # four are gone, read or not
        ((10, 4, 3, 11), (9, 4, 2, 11), False),  # an answered one was deleted
        ((10, 4, 0, 11), (10, 4, 0, 11), False),  # nothing
    ],
)
def test_what_rose_between_two_counts(
    session: Session,
    taken: Taken,
    before: tuple[int, int, int, int],
    after: tuple[int, int, int, int],
    is_act: bool,
) -> None:
    taken(BOX, local(6, 2), *before)
    taken(BOX, local(7, 2), *after)
    assert acts(session) == ({date(2026, 10, 6): 1} if is_act else {})


def test_nightly_counts_cover_the_day_before(session: Session, taken: Taken) -> None:
    for day in range(5, 10):
        taken(BOX, local(day, 2), messages=day, unseen=day, uid_next=day + 1)
    assert covered(session) == {5, 6, 7, 8}
    assert acts(session) == {}


def test_counts_at_noon_cover_the_days_between(session: Session, taken: Taken) -> None:
    for day in (5, 6, 7):
        taken(BOX, local(day, 12), messages=day, unseen=day, uid_next=day + 1)
    assert covered(session) == {5, 6, 7}


def test_who_files_everything_away_is_unknown_and_not_idle(session: Session, taken: Taken) -> None:
    taken(BOX, local(6, 2), messages=3, unseen=3, uid_next=11)
    taken(BOX, local(7, 2), messages=3, unseen=3, uid_next=31)  # twenty came, twenty left
    assert (acts(session), covered(session)) == ({}, set())


def test_a_server_without_uidnext_tells_only_what_rose(session: Session, taken: Taken) -> None:
    taken(BOX, local(6, 2), 10, 5, 0, None)
    taken(BOX, local(7, 2), 10, 5, 0, None)
    assert covered(session) == set()
    taken(BOX, local(8, 2), 10, 3, 0, None)
    assert (acts(session), covered(session)) == ({date(2026, 10, 7): 1}, {7})


def test_a_mailbox_made_anew_is_compared_with_nothing(session: Session, taken: Taken) -> None:
    taken(BOX, local(6, 2), 10, 5, 0, 11, uid_validity=1)
    taken(BOX, local(7, 2), 10, 0, 4, 11, uid_validity=2)
    assert (acts(session), covered(session)) == ({}, set())


def test_a_failed_count_is_passed_over(session: Session, taken: Taken) -> None:
    taken(BOX, local(6, 2), 10, 5, 0, 11)
    taken(BOX, local(7, 2), reason="timeout")
    taken(BOX, local(8, 2), 10, 4, 0, 11)
    assert covered(session) == {6, 7}
    assert acts(session) == {date(2026, 10, 7): 1}


def test_an_act_of_a_week_is_one_day_and_the_week_is_covered(session: Session, taken: Taken) -> None:
    taken(BOX, local(5, 2), 10, 5, 0, 11)  # Monday
    taken(BOX, local(12, 2), 10, 0, 3, 11)
    assert acts(session) == {date(2026, 10, 9): 1}  # Friday: its last working day
    assert covered(session) == {5, 6, 7, 8, 9, 10, 11}


def test_an_act_of_a_week_may_be_that_of_the_sent_message(session: Session, taken: Taken) -> None:
    taken(BOX, local(5, 2), 10, 5, 0, 11)
    taken(BOX, local(12, 2), 10, 0, 3, 11, sent_at=local(7, 10))
    assert acts(session) == {date(2026, 10, 7): 2}


def test_counts_too_far_apart_tell_nothing(session: Session, taken: Taken) -> None:
    taken(BOX, local(1, 2, 8), 10, 5, 0, 11)
    taken(BOX, local(12, 2), 10, 0, 3, 11)
    assert (acts(session), covered(session)) == ({}, set())


def test_counts_on_both_sides_of_the_range_tell_of_it(session: Session, taken: Taken) -> None:
    taken(BOX, local(29, 2, 9), 10, 5, 0, 11)
    taken(BOX, local(3, 2, 11), 11, 6, 0, 12)
    assert covered(session) == set(range(1, 32))


def test_two_counts_within_hours_put_the_act_on_their_day(session: Session, taken: Taken) -> None:
    taken(BOX, local(6, 9), 10, 5, 0, 11)
    taken(BOX, local(6, 11), 10, 4, 0, 11)
    assert (acts(session), covered(session)) == ({date(2026, 10, 6): 1}, {6})


def test_mailboxes_are_kept_apart(session: Session, taken: Taken) -> None:
    other = "cb02@tp.example.gov.vn"
    taken(BOX, local(6, 2), 10, 5, 0, 11)
    taken(other, local(7, 2), 10, 1, 4, 11)
    taken(BOX, local(8, 2), 10, 5, 0, 11)
    taken(other, local(8, 2), 10, 1, 5, 11)
    assert census_days(session, FIRST, LAST).select("mailbox", "day").rows() == [(other, date(2026, 10, 7))]
    assert census_coverage(session, FIRST, LAST) == {
        BOX: {date(2026, 10, 6), date(2026, 10, 7)},
        other: {date(2026, 10, 7)},
    }


@pytest.mark.parametrize(
    ("by_logs", "day", "left"),
    [
        ({5, 6, 7, 8}, None, set()),  # it may have been on any of those that logs tell of
        ({8}, None, set()),
        ({4, 13}, 9, {5, 6, 7, 8, 9, 10, 11}),  # neither lies in the span
        ({12}, 9, {5, 6, 7, 8, 9, 10, 11}),  # two hours of the night before the count
    ],
)
def test_what_may_have_been_done_on_a_day_with_logs_is_no_act_of_another_day(
    session: Session, taken: Taken, by_logs: set[int], day: int | None, left: set[int]
) -> None:
    taken(BOX, local(5, 2), 10, 5, 0, 11)
    taken(BOX, local(12, 2), 10, 0, 3, 11)
    logs = {date(2026, 10, number) for number in by_logs}
    told = census_told(session, FIRST, LAST, others=lambda _: logs)
    assert told.days["day"].to_list() == ([] if day is None else [date(2026, 10, day)])
    assert {one.day for one in told.coverage.get(BOX, set())} == left


def test_nightly_counts_tell_of_one_day_between_days_with_logs(session: Session, taken: Taken) -> None:
    for day, unseen in ((6, 9), (7, 8), (8, 7), (9, 6)):
        taken(BOX, local(day, 2), 10, unseen, 0, 11)
    logs = {date(2026, 10, day) for day in range(1, 32) if day != 7}
    told = census_told(session, FIRST, LAST, others=lambda _: logs)
    assert told.days["day"].to_list() == [date(2026, 10, 7)]
    assert told.coverage == {BOX: {date(2026, 10, 7)}}


def test_a_count_by_day_may_have_found_what_was_done_on_either_side(session: Session, taken: Taken) -> None:
    taken(BOX, local(7, 11), 10, 5, 0, 11)
    taken(BOX, local(8, 11), 10, 4, 0, 11)
    logs = {date(2026, 10, 8)}  # where the morning of the 8th stands
    assert census_told(session, FIRST, LAST, others=lambda _: logs).days.is_empty()


def test_where_nothing_rose_logs_take_nothing_away(session: Session, taken: Taken) -> None:
    taken(BOX, local(5, 2), 10, 5, 0, 11)
    taken(BOX, local(8, 2), 11, 6, 0, 12)
    logs = {date(2026, 10, 6)}
    told = census_told(session, FIRST, LAST, others=lambda _: logs)
    assert (told.days.is_empty(), {day.day for day in told.coverage[BOX]}) == (True, {5, 6, 7})
