"""The officials of the sample city: posts, mailboxes, habits and stations, and the directory file that lists them."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mail_audit.sample.names import local_part, name
from mail_audit.sample.picture import FULL, SMALL, Habit, UnitPlan

DOMAIN = "tp.example.gov.vn"
SERVICE = (("baocao", "Báo cáo tự động"), ("thongbao", "Thông báo nội bộ"))
SHARED = "vanphong"
UNLISTED = f"tuyendung@{DOMAIN}"
COLUMNS = ("unit", "parent_unit", "official_id", "name", "title", "rank", "email", "aliases", "kind")


@dataclass(frozen=True, slots=True)
class Person:
    """One official with the habit that decides what the logs will hold."""

    number: int
    official_id: str
    name: str
    title: str
    rank: Literal["leader", "staff"]
    unit: str
    """The unit's key in the directory."""
    unit_name: str
    parent: str | None
    """The parent unit's key."""
    top: str
    """Code of the department or district."""
    habit: Habit
    frequent: bool
    """Acts on at least half of the working days."""
    address: str | None
    alias: str | None
    station: str
    """Address of the office computer."""
    mobile: str
    """Address the telephone or device connects from."""
    clerk: int | None
    """Number of the official who works in this mailbox."""


@dataclass(frozen=True, slots=True)
class Town:
    """The whole directory of the sample city."""

    people: tuple[Person, ...]
    units: dict[str, str | None]
    """Unit key -> parent key."""
    shared: str
    shared_members: tuple[str, str]
    services: tuple[str, ...]
    unlisted: str


def _shares(total: int, weights: list[int]) -> list[int]:
    """`total` split by `weights`, to whole people, by the largest remainders."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    counts = [int(share) for share in exact]
    for index in sorted(range(len(weights)), key=lambda i: counts[i] - exact[i])[: total - sum(counts)]:
        counts[index] += 1
    return counts


def _habits(plan: UnitPlan, using: int, total: int, rank: str) -> list[Habit]:
    """The habits of a unit's leaders or staff: those who use e-mail first, then what the others do."""
    pattern: tuple[Habit, ...] = ("writes", "writes", "reads", "webmail", "writes", "fetches", "mornings", "downloads")
    if plan.using == 1 or (rank == "leader" and plan.using == 2):
        pattern = ("writes",)
    habits: list[Habit] = [pattern[i % len(pattern)] for i in range(using)]
    others = plan.abstaining if rank == "leader" else plan.staff_abstaining
    habits += [others[i % len(others)] for i in range(total - using)]
    return habits


