"""What a client did is on its rung: from a log that was kept, and from a server that is started."""

from __future__ import annotations

import json
import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from core.directory.rosterfile import read_roster
from mail_audit.pipeline import run
from tests.servers.mail_behaviours import BOXES, RUNGS, SAMPLE, SAMPLES, log_of
from tests.servers.mail_fixtures import demand_servers
from tests.servers.mail_settings import DOMAIN


def found(log: Path, folder: Path) -> dict[str, str | None]:
    """Behaviour -> the rung of its mailbox."""
    rows = ["unit,official_id,name,title,rank,email,aliases,kind"]
    rows += [
        f"Sở Xây dựng,CB{n:03},Cán bộ {n},Chuyên viên,staff,{who}@{DOMAIN},,personal"
        for n, who in enumerate(BOXES.values())
    ]
    directory = folder / "officials.csv"
    directory.write_text("\n".join(rows) + "\n", "utf-8")
    report = run([log], read_roster(directory)).report
    rungs = {one.mailboxes[0].partition("@")[0]: one.rung for one in report.officials}
    return {name: rungs[box] for name, box in BOXES.items()}


def test_seventeen_behaviours_from_the_log_that_was_kept(tmp_path: Path) -> None:
    facts = json.loads((SAMPLES / f"{SAMPLE}.json").read_text("utf-8"))
    log = Path(shutil.copyfile(SAMPLES / f"{SAMPLE}.log", tmp_path / "mail.log"))
    written = datetime.fromisoformat(facts["written"]).timestamp()
    os.utime(log, (written, written))
    assert found(log, tmp_path) == RUNGS
    assert len(RUNGS) == 17


@pytest.mark.server
def test_seventeen_behaviours_on_a_server(tmp_path: Path) -> None:
    demand_servers()
    assert found(log_of(tmp_path), tmp_path) == RUNGS
