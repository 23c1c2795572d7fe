"""The statements behind the figures of use: turns with their hours, acts, classes. All counting is the database's.

Hours are counted by a table of days that is handed in with the statement: the working seconds from its beginning to a
moment are those of the days before and those of its own day, and a wait is the difference of two such sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    column,
    extract,
    func,
    literal,
    or_,
    select,
    union_all,
    values,
)
from sqlalchemy.orm import InstrumentedAttribute

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.queries import in_post
from eoffice.models import RemarkRow, RevisionRow, RoundRow, StepRow, TaskRow, practice_drafts
from eoffice.queries.use.rules import JUDGED_AFTER_HOURS, REGULAR_SHARE, UsePeriod, office_seconds

_DAY = 86_400
_FATES = ("own", "by_deputy", "left", "fresh")
_ACTS = ("agreed", "returned", "opinions", "remarks", "revisions", "for_others")


def turns(period: UsePeriod) -> CTE:
    """A row a turn that waited for somebody in the period: `official`, `fate` (as `Turns` has it), `seconds` waited.

    Turns that ended without anybody's answer (another answered first, the round was over, it was handed over) are
    nobody's. What happened after the period has not happened.
    """
    days = _days(period)
    ended = case(
        (TaskRow.decided_at.is_not(None), TaskRow.decided_at),
        (TaskRow.state == "void", func.coalesce(StepRow.closed_at, TaskRow.opened_at)),
    )
    over = ended < period.until
    asked = (
        select(
            TaskRow.official,
            TaskRow.decided_by,
            StepRow.due,
            func.coalesce(over, literal(False)).label("over"),
            _local(TaskRow.opened_at, period).label("opened"),
            case((over, _local(ended, period)), else_=_seconds_of(period)).label("closed"),
        )
        .join(StepRow, StepRow.id == TaskRow.step)
        .where(TaskRow.opened_at < period.until, TaskRow.state != "handed_over", StepRow.round.not_in(_practised()))
        .where(or_(ended.is_(None), ended >= period.begin))
        .where(or_(TaskRow.state != "void", ended >= period.until))
    ).subquery("asked")
    first, last = days.alias("opened_on"), days.alias("closed_on")
    opened = _no_less(asked.c.opened, period.worked()[0][0] * _DAY)
    waited = _worked(last, asked.c.closed) - _worked(first, opened)
    late = case((asked.c.due.is_not(None), asked.c.due < period.today), else_=waited >= JUDGED_AFTER_HOURS * 3600)
    fate = case(
        (and_(asked.c.over, asked.c.decided_by == asked.c.official), "own"),
        (asked.c.over, "by_deputy"),
        (late, "left"),
        else_="fresh",
    )
    return (
        select(asked.c.official, fate.label("fate"), waited.label("seconds"))
        .join(first, first.c.day == opened // _DAY)
        .join(last, last.c.day == asked.c.closed // _DAY)
    ).cte("turns")


def acts(period: UsePeriod) -> CTE:
    """A row for each act of a person in the period: `official`, `act` (as `Acts` has it), `for_others` (0, 1).

    A deputy's act is the deputy's. Looking at a document is none, nor is practice; a remark that came with a decision
    is that decision.
    """
    said = {"agree": "agreed", "return": "returned", "opinion": "opinions"}
    decided = select(
        TaskRow.decided_by.label("official"),
        case(said, value=TaskRow.decision).label("act"),
        case((TaskRow.decided_by == TaskRow.official, 0), else_=1).label("for_others"),
    ).where(_in(TaskRow.decided_at, period), TaskRow.step.not_in(_steps_practised()))
    with_decision = select(TaskRow.remark).where(TaskRow.remark.is_not(None))
    remarked = select(RemarkRow.author, literal("remarks"), literal(0)).where(
        _in(RemarkRow.at, period), RemarkRow.id.not_in(with_decision), RemarkRow.draft.not_in(practice_drafts())
    )
    written = select(RevisionRow.author, literal("revisions"), literal(0)).where(
        _in(RevisionRow.at, period), RevisionRow.draft.not_in(practice_drafts())
    )
    return union_all(decided, remarked, written).cte("acts")


def medians(period_turns: CTE, group: ColumnElement[Any], members: Any = None) -> Subquery:
    """`seconds`: the middle of what answered turns waited, for each value of `group`, by the name `of`.

    `members` joins the turns to what is grouped by, where that is not their own column.
    """
    answered = select(
        group.label("of"),
        period_turns.c.seconds,
        func.row_number().over(partition_by=group, order_by=period_turns.c.seconds).label("at"),
        func.count().over(partition_by=group).label("all"),
    ).where(period_turns.c.fate.in_(("own", "by_deputy")))
    if members is not None:
        answered = answered.select_from(members)
    ranked = answered.subquery("ranked")
    middle = ranked.c.at.in_(((ranked.c.all + 1) // 2, (ranked.c.all + 2) // 2))
    return (
        select(ranked.c.of, (func.sum(ranked.c.seconds) * 1.0 / func.count()).label("seconds"))
        .where(middle)
        .group_by(ranked.c.of)
        .subquery("medians")
    )


def people(period: UsePeriod, period_turns: CTE) -> CTE:
    """A row for each official in post in the period: who, in which unit, every count, the class."""
    fates, done, main = _fates(period_turns), _done(acts(period)), _main_posts(period)
    counts = {name: func.coalesce(fates.c[name], 0) for name in _FATES}
    counts |= {name: func.coalesce(done.c[name], 0) for name in _ACTS}
    return (
        select(
            OfficialRow.id,
            OfficialRow.official_id,
            OfficialRow.name,
            OfficialRow.name_order,
            main.c.unit,
            main.c.title,
            main.c.rank,
            *(count.label(name) for name, count in counts.items()),
            fates.c.waiting,
            _class(counts).label("usage_class"),
        )
        .join(main, main.c.official == OfficialRow.id)
        .outerjoin(fates, fates.c.official == OfficialRow.id)
        .outerjoin(done, done.c.official == OfficialRow.id)
        .where(main.c.at == 1, or_(OfficialRow.gone_at.is_(None), OfficialRow.gone_at >= period.begin))
        .cte("people")
    )


def units_and_below() -> CTE:
    """Each unit beside itself and every unit below it: `top`, `unit`."""
    tree = select(UnitRow.id.label("top"), UnitRow.id.label("unit")).cte("tree", recursive=True)
    below = select(tree.c.top, UnitRow.id).join(tree, UnitRow.parent_id == tree.c.unit)
    return tree.union(below)  # a ring of units ends, since what was found already is dropped


def _class(counts: Mapping[str, ColumnElement[int]]) -> ColumnElement[str]:
    by_hand = counts["own"] + counts["for_others"]
    judged = by_hand + counts["by_deputy"] + counts["left"]
    acted = by_hand + counts["remarks"] + counts["revisions"]
    return cast(
        case(
            (and_(by_hand > 0, by_hand >= REGULAR_SHARE * judged), "regular"),
            (acted > 0, "occasional"),
            (counts["by_deputy"] > 0, "delegated"),
            (counts["left"] > 0, "none"),
            else_="unknown",
        ),
        String,
    )


def _fates(period_turns: CTE) -> Subquery:
    waits = period_turns.c.fate.in_(("left", "fresh"))
    return (
        select(
            period_turns.c.official,
            *(_count(period_turns.c.fate == fate).label(fate) for fate in _FATES),
            func.max(case((waits, period_turns.c.seconds))).label("waiting"),
        )
        .group_by(period_turns.c.official)
        .subquery("fates")
    )


def _done(period_acts: CTE) -> Subquery:
    return (
        select(
            period_acts.c.official,
            *(_count(period_acts.c.act == name).label(name) for name in _ACTS[:-1]),
            func.sum(period_acts.c.for_others).label("for_others"),
        )
        .group_by(period_acts.c.official)
        .subquery("done")
    )


def _main_posts(period: UsePeriod) -> Subquery:
    """The posts held in the period, the main one of each official `at` 1: a leader's before another."""
    return (
        select(
            PostRow.official,
            PostRow.unit,
            PostRow.title,
            PostRow.rank,
            func.row_number()
            .over(partition_by=PostRow.official, order_by=(PostRow.rank != "leader", PostRow.position))
            .label("at"),
        )
        .where(in_post(period.first, period.last))
        .subquery("posts")
    )


