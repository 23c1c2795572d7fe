"""What tests of collecting stand on: a followed folder, a server that writes and rotates, what an audit would see."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import zstandard
from sqlalchemy import func, select

from core.db import unit_of_work
from core.permissions import Actor, Role
from core.settings import Settings
from mail_audit.archives import find_logs
from mail_audit.events import Reading
from mail_audit.events.distinct import without_copies
from mail_audit.events.reading import COLUMNS, KINDS, frame_of
from mail_audit.events.years import settle, written_days, year_rules
from mail_audit.models import LogPiece, LogSegment, LogStream, MonthToMeasure
from mail_audit.pipeline import pieces_of, read_all
from mail_audit.segments import Segment, load
from mail_audit.services.collecting import Collected, add_source, collect, sources_for
from mail_audit.zones import Zone

ACTOR = Actor("quantri", frozenset({Role.ADMINISTRATOR}))
PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
    ".zst": lambda data: zstandard.ZstdCompressor().compress(data),
    "": lambda data: data,
}
_ISO_DAY = re.compile(rb"^([0-9]{4}-[0-9]{2}-[0-9]{2})T", re.MULTILINE)
_BSD_DAY = re.compile(rb"^([A-Z][a-z]{2} [ 0-9][0-9]) ", re.MULTILINE)


@dataclass(frozen=True)
class Seen:
    """What a reading knows, whoever made it: events without their places, lines by what became of them, days."""

    events: dict[str, list[tuple[object, ...]]]
    counts: tuple[int, int, int, int]
    days: frozenset[date]


@dataclass
class Followed:
    """An installation and the folder it follows."""

    settings: Settings
    folder: Path

    def follow(self, name: str, *paths: Path, patterns: Sequence[str] = (), host: str = "", timezone: str = "") -> int:
        with unit_of_work(self.settings) as session:
            return add_source(session, ACTOR, name=name, paths=paths, patterns=patterns, host=host, timezone=timezone)

    def collect(self, *, piece_bytes: int = 1 << 20) -> list[Collected]:
        with unit_of_work(self.settings) as session:
            ids = sources_for(session, ACTOR)
        return collect(self.settings, ACTOR, source_ids=ids, piece_bytes=piece_bytes)

    def only(self, **options: int) -> Collected:
        """Collect the only source."""
        (one,) = self.collect(**options)
        return one

    def stored(self) -> Seen:
        """All that was collected."""
        with unit_of_work(self.settings) as session:
            rows = session.execute(select(LogSegment.folder, LogSegment.stream_id).order_by(LogSegment.id)).all()
            pieces = session.scalars(select(LogPiece)).all()
        numbers = {stream: number for number, stream in enumerate(sorted({row.stream_id for row in rows}))}
        frames = load(self.settings.store, [Segment(row.folder, numbers[row.stream_id]) for row in rows])
        counts = [(piece.lines, piece.events, piece.not_of_interest, piece.broken) for piece in pieces] or [
            (0, 0, 0, 0)
        ]
        texts = {day for piece in pieces for days in (*piece.host_days.values(), piece.other_days) for day in days}
        sums = tuple(sum(column) for column in zip(*counts, strict=True))
        return Seen(events_of(frames), sums, frozenset(date.fromisoformat(day) for day in texts))

    def streams(self) -> int:
        with unit_of_work(self.settings) as session:
            return session.scalar(select(func.count()).select_from(LogStream)) or 0

    def marked(self) -> list[str]:
        with unit_of_work(self.settings) as session:
            return [f"{month:%Y-%m}" for month in session.scalars(select(MonthToMeasure.month).order_by("month"))]


def events_of(frames: Mapping[str, pl.DataFrame]) -> dict[str, list[tuple[object, ...]]]:
    """Events of all kinds, sorted, without the places they stand at."""
    return {
        kind: sorted(frame.select("at", "host", *COLUMNS[kind]).rows(), key=repr)
        for kind, frame in frames.items()
        if not frame.is_empty()
    }


def audited(*paths: Path, zone: str = "Asia/Ho_Chi_Minh") -> Seen:
    """What an audit reads of the files at `paths`."""
    logs, readings = read_all(find_logs(paths), lambda _: None)
    whole = Reading()
    for one in without_copies(logs, readings, pieces_of):
        whole.merge(one)
    frames = {kind: frame_of(whole, kind) for kind in KINDS}
    rules = year_rules(whole, logs)
    settled = {kind: settle(frame, rules, Zone(zone)) for kind, frame in frames.items()}
    written = written_days(whole, rules, Zone(zone))
    days = [*written.others.values(), *(on for hosts in written.hosts.values() for on in hosts.values())]
    counts = (whole.lines, whole.events, whole.not_of_interest, whole.broken)
    return Seen(events_of(settled), counts, frozenset().union(*days))


@dataclass(frozen=True)
class Month:
    """The logs of some days: for each server its file's name, and for each day the lines of each."""

    days: tuple[tuple[date, dict[str, bytes]], ...]

    @classmethod
    def of(cls, folder: Path) -> Month:
        texts = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.log"))}
        by_day: dict[date, dict[str, bytes]] = {}
        for name, text in texts.items():
            for line in text.splitlines(keepends=True):
                by_day.setdefault(_day(line), {}).setdefault(name, b"")
                by_day[_day(line)][name] += line
        return cls(tuple(sorted(by_day.items(), key=lambda item: item[0])))

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(sorted({name for _, texts in self.days for name in texts}))

    def text(self, name: str) -> bytes:
        """All that a server wrote."""
        return b"".join(texts.get(name, b"") for _, texts in self.days)

    def whole(self, folder: Path) -> Path:
        """The logs as one plain file a server, as if nothing had ever been rotated."""
        for name in self.files:
            put(folder / name, self.text(name), self.days[-1][0])
        return folder


