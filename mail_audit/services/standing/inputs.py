"""The large inputs of reports, kept by their fingerprint; and a report made again from them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import polars as pl

from core.directory.roster import Roster
from core.errors import NotFoundError
from core.store import Store
from core.words import Text
from mail_audit import kept
from mail_audit.errors import UnreadableObjectError
from mail_audit.report.model import Report
from mail_audit.reporting import build_report
from mail_audit.services.results import result_digest
from mail_audit.standing import Standing, rows_digest
from mail_audit.standing.manifest import (
    KEPT,
    KEPT_WORDS,
    Manifest,
    canonical,
    held_plain,
    roster_of,
    roster_plain,
    sha256_of,
    standing_of,
)
from mail_audit.sums import put_alone, sound
from mail_audit.usage.days import COUNTS


class InputGoneError(NotFoundError):
    """A report cannot be made again: something it was made from is gone or was changed."""


def keep(store: Store, roster: Roster, standing: Standing, pieces: Sequence[Any]) -> dict[str, str]:
    """Keep the inputs of a report; name (`manifest.KEPT`) -> SHA-256. What is there already is not written again."""
    sums = {
        "roster": _keep_text(store, canonical(roster_plain(roster))),
        "held": _keep_text(store, canonical(held_plain(standing))),
        "pieces": _keep_text(store, canonical(list(pieces))),
        "rows": rows_digest(standing.rows),
    }
    key = kept.input_file(sums["rows"], ".parquet")
    if not store.has(key):
        with store.draft() as draft, kept.written():
            standing.rows.write_parquet(draft / "rows.parquet", compression="zstd")
            put_alone(store, key, draft / "rows.parquet")
    return sums


def _keep_text(store: Store, text: str) -> str:
    digest = sha256_of(text)
    key = kept.input_file(digest, ".json")
    if not store.has(key):
        store.put(key, text.encode())
    return digest


def made_again(store: Store, manifest: Manifest) -> Report:
    """The report of a manifest, made from its inputs.

    Raises InputGoneError naming every input that is gone or is not what it was, and where the result differs because
    another version of the program made it.
    """
    texts = {name: _kept_text(store, manifest.kept[name]) for name in KEPT if name != "rows"}
    rows = _kept_rows(store, manifest.kept["rows"])
    gone = [name for name in KEPT if (rows is None if name == "rows" else texts[name] is None)]
    if gone or rows is None:
        raise _gone(manifest, gone)
    roster = roster_of(json.loads(texts["roster"] or ""))
    standing = standing_of(rows, manifest.tells, json.loads(texts["held"] or ""))
    report = build_report(manifest.rules(roster), standing, manifest.first, manifest.last)
    if digest_of(report, standing) != manifest.report:
        raise _differs(manifest)
    return replace(report, outlook=manifest.outlook)


def digest_of(report: Report, standing: Standing) -> str:
    """SHA-256 over all that a report says, the days of mailboxes included."""
    return result_digest(report, days_of(report, standing))


def days_of(report: Report, standing: Standing) -> pl.DataFrame:
    """The counts per mailbox and day of the report's period."""
    inside = standing.rows.filter(pl.col("day").is_between(report.period.first, report.period.last))
    known = [name for name in COUNTS if name != "opened"]  # where a day is not known, its figure says so
    return inside.select("mailbox", "day", *COUNTS).with_columns(pl.col(known).fill_null(0))


def _kept_text(store: Store, digest: str) -> str | None:
    try:
        text = store.read(kept.input_file(digest, ".json")).decode()
    except (OSError, UnicodeDecodeError):
        return None
    return text if sha256_of(text) == digest else None


def _kept_rows(store: Store, digest: str) -> pl.DataFrame | None:
    key = kept.input_file(digest, ".parquet")
    try:
        with kept.unbroken(key):
            rows = pl.read_parquet(sound(store, key, alone=True))
            return rows if rows_digest(rows) == digest else None
    except (FileNotFoundError, UnreadableObjectError):
        return None


def _gone(manifest: Manifest, names: Sequence[str]) -> InputGoneError:
    vi = "; ".join(f"{KEPT_WORDS[name].vi} ({manifest.kept[name][:12]}…)" for name in names)
    en = "; ".join(f"{KEPT_WORDS[name].en} ({manifest.kept[name][:12]}…)" for name in names)
    return InputGoneError(
        Text(
            f"Không lập lại được báo cáo: không còn (hoặc đã bị sửa) {vi}.",
            f"The report cannot be made again: gone or changed is {en}.",
        )
    )


def _differs(manifest: Manifest) -> InputGoneError:
    now = version("vanthu")
    if now != manifest.version:
        return InputGoneError(
            Text(
                f"Không lập lại được đúng báo cáo: báo cáo do Vanthu {manifest.version} lập, đây là Vanthu {now}.",
                f"The report cannot be made again as it was: Vanthu {manifest.version} made it, this is Vanthu {now}.",
            )
        )
    return InputGoneError(
        Text(
            "Báo cáo lập lại không giống bản cũ dù đủ dữ liệu đầu vào: bản kê này đã bị sửa, hoặc một bản dựng khác của"
            f" Vanthu {now} đã lập báo cáo.",
            "With all inputs there the report does not come out as it was: this manifest was changed, or another build"
            f" of Vanthu {now} made the report.",
        )
    )
