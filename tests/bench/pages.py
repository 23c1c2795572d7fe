"""How long the lists take with 140,000 officials and a year of figures, on PostgreSQL and on SQLite.

`python -m tests.bench pages [--officials 140000] [--database postgresql|sqlite] [--only TEXT]`. Ends with 1 where a
list is slower at the 95th percentile than its database allows, or does not answer. The cities are kept in
`.bench/pages`.
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
from tests.bench.asking import Asked, addresses, by_server, in_process, visitors
from tests.bench.filling import ADMINISTRATOR, LEADER, fill
from tests.bench.logs import FOLDER
from tests.servers.postgres import served

ALLOWED = {"postgresql": 0.100, "sqlite": 0.300}
"""Seconds at the 95th percentile."""
LIMITS = ("api_requests_a_minute", "page_requests_a_minute", "address_requests_a_minute")
CHOICES = "[web]\nsession_hours = 100000\nidle_minutes = 1000000\n" + "".join(f"{one} = 1000000\n" for one in LIMITS)
SHOWN = 40


def main(arguments: Sequence[str]) -> int:
    """Both databases; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench pages")
    parser.add_argument("--officials", type=int, default=140_000)
    parser.add_argument("--database", choices=tuple(ALLOWED), action="append")
    parser.add_argument("--only", default="", help="addresses that hold this")
    parser.add_argument("--every", action="store_true", help="print every address, not the slowest only")
    chosen = parser.parse_args(arguments)
    configure("error")
    held = [_one(name, chosen) for name in chosen.database or ALLOWED]
    return int(not all(held))


def _one(database: str, chosen: argparse.Namespace) -> bool:
    print(f"\n{database}: {chosen.officials:,} officials, a year of figures", flush=True)
    folder = FOLDER / "pages" / f"{database}-{chosen.officials}"
    with _home(database, folder) as settings:
        fill(settings, chosen.officials)
        wanted = [one for one in addresses(settings) if chosen.only in one]
        with visitors(settings, (ADMINISTRATOR, LEADER)) as found:
            held = _told("in one process", in_process(settings, found, wanted), ALLOWED[database], whole=chosen.every)
            forget(settings)
            served_by = by_server(settings, found, wanted)
            return _told("by a server on loopback", served_by, ALLOWED[database], whole=chosen.every) and held


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


def _told(how: str, every: list[Asked], allowed: float, *, whole: bool) -> bool:
    """Prints what was asked, the slowest first; whether all of it held."""
    theirs = [one for one in every if one.status not in {403, 404}]
    ranked = sorted(theirs, key=lambda one: one.percentile(0.95), reverse=True)
    shown = ranked if whole else ranked[:SHOWN]
    load_now = os.getloadavg()[0]
    print(f"  {how}: {len(theirs)} addresses, {len(every) - len(theirs)} not theirs; load {load_now:.1f}")
    print("     p50     p95     p99 ms  queries    bytes  who        address")
    for one in shown:
        middle, most, nearly_all = (one.percentile(share) * 1000 for share in (0.5, 0.95, 0.99))
        told = "" if one.status == 200 else f" ({one.status})"
        mark = "!" if one.percentile(0.95) > allowed else " "
        print(
            f" {mark} {middle:6.0f}  {most:6.0f}  {nearly_all:6.0f}     {one.queries:5}  {one.size:8,}"
            f"  {one.visitor:<10} {one.address}{told}"
        )
    slow = [one for one in theirs if one.percentile(0.95) > allowed]
    wrong = [one for one in theirs if one.status != 200]
    print(
        f"  {len(slow)} of {len(theirs)} are slower than {allowed * 1000:.0f} ms; {len(wrong)} do not answer",
        flush=True,
    )
    return not slow and not wrong
