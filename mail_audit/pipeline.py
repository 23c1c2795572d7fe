"""The whole audit, from log files and a directory to a report: read, trace, measure, judge.

Nothing is configured and nothing is stored; the store's jobs and the command line run the same function.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from core.errors import InputError
from core.words import Text
from mail_audit.archives import LogFile, Piece, find_logs, pieces
from mail_audit.archives.journal import as_lines, lines_of
from mail_audit.archives.same import copies
from mail_audit.events import Left, Reading, read_most
from mail_audit.events.aside import Aside
from mail_audit.events.cut_lines import Ends, joined, read_ends, without_ends
from mail_audit.months import check_years
from mail_audit.zones import Zone

if TYPE_CHECKING:  # what comes after the reading is loaded then, or beside it, and so is Polars
    import polars as pl

    from core.directory.coded import CodedAddresses
    from core.directory.roster import Roster
    from mail_audit.events.gathered import Events
    from mail_audit.measure import Measurement, Rules
    from mail_audit.report.model import Report
    from mail_audit.standing import Held
    from mail_audit.thresholds import Thresholds
    from mail_audit.usage.exceptions import Exemption

Stage = Literal["reading", "measuring", "done"]
WORKERS = 2
"""Pieces read side by side; more gains little on the machines this runs on and holds more text in memory."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an audit is: packed bytes read of all, lines so far, the file being read."""

    file: str
    bytes_done: int
    bytes_total: int
    lines: int
    stage: Stage


@dataclass(frozen=True, slots=True)
class FileCount:
    """What became of the lines of one file; `same_as`: the number of the file that it is a copy of."""

    name: str
    size: int
    lines: int
    events: int
    not_of_interest: int
    broken: int
    same_as: int | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """An audit's result: the report, the facts per mailbox and day, what each file held, the measurement behind."""

    report: Report
    days: pl.DataFrame
    files: tuple[FileCount, ...]
    measurement: Measurement
    logs: tuple[LogFile, ...]


Tell = Callable[[Progress], None]


def run(
    paths: Sequence[Path],
    roster: Roster,
    *,
    first: date | None = None,
    last: date | None = None,
    timezone: str = "Asia/Ho_Chi_Minh",
    thresholds: Thresholds | None = None,
    progress: Tell | None = None,
    evidence: Path | None = None,
    exemptions: Sequence[Exemption] = (),
    practice: CodedAddresses | None = None,
) -> Measured:
    """Audit the logs at `paths` for the officials of `roster`, with the `exemptions` on record.

    Without `first` and `last` the period is that of the logs. With `evidence`, the lines behind the figures are
    written there as Parquet. What goes to or comes from the `practice` addresses is not counted. Raises InputError for
    what cannot be read, is no log, or makes no sense.
    """
    from mail_audit.measure import Rules
    from mail_audit.thresholds import Thresholds

    rules = Rules(roster, Zone.named(timezone), thresholds or Thresholds(), exemptions, practice)
    return audit_logs(paths, lambda: rules, rules.zone, first=first, last=last, progress=progress, evidence=evidence)


def audit_logs(
    paths: Sequence[Path],
    rules: Callable[[], Rules],
    zone: Zone,
    *,
    first: date | None = None,
    last: date | None = None,
    progress: Tell | None = None,
    evidence: Path | None = None,
    with_lines: bool = True,
) -> Measured:
    """As `run`; by which rules to measure is asked once the logs are read, so that both can be had at once.

    Without `with_lines` the measurement has the facts alone, and nothing to explain them by: for who wants the report.
    """
    check_years(first, last)
    if first and last and first > last:
        raise InputError(
            Text("Ngày đầu kỳ phải trước ngày cuối kỳ.", "The first day of the period must not be after the last."),
        )
    logs = find_logs(paths)
    tell = progress or (lambda _: None)
    aside = Aside()
    logs, readings = read_all(logs, tell, aside)
    from mail_audit.events.distinct import without_copies
    from mail_audit.evidence import write_evidence
    from mail_audit.measure import measure_period
    from mail_audit.reporting import build_report
    from mail_audit.standing import Standing, days_held

    readings = without_copies(logs, readings, pieces_of, aside)
    counts = tuple(
        FileCount(log.name, log.size, one.lines, one.events, one.not_of_interest, one.broken, one.same_as)
        for log, one in zip(logs, readings, strict=True)
    )
    _refuse_other_logs(logs, counts)
    size = sum(log.size for log in logs)
    lines = sum(count.lines for count in counts)
    tell(Progress("", size, size, lines, "measuring"))
    held, events = _settled(logs, readings, zone, aside)
    period = days_held(held, first, last)
    whole = _event_days(held) or (period.first, period.last)
    known = rules()
    kept = with_lines or evidence is not None
    measurement, tells = measure_period(events, known, (period.first, period.last), whole, with_lines=kept)
    report = build_report(known, Standing(measurement.facts, tells, held), period.first, period.last)
    if evidence:
        write_evidence(evidence, measurement, logs, zone, pieces_of)
    tell(Progress("", size, size, lines, "done"))
    return Measured(report, measurement.days, counts, measurement, tuple(logs))


