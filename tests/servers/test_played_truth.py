"""A day played on real servers by real clients: every count of every official is exactly what was done."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from tests.servers.mail_fixtures import KINDS, OFFICIALS, Auditor, Played, counts, figures, pieces, shuffled
from tests.servers.mail_settings import DOMAIN
from tests.servers.mail_truth import COUNTS

pytestmark = [pytest.mark.server, pytest.mark.slow]
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_count_of_every_official(kind: str, played: Callable[[str], Played], audit: Auditor) -> None:
    """Sent, received, log-ins, refused log-ins and opened messages, among attacks and machines: no difference."""
    play = played(kind)
    truth = {person: play.truth[person] for people in OFFICIALS.values() for person in people}
    assert counts(audit(*play.logs), COUNTS) == truth


@pytest.mark.parametrize("kind", KINDS)
def test_mailboxes_that_nobody_owns(kind: str, played: Callable[[str], Played], audit: Auditor) -> None:
    """The service account, the shared mailbox and the one nobody listed stand apart, with their counts."""
    play = played(kind)
    names = ("sent", "received", "logins")
    truth = {
        f"{person}@{DOMAIN}": {"kind": what} | {name: play.truth[person][name] for name in names}
        for person, what in (("vp.may", "service"), ("vp.chung", "shared"), ("khong.ten", "unlisted"))
    }
    found = audit(*play.logs)["unassigned"]
    assert {row.pop("mailbox"): row for row in found} == truth


@pytest.mark.parametrize("kind", KINDS)
def test_every_line_is_understood(kind: str, played: Callable[[str], Played], audit: Auditor) -> None:
    """No line of real servers is broken, and every line is counted once."""
    play = played(kind)
    coverage = audit(*play.logs)["coverage"]
    assert coverage["broken"] == 0
    written = sum(len(path.read_bytes().splitlines()) for path in play.logs)
    assert coverage["lines"] == written
    assert coverage["events"] + coverage["not_of_interest"] == written


def test_iso_stamps_say_the_same(played: Callable[[str], Played], audit: Auditor) -> None:
    """The same lines with ISO 8601 stamps give the same counts."""
    play = played("syslog")
    assert play.iso is not None
    assert counts(audit(play.iso), COUNTS) == counts(audit(*play.logs), COUNTS)


@pytest.mark.parametrize("kind", KINDS)
def test_order_of_lines_and_files(kind: str, played: Callable[[str], Played], audit: Auditor, tmp_path: Path) -> None:
    """Shuffled lines, files named in the other order: the identical report."""
    play = played(kind)
    expected = figures(audit(*play.logs))
    assert figures(audit(*reversed(play.logs))) == expected
    for seed in (1, 2):
        mixed = [shuffled(path, tmp_path / f"{seed}-{path.name}", seed) for path in play.logs]
        assert figures(audit(*mixed)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_lines_twice(kind: str, played: Callable[[str], Played], audit: Auditor, tmp_path: Path) -> None:
    """A file given twice, and a copy under another name, count once."""
    play = played(kind)
    expected = figures(audit(*play.logs))
    copies = [Path(shutil.copy2(path, tmp_path / f"copy-{path.name}")) for path in play.logs]
    assert figures(audit(*play.logs, *play.logs)) == expected
    assert figures(audit(*play.logs, *copies)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_split_anywhere(kind: str, played: Callable[[str], Played], audit: Auditor, tmp_path: Path) -> None:
    """Cut into pieces in the middle of sessions and messages, given in any order: the identical report."""
    play = played(kind)
    expected = figures(audit(*play.logs))
    for seed in (1, 2):
        parts = [part for path in play.logs for part in pieces(path, tmp_path / f"{seed}-{path.name}", seed)]
        assert figures(audit(*reversed(parts))) == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", PACKERS)
def test_packed(ending: str, kind: str, played: Callable[[str], Played], audit: Auditor, tmp_path: Path) -> None:
    """Compressed by any of the four programs: the identical report."""
    play = played(kind)
    packed = []
    for path in play.logs:
        target = tmp_path / (path.name + ending)
        target.write_bytes(PACKERS[ending](path.read_bytes()))
        shutil.copystat(path, target)
        packed.append(target)
    assert figures(audit(*packed)) == figures(audit(*play.logs))
