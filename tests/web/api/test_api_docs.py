"""The examples of docs/api.md are run, by curl against a server, and give what stands below them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from core.db import unit_of_work
from core.directory.queries import roster
from core.directory.rosterfile import write_roster
from core.settings import Settings
from tests.house.tree import ROOT
from tests.web.api.conftest import service_token
from web.border import BorderedFlask

pytestmark = pytest.mark.slow

EXAMPLE = re.compile(r"^```sh\n(.*?)^```\n\n```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = EXAMPLE.findall((ROOT / "docs" / "api.md").read_text("utf-8"))
ANYTHING = "…"


@pytest.fixture
def address(app: BorderedFlask) -> Iterator[str]:
    """The application behind a real socket."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _holds(told: Any, found: Any) -> bool:
    """Whether what is told is there; objects may have more than is told."""
    if told == ANYTHING:
        return True
    if isinstance(told, dict):
        return isinstance(found, dict) and all(name in found and _holds(one, found[name]) for name, one in told.items())
    if isinstance(told, list):
        return isinstance(found, list) and len(told) == len(found) and all(map(_holds, told, found))
    return bool(told == found)


@pytest.mark.server
def test_every_example_gives_what_it_says(
    address: str, settings: Settings, listed: None, audit_id: int, tmp_path: Path
) -> None:
    if shutil.which("curl") is None:
        pytest.fail("no curl") if os.environ.get("CI") else pytest.skip("no curl")
    with unit_of_work(settings) as session:
        write_roster(roster(session), tmp_path / "officials.csv")
    (tmp_path / "mail.log").write_text("Oct  6 08:01:02 mail postfix/smtpd[7]: connect from a\n", "utf-8")
    given = {"VANTHU": address, "TOKEN": service_token(settings), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    different = {}
    for command, told in EXAMPLES:
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command],
            cwd=tmp_path, env=given, capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        if not _holds(json.loads(told), json.loads(ran.stdout)):
            different[command] = ran.stdout
    assert different == {}
    assert len(EXAMPLES) == 7
