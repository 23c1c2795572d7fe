"""Fixtures: the play, played on real servers once a session and kind of server, and the audit of its logs."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.servers import mail_settings as settings
from tests.servers.mail_acts import Play
from tests.servers.mail_outside import content_filter, outside_world
from tests.servers.mail_script import LIES, sieve_scripts, whole_day
from tests.servers.mail_server import MailServer, may_isolate, missing, running
from tests.servers.mail_settings import DOMAIN, GONE, Options, Ports
from tests.servers.mail_truth import COUNTS, PlayedTruth

SERVERS = {
    "syslog": Options(),
    "own files": Options(syslog=False, long_queue_ids=False, auth_verbose=False, xforward=False, filter_expands=False),
    "delivery agent": Options(long_queue_ids=False, delivery_agent=True),
}
TWO_HOSTS = "two hosts"
KINDS = (*SERVERS, TWO_HOSTS)
"""The kinds of server: everything through syslog, or each program into its own file (they differ in all else too);
one that runs Dovecot's own delivery agent for every recipient, so that no id joins the lines of both programs;
one that takes mail and hands it to another that has the mailboxes, each with a log of its own."""
Counts = dict[str, dict[str, int]]
OFFICIALS = {
    "Sở Xây dựng": ("xd.gd", "xd.pgd", "xd.cv1", "xd.cv2", "xd.vt"),
    "Sở Tài chính": ("tc.gd", "tc.cv1", "tc.cv2"),
    "Sở Giao thông": ("gt.gd", "gt.cv1"),
    "Sở Y tế": ("yt.gd", "yt.cv1"),
    "Phòng cháy chữa cháy": ("pccc.gd", "pccc.cv1", "pccc.cv2"),
    "Văn phòng": (GONE,),
}
"""Unit -> its officials; whoever is called `gd` or `pgd` leads."""


@dataclass(frozen=True)
class Played:
    """What is left of a play: its log files, the same in ISO form where there is one, and the truth by mailbox."""

    logs: tuple[Path, ...]
    iso: Path | None
    truth: Counts


def demand_servers() -> None:
    """Skip where no server can be started; in CI that is a failure."""
    if reason := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


def play_on(kind: str, folder: Path) -> Played:
    """Play the whole day on fresh servers and copy their logs into `folder`."""
    folder.mkdir(parents=True)
    with ExitStack() as started:
        servers = start(kind, started)
        gate, store = servers[0], servers[-1]
        for server in servers:
            started.enter_context(outside_world(server.ports.outside, LIES))
        for person, script in sieve_scripts().items():
            store.sieve(person, script)
        play = Play(Together(gate, store), PlayedTruth(gate.options.auth_verbose))
        ports = gate.ports
        with content_filter(ports.content_filter, ports.reinject, xforward=gate.options.xforward):
            whole_day(play)
        for server in servers:
            server.stop()
        logs = tuple(
            Path(shutil.copy2(path, folder / f"{server.options.host}-{path.name}"))
            for server in servers
            for path in server.logs
        )
        iso = Path(shutil.copy2(gate.place.iso_log, folder)) if kind == "syslog" else None
    return Played(logs, iso, play.truth.as_json())


def start(kind: str, started: ExitStack) -> list[MailServer]:
    """Start the servers of one kind: the one that people send through first, the one that has the mailboxes last."""
    if kind != TWO_HOSTS:
        return [started.enter_context(running(SERVERS[kind]))]
    store = started.enter_context(running(Options(host="kho", long_queue_ids=False)))
    gate = started.enter_context(running(Options(host="cua", next_hop=store.ports.mx)))
    return [gate, store]


@dataclass(frozen=True)
class Together:
    """A server to send through and a server with the mailboxes, which may be one and the same."""

    gate: MailServer
    store: MailServer

    @property
    def ports(self) -> Ports:
        """The doors for mail of the one, those for reading of the other."""
        return replace(self.gate.ports, imap=self.store.ports.imap, pop3=self.store.ports.pop3)

    def queue_empty(self) -> bool:
        """True when no message is on its way on either."""
        return self.gate.queue_empty() and self.store.queue_empty() and self.gate.queue_empty()


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Played]:
    """The play on one of `KINDS`, played when first asked for."""
    done: dict[str, Played] = {}

    def play(kind: str) -> Played:
        demand_servers()
        if kind == TWO_HOSTS and not may_isolate():
            pytest.skip("two mail servers on one machine need namespaces of their own, which cannot be made here")
        if kind not in done:
            done[kind] = play_on(kind, tmp_path_factory.mktemp("played") / kind.replace(" ", "-"))
        return done[kind]

    return play


def write_directory(path: Path) -> Path:
    """The officials of the play as a directory file; the unlisted mailbox is not in it."""
    rows = ["unit,official_id,name,title,rank,email,aliases,kind"]
    number = 0
    for unit, people in OFFICIALS.items():
        for person in people:
            number += 1
            leads = person.endswith("gd")
            title, rank = ("Giám đốc", "leader") if leads else ("Chuyên viên", "staff")
            alias = f"yt.gd.cu@{DOMAIN}" if person == "yt.gd" else ""
            rows.append(f"{unit},CB{number:04},Cán bộ {number},{title},{rank},{person}@{DOMAIN},{alias},personal")
    rows.append(f"Văn phòng,,,,,vp.may@{DOMAIN},,service")
    rows.append(f"Văn phòng,,,,,vp.chung@{DOMAIN},,shared")
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


@dataclass(frozen=True)
class Auditor:
    """Runs the real command in a folder of its own."""

    folder: Path

    def __call__(self, *logs: Path) -> dict[str, Any]:
        """The report `vanthu audit` writes on these files."""
        report = self.folder / "report.json"
        report.unlink(missing_ok=True)
        directory = write_directory(self.folder / "officials.csv")
        command = [Path(sys.executable).with_name("vanthu"), "audit", *logs, "--directory", directory]
        environment = os.environ | {"VANTHU_HOME": str(self.folder / "home")}
        done = subprocess.run(
            [*map(str, command), "--timezone", settings.ZONE, "--report", str(report)],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        answer: dict[str, Any] = json.loads(report.read_text("utf-8"))
        return answer


@pytest.fixture(scope="session")
def untouched(
    played: Callable[[str], Played], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], dict[str, Any]]:
    """The report on the logs of one of `KINDS` as the servers left them, made when first asked for."""
    done: dict[str, dict[str, Any]] = {}

    def report(kind: str) -> dict[str, Any]:
        if kind not in done:
            done[kind] = Auditor(tmp_path_factory.mktemp("untouched"))(*played(kind).logs)
        return done[kind]

    return report


@pytest.fixture
def audit(tmp_path: Path) -> Auditor:
    """The audit command."""
    (tmp_path / "audit").mkdir()
    return Auditor(tmp_path / "audit")


def counts(report: dict[str, Any], names: Sequence[str]) -> Counts:
    """Local part -> counts, from the officials of a report, each of whom has one mailbox."""
    return {
        official["mailboxes"][0].partition("@")[0]: {name: official[name] for name in names}
        for official in report["officials"]
    }


def differences(report: dict[str, Any], truth: Counts) -> dict[str, tuple[Any, int]]:
    """Mailbox and count -> what the report says and what was done, wherever they differ for an official."""
    said = counts(report, COUNTS)
    assert set(said) == {person for people in OFFICIALS.values() for person in people}
    return {
        f"{person} {name}": (said[person][name], truth[person][name])
        for person in said
        for name in COUNTS
        if said[person][name] != truth[person][name]
    }


def figures(report: dict[str, Any]) -> dict[str, Any]:
    """All that must not depend on how the lines were brought: everything but the files' names and line counts."""
    covered = ("covered_days", "missing_days", "hosts", "cannot_tell")
    kept = {name: report[name] for name in ("period", "officials", "units", "findings", "unassigned")}
    return kept | {name: report["coverage"][name] for name in covered}


