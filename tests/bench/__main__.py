"""Audits large logs beside what else could be used, on this machine and in one run, and prints the ratios.

`python -m tests.bench` prints all; `python -m tests.bench short` leaves out the sixteen million lines. Beside each
ratio stands what is held already and what is wanted; the bench ends with 1 when a count is wrong or a ratio is worse
than what is held. Cores that others use as well make every ratio smaller: a figure to be told is one of a machine at
rest. `python -m tests.bench pages` times the lists of a large city instead (`tests.bench.pages`), `python -m
tests.bench assigning` twenty rules over ten thousand officials.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.bench.collecting import collected, reported
from tests.bench.logs import FOLDER, INSIDE, OUTSIDE, City, city, differences
from tests.bench.measuring import Run, better, every_core, run

DAYS = 16
"""Of which each has about a quarter of a million lines."""
MOST = 1.5e9


@dataclass(frozen=True)
class Bound:
    """A ratio that is held, which must not get worse, and the one that is wanted."""

    held: float
    wanted: float

    def __str__(self) -> str:
        return f"(held {self.held:g}, wanted {self.wanted:g})"


FASTER = Bound(11.0, 12.0)
"""Times as fast as the other program."""
FLAT = Bound(1.3, 1.3)
"""Memory for four times the days: a row a mailbox and day is kept, and the acts of a month's window."""
TOGETHER = Bound(1.5, 1.6)
"""Two workers that collect, each with a core, beside what one core does."""
AUDITING = Bound(1.4, 1.6)
"""The whole audit on two cores beside one: a program's start and a report's words are Python's, on one."""
OTHER = "pflogsumm"
VANTHU = str(Path(sys.executable).with_name("vanthu"))
REPORT = FOLDER / "report.json"


def main(arguments: Sequence[str]) -> int:
    """The whole bench, or that of the pages, of assigning or of following; the exit code."""
    if arguments[:1] == ["pages"]:
        from tests.bench import pages

        return pages.main(arguments[1:])
    if arguments[:1] == ["assigning"]:
        from tests.bench import assigning

        return assigning.main(arguments[1:])
    if arguments[:1] == ["following"]:
        from tests.bench import following

        return following.main(arguments[1:])
    if shutil.which(OTHER) is None:
        sys.exit(f"{OTHER} is not installed: nothing to compare with")
    FOLDER.mkdir(exist_ok=True)
    print(f"{os.cpu_count()} cores; each program twice, the better time and the larger memory", flush=True)
    facing, behind = city("facing", OUTSIDE, DAYS), city("behind", INSIDE, DAYS)
    held = [_beside_other("facing the Internet", facing), _beside_other("behind a gateway", behind, must=None)]
    held += [_packed(facing), _workers(facing), _cores(facing)]
    held.append(_memory([4, DAYS] if "short" in arguments else [4, DAYS, 4 * DAYS]))
    return int(not all(held))


def _audit(logs: Path, of: City, *, times: int = 2, cores: Sequence[int] | None = None, name: str = "report") -> Run:
    """The better of some audits, with a report called `name`."""
    report = REPORT.with_stem(name)
    command = [VANTHU, "audit", str(logs), "--directory", str(of.directory), "--report", str(report)]
    return better(run(command, report.with_suffix(".txt"), cores=cores) for _ in range(times))


def _beside_other(name: str, of: City, must: Bound | None = FASTER) -> bool:
    """The audit and pflogsumm on one log; what is said must be true, or its speed says nothing."""
    truth = of.truth
    print(
        f"\n{name}: {truth['lines']:,} lines, {of.log.stat().st_size / 1e6:,.0f} MB, {_of_postfix(of):.0%} of Postfix"
    )
    mine = _audit(of.log, of)
    print(f"  vanthu audit  {mine}", flush=True)
    wrong = differences(json.loads(REPORT.read_text("utf-8")), truth)
    other = better(run([OTHER, str(of.log)], FOLDER / "other.txt") for _ in range(2))
    ratio = other.seconds / mine.seconds
    print(f"  {OTHER}     {other}\n  ratio         {ratio:7.1f} {must or ''}")
    print(f"  counts        {len(truth['officials']):,} officials, {len(wrong)} differences", *wrong[:10], sep="\n    ")
    return not wrong and (must is None or ratio >= must.held) and mine.memory <= MOST


