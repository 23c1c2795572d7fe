"""`python -m tests.evaluation`: plays a month of everybody on real servers and prints how the measurement judged it.

Root, Debian's postfix, dovecot and faketime. `--keep FOLDER` keeps the logs and the truth; `--again FOLDER` judges kept
ones; `--small` plays only what the suite plays.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.evaluation.cast import CAST, SMALL
from tests.evaluation.judge import judge, reasons, table
from tests.evaluation.play import cannot_play, play, read

WHOLE, FEW = 31, 7
LOGS = ("maillog", "dovecot.log")


def main() -> None:
    """Play or read, judge, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--small", action="store_true")
    options.add_argument("--days", type=int)
    options.add_argument("--seed", type=int, default=7, help="other times and habits of the same people")
    options.add_argument("--keep", type=Path)
    options.add_argument("--again", type=Path)
    options.add_argument("--no-marks", action="store_true", help="a server that does not write what is marked as read")
    options.add_argument("--why", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.again or given.keep or Path(made)
        begun = time.monotonic()
        if given.again:
            played = read(folder, [folder / name for name in LOGS])
        else:
            if reason := cannot_play():
                sys.exit(reason)
            cast = [one for one in CAST if not given.small or one.name in SMALL]
            days = given.days or (FEW if given.small else WHOLE)
            played = play(folder, cast, days, flags=not given.no_marks, seed=given.seed)
        click.echo(f"played in {time.monotonic() - begun:.0f} s")
        judgement = judge(played, Path(made))
    click.echo(table(judgement))
    if given.why:
        for (who, true, said), count in sorted(judgement.wrong.items()):
            click.echo(f"{who}: {count} days {true}, judged {said}")
        for row in reasons(judgement).iter_rows():
            click.echo(" | ".join(map(str, row)))


if __name__ == "__main__":
    main()
