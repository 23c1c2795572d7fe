"""Real worker processes on a real broker: work is done, and done once, whatever is killed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.db import forget, unit_of_work
from core.directory.models import OfficialRow
from core.jobs import Job, JobState, queue
from core.settings import Settings, load
from tests.core.jobs.sample_tasks import noted
from tests.servers.loopback import wait_until

pytestmark = pytest.mark.slow

Starter = Callable[..., subprocess.Popen[bytes]]
SILENCE = "3"


@pytest.fixture(params=["filesystem", pytest.param("redis", marks=pytest.mark.server)])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A home with a short patience, on the embedded broker and on Redis."""
    given = {"VANTHU_HOME": str(tmp_path / "home"), "VANTHU_JOB_SILENCE": SILENCE}
    if request.param == "redis":
        given["VANTHU_BROKER_URL"] = f"{request.getfixturevalue('redis_server')}/{abs(hash(tmp_path.name)) % 15}"
    made = load(given)
    yield made
    forget(made)


@pytest.fixture
def start(installation: Settings, tmp_path: Path) -> Iterator[Starter]:
    """Starts `vanthu …` with the sample tasks as a process group of its own; all are killed at the end."""
    environ = os.environ | {
        "VANTHU_HOME": str(installation.home),
        "VANTHU_BROKER_URL": installation.broker_url,
        "VANTHU_JOB_SILENCE": SILENCE,
    }
    running: list[subprocess.Popen[bytes]] = []

    def started(*words: str) -> subprocess.Popen[bytes]:
        with (tmp_path / "log").open("ab") as log:
            command = [sys.executable, "-m", "tests.core.jobs.sample_tasks", *words]
            running.append(subprocess.Popen(command, env=environ, stdout=log, stderr=log, start_new_session=True))
        return running[-1]

    yield started
    for process in running:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill -9 of the process and of those it forked."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def stopped_between_writes(settings: Settings, process: subprocess.Popen[bytes]) -> bool:
    """Stops a process; lets it go on where it was stopped in the middle of a write, which would hold up everybody."""
    os.killpg(process.pid, signal.SIGSTOP)
    database = sqlite3.connect(settings.home / "vanthu.sqlite3", timeout=1, isolation_level=None)
    try:
        database.execute("BEGIN IMMEDIATE").execute("ROLLBACK")
    except sqlite3.OperationalError:
        os.killpg(process.pid, signal.SIGCONT)
        return False
    finally:
        database.close()
    return True


def add(settings: Settings, task: str, **args: object) -> int:
    """Queues a job; gives its number."""
    with unit_of_work(settings) as session:
        return queue(session, task, subject="test:1", args=args).id


def is_done(settings: Settings, job_id: int) -> bool:
    """Whether the job is done."""
    with unit_of_work(settings) as session:
        return session.scalar(select(Job.state).where(Job.id == job_id)) == JobState.DONE


def results(settings: Settings) -> int:
    """How many results of `test.wait` were committed."""
    with unit_of_work(settings) as session:
        return session.scalar(select(func.count(OfficialRow.id))) or 0


def began(folder: Path) -> int:
    """How many copies of `test.wait` have begun."""
    return len(list(folder.glob("began-*")))


def test_a_worker_does_what_is_queued_and_stops_when_told(
    installation: Settings, start: Starter, tmp_path: Path
) -> None:
    worker = start("worker", "--concurrency", "2")
    jobs = [add(installation, "test.note", folder=str(tmp_path), line=str(n)) for n in range(6)]
    jobs.append(add(installation, "test.chain", folder=str(tmp_path), left=2))
    wait_until(lambda: sorted(noted(tmp_path)) == sorted([*"012345", *"210"]), "the jobs are done")
    wait_until(lambda: all(is_done(installation, job) for job in jobs), "the rows say so")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0, (tmp_path / "log").read_text()


def test_a_killed_worker_leaves_a_job_that_is_done_once(installation: Settings, start: Starter, tmp_path: Path) -> None:
    job = add(installation, "test.wait", folder=str(tmp_path))
    worker = start("worker", "--concurrency", "1")
    wait_until(lambda: began(tmp_path) == 1, "the first copy begins")
    kill(worker)
    start("scheduler")
    start("worker", "--concurrency", "1")
    wait_until(lambda: began(tmp_path) == 2, "the second copy begins", seconds=120)
    (tmp_path / "go").touch()
    wait_until(lambda: is_done(installation, job), "the job is done")
    assert (noted(tmp_path), results(installation)) == (["ended"], 1)


def test_a_stopped_copy_that_wakes_up_late_counts_no_more(
    installation: Settings, start: Starter, tmp_path: Path
) -> None:
    job = add(installation, "test.wait", folder=str(tmp_path))
    sleeper = start("worker", "--concurrency", "1")
    wait_until(lambda: began(tmp_path) == 1, "the first copy begins")
    wait_until(lambda: stopped_between_writes(installation, sleeper), "it is stopped without the database's lock")
    start("scheduler")
    start("worker", "--concurrency", "1")
    wait_until(lambda: began(tmp_path) == 2, "the second copy begins", seconds=120)
    (tmp_path / "go").touch()
    wait_until(lambda: is_done(installation, job), "the job is done")
    os.killpg(sleeper.pid, signal.SIGCONT)
    wait_until(lambda: "lost claim" in (tmp_path / "log").read_text(), "the first copy learns that it lost")
    assert (noted(tmp_path), results(installation)) == (["ended"], 1)


@pytest.mark.parametrize("installation", ["filesystem"], indirect=True)
def test_a_lost_message_is_made_up_for(installation: Settings, start: Starter, tmp_path: Path) -> None:
    job = add(installation, "test.note", folder=str(tmp_path), line="a")
    for message in (installation.home / "broker/messages").iterdir():
        message.unlink()
    start("worker", "--concurrency", "1")
    start("scheduler")
    wait_until(lambda: is_done(installation, job), "the job is done", seconds=120)
    assert noted(tmp_path) == ["a"]


def test_a_killed_child_does_not_take_the_worker_with_it(
    installation: Settings, start: Starter, tmp_path: Path
) -> None:
    job = add(installation, "test.wait", folder=str(tmp_path))
    worker = start("worker", "--concurrency", "1")
    start("scheduler")
    wait_until(lambda: began(tmp_path) == 1, "the first copy begins")
    (first,) = tmp_path.glob("began-*")
    child = int(first.name.removeprefix("began-"))
    assert child != worker.pid
    os.kill(child, signal.SIGKILL)
    wait_until(lambda: began(tmp_path) == 2, "a new child takes it up", seconds=120)
    (tmp_path / "go").touch()
    wait_until(lambda: is_done(installation, job), "the job is done")
    assert worker.poll() is None
    assert (noted(tmp_path), results(installation)) == (["ended"], 1)


@pytest.mark.parametrize("installation", ["filesystem"], indirect=True)
def test_a_broker_nobody_knows_is_a_sentence(installation: Settings) -> None:
    environ = os.environ | {
        "VANTHU_HOME": str(installation.home), "VANTHU_BROKER_URL": "nonsense://127.0.0.1:1", "VANTHU_LANGUAGE": "en",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.core.jobs.sample_tasks", "worker"]
    run = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 2
    assert run.stderr.splitlines()[-1].startswith("VANTHU_BROKER_URL is not the URL of a usable broker")
