"""A day played on real servers by real clients: every count of every official is exactly what was done."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.servers.mail_fixtures import (
    KINDS,
    Auditor,
    Played,
    counts,
    differences,
    figures,
    halves,
    pieces,
    shuffled,
)
from tests.servers.mail_settings import DOMAIN
from tests.servers.mail_truth import COUNTS

pytestmark = [pytest.mark.server, pytest.mark.slow]
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}
PlayedOn = Callable[[str], Played]
Untouched = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize("kind", KINDS)
def test_every_count_of_every_official(kind: str, played: PlayedOn, untouched: Untouched) -> None:
    """Sent, received, log-ins, refused log-ins and opened messages, among attacks and machines: no difference."""
    assert differences(untouched(kind), played(kind).truth) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_mailboxes_that_nobody_owns(kind: str, played: PlayedOn, untouched: Untouched) -> None:
    """The service account, the shared mailbox and the one nobody listed stand apart, with their counts."""
    truth = played(kind).truth
    owned_by_nobody = (("khong.ten", "unlisted"), ("vp.chung", "shared"), ("vp.may", "service"))
    expected = [
        {"mailbox": f"{person}@{DOMAIN}", "kind": what}
        | {name: truth[person][name] for name in ("sent", "received", "logins")}
        for person, what in owned_by_nobody
    ]
    assert sorted(untouched(kind)["unassigned"], key=lambda row: str(row["mailbox"])) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_every_line_is_understood(kind: str, played: PlayedOn, untouched: Untouched) -> None:
    """No line of real servers is broken, and every line is counted once."""
    coverage = untouched(kind)["coverage"]
    written = sum(len(path.read_bytes().splitlines()) for path in played(kind).logs)
    assert (coverage["lines"], coverage["broken"]) == (written, 0)
    assert coverage["events"] + coverage["not_of_interest"] == written


@pytest.mark.parametrize("kind", KINDS)
def test_no_subject_and_no_forged_name(kind: str, untouched: Untouched) -> None:
    """Nothing of subjects, forged lines or tried names stands anywhere in the report."""
    text = json.dumps(untouched(kind), ensure_ascii=False)
    told = ("kiến nghị", "Ký thay", "Báo cáo", "C0FFEE", "AAAA", "127.0.0.31", "khong.co", "nnnn", "gmail.test>")
    assert [word for word in told if word in text] == []


def test_iso_stamps_say_the_same(played: PlayedOn, untouched: Untouched, audit: Auditor) -> None:
    """The same lines with ISO 8601 stamps give the same counts."""
    iso = played("syslog").iso
    assert iso is not None
    assert counts(audit(iso), COUNTS) == counts(untouched("syslog"), COUNTS)


@pytest.mark.parametrize("kind", KINDS)
def test_order_of_lines_and_files(
    kind: str, played: PlayedOn, untouched: Untouched, audit: Auditor, tmp_path: Path
) -> None:
    """Shuffled lines, files named in the other order: the identical report."""
    logs, expected = played(kind).logs, figures(untouched(kind))
    assert figures(audit(*reversed(logs))) == expected
    for seed in (1, 2):
        mixed = [shuffled(path, tmp_path / f"{seed}-{path.name}", seed) for path in logs]
        assert figures(audit(*mixed)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_lines_twice(
    kind: str, played: PlayedOn, untouched: Untouched, audit: Auditor, tmp_path: Path
) -> None:
    """A file given twice, and a copy under another name, count once."""
    logs, expected = played(kind).logs, figures(untouched(kind))
    copies = [Path(shutil.copy2(path, tmp_path / f"copy-{path.name}")) for path in logs]
    assert figures(audit(*logs, *logs)) == expected
    assert figures(audit(*logs, *copies)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_split_anywhere(kind: str, played: PlayedOn, untouched: Untouched, audit: Auditor, tmp_path: Path) -> None:
    """Cut into pieces in the middle of sessions and messages, given in any order: the identical report."""
    logs, expected = played(kind).logs, figures(untouched(kind))
    for seed in (1, 2):
        parts = [part for path in logs for part in pieces(path, tmp_path / f"{seed}-{path.name}", seed)]
        assert figures(audit(*reversed(parts))) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_cut_within_a_line(kind: str, played: PlayedOn, untouched: Untouched, audit: Auditor, tmp_path: Path) -> None:
    """Cut in two in the middle of a line, wherever that is: the identical report."""
    logs, expected = played(kind).logs, figures(untouched(kind))
    for seed in (3, 4, 5):
        parts = [part for path in logs for part in halves(path, tmp_path / f"{seed}-{path.name}", seed)]
        assert figures(audit(*parts)) == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", PACKERS)
def test_packed(ending: str, kind: str, played: PlayedOn, untouched: Untouched, audit: Auditor, tmp_path: Path) -> None:
    """Compressed by any of the four programs: the identical report."""
    packed = []
    for path in played(kind).logs:
        target = tmp_path / (path.name + ending)
        target.write_bytes(PACKERS[ending](path.read_bytes()))
        shutil.copystat(path, target)
        packed.append(target)
    assert figures(audit(*packed)) == figures(untouched(kind))
