"""Logs kept of a played day: the audit of them is the truth wherever the tests run, without any server."""

from __future__ import annotations

import json
import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from tests.servers.mail_capture import SAMPLES
from tests.servers.mail_fixtures import KINDS, Auditor, differences


@pytest.mark.parametrize("kind", KINDS)
def test_every_count_of_every_official(kind: str, audit: Auditor, tmp_path: Path) -> None:
    """No difference in any count; the stamps carry no year, the time of the file gives it."""
    facts = json.loads((SAMPLES / f"played-{kind.replace(' ', '-')}.json").read_text("utf-8"))
    written = datetime.fromisoformat(facts["written"]).timestamp()
    logs = []
    for name in facts["logs"]:
        logs.append(Path(shutil.copyfile(SAMPLES / name, tmp_path / name)))
        os.utime(logs[-1], (written, written))
    report = audit(*logs)
    assert differences(report, facts["truth"]) == {}
    assert report["period"]["from"] == report["period"]["to"] == facts["written"][:10]
