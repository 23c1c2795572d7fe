"""The demonstration's other roles: an account for each, so that everybody sees what a leader or an inspector sees."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory import queries as directory
from core.directory.models import Account, OfficialRow
from core.directory.roster import Roster
from core.directory.services import create_account
from core.permissions import ROLE_WORDS, Actor, Role
from core.words import Text
from web.demo_documents import office_of
from web.demo_official import keep

OF_A_UNIT = {"lanhdao": Role.LEADER, "vanthu": Role.CLERK}
"""Name -> a role that is granted for one department; both are officials of it."""
OF_THE_CITY = {"tochuc": Role.HR, "kiemtra": Role.AUDITOR, "thanhtra": Role.INSPECTOR}
"""Name -> a role that is granted for the whole city, to an official of some other department."""
WORKS_IN = {
    Role.HR: "Sở Nội vụ",
    Role.AUDITOR: "Sở Thông tin và Truyền thông",
    Role.INSPECTOR: "Thanh tra thành phố",
}
"""Role -> the department whose work it is; where the city has none, the role is any other leader's."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account with a role, and what to log in with; `unit` None: for the whole city."""

    name: str
    password: str
    role: Role
    unit: str | None

    @property
    def words(self) -> Text:
        """Its line under the address of the demonstration."""
        role = ROLE_WORDS[self.role]
        where = Text(self.unit, self.unit) if self.unit else Text("toàn thành phố", "the whole city")
        return Text(
            f"  {self.name} / {self.password}   {role.vi}, {where.vi}",
            f"  {self.name} / {self.password}   {role.en}, {where.en}",
        )


def prepared(session: Session, actor: Actor, home: Path, *, day: date) -> list[DemoAccount]:
    """An account for each role, made where there is none yet; the same on a later `day`."""
    unit, leader = _department(session, directory.roster(session))
    before = [one.unit_key for one in directory.grants(session, today=day, name="lanhdao") if one.unit_key]
    unit = before[0] if before else unit
    people = _people(session, directory.roster(session), unit, leader)
    made = []
    for name, role in (OF_A_UNIT | OF_THE_CITY).items():
        kept = home / f"demo-password-{name}"
        password = kept.read_text("ascii").strip() if kept.exists() else secrets.token_urlsafe(9)
        of_unit = unit if name in OF_A_UNIT else None
        if directory.account_by_name(session, name) is None:
            keep(kept, password)
            create_account(
                session,
                actor,
                name=name,
                password=password,
                official_id=people.get(role),
                role=role,
                unit_key=of_unit,
            )
        made.append(DemoAccount(name, password, role, of_unit))
    return made


def _department(session: Session, roster: Roster) -> tuple[str, str]:
    """A department with offices below it, and somebody who leads it and has no account yet."""
    above = {unit.parent_key for unit in roster.units.values()}
    accounts = session.scalars(select(Account.official)).all()
    taken = set(session.scalars(select(OfficialRow.official_id).where(OfficialRow.id.in_(accounts))))
    inner = {key for key, unit in roster.units.items() if key in above and unit.parent_key is not None}
    leaders = [post for post in roster.posts if post.rank == "leader"]
    free = [post for post in leaders if post.official_id not in taken]
    chosen = next((post for post in free if post.unit_key in inner), free[0])
    return chosen.unit_key, chosen.official_id


def _people(session: Session, roster: Roster, unit: str, leader: str) -> dict[Role, str]:
    """Who has which account: each role is somebody's, who has documents to read like everybody else."""
    office = office_of(roster, unit)
    taken = {
        leader,
        *session.scalars(select(OfficialRow.official_id).join(Account, Account.official == OfficialRow.id)),
    }
    found = {Role.LEADER: leader}
    if office is not None and office.clerk.official_id not in taken:
        found[Role.CLERK] = office.clerk.official_id
    taken |= set(found.values())
    others = [one for one in roster.posts if one.rank == "leader" and one.unit_key != unit]
    for role in OF_THE_CITY.values():
        free = [one for one in others if one.official_id not in taken]
        at_home = [one for one in free if one.unit_key == WORKS_IN[role]]
        for one in (at_home or free)[:1]:
            found[role] = one.official_id
            taken.add(one.official_id)
    return found