class _Census:
    """Fills the units with people, in one order that depends on the seed alone."""

    def __init__(self, plans: tuple[UnitPlan, ...], staff: int, seed: int) -> None:
        self.plans = plans
        self.chance = random.Random(f"people {seed}")
        self.staff = _shares(staff, [plan.staff_weight for plan in plans])
        self.taken: set[str] = {SHARED, "tuyendung", *(local for local, _ in SERVICE)}
        self.people: list[Person] = []
        self.units: dict[str, str | None] = {}
        names = [office for plan in plans for office in plan.offices]
        self.repeated = {office for office in names if names.count(office) > 1}

    def place(self, plan: UnitPlan, slot: int, rank: str) -> tuple[str, str, str | None, str]:
        """Unit key, unit name, parent key and title of the person in the `slot`-th post of the rank."""
        city = self.plans[0]
        top = None if plan is city else city.name
        offices = plan.offices
        if rank == "leader" and (slot < 3 or not offices):
            return plan.name, plan.name, top, plan.head if slot == 0 else plan.deputy
        if not offices:
            return plan.name, plan.name, top, "Văn thư" if slot == 0 else "Chuyên viên"
        office = offices[(slot - 3) % len(offices) if rank == "leader" else slot % len(offices)]
        key = f"{office} ({plan.name})" if office in self.repeated else office
        if rank == "leader":
            title = f"Trưởng {office[0].lower()}{office[1:]}" if slot - 3 < len(offices) else "Phó Trưởng phòng"
        else:
            title = "Văn thư" if slot == 0 else "Chuyên viên"
        return key, office, plan.name, title

    def fill(self, index: int, plan: UnitPlan) -> None:
        """Adds the leaders and the staff of one department or district."""
        first = len(self.people)
        count = self.staff[index]
        using = round(count * plan.staff_share)
        if plan.staff_share == 1.0 and plan.code == "pc":
            using = count
        clerk = first + plan.leaders if using else None
        self.units.setdefault(plan.name, None if index == 0 else self.plans[0].name)
        for slot, habit in enumerate(_habits(plan, plan.using, plan.leaders, "leader")):
            self.add(index, plan, slot, "leader", habit, clerk, frequent=slot % 3 != 2)
        for slot, habit in enumerate(_habits(plan, using, count, "staff")):
            self.add(index, plan, slot, "staff", habit, clerk, frequent=slot % 5 != 3)

    def add(
        self,
        index: int,
        plan: UnitPlan,
        slot: int,
        rank: Literal["leader", "staff"],
        habit: Habit,
        clerk: int | None,
        *,
        frequent: bool,
    ) -> None:
        """Adds one official; a mailbox that would be worked by a clerk stays silent where there is no clerk."""
        number = len(self.people)
        if habit == "delegates" and (clerk is None or clerk == number):
            habit = "silent"
        key, unit_name, parent, title = self.place(plan, slot, rank)
        self.units.setdefault(key, parent)
        full_name = name(self.chance)
        address = None if habit == "no_mailbox" else f"{local_part(full_name, plan.code, self.taken)}@{DOMAIN}"
        alias = None
        if address is not None and slot == 0 and rank == "leader":
            alias = f"{'bithu' if plan.head == 'Bí thư' else 'thutruong'}.{plan.code}@{DOMAIN}"
        station = (
            f"203.0.113.{index}" if plan.one_address else f"10.{index + 1}.{number // 200 % 250}.{number % 200 + 20}"
        )
        self.people.append(
            Person(
                number=number,
                official_id=f"CB{number + 1:04d}",
                name=full_name,
                title=title,
                rank=rank,
                unit=key,
                unit_name=unit_name,
                parent=parent,
                top=plan.code,
                habit=habit,
                frequent=frequent,
                address=address,
                alias=alias,
                station=station,
                mobile=f"100.{64 + number // 62500}.{number // 250 % 250}.{number % 250 + 1}",
                clerk=clerk if habit == "delegates" else None,
            )
        )


def settle(officials: int, seed: int) -> Town:
    """The city with about `officials` people: below 350 the small picture (50 leaders), else the full one (300).

    The number of leaders is fixed by the picture; whatever is left of `officials` are staff (at least one a unit that
    has staff at all).
    """
    plans = SMALL if officials < 350 else FULL
    leaders = sum(plan.leaders for plan in plans)
    census = _Census(plans, max(officials - leaders, sum(1 for plan in plans if plan.staff_weight)), seed)
    for index, plan in enumerate(plans):
        census.fill(index, plan)
    office = [person.address for person in census.people if person.top == "vp" and person.rank == "staff"]
    members = [address for address in office if address is not None][:2]
    return Town(
        people=tuple(census.people),
        units=census.units,
        shared=f"{SHARED}@{DOMAIN}",
        shared_members=(members[0], members[1]),
        services=tuple(f"{local}@{DOMAIN}" for local, _ in SERVICE),
        unlisted=UNLISTED,
    )


def write_directory(town: Town, path: Path) -> None:
    """Writes the directory as CSV (UTF-8) with the columns `vanthu directory import` reads."""
    office = next(person for person in town.people if person.top == "vp").unit_name
    city = town.people[0].unit_name
    with path.open("w", encoding="utf-8", newline="") as handle:
        rows = csv.writer(handle, lineterminator="\n")
        rows.writerow(COLUMNS)
        for person in town.people:
            mailbox = (person.address or "", person.alias or "", "personal" if person.address else "")
            parent = person.parent or ""
            rows.writerow(
                (person.unit_name, parent, person.official_id, person.name, person.title, person.rank, *mailbox)
            )
        rows.writerow((office, city, "", "", "", "", town.shared, "", "shared"))
        for address in town.services:
            rows.writerow((office, city, "", "", "", "", address, "", "service"))
