"""Builds a sample city in a folder: the directory, the logs, and the truth about both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from operator import itemgetter
from pathlib import Path

from core.calendar import working_days
from mail_audit.sample import figures
from mail_audit.sample.day import DAY, City, Volume
from mail_audit.sample.files import Layout, Writer, streams
from mail_audit.sample.people import Town, settle, write_directory
from mail_audit.sample.postoffice import Lines, Rule, Server
from mail_audit.sample.practised import PracticeMessage
from mail_audit.sample.spelling import SPELLINGS, Version
from mail_audit.sample.transport import TIMEZONE
from mail_audit.sample.truth import FILE_NAME, Truth

DIRECTORY = "officials.csv"
SEED = 2014
"""Of the city that everybody gets who asks for no other."""
FIRST_MONDAY = date(2026, 9, 21)


@dataclass(frozen=True, slots=True)
class Preset:
    """A size of the sample: people, days, and how the logs are kept."""

    officials: int
    first: date
    days: int
    layout: Layout
    volume: Volume = field(default_factory=Volume)


PRESETS: dict[str, Preset] = {
    "small": Preset(
        74,
        date(2026, 10, 5),
        10,
        Layout(two_hosts=False, rotate_days=0),
        Volume(citizens=0.04, bulletin=0.04, poll_gap=7200, report_hours=4, attacks=1),
    ),
    "demo": Preset(1200, FIRST_MONDAY, 42, Layout(), Volume(citizens=0.08, bulletin=0.06, poll_gap=3600)),
    "bench": Preset(
        4950,
        date(2026, 10, 1),
        31,
        Layout(two_hosts=False, rotate_days=0),
        Volume(attacks=200, poll_gap=900),
    ),
}


def missing_week(first: date, days: int) -> tuple[date, ...]:
    """The days without logs by default: the week from the middle Monday on, when the period has 21 days or more."""
    if days < 21:
        return ()
    middle = first + timedelta(days=days // 2)
    monday = middle - timedelta(days=middle.weekday())
    return tuple(monday + timedelta(days=offset) for offset in range(7))


def server_of(town: Town, version: Version, layout: Layout, **settings: bool) -> Server:
    """The mail server of a town: its aliases and its officials' standing forwards."""
    aliases: dict[str, tuple[str, ...]] = {town.shared: town.shared_members}
    rules: dict[str, Rule] = {}
    for person in town.people:
        if person.address is None:
            continue
        if person.alias is not None:
            aliases[person.alias] = (person.address,)
        private = f"rieng.{person.number}@gmail.com"
        if person.habit == "aliased":
            aliases[person.address] = (private,)
        if person.habit == "writes" and person.number % 23 == 5:
            rules[person.address] = Rule("vacation", "", keep=True)
        if person.habit == "writes" and person.number % 31 == 7:
            rules[person.address] = Rule("redirect", private, keep=True)
        if person.habit in ("redirects", "copies"):
            rules[person.address] = Rule("redirect", private, keep=person.habit == "copies")
    address = "10.0.0.12" if layout.two_hosts else "10.0.0.11"
    return Server(
        SPELLINGS[version],
        two_hosts=layout.two_hosts,
        store_address=address,
        aliases=aliases,
        rules=rules,
        **settings,
    )


