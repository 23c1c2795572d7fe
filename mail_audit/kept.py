"""Where an audit's files lie in the store, and how a result is written so that it is there whole or not at all.

    store/audits/<id>/<token>/evidence.parquet  days.parquet  report.json    what the collect step found
    store/audits/<id>/reports/vanthu-....pdf                                 what the render step made
    store/uploads/<token>/<name>                                             sent by a browser, until it is read
    store/events/<segment>/                                                  events collected (`mail_audit.segments`)
    store/standing/<month>-<digest>.parquet                                  places of a month's facts in those
    store/inputs/<sha256>.json  <sha256>.parquet                             what reports of the store were made from

The collect step writes into a folder of its own (a random token); the run's row names the one that counts. So a step
that is killed, or that runs twice at once, never leaves half a result.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl

from mail_audit.plain import from_plain, to_plain
from mail_audit.report.model import Report

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 100
_TOKEN_BYTES = 12


def new_token() -> str:
    """A name no other step has."""
    return secrets.token_hex(_TOKEN_BYTES)


def audit_folder(store: Path, audit_id: int) -> Path:
    """The folder of one run."""
    return store / "audits" / str(audit_id)


def measured_folder(store: Path, audit_id: int, token: str) -> Path:
    """The folder of one collect step's result."""
    return audit_folder(store, audit_id) / token


def evidence_file(store: Path, audit_id: int, token: str) -> Path:
    """The lines behind the figures (Parquet; columns as in `mail_audit.pipeline.run`)."""
    return measured_folder(store, audit_id, token) / "evidence.parquet"


def manifest_file(store: Path, audit_id: int, token: str) -> Path:
    """What a report of the store was made from (`mail_audit.standing.manifest`)."""
    return measured_folder(store, audit_id, token) / "manifest.json"


def reports_folder(store: Path, audit_id: int) -> Path:
    """The folder of the rendered reports."""
    return audit_folder(store, audit_id) / "reports"


def upload_folder(store: Path, token: str) -> Path:
    """The folder of one sent log."""
    return store / "uploads" / token


def standing_folder(store: Path) -> Path:
    """The folder of the places of standing facts."""
    return store / "standing"


def places_file(store: Path, month: str, facts: str, inputs: str) -> Path:
    """The places in the events of the facts of a month (`2026-10`), by the digests of facts and inputs."""
    return standing_folder(store) / f"{month}-{facts[:16]}{inputs[:16]}.parquet"


def inputs_folder(store: Path) -> Path:
    """The folder of what reports of the store were made from."""
    return store / "inputs"


def input_file(store: Path, sha256: str, ending: str) -> Path:
    """What a report was made from, known by its content."""
    return inputs_folder(store) / f"{sha256}{ending}"


def write_aside(path: Path, write: Callable[[Path], object]) -> None:
    """Have a file written beside `path` and give it that name once it is whole and on the disk."""
    draft = path.with_name(f".{new_token()}{path.suffix}")
    try:
        write(draft)
        to_disk(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def safe_name(given: str) -> str:
    """A file name made of a client's: its last part in plain letters, digits, dot, dash, underscore.

    Never hidden, never empty. Its end is kept, because the day of a rotated log may stand there.
    """
    last = re.split(r"[/\\]", given)[-1]
    name = _UNSAFE.sub("_", last).lstrip(".-_")[-_LONGEST_NAME:].lstrip(".-_")
    return name or "log"


def write_measured(folder: Path, report: Report, days: pl.DataFrame) -> None:
    """Put the report and the days beside the evidence in `folder`, on the disk when this returns."""
    days.write_parquet(folder / "days.parquet")
    (folder / "report.json").write_text(json.dumps(to_plain(report), ensure_ascii=True), encoding="ascii")
    for path in (*folder.iterdir(), folder):
        to_disk(path)


def read_measured(folder: Path) -> tuple[Report, pl.DataFrame]:
    """What `write_measured` wrote."""
    report = from_plain(Report, json.loads((folder / "report.json").read_text(encoding="ascii")))
    return report, pl.read_parquet(folder / "days.parquet")


def remove_folder(folder: Path) -> None:
    """Take a folder away with all in it; one that is not there is as good."""
    shutil.rmtree(folder, ignore_errors=True)


def remove_other_results(store: Path, audit_id: int, token: str) -> None:
    """Take away what collect steps left that did not win."""
    folder = audit_folder(store, audit_id)
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in {token, reports_folder(store, audit_id).name}:
            remove_folder(path)


def to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
