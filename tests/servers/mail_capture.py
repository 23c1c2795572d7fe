"""Plays the day once on each kind of server and keeps the logs and the truth as samples.

`python -m tests.servers.mail_capture` as root writes `tests/mail_audit/samples/played-*` anew, so that the engine can
be held to the truth of real servers where none can be started.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.servers.mail_fixtures import KINDS, play_on
from tests.servers.mail_server import missing
from tests.servers.mail_settings import ZONE

SAMPLES = Path(__file__).resolve().parents[1] / "mail_audit" / "samples"


def sample_name(kind: str, log: str) -> str:
    """The file of one log of one kind of server."""
    return f"played-{kind.replace(' ', '-')}-{log.removesuffix('.log')}.log"


def capture(kind: str) -> None:
    """Play on one kind of server; write its logs and, beside them, when it was and what was done."""
    with tempfile.TemporaryDirectory() as folder:
        played = play_on(kind, Path(folder) / "play")
        names = []
        for log in played.logs:
            names.append(sample_name(kind, log.name))
            shutil.copyfile(log, SAMPLES / names[-1])
    facts = {
        "written": datetime.now(ZoneInfo(ZONE)).isoformat(timespec="seconds"),
        "logs": names,
        "truth": played.truth,
    }
    target = SAMPLES / f"played-{kind.replace(' ', '-')}.json"
    target.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    if reason := missing():
        sys.exit(reason)
    for name in KINDS:
        capture(name)
