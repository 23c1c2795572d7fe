"""Where an audit's files lie in the store (their keys), and how a result is written and read.

    store/audits/<id>/<token>/evidence.parquet  days.parquet  report.json    what the collect step found
    store/audits/<id>/reports/vanthu-....pdf                                 what the render step made
    store/uploads/<token>/<name>                                             sent by a browser, until it is read
    store/events/<segment>/                                                  events collected (`mail_audit.segments`)
    store/standing/<month>-<digest>.parquet                                  places of a month's facts in those
    store/inputs/<sha256>.json  <sha256>.parquet                             what reports of the store were made from

Beside the tables lie their sums (`mail_audit.sums`).

The collect step puts its result into a folder of its own (a random token); the run's row names the one that counts. So
a step that is killed, or that runs twice at once, never leaves half a result.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from core.store import Store
from mail_audit.errors import DamagedObjectError, FullStoreError
from mail_audit.plain import from_plain, to_plain
from mail_audit.report.model import Report
from mail_audit.sums import note_sums, sound

EVIDENCE, MANIFEST, REPORTS = "evidence.parquet", "manifest.json", "reports"
"""Names within the folder of a run. The manifest says what a report of the store was made from."""
STANDING, INPUTS, UPLOADS = "standing", "inputs", "uploads"
_DAYS, _REPORT = "days.parquet", "report.json"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 100
_TOKEN_BYTES = 12
_FULL = ("No space left on device", "Invalid thrift: transport error")
"""What Polars says where it cannot write: in the midst of a table, and at its end."""


def new_token() -> str:
    """A name no other step has."""
    return secrets.token_hex(_TOKEN_BYTES)


def audit_folder(audit_id: int) -> str:
    """Where all of one run lies."""
    return f"audits/{audit_id}"


def measured_folder(audit_id: int, token: str) -> str:
    """Where the result of one collect step lies."""
    return f"{audit_folder(audit_id)}/{token}"


def evidence_file(audit_id: int, token: str) -> str:
    """The lines behind the figures (Parquet; columns as in `mail_audit.pipeline.run`)."""
    return f"{measured_folder(audit_id, token)}/{EVIDENCE}"


def reports_folder(audit_id: int) -> str:
    """Where the rendered reports lie."""
    return f"{audit_folder(audit_id)}/{REPORTS}"


def upload_folder(token: str) -> str:
    """Where one sent log lies."""
    return f"{UPLOADS}/{token}"


def upload_key(place: str) -> str:
    """The key of a sent log: of its key itself, or of a whole path that ends with it."""
    return "/".join(Path(place).parts[-3:])


def places_file(month: str, facts: str, inputs: str) -> str:
    """The places in the events of the facts of a month (`2026-10`), by the digests of facts and inputs."""
    return f"{STANDING}/{month}-{facts[:16]}{inputs[:16]}.parquet"


def input_file(sha256: str, ending: str) -> str:
    """What a report was made from, known by its content."""
    return f"{INPUTS}/{sha256}{ending}"


def safe_name(given: str) -> str:
    """A file name made of a client's: its last part in plain letters, digits, dot, dash, underscore.

    Never hidden, never empty. Its end is kept, because the day of a rotated log may stand there.
    """
    last = re.split(r"[/\\]", given)[-1]
    name = _UNSAFE.sub("_", last).lstrip(".-_")[-_LONGEST_NAME:].lstrip(".-_")
    return name or "log"


@contextmanager
def unbroken(key: str) -> Iterator[None]:
    """Around whatever reads the tables of an object (or of all below `key`). Raises `DamagedObjectError`."""
    try:
        yield
    except FileNotFoundError:  # it went, which is another thing
        raise
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as broken:
        _refuse_full(broken)
        raise DamagedObjectError(key, detail=str(broken)[:200]) from broken


@contextmanager
def written() -> Iterator[None]:
    """Around whatever writes a table. Raises `FullStoreError`: Polars has an error of its own for a full disk."""
    try:
        yield
    except (pl.exceptions.ComputeError, OSError) as refused:
        _refuse_full(refused)
        raise


def _refuse_full(refused: BaseException) -> None:
    if any(words in str(refused) for words in _FULL):
        raise FullStoreError(detail=str(refused)[:200]) from refused


def write_measured(folder: Path, report: Report, days: pl.DataFrame) -> None:
    """Put the report and the days beside the evidence in `folder`, a draft of the store, and the sums of all."""
    with written():
        days.write_parquet(folder / _DAYS)
        (folder / _REPORT).write_text(json.dumps(to_plain(report), ensure_ascii=True), encoding="ascii")
        note_sums(folder)


def read_measured(store: Store, folder: str) -> tuple[Report, pl.DataFrame]:
    """What `write_measured` wrote and was put into the store."""
    key = f"{folder}/{_REPORT}"
    with unbroken(key):
        report = from_plain(Report, json.loads(sound(store, key).read_text(encoding="ascii")))
    key = f"{folder}/{_DAYS}"
    with unbroken(key):
        return report, pl.read_parquet(sound(store, key))


def remove_other_results(store: Store, audit_id: int, token: str) -> None:
    """Take away what collect steps left that did not win."""
    own = audit_folder(audit_id)
    names = {one.key.removeprefix(f"{own}/").partition("/")[0] for one in store.listed(own)}
    for name in sorted(names - {token, REPORTS}):
        store.remove_folder(f"{own}/{name}")