def shuffled(path: Path, target: Path, seed: int = 7) -> Path:
    """The same lines in another order."""
    lines = path.read_bytes().splitlines(keepends=True)
    random.Random(seed).shuffle(lines)
    target.write_bytes(b"".join(lines))
    shutil.copystat(path, target)
    return target


def halves(path: Path, folder: Path, seed: int) -> list[Path]:
    """The file cut in two in the middle of a line, as a copy taken while the server wrote leaves it."""
    folder.mkdir()
    content = path.read_bytes()
    inside = [place for place in range(1, len(content)) if content[place - 1 : place + 1].find(b"\n") < 0]
    cut = random.Random(seed).choice(inside)
    parts = [folder / f"{path.name}.1", folder / path.name]
    for part, kept in zip(parts, (content[:cut], content[cut:]), strict=True):
        part.write_bytes(kept)
        shutil.copystat(path, part)
    return parts


def pieces(path: Path, folder: Path, seed: int = 7, number: int = 5) -> list[Path]:
    """The file cut between lines at random places, as rotation leaves it."""
    folder.mkdir()
    lines = path.read_bytes().splitlines(keepends=True)
    cuts = [0, *sorted(random.Random(seed).sample(range(1, len(lines)), number - 1)), len(lines)]
    parts = []
    for index, (start, end) in enumerate(itertools.pairwise(cuts)):
        part = folder / f"{path.name}.{number - index}"
        part.write_bytes(b"".join(lines[start:end]))
        shutil.copystat(path, part)
        parts.append(part)
    return parts
