"""`python -m tests.kills --times 200 [--seed 1]`: kills until there were so many, then the table of what differed.

A round delivers a small city's logs in stages to two sources; `collect`, `measure` and `rebuild` are killed at random
moments (SIGKILL), started again and finished; its report, standing facts and counts are held against those of a round
that nobody disturbed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from tests.kills.campaign import Round, Tally, differing
from tests.kills.deliveries import make_city
from tests.kills.starter import Starter

A_ROUND = 20
"""Kills in a round."""


def main() -> int:
    """The command; exit code 1 where a figure differs."""
    asked = argparse.ArgumentParser(prog="python -m tests.kills")
    asked.add_argument("--times", type=int, default=200)
    asked.add_argument("--seed", type=int, default=0, help="0: another one each time")
    chosen = asked.parse_args()
    seed = chosen.seed or random.SystemRandom().randrange(1, 10**9)
    chance, tallies, began = random.Random(seed), defaultdict[str, Tally](Tally), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="vanthu-kills-") as place:
        city = make_city(Path(place, "city"))
        starter = Starter()
        calm = Round(Path(place, "calm"), city, chance, starter)
        calm.run(0)
        expected = calm.figures()
        print(f"seed {seed}; undisturbed: {len(expected):,} figures")
        killed, number, wrong = 0, 0, list[str]()
        while killed < chosen.times:
            number += 1
            one = Round(Path(place, f"round-{number}"), city, chance, starter)
            one.run(min(A_ROUND, chosen.times - killed + 2))
            found = differing(expected, one.figures())
            wrong += found
            killed += one.killed()
            print(f"round {number}: {one.killed()} kills, {len(found)} figures differ", *found[:5], flush=True)
            for name, tally in one.tallies.items():
                tallies[name].started += tally.started
                tallies[name].killed += tally.killed
        starter.close()
    print(f"\n{'command':12}{'started':>10}{'killed':>10}")
    for name in ("collect", "measure", "rebuild"):
        print(f"{name:12}{tallies[name].started:>10}{tallies[name].killed:>10}")
    print(f"\n{killed} kills in {number} rounds, {time.monotonic() - began:.0f} s: {len(wrong)} figures differ")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