def _practised() -> Select[int]:
    """The rounds of practice documents: nobody's use."""
    return select(RoundRow.id).where(RoundRow.draft.in_(practice_drafts()))


def _steps_practised() -> Select[int]:
    return select(StepRow.id).where(StepRow.round.in_(_practised()))


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((which, 1), else_=0))


def _days(period: UsePeriod) -> CTE:
    given = values(
        column("day", BigInteger), column("before", BigInteger), column("works", Integer), literal_binds=True
    ).data(period.worked())
    return given.cte("days")


def _worked(day: Any, moment: ColumnElement[int]) -> ColumnElement[int]:
    """Working seconds from the beginning of the days to a local moment, whose `day` is joined."""
    at = moment % _DAY
    halves = [case((at < begin, 0), (at > end, end - begin), else_=at - begin) for begin, end in office_seconds()]
    found: ColumnElement[int] = day.c.before + day.c.works * (halves[0] + halves[1])
    return found


def _local(moment: Any, period: UsePeriod) -> ColumnElement[int]:
    """Seconds since 1970 on the office's clocks."""
    return cast(extract("epoch", moment), BigInteger) + period.offset


def _seconds_of(period: UsePeriod) -> int:
    return int(period.until.timestamp()) + period.offset


def _no_less(number: ColumnElement[int], least: int) -> ColumnElement[int]:
    return case((number < least, least), else_=number)


def _in(moment: InstrumentedAttribute[Any], period: UsePeriod) -> ColumnElement[bool]:
    return and_(moment >= period.begin, moment < period.until)
