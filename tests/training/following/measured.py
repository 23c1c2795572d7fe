"""A list of people drawn into waves, and the days on which they used e-mail: what training adds is known.

Everybody acts on about one working day in six before training, and on two more of twenty afterwards. One server speaks
of all of them on every day; what a test leaves out of the logs is not known.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.calendar import is_working_day
from core.directory.models import MailboxRow, OfficialRow, PostRow, UnitRow
from mail_audit.models import LogPiece, LogSource, LogStream, StandingDay, StandingMonth
from tests.training.following.office import COURSE, HR, moment
from training.models import AssignmentRow, CampaignMemberRow, CampaignRow, RuleRow
from training.services.drawing import draw_waves, publish_seed, put_first

STARTS = date(2026, 6, 1)
"""First day of wave 1; waves follow each other every 28 days."""
FIRST, LAST = STARTS + timedelta(days=1 - 3 * 28), STARTS + timedelta(days=3 * 28)
USUAL, ADDED = 3 / 20, 2 / 20
DRAWN = moment(STARTS - timedelta(days=3))
TELLS = {
    "told": dict.fromkeys(("submissions", "deliveries", "log_ins", "flag_changes", "counters"), True)
    | {"literal_format": False},
    "ended": True,
}
Acts = Callable[[str, date], bool]


def campaign(session: Session, *, units: int = 5, each: int = 12, first: int = 2, waves: int = 3) -> int:
    """A list of people in units, drawn into waves; the first ones of each unit must go first. Its id."""
    rule = RuleRow(
        name="Ít dùng thư", version=1, course_key=COURSE, conditions={"active_below": 4}, waves=waves, wave_days=28,
        due_days=20, made_at=DRAWN.now, made_by="nhansu", activated_at=DRAWN.now, activated_by="nhansu",
    )  # fmt: skip
    session.add(rule)
    session.flush()
    row = CampaignRow(
        rule=rule.id, number=1, opened_at=DRAWN.now, opened_by="nhansu", first_day=FIRST, last_day=STARTS,
        people=units * each, snapshot_digest="0" * 64, waves=waves,
    )  # fmt: skip
    session.add(row)
    session.flush()
    numbers = [_person(session, row.id, f"u{unit}", f"u{unit}p{one}") for unit in range(units) for one in range(each)]
    for number in [one for one in numbers if int(one.partition("p")[2]) < first]:
        put_first(session, HR, campaign_id=row.id, official_id=number, why="lãnh đạo", moment=DRAWN)
    if waves > 1:
        seed = "XSMT 28/05/2026 08112"
        publish_seed(session, HR, campaign_id=row.id, seed=seed, typed=True, starts_on=STARTS, moment=DRAWN)
        draw_waves(session, HR, campaign_id=row.id, moment=DRAWN)
    return row.id


def _person(session: Session, campaign_id: int, unit_key: str, number: str) -> str:
    unit = session.scalars(select(UnitRow).where(UnitRow.key == unit_key)).first()
    if unit is None:
        unit = UnitRow(key=unit_key, name=f"Phòng {unit_key}")
        session.add(unit)
        session.flush()
    person = OfficialRow(official_id=number, name=f"Trần Thị {number}")
    session.add(person)
    session.flush()
    session.add(PostRow(official=person.id, position=0, unit=unit.id, title="Chuyên viên", rank="staff"))
    session.add(MailboxRow(address=box(number), kind="personal", unit=unit.id, owner=person.id))
    session.add(
        CampaignMemberRow(
            campaign=campaign_id, official=person.id, unit=unit_key, person=number, reason_vi="ít dùng", reason_en="low"
        )
    )
    session.flush()
    return number


def box(number: str) -> str:
    """Their address."""
    return f"{number}@tp.example.gov.vn"


def habits(session: Session, campaign_id: int, *, added: float = ADDED, seed: int = 7) -> Acts:
    """Who acts when: by chance, and more often from the day after the first day of the own wave on."""
    wanted = select(OfficialRow.official_id, AssignmentRow.starts_on).join(
        AssignmentRow, AssignmentRow.official == OfficialRow.id
    )
    found = session.execute(wanted.where(AssignmentRow.campaign == campaign_id))
    starts = {number: starts_on for number, starts_on in found}  # noqa: C416 - rows are no pairs

    def acts(number: str, day: date) -> bool:
        chance = USUAL + (added if day > starts.get(number, LAST) else 0.0)
        return random.Random(f"{seed} {number} {day}").random() < chance

    return acts


def log(
    session: Session, acts: Acts, *, first: date = FIRST, last: date = LAST, without: Collection[date] = ()
) -> None:
    """What the collected logs hold and what was measured from them: of every day but those `without`."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    days = [day for day in days if day not in without]
    stream = session.scalars(select(LogStream.id)).first() or _stream(session)
    session.add(
        LogPiece(
            stream_id=stream, segment_id=None, kind="lines", start=first.toordinal(), stop=last.toordinal() + 1,
            sha256="0" * 64, blocks=b"", lines=1, events=1, not_of_interest=0, broken=0, samples=[],
            host_days={"mx1": [day.isoformat() for day in days]}, other_days=[], newest_at=_at(days[-1]),
            collected_at=_at(days[-1]),
        )
    )  # fmt: skip
    for month in sorted({day.replace(day=1) for day in days}):
        if session.get(StandingMonth, month) is None:
            session.add(StandingMonth(month=month, timezone="Asia/Ho_Chi_Minh", inputs="0" * 64, facts="0" * 64,
                                      tells=TELLS, mailbox_days=1, measured_at=_at(month)))  # fmt: skip
    session.flush()
    numbers = session.scalars(select(CampaignMemberRow.person))
    rows = [_row(number, day, acts=acts(number, day)) for number in numbers for day in days if is_working_day(day)]
    if rows:
        session.execute(insert(StandingDay), rows)


def _row(number: str, day: date, *, acts: bool) -> dict[str, Any]:
    counts = dict.fromkeys(
        ("sent_external", "logins", "failed_logins", "opened", "acts_b", "acts_c", "acts_d", "uncounted", "delegated",
         "forwards", "outside"), 0,
    )  # fmt: skip
    own = {"day": day, "mailbox": box(number), "sent": int(acts), "sent_recipients": int(acts), "acts_a": int(acts)}
    return counts | own | {"received": 1, "blind": False, "scheduled": False, "hosts": "mx1"}


def _stream(session: Session) -> int:
    source = LogSource(name="mx1", paths=["/var/log/mx1"], patterns=[], created_at=_at(FIRST), created_by="test")
    session.add(source)
    session.flush()
    stream = LogStream(source_id=source.id, first_line="0" * 64, fork=0, name="mx1.log", created_at=_at(FIRST))
    session.add(stream)
    session.flush()
    return stream.id


def _at(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