def _of_postfix(of: City) -> float:
    """The share of lines that are Postfix's: the only ones that the other program reads."""
    with of.log.open("rb") as log:
        some = log.read(8 << 20).split(b"\n")
    return sum(b" postfix/" in line for line in some) / len(some)


def _packed(of: City) -> bool:
    """A packed log beside unpacking it and doing nothing."""
    packed = of.packed
    mine = _audit(packed, of)
    unpacking = better(run(["gzip", "-dc", str(packed)], Path(os.devnull)) for _ in range(2))
    print(f"\npacked with gzip\n  vanthu audit  {mine}\n  gzip -dc      {unpacking}")
    print(f"  ratio         {mine.seconds / unpacking.seconds:7.1f} times as long as unpacking alone", flush=True)
    return True


def _workers(of: City) -> bool:
    """Collecting on one core beside two workers with a core each; what is reported of their store must be true."""
    first, *others = every_core()
    if not others:
        print("\none core: no second worker to compare with")
        return True
    one = collected(VANTHU, of, [first])
    print(f"\ncollecting into a store\n  on one core   {one}", flush=True)
    two = collected(VANTHU, of, [first, others[0]])
    ratio, wrong = one.seconds / two.seconds, reported(VANTHU, of)
    print(f"  on two        {two}\n  ratio         {ratio:7.2f} {TOGETHER}")
    print(
        f"  counts        {len(of.truth['officials']):,} officials, {len(wrong)} differences", *wrong[:10], sep="\n    "
    )
    return not wrong and ratio >= TOGETHER.held


def _cores(of: City) -> bool:
    """One core beside two; and what two cores of this machine are worth to programs that have nothing in common."""
    first, *others = every_core()
    if not others:
        print("\none core: nothing to compare it with")
        return True
    one, two = _audit(of.log, of, cores=[first]), _audit(of.log, of, cores=[first, others[0]])
    ratio = one.seconds / two.seconds
    print(f"\nthe whole audit\n  one core      {one}\n  two cores     {two}")
    print(f"  ratio         {ratio:7.2f} {AUDITING}", flush=True)
    apart = better(_apart(of, (first, others[0])) for _ in range(2))
    print(f"two audits at once, each on its core\n  the slower    {apart}")
    worth = 2 * one.seconds / apart.seconds
    print(f"  ratio         {worth:7.2f}, which is what two cores of this machine are worth", flush=True)
    return ratio >= AUDITING.held


def _apart(of: City, cores: Sequence[int]) -> Run:
    """The slower of audits that run at once, each on a core of its own."""
    with ThreadPoolExecutor(len(cores)) as threads:
        runs = threads.map(lambda core: _audit(of.log, of, times=1, cores=[core], name=f"core-{core}"), cores)
        return max(runs, key=lambda run: run.seconds)


def _memory(days: Sequence[int]) -> bool:
    """The same city for more and more days."""
    print("\nmemory by lines")
    taken = []
    for number in days:
        of = city("facing" if number == DAYS else f"facing-{number}", OUTSIDE, number)
        mine = _audit(of.log, of, times=1)
        taken.append(mine.memory)
        print(f"  {of.truth['lines']:>12,} lines {mine}", flush=True)
    growth = taken[-1] / taken[min(1, len(taken) - 2)]
    print(f"  growth        {growth:7.2f} from {days[-2]} to {days[-1]} days {FLAT}")
    return growth <= FLAT.held


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
