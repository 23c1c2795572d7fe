"""The same log plain and packed is read once, and gives what the copy's events would have told."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import zstandard

from core.directory.rosterfile import read_roster
from core.words import LANGUAGES, Text
from mail_audit import pipeline
from mail_audit.archives import find_logs
from mail_audit.archives.same import copies
from mail_audit.pipeline import Measured
from mail_audit.report.as_json import as_dict, schema
from mail_audit.report.picture import picture
from mail_audit.sample.build import build
from mail_audit.sample.day import Volume
from mail_audit.sample.files import Layout
from tests.mail_audit.audited import document

FILES = {"Tệp nhật ký", "Log files"}
COPY = Text("bản sao, đã đếm ở", "a copy, counted in")

LINE = b"Oct  5 08:00:%02d mail postfix/qmgr[1]: A%d: removed\n"
TEXT = b"".join(LINE % (number % 60, number) for number in range(5000))
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "log": bytes,
    "gz": gzip.compress,
    "xz": lzma.compress,
    "bz2": bz2.compress,
    "zst": zstandard.ZstdCompressor().compress,
}


def told(folder: Path) -> set[str]:
    """Names of the files that are told to be copies."""
    logs = find_logs([folder])
    return {logs[number].name for number in copies(logs)}


def said_of_copies(measured: Measured) -> dict[str, str]:
    """Name of a copy -> of what, as every form of the report says it."""
    report = measured.report
    found = {one.file: one.same_as for one in report.coverage.copies}
    assert found == {
        count.name: measured.files[count.same_as].name for count in measured.files if count.same_as is not None
    }
    whole = as_dict(report)
    jsonschema.validate(whole, schema())
    assert {one["file"]: one["same_as"] for one in whole["coverage"]["copies"]} == found
    for language in LANGUAGES:
        (files,) = (row.value for row in picture(report, language).coverage if row.label in FILES)
        for name, other in found.items():
            assert f"{name} ({COPY.to(language)} {other})" in files
    return found


def test_every_packing_of_the_same(tmp_path: Path) -> None:
    for name, pack in PACKED.items():
        (tmp_path / f"mail.{name}").write_bytes(pack(TEXT))
    assert len(TEXT) > 200_000
    assert told(tmp_path) == {"mail.gz", "mail.log", "mail.xz", "mail.zst"}, "the first by name is read"


@pytest.mark.parametrize(
    "other",
    [
        TEXT + b"Oct  5 08:00:00 mail postfix/qmgr[1]: B: removed\n",
        TEXT[:-50],
        TEXT[:-2] + b"x\n",
        b"O" + TEXT[1:100_000] + b"x" + TEXT[100_001:],
        b"x" + TEXT[1:],
        b"",
    ],
    ids=["grown", "cut", "another end", "another middle", "another start", "empty"],
)
def test_what_differs_anywhere_is_no_copy(tmp_path: Path, other: bytes) -> None:
    (tmp_path / "mail.log.1").write_bytes(TEXT)
    (tmp_path / "mail.log.2.gz").write_bytes(gzip.compress(other))
    assert told(tmp_path) == set()


def test_a_damaged_copy_is_left_to_be_read(tmp_path: Path) -> None:
    (tmp_path / "mail.log.1").write_bytes(TEXT)
    (tmp_path / "mail.log.1.gz").write_bytes(gzip.compress(TEXT)[:-20])
    assert told(tmp_path) == set()
    for name in ("empty.1", "empty.2"):
        (tmp_path / name).write_bytes(b"")
    assert told(tmp_path) == set()


@pytest.mark.parametrize("torn", [False, True], ids=["at a line's end", "in a line"])
def test_a_folder_that_is_being_rotated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, torn: bool) -> None:
    """Two logs, the older one also packed: the figures are those of the two, and of reading all three line by line."""
    build(tmp_path, first=date(2026, 10, 5), days=1, volume=Volume(citizens=0.02, bulletin=0.02), layout=Layout())
    logs, roster = tmp_path / "logs", read_roster(tmp_path / "officials.csv")
    whole = max(path for path in logs.rglob("*") if path.is_file())
    text = gzip.decompress(whole.read_bytes()) if whole.suffix == ".gz" else whole.read_bytes()
    whole.unlink()
    middle = text.index(b"\n", len(text) // 2) + 1 - (20 if torn else 0)
    (logs / "mail.log.1").write_bytes(text[:middle])
    (logs / "mail.log").write_bytes(text[middle:])
    measured = pipeline.run([logs], roster)
    alone = document(measured)
    assert (measured.report.coverage.copies, {one.same_as for one in measured.files}) == ((), {None})
    (logs / "mail.log.1.gz").write_bytes(gzip.compress(text[:middle]))
    measured = pipeline.run([logs], roster)
    assert document(measured) == alone
    assert said_of_copies(measured) == {"mail.log.1.gz": "mail.log.1"}, "not as if it were empty"
    monkeypatch.setattr(pipeline, "copies", lambda _logs: {})
    assert (document(pipeline.run([logs], roster)) == alone) is not torn, (
        "read line by line, half a line is one too many"
    )