def _settled(
    logs: Sequence[LogFile], readings: list[Reading], zone: Zone, aside: Aside
) -> tuple[tuple[Held, ...], Events]:
    """What each file holds, and the events of all with `at` in UTC; the readings keep none."""
    from mail_audit.events.gathered import gathered
    from mail_audit.events.years import settle, written_days, year_rules
    from mail_audit.standing import Held, with_copies

    samples = [tuple((offset, why) for _, offset, why in one.samples) for one in readings]
    counts = [(one.lines, one.events, one.not_of_interest, one.broken) for one in readings]
    aside.finish(readings)
    times = Reading(times=set().union(*(one.times for one in readings)))
    rules = year_rules(times, logs)
    events = gathered(readings, lambda frame: settle(frame, rules, zone))
    written = written_days(times, rules, zone)
    held = tuple(
        Held(log.name, *counts[file], samples[file], written.hosts.get(file, {}), written.others.get(file, frozenset()))
        for file, log in enumerate(logs)
    )
    copied = {file: one.same_as for file, one in enumerate(readings) if one.same_as is not None}
    return with_copies(held, copied, logs), events


def _event_days(held: Sequence[Held]) -> tuple[date, date] | None:
    """First and last day of any event; None where there is none."""
    every = [day for one in held for days in one.days.values() for day in days]
    return (min(every), max(every)) if every else None


def read_all(logs: Sequence[LogFile], tell: Tell, aside: Aside | None = None) -> tuple[list[LogFile], list[Reading]]:
    """The events of every file, in the files' order; pieces are read side by side.

    The files come back with what is known now of lines that were cut between two of them. Of files that say the same
    from end to end the first is read; nothing is found in the others. What is much goes `aside`.
    """
    readings = [Reading() for _ in logs]
    again = copies(logs)
    ends = [Ends() for _ in logs]
    total = sum(log.size for log in logs)
    before = 0
    lines = 0
    waiting: deque[tuple[int, int, Future[tuple[Reading, Piece | None]]]] = deque()

    def take() -> None:
        nonlocal lines
        number, done, future = waiting.popleft()
        one, rest = future.result()
        readings[number].merge(one)
        lines += one.lines
        left.keep(rest, number)
        if aside:
            aside.relieve(readings)
        tell(Progress(logs[number].name, done, total, lines, "reading"))

    with ThreadPoolExecutor(WORKERS) as workers:
        left = _LinesLeft(readings, workers)
        for number, log in enumerate(logs):
            if number in again:
                readings[number].same_as = again[number]
                before += log.size
                continue
            for piece in without_ends(lines_of(log), ends[number]):
                waiting.append((number, before + piece.packed_done, workers.submit(read_most, piece, number)))
                if len(waiting) > WORKERS:
                    take()
                elif len(waiting) == WORKERS:
                    tell(Progress(log.name, before, total, lines, "reading"))
            before += log.size
        left.read()  # beside the last pieces
        while waiting:
            take()
        left.finish()
    mended = joined(logs, ends)
    read_ends(mended, ends, readings)
    return mended, readings


class _LinesLeft:
    """The lines that the scanner left, file by file, read beside the pieces that follow.

    What they tell is added to the reading of their file at points that do not depend on how fast anything was.
    """

    def __init__(self, readings: Sequence[Reading], workers: ThreadPoolExecutor) -> None:
        self._readings, self._workers = readings, workers
        self._kept, self._file = Left(), 0
        self._coming: deque[tuple[int, Future[Reading]]] = deque()

    def keep(self, rest: Piece | None, number: int) -> None:
        """These lines of file `number` too; files come one after another."""
        if number != self._file:
            self.read()
            self._file = number
        if rest and (much := self._kept.add(rest)):
            self._read(much)

    def read(self) -> None:
        """Begin to read what is kept."""
        if some := self._kept.take():
            self._read(some)

    def finish(self) -> None:
        """Read the rest, and wait until everything is read."""
        self.read()
        while self._coming:
            self._add()

    def _read(self, some: Piece) -> None:
        if self._coming:
            self._add()
        self._coming.append((self._file, self._workers.submit(_read_left, some, self._file)))

    def _add(self) -> None:
        number, coming = self._coming.popleft()
        self._readings[number].merge(coming.result())


def _read_left(rest: Piece, number: int) -> Reading:
    """The events of lines that were left."""
    from mail_audit.events import read_lines_left

    return read_lines_left(rest, number)


def pieces_of(log: LogFile) -> Iterator[Piece]:
    """The pieces of a file as lines, whatever form it has."""
    yield from as_lines(pieces(log))


def _refuse_other_logs(logs: Sequence[LogFile], counts: Sequence[FileCount]) -> None:
    """Raise InputError where a file is no log at all, or nothing in the files is of Postfix or Dovecot."""
    for log, count in zip(logs, counts, strict=True):
        if count.lines and count.broken == count.lines:
            raise InputError(
                Text(
                    f"{log.path}: không phải nhật ký máy chủ thư; không dòng nào có ngày giờ và máy chủ ở đầu.",
                    f"{log.path}: not a mail-server log; no line begins with a date and a host.",
                )
            )
    if not any(count.lines for count in counts):
        names = ", ".join(str(log.path) for log in logs[:5])
        raise InputError(Text(f"{names}: nhật ký rỗng, không có dòng nào.", f"{names}: the log is empty."))
    if not any(count.events for count in counts) and not any(_speaks_of_mail(log) for log in logs):
        names = ", ".join(str(log.path) for log in logs[:5])
        raise InputError(
            Text(
                f"{names}: đọc được, nhưng không có dòng nào của Postfix hay Dovecot; hãy đưa nhật ký của máy chủ thư.",
                f"{names}: readable, but no line is from Postfix or Dovecot; name the log of a mail server.",
            )
        )


def _speaks_of_mail(log: LogFile) -> bool:
    return any(b" postfix" in piece.data or b"dovecot" in piece.data for piece in pieces(log))