def build(
    folder: Path,
    *,
    seed: int = SEED,
    officials: int = 74,
    first: date = date(2026, 10, 5),
    days: int = 10,
    missing: tuple[date, ...] | None = None,
    layout: Layout | None = None,
    volume: Volume | None = None,
    version: Version = "2.3.15",
    filtered: bool = True,
    mail_log: bool = True,
    subjects: bool = False,
    auth_verbose: bool = True,
    long_ids: bool = False,
    further: Mapping[str, Collection[date]] | None = None,
    practised: Collection[PracticeMessage] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Truth:
    """Writes `officials.csv`, the logs under `logs/` and `truth.json` into `folder`, and returns the truth.

    `officials` below 350 gives the small picture (50 leaders), from 350 on the full one (300 leaders, the rest staff).
    `first` and `days` are the period; `missing` are its days without any line (default: `missing_week`). `version` is
    Dovecot's spelling; `filtered` sends every message through amavis; `mail_log` switches mail_log's lines; `subjects`
    lets them hold hostile subjects; `auth_verbose` adds Dovecot's own line for every refused password; `long_ids` gives
    long queue ids. `further` are days (by official_id) on which somebody reads mail besides those of the habit: what
    the generator knows of people who have learnt to. `practised` are practice messages, which are no use. `progress` is
    called with (days done, days).
    Deterministic: the same arguments give the same bytes. Raises ValueError when no day is covered.
    """
    layout = layout or Layout(two_hosts=False, rotate_days=0)
    town = settle(officials, seed)
    gone = frozenset(missing_week(first, days) if missing is None else missing)
    period = [first + timedelta(days=offset) for offset in range(days)]
    covered = [day for day in period if day not in gone]
    if not covered:
        raise ValueError("the period has no day with logs")
    server = server_of(
        town, version, layout, filtered=filtered, mail_log=mail_log, subjects=subjects, auth_verbose=auth_verbose,
        long_ids=long_ids,
    )  # fmt: skip
    city = City(town, server, volume or Volume(), covered, seed, further=further or {}, practised=practised)
    folder.mkdir(parents=True, exist_ok=True)
    write_directory(town, folder / DIRECTORY)
    writers = [Writer(folder / "logs", stream, layout, covered) for stream in streams(layout)]
    _simulate(city, covered, writers, progress)
    truth = replace(_truth(city, period, covered, seed, writers), practised=tuple(practised))
    truth.write(folder / FILE_NAME)
    return truth


def _simulate(
    city: City, covered: list[date], writers: list[Writer], progress: Callable[[int, int], None] | None
) -> None:
    """Runs the days and writes their lines; what passes midnight goes to the next day, if that day has logs."""
    office = city.office
    for done, day in enumerate(covered, start=1):
        city.run(day)
        today, late = zip(_until_midnight(office.mta), _until_midnight(office.store), strict=True)
        for writer in writers:
            stream = writer.stream
            if stream.mta and stream.store:
                writer.write(day, sorted(today[0] + today[1], key=itemgetter(0)))
            else:
                writer.write(day, today[0] if stream.mta else today[1])
        following = done < len(covered) and covered[done] == day + timedelta(days=1)
        office.mta, office.store = late if following else ([], [])
        if progress is not None:
            progress(done, len(covered))
    for writer in writers:
        writer.close()


def _until_midnight(lines: Lines) -> tuple[Lines, Lines]:
    """The lines sorted by time: today's, and tomorrow's with tomorrow's times."""
    lines.sort(key=itemgetter(0))
    if not lines or lines[-1][0] < DAY:
        return lines, []
    first = next(index for index, line in enumerate(lines) if line[0] >= DAY)
    return lines[:first], [(at - DAY, text) for at, text in lines[first:]]


def _truth(city: City, period: list[date], covered: list[date], seed: int, writers: list[Writer]) -> Truth:
    """Everything known after the last day."""
    server, town = city.office.server, city.town
    flags = server.mail_log and server.spelling.flag_changes
    people = [figures.official(person, city.ledger, covered, flags=flags) for person in town.people]
    units, whole = figures.units(town, people)
    have = set(covered)
    files = tuple(file for writer in writers for file in writer.files)
    return Truth(
        seed=seed,
        first=period[0],
        last=period[-1],
        timezone=TIMEZONE,
        working_days=len(working_days(period[0], period[-1])),
        covered_days=tuple(covered),
        missing_days=tuple(day for day in period if day not in have),
        covered_working_days=sum(1 for day in working_days(period[0], period[-1]) if day in have),
        hosts=tuple(dict.fromkeys(writer.stream.host for writer in writers)),
        officials=tuple(people),
        units=units,
        city=replace(whole, unit=town.people[0].unit),
        unassigned=figures.unassigned(town, city.ledger),
        without_mailbox=tuple(person.official_id for person in town.people if person.address is None),
        files=files,
        lines=sum(file.lines for file in files),
    )
