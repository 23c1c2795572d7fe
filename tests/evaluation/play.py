"""Plays the cast on one real server and keeps its logs, with the truth beside them."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from mail_audit.report.model import USING, UsageClass
from tests.evaluation.cast import ALIASED, ANSWERS, AWAY, CAST, FORWARDS, ROUNDS, Account, players
from tests.evaluation.clock import Clock, moment
from tests.evaluation.persons import COLLEAGUES
from tests.evaluation.world import KINDS, World
from tests.servers import mail_settings as settings
from tests.servers.mail_outside import outside_world
from tests.servers.mail_server import MailServer, missing, running
from tests.servers.mail_settings import DOMAIN, Options, clock_library

FIRST = date(2026, 3, 1)
"""A Sunday; the month has no public holiday."""
ADMINISTRATOR = "quan.tri"


@dataclass(frozen=True)
class Played:
    """Log files, and what was truly done: `{mailbox: {day: kind}}` and `{mailbox: class}`."""

    logs: tuple[Path, ...]
    days: dict[str, dict[str, str]]
    classes: dict[str, str]
    leaders: tuple[str, ...]
    last: str


def cannot_play() -> str:
    """Why nothing can be played here, or an empty text."""
    return missing() or ("" if clock_library() else "not installed: faketime")


def play(folder: Path, cast: Sequence[Account], days: int, *, flags: bool = True, seed: int = 7) -> Played:
    """Play `days` days from `FIRST` and put the logs and `truth.json` into `folder`; `seed` is everybody's chance."""
    span = tuple(FIRST + timedelta(n) for n in range(days))
    options = Options(syslog=False, long_queue_ids=False, flags=flags, ahead=moment(FIRST, 0) - 600 - time.time())
    folder.mkdir(parents=True, exist_ok=True)
    with running(options, prepare) as server, outside_world(server.ports.outside, {}):
        for name, script in FORWARDS.items():
            if any(one.name == name for one in cast):
                server.sieve(name, script)
        for name in ANSWERS:
            if any(one.name == name for one in cast):
                server.sieve(name, AWAY)
        world = World(
            server,
            Clock(server.place.clock),
            span,
            seed,
            rounds=frozenset(ROUNDS),
            forwarders=frozenset((*FORWARDS, *ALIASED)),
            answering=frozenset(ANSWERS),
        )
        world.play(players(world, cast))
        server.stop()
        logs = tuple(Path(shutil.copy2(path, folder / path.name)) for path in server.logs)
    truth = {
        "days": {one.name: _by_day(world, one.name) for one in cast},
        "classes": {one.name: _class(world, one) for one in cast},
        "leaders": [one.name for one in cast if one.leads],
        "last": span[-1].isoformat(),
    }
    (folder / "truth.json").write_text(json.dumps(truth, indent=1) + "\n", "utf-8")
    return read(folder, logs)


def read(folder: Path, logs: Sequence[Path]) -> Played:
    """A play that was kept; the time of the files gives the year that their stamps leave out."""
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    written = moment(date.fromisoformat(truth["last"]), 24)
    for log in logs:
        os.utime(log, (written, written))
    return Played(tuple(logs), truth["days"], truth["classes"], tuple(truth["leaders"]), truth["last"])


def _by_day(world: World, who: str) -> dict[str, str]:
    """What truly happened on each day, the strongest of it."""
    found = {}
    for day in world.days:
        done = world.truth.get((who, day), set())
        found[day.isoformat()] = next((kind for kind in KINDS if kind in done), "none")
    return found


def _class(world: World, one: Account) -> UsageClass:
    """The true class; of a person, by the days on which they did something."""
    acted = {day for day in world.days if "person" in world.truth.get((one.name, day), set())}
    if one.truly not in USING:
        return one.truly
    if not acted:
        return "machine" if any("machine" in world.truth.get((one.name, day), set()) for day in world.days) else "none"
    return "regular" if 2 * len(acted & world.working) >= len(world.working) else "occasional"


def prepare(server: MailServer) -> None:
    """The mailboxes of the cast instead of the server's own, and a master user for the administrator."""
    place = server.place
    names = [*(one.name for one in CAST), *COLLEAGUES]
    owner = settings.dovecot_passwd(place).split(":")[2:4]
    lines = (
        f"{name}@{DOMAIN}:{{PLAIN}}{settings.PASSWORD}:{owner[0]}:{owner[1]}::{place.home(name)}::\n" for name in names
    )
    (place.root / "passwd").write_text("".join(lines))
    (place.root / "master").write_text(f"{ADMINISTRATOR}:{{PLAIN}}{settings.PASSWORD}\n")
    (place.root / "mailboxes").write_text("".join(f"{name}@{DOMAIN} {name}\n" for name in names))
    (place.root / "virtual").write_text("".join(f"{name}@{DOMAIN} {to}\n" for name, to in ALIASED.items()))
    conf = place.root / "dovecot.conf"
    master = f"passdb {{\n  driver = passwd-file\n  args = {place.root}/master\n  master = yes\n}}\n"
    conf.write_text(f"auth_master_user_separator = *\n{master}{conf.read_text()}")
