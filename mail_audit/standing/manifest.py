"""The manifest of a report: everything it was made from, by fingerprint, so that it can be made again bit for bit.

The large inputs (directory, facts, what the logs hold, the list of pieces) are kept by their SHA-256 beside the store;
the small ones (settings, exceptions, what the events tell) stand in the manifest itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

from core.directory.roster import Mailbox, Official, Post, Roster, Unit
from core.errors import InputError
from core.words import Text
from mail_audit.measure import Rules
from mail_audit.plain import from_plain, to_plain
from mail_audit.report.model import Finding
from mail_audit.standing.held import Held, Standing, Tells
from mail_audit.thresholds import Thresholds
from mail_audit.usage.exceptions import Exemption
from mail_audit.zones import Zone

FORMAT = 1
KEPT = ("roster", "held", "pieces", "rows")
"""Inputs that are files, in the order in which their loss is told."""
KEPT_WORDS: Mapping[str, Text] = {
    "roster": Text("danh bạ cán bộ lúc lập báo cáo", "the directory of officials as it was then"),
    "held": Text("nội dung các tệp nhật ký đã đọc (số dòng, ngày)", "what the logs held (lines, days)"),
    "pieces": Text("danh sách các đoạn nhật ký đã đọc", "the list of pieces of logs"),
    "rows": Text("số liệu từng hộp thư từng ngày", "the facts per mailbox and day"),
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a report was made from; `kept` maps `KEPT` to SHA-256. `report` is the digest of what it says."""

    version: str
    first: date
    last: date
    timezone: str
    kept: dict[str, str]
    months: tuple[dict[str, str], ...]
    pieces: int
    tells: Tells
    thresholds: dict[str, Any]
    exemptions: tuple[Exemption, ...]
    trail: dict[str, Any] | None
    """Number and hash of the last entry of the audit trail before the report was made; None where it was empty."""
    report: str
    outlook: tuple[Finding, ...] = ()
    """What was said beside the figures: the change since the period before, and the targets as they were set then."""
    vanthu_manifest: int = FORMAT

    def rules(self, roster: Roster) -> Rules:
        """By what the report was judged; raises InputError for settings this program does not know."""
        return Rules(roster, Zone.named(self.timezone), Thresholds.of(self.thresholds), self.exemptions)

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        found: dict[str, Any] = to_plain(self)
        return found

    def text(self) -> str:
        """As it is written to a file."""
        return json.dumps(self.plain(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"

    @property
    def sha256(self) -> str:
        """The fingerprint of its text."""
        return sha256_of(self.text())


def read_manifest(text: str) -> Manifest:
    """The manifest in a file's text; raises InputError where it is none."""
    try:
        return manifest_of(json.loads(text))
    except ValueError as wrong:
        raise _no_manifest() from wrong


def manifest_of(plain: Any) -> Manifest:
    """The manifest that `Manifest.plain` gave; raises InputError for anything else."""
    try:
        if plain["vanthu_manifest"] != FORMAT:
            raise _no_manifest()
        manifest = from_plain(Manifest, plain)
        sums = [*manifest.kept.values(), manifest.report]
        if set(manifest.kept) != set(KEPT) or not all(_is_sha256(one) for one in sums):
            raise _no_manifest()
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise _no_manifest() from wrong
    return manifest


def _is_sha256(text: object) -> bool:
    return isinstance(text, str) and len(text) == 64 and set(text) <= set("0123456789abcdef")


def _no_manifest() -> InputError:
    return InputError(
        Text(
            "Tệp này không phải bản kê của một báo cáo do Vanthu lập.",
            "This file is not the manifest of a report that Vanthu made.",
        )
    )


def sha256_of(text: str) -> str:
    """The fingerprint of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: object) -> str:
    """JSON values as the one text that is fingerprinted and kept."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def thresholds_plain(thresholds: Thresholds) -> dict[str, Any]:
    """Thresholds as JSON values that `Thresholds.of` takes."""
    return asdict(thresholds)


def roster_plain(roster: Roster) -> dict[str, Any]:
    """A directory as JSON values, in its own order."""
    return {
        "units": to_plain(tuple(roster.units.values())),
        "officials": to_plain(tuple(roster.officials.values())),
        "posts": to_plain(roster.posts),
        "mailboxes": to_plain(tuple(roster.mailboxes.values())),
    }


def roster_of(plain: Mapping[str, Any]) -> Roster:
    """The directory that `roster_plain` wrote."""
    return Roster(
        {one.key: one for one in (from_plain(Unit, each) for each in plain["units"])},
        {one.official_id: one for one in (from_plain(Official, each) for each in plain["officials"])},
        tuple(from_plain(Post, each) for each in plain["posts"]),
        {one.address: one for one in (from_plain(Mailbox, each) for each in plain["mailboxes"])},
    )


def held_plain(standing: Standing) -> dict[str, Any]:
    """What logs hold, and the days that others cover, as JSON values."""
    held = [
        {
            **{name: getattr(one, name) for name in ("name", "lines", "events", "not_of_interest", "broken")},
            "samples": [[offset, reason.vi, reason.en] for offset, reason in one.samples],
            "days": {host: _iso(days) for host, days in one.days.items()},
            "other_days": _iso(one.other_days),
        }
        for one in standing.held
    ]
    return {"logs": held, "also": {mailbox: _iso(days) for mailbox, days in standing.also.items()}}


def _iso(days: Iterable[date]) -> list[str]:
    return sorted(day.isoformat() for day in days)


def _days(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)


def standing_of(rows: pl.DataFrame, tells: Tells, plain: Mapping[str, Any]) -> Standing:
    """The facts of a report, from its rows, what the logs told, and what `held_plain` wrote."""
    held = tuple(
        Held(
            one["name"],
            one["lines"],
            one["events"],
            one["not_of_interest"],
            one["broken"],
            tuple((offset, Text(vi, en)) for offset, vi, en in one["samples"]),
            {host: _days(days) for host, days in one["days"].items()},
            _days(one["other_days"]),
        )
        for one in plain["logs"]
    )
    return Standing(rows, tells, held, {mailbox: _days(days) for mailbox, days in plain["also"].items()})