def _day(line: bytes) -> date:
    if match := _ISO_DAY.match(line):
        return date.fromisoformat(match[1].decode())
    match = _BSD_DAY.match(line)
    assert match is not None, line
    return datetime.strptime(f"2026 {match[1].decode()}", "%Y %b %d").replace(tzinfo=UTC).date()


def put(path: Path, text: bytes, day: date) -> Path:
    """A file as it lies there after `day`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PACK.get(path.suffix, PACK[""])(text))
    touch(path, day)
    return path


def touch(path: Path, day: date, seconds: int = 0) -> None:
    """Last written at the end of a day where the sample city lies."""
    at = datetime(day.year, day.month, day.day, 16, 59, tzinfo=UTC) + timedelta(seconds=seconds)
    os.utime(path, (at.timestamp(), at.timestamp()))


@dataclass
class Rotating:
    """A server that appends to a log and has logrotate."""

    path: Path
    packings: tuple[str, ...] = ("", ".gz")
    dated: bool = False
    packed: dict[Path, str] = field(default_factory=dict)

    def append(self, text: bytes, day: date) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as log:
            log.write(text)
        touch(self.path, day)

    def rotate(self, day: date, *, copy: bool = False) -> None:
        """The log of today becomes the first old one, the older ones move on; with `copy`, by copytruncate."""
        text = self.path.read_bytes()
        self._move_on(day)
        first = self._name(1, day)
        if copy:
            put(first, text, day)
            self.path.write_bytes(b"")
        else:
            self.path.rename(first)
        self._pack(first, self.packings[0])

    def _name(self, number: int, day: date) -> Path:
        return self.path.with_name(f"{self.path.name}-{day:%Y%m%d}" if self.dated else f"{self.path.name}.{number}")

    def _move_on(self, day: date) -> None:
        old = sorted(path for path in self.path.parent.iterdir() if path.name.startswith(f"{self.path.name}."))
        numbered = (
            sorted(((int(path.name.split(".")[2]), path) for path in old), reverse=True) if not self.dated else []
        )
        for number, path in numbered:
            moved = path.with_name(path.name.replace(f".{number}", f".{number + 1}", 1))
            path.rename(moved)
            self._pack(moved, self.packings[min(number, len(self.packings) - 1)])
        del day

    def _pack(self, path: Path, packing: str) -> None:
        if packing and path.suffix not in PACK:
            status = path.stat()
            packed = path.with_name(path.name + packing)
            packed.write_bytes(PACK[packing](path.read_bytes()))
            os.utime(packed, ns=(status.st_atime_ns, status.st_mtime_ns))
            path.unlink()
