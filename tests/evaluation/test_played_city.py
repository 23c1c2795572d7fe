"""The measurement held to played truth: some days of a few people on a real server, and a whole month that was kept."""

from __future__ import annotations

import lzma
import shutil
from pathlib import Path

import pytest

from tests.evaluation.cast import CAST, SMALL
from tests.evaluation.judge import Judgement, judge, table
from tests.evaluation.play import cannot_play, play, read
from tests.servers.loopback import missing

PAGE = Path(__file__).resolve().parents[2] / "docs" / "measurement.md"
KEPT = Path(__file__).parent / "kept"
LOGS = ("maillog", "dovecot.log")
ENOUGH = 0.95
DAYS = 3


def kept(folder: Path) -> Judgement:
    """The month that `python -m tests.evaluation --keep` left, packed."""
    for name in LOGS:
        (folder / name).write_bytes(lzma.decompress((KEPT / f"{name}.xz").read_bytes()))
    shutil.copyfile(KEPT / "truth.json", folder / "truth.json")
    return judge(read(folder, [folder / name for name in LOGS]), folder)


def test_a_month_that_was_kept(tmp_path: Path) -> None:
    """Over a thousand account-days of people and machines, as the documentation reports them."""
    found = kept(tmp_path)
    assert found.account_days >= 1000
    assert (found.precision >= ENOUGH, found.recall >= ENOUGH) == (True, True)
    wrong = {who: classes for who, classes in found.classes.items() if classes[0] != classes[1]}
    assert wrong == {}
    assert table(found) in PAGE.read_text("utf-8")


@pytest.mark.server
@pytest.mark.slow
def test_some_days_on_a_server(tmp_path: Path) -> None:
    """Persons, machines, a clerk with a leader's mailbox, a forward and an attacker, from Sunday to Tuesday."""
    if reason := cannot_play():
        missing(reason)
    cast = [one for one in CAST if one.name in SMALL]
    found = judge(play(tmp_path / "play", cast, DAYS), tmp_path)
    confused = {pair: count for pair, count in found.days.items() if "person" in pair and pair[0] != pair[1]}
    assert confused == {}
    assert found.account_days == DAYS * len(SMALL)
    assert {kind for kind, _ in found.days} == {"person", "delegate", "forward", "machine", "none"}
