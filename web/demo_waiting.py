"""What waits for each account of the demonstration: a course that is due, somebody late, a class to come."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.calendar import working_day_after
from core.directory import queries as directory
from core.directory.models import Account, OfficialRow
from core.directory.services import name_deputy
from core.permissions import Actor
from core.words import Text
from training.models import AssignmentRow, ExemptionRow
from training.rules import Rule
from training.services import assigning, exempting, practising
from training.services.rules import Plan, make_rule
from web import demo_learners
from web.demo_learners import Days

COURSES = {
    "canbo": ("reading_and_answering", 7, 10),
    "lanhdao": ("decide_in_three_minutes", 5, 3),
    "vanthu": ("records", 7, 14),
    "kiemtra": ("safe_mail", 3, 21),
    "thanhtra": ("safe_mail", 3, 21),
}
"""Account -> course, assigned so many days ago, due in so many."""
REASON = Text(
    "Phòng Tổ chức cán bộ đề nghị học theo kế hoạch bồi dưỡng năm nay.",
    "The personnel office asks for it, by this year's plan of training.",
)
LATE = 2
PRACTISES = "kiemtra"
"""The account of somebody who learnt to name a deputy by naming one."""
LEADERS = "Lãnh đạo chưa xử lý văn bản trên mạng"


def prepared(session: Session, hr: Actor, days: Days, *, today: date) -> None:
    """Courses by hand for the accounts, two people late in the leader's department, a deputy named as practice."""
    accounts = select(Account.name, OfficialRow.official_id).join(OfficialRow, OfficialRow.id == Account.official)
    known = {name: number for name, number in session.execute(accounts)}  # noqa: C416 - rows are no pairs
    for name, (course, ago, ahead) in COURSES.items():
        if name in known:
            assigned = _assign(session, hr, days, (known[name], course), today - timedelta(days=ago), today, ahead)
            if assigned is not None and name == "canbo":
                _begin(session, days, assigned, today - timedelta(days=2))
    posts = directory.roster(session).posts
    leader = next((one for one in posts if one.official_id == known.get("lanhdao")), None)
    free = [one for one in posts if one.official_id not in known.values()]
    if leader is not None:
        below = [one for one in free if one.unit_key == leader.unit_key][:LATE]
        for one in below:
            _assign(session, hr, days, (one.official_id, "safe_mail"), today - timedelta(days=40), today, -6)
        others = [one.official_id for one in free if one.rank == "leader" and one.unit_key != leader.unit_key]
        if PRACTISES in known and others:
            _practise(session, hr, days, known[PRACTISES], others[0], today)
    make_rule(
        session, hr, plan=Plan(LEADERS, "decide_in_three_minutes", Rule(office_classes=("none",), rank="leader")),
        moment=days.at(today, 7),
    )  # fmt: skip


def of_campaign(session: Session, hr: Actor, days: Days, *, campaign_id: int, today: date) -> None:
    """Of the wave that waits: a class to come with the first on its list, and somebody who need not learn now."""
    wanted = (
        select(OfficialRow.official_id)
        .join(AssignmentRow, AssignmentRow.official == OfficialRow.id)
        .where(AssignmentRow.campaign == campaign_id, AssignmentRow.state.in_(("waiting", "open")))
        .order_by(AssignmentRow.starts_on.desc(), AssignmentRow.id)
    )
    waiting = list(session.scalars(wanted))
    if not waiting or session.scalars(select(ExemptionRow.id)).first() is not None:
        return
    now = days.at(today, 7)
    day = working_day_after(today + timedelta(days=8), 1)
    class_id = demo_learners.class_on(session, hr, days, day=day, planned=today)
    canbo = select(OfficialRow.official_id).join(Account, Account.official == OfficialRow.id)
    own = list(session.scalars(canbo.where(Account.name == "canbo")))
    for number in [*own, *waiting[1:25]]:
        demo_learners.seat(session, hr, class_id=class_id, official_id=number, moment=now)
    exempting.record_exemption(
        session, hr, official_id=waiting[0], course_key=None, reason="Nghỉ thai sản", first=today,
        last=today + timedelta(days=120), moment=now,
    )  # fmt: skip


def _assign(
    session: Session, hr: Actor, days: Days, what: tuple[str, str], day: date, today: date, ahead: int
) -> AssignmentRow | None:
    """The course for that official, assigned on `day`, due `ahead` days from today; None where it is there already."""
    number, course = what
    known = select(AssignmentRow.id).join(OfficialRow, OfficialRow.id == AssignmentRow.official)
    if session.scalars(known.where(OfficialRow.official_id == number, AssignmentRow.course_key == course)).first():
        return None
    due = working_day_after(today + timedelta(days=ahead - 1), 1)
    made = assigning.assign_by_hand(
        session, hr, official_id=number, course_key=course, due_on=due, reason=REASON, moment=days.at(day, 8)
    )
    return session.get_one(AssignmentRow, made)


def _begin(session: Session, days: Days, assignment: AssignmentRow, day: date) -> None:
    """Read the first lesson: the course goes on where they left it."""
    who = demo_learners.learner(session, session.get_one(OfficialRow, assignment.official))
    demo_learners.read_lessons(session, who, assignment, days.at(day, 15), most=1)


def _practise(session: Session, hr: Actor, days: Days, head: str, deputy: str, today: date) -> None:
    """A head learns to name a deputy, names one, and the trail of the office proves it."""
    assignment = _assign(session, hr, days, (head, "deputies"), today - timedelta(days=3), today, 20)
    if assignment is None:
        return
    who = demo_learners.learner(session, session.get_one(OfficialRow, assignment.official))
    now = days.at(today, 0)
    demo_learners.read_lessons(session, who, assignment, now)
    demo_learners.pass_quiz(session, who, assignment, now)
    practising.begin(session, who, assignment_id=assignment.id, kind="deputy", moment=now)
    name_deputy(
        session, who, official_id=head, deputy_official_id=deputy, scope="everything", first=today + timedelta(days=1),
        last=today + timedelta(days=5), today=today,
    )  # fmt: skip
    practising.look(session, who, assignment_id=assignment.id, kind="deputy", moment=now)
