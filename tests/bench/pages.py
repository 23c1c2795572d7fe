"""How long the lists take with 140,000 officials and a year of figures, on PostgreSQL and on SQLite.

`python -m tests.bench pages [--officials 140000] [--database postgresql|sqlite] [--only TEXT]`. Ends with 1 where a
list is slower at the 95th percentile than its database allows, or does not answer, and names it. The cities are kept in
`.bench/pages`, and the times of the last whole run beside them (`--table`).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.db import forget
from core.log import configure
from core.settings import Settings, load
from tests.bench import table
from tests.bench.asking import NOT_THEIRS, TIMES, Asked, addresses, by_server, in_process, visitors
from tests.bench.filling import ADMINISTRATOR, LEADER, OFFICIAL, fill
from tests.bench.logs import FOLDER
from tests.servers.postgres import served

ALLOWED = {"postgresql": 0.100, "sqlite": 0.300}
"""Seconds at the 95th percentile."""
LIMITS = ("api_requests_a_minute", "page_requests_a_minute", "address_requests_a_minute")
CHOICES = "[web]\nsession_hours = 100000\nidle_minutes = 1000000\n" + "".join(f"{one} = 1000000\n" for one in LIMITS)
SHOWN = 40
VISITORS = (ADMINISTRATOR, LEADER, OFFICIAL)


def main(arguments: Sequence[str]) -> int:
    """Both databases; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench pages")
    parser.add_argument("--officials", type=int, default=140_000)
    parser.add_argument("--database", choices=tuple(ALLOWED), action="append")
    parser.add_argument("--only", default="", help="addresses that hold this")
    parser.add_argument("--by", choices=VISITORS, action="append", help="who asks; all of them where nobody is named")
    parser.add_argument("--every", action="store_true", help="print every address, not the slowest only")
    parser.add_argument("--fill", action="store_true", help="fill the cities and ask for nothing")
    parser.add_argument("--in-process", action="store_true", help="leave the server on loopback out")
    parser.add_argument("--server", action="store_true", help="leave the other out: a server on loopback alone")
    parser.add_argument("--times", type=int, default=TIMES, help="so often each address is asked for")
    parser.add_argument("--table", action="store_true", help="print the page of the docs, of the last runs")
    chosen = parser.parse_args(arguments)
    if chosen.table:
        print(table.of_kept(ALLOWED))
        return 0
    configure("error")
    wrong = [sentence for name in chosen.database or ALLOWED for sentence in _one(name, chosen)]
    print(*(wrong or ["\nEvery list answers in time."]), sep="\n")
    return int(bool(wrong))


def _one(database: str, chosen: argparse.Namespace) -> list[str]:
    """What does not hold on this database, a sentence each."""
    print(f"\n{database}: {chosen.officials:,} officials, a year of figures", flush=True)
    folder = FOLDER / "pages" / f"{database}-{chosen.officials}"
    with _home(database, folder) as settings:
        fill(settings, chosen.officials)
        if chosen.fill:
            return []
        wanted = [one for one in addresses(settings) if chosen.only in one[1]]
        with visitors(settings, tuple(chosen.by or VISITORS)) as found:
            wrong: list[str] = []
            if not chosen.server:
                every = in_process(settings, found, wanted, chosen.times)
                wrong += _told(database, "in one process", every, whole=chosen.every)
            if not chosen.in_process:
                forget(settings)
                every = by_server(settings, found, wanted, chosen.times)
                wrong += _told(database, "by a server on loopback", every, whole=chosen.every)
    if not (chosen.only or chosen.by or chosen.in_process):
        table.keep(database, [one for one in every if one.status not in NOT_THEIRS])
    return wrong


@contextmanager
def _home(database: str, folder: Path) -> Iterator[Settings]:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vanthu.toml").write_text(CHOICES, "utf-8")
    own = {"VANTHU_HOME": str(folder)}
    if database == "sqlite":
        settings = load(own)
        yield settings
        forget(settings)
        return
    with served(folder, shared_buffers="128MB", max_wal_size="4GB") as server:
        settings = load(own | {"VANTHU_DATABASE_URL": server.kept_database("city")})
        yield settings
        forget(settings)


def _told(database: str, how: str, every: list[Asked], *, whole: bool) -> list[str]:
    """Prints what was asked, the slowest first; gives what does not hold."""
    allowed = ALLOWED[database]
    theirs = [one for one in every if one.status not in NOT_THEIRS]
    ranked = sorted(theirs, key=lambda one: one.percentile(0.95), reverse=True)
    load_now = os.getloadavg()[0]
    print(f"  {how}: {len(theirs)} addresses, {len(every) - len(theirs)} not theirs; load {load_now:.1f}")
    print("     p50     p95     p99  cores ms  queries    bytes  who        address")
    for one in ranked if whole else ranked[:SHOWN]:
        times = (*(one.percentile(share) for share in (0.5, 0.95, 0.99)), one.cores)
        middle, most, nearly_all, cores = (one * 1000 for one in times)
        told = "" if one.status == 200 else f" ({one.status})"
        mark = "!" if one.percentile(0.95) > allowed else " "
        print(
            f" {mark} {middle:6.0f}  {most:6.0f}  {nearly_all:6.0f}  {cores:6.0f}      {one.queries:5}  {one.size:8,}"
            f"  {one.visitor:<10} {one.address}{told}"
        )
    slow = [one for one in ranked if one.percentile(0.95) > allowed]
    wrong = [one for one in theirs if one.status != 200]
    print(
        f"  {len(slow)} of {len(theirs)} are slower than {allowed * 1000:.0f} ms; {len(wrong)} do not answer",
        flush=True,
    )
    return [
        f"{database}, {how}: {one.address} took {one.visitor} {one.percentile(0.95) * 1000:.0f} ms"
        f" (at most {allowed * 1000:.0f})" for one in slow
    ] + [f"{database}, {how}: {one.address} answers {one.visitor} {one.status}" for one in wrong]  # fmt: skip
