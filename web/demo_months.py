"""The demonstration's collected logs: a mail server followed for months, before some people are taught and afterwards.

The same city as in the sample, with less mail. Before training, people are as their habits are. Afterwards those
whose wave has begun read mail on two of twenty working days more, on average: what a report of the effect has to find.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from core.calendar import working_days
from core.db import unit_of_work
from core.permissions import Actor
from core.settings import Settings
from mail_audit.models import LogSource
from mail_audit.sample import PracticeMessage, build
from mail_audit.sample.build import SEED
from mail_audit.sample.day import Volume
from mail_audit.sample.people import Town, settle
from mail_audit.services.collecting.collecting import collect
from mail_audit.services.collecting.sources import add_source
from mail_audit.services.standing import measure_marked

NAME = "Máy chủ thư thành phố"
"""The source, as it stands on the page of sources."""
ADDED = 2 / 20
"""The share of working days that the training adds, on the average of all who were assigned to it."""
BEFORE_DAYS = 84
"""Days in the logs before the first wave: what a rule looks at, and three periods for the estimate."""
LIGHT = Volume(citizens=0.01, bulletin=0.0, poll_gap=43_200, report_hours=24, attacks=0)


@dataclass(frozen=True, slots=True)
class Months:
    """The folders of the two parts. `begins` is the first wave's first day; the second part ends with `last`."""

    folder: Path
    officials: int
    begins: date
    last: date

    def write_before(self) -> None:
        """The logs of the days before the first wave, where they are not written yet."""
        first = self.begins - timedelta(days=BEFORE_DAYS)
        self._write("before", first, self.begins - timedelta(days=1), {})

    def write_after(self, starts: Mapping[str, date], practised: Collection[PracticeMessage]) -> None:
        """The logs since; `starts`: official_id -> first day of the wave they were drawn into."""
        self._write("after", self.begins, self.last, _learnt(starts, self.last), practised)

    @property
    def town(self) -> Town:
        """The people of the city, with their habits and desks."""
        return settle(self.officials, SEED)

    def _write(
        self, part: str, first: date, last: date, further: Mapping[str, frozenset[date]],
        practised: Collection[PracticeMessage] = (),
    ) -> None:  # fmt: skip
        folder = self.folder / part
        if (folder / "truth.json").exists():
            return
        days = (last - first).days + 1
        build(folder, officials=self.officials, first=first, days=days, seed=SEED, missing=(), volume=LIGHT,
              further=further, practised=practised)  # fmt: skip


def _learnt(starts: Mapping[str, date], last: date) -> dict[str, frozenset[date]]:
    """The days on which each reads besides the usual ones: some often, some hardly ever, `ADDED` on average.

    What people gain is spread evenly over each wave, so that the mean is what it is said to be and not what chance made
    of it; on which days they read is chance.
    """
    found = {}
    for begun in sorted(set(starts.values())):
        chance = random.Random(f"learnt {begun}")
        wave = sorted(who for who, day in starts.items() if day == begun)
        chance.shuffle(wave)
        days = working_days(begun + timedelta(days=1), last) if begun < last else []
        for place, who in enumerate(wave):
            share = 2 * ADDED * (place + 0.5) / len(wave)
            found[who] = frozenset(day for day in days if chance.random() < share)
    return found


def read(settings: Settings, actor: Actor, folder: Path) -> None:
    """Collect what is new in the folder's logs and measure it; the source is added where there is none."""
    with unit_of_work(settings) as session:
        wanted = select(LogSource.id).where(LogSource.name == NAME, LogSource.removed_at.is_(None))
        source = session.scalars(wanted).first()
        if source is None:
            source = add_source(session, actor, name=NAME, paths=[folder], patterns=["mail.log*"])
    collect(settings, actor, source_ids=[source])
    measure_marked(settings, actor=actor.name)
