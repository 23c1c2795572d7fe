"""A running suite in a folder of its own: the web server and a worker as processes, a small sample city beside them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.db import forget, unit_of_work
from core.directory.services import create_account
from core.permissions import command_line_actor
from core.settings import load
from mail_audit.sample import PRESETS, Truth, build
from tests.servers.loopback import free_port

NAME, PASSWORD = "quantri", "bốn con mèo uống trà"
COMMAND = (sys.executable, "-c", "import sys; from core.cli import main; sys.exit(main())")
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Suite:
    """Where the suite answers, the city it is to audit, and the home its processes keep their data in."""

    address: str
    sample: Path
    truth: Truth
    home: Path

    @property
    def logs(self) -> list[Path]:
        """The sample's log files."""
        return sorted((self.sample / "logs").rglob("mail.log*"))


@contextmanager
def running(folder: Path) -> Iterator[Suite]:
    """Build a city in `folder`, start the processes, end them."""
    plan = PRESETS["small"]
    truth = build(
        folder / "sample",
        officials=plan.officials,
        first=plan.first,
        days=plan.days,
        layout=plan.layout,
        volume=plan.volume,
    )
    port = free_port()
    own = {"VANTHU_HOME": str(folder / "home"), "VANTHU_LOG_FOLDERS": str(folder / "sample" / "logs")}
    settings = load(own)
    with unit_of_work(settings) as session:
        create_account(session, command_line_actor(), name=NAME, password=PASSWORD)
    forget(settings)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VANTHU_")} | own
    with (folder / "processes.log").open("wb") as log:
        processes = [
            subprocess.Popen([*COMMAND, *arguments], env=environ, stdout=log, stderr=log, start_new_session=True)
            for arguments in (["serve", "--port", str(port), "--processes", "1"], ["worker", "--concurrency", "1"])
        ]
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, folder / "processes.log")
            yield Suite(address, folder / "sample", truth, settings.home)
        finally:
            _stop(processes)


def _wait(address: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the suite did not start: {log.read_text('utf-8', 'replace')[-2000:]}")


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(timeout=PATIENCE / 2)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
