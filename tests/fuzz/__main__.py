"""`make fuzz SECONDS=60`: every target for some time, each in a process of its own; then what was found.

    python -m tests.fuzz [TARGET...] [--seconds 60] [--seed 1] [--keep]

A crash or a slow input lies in `.fuzz/<target>/` afterwards and is printed; when the defect is mended, the input goes
to `tests/fuzz/corpus/<target>/` under a name that says what it was. `--keep` adds to the kept corpus what reached new
branches (made as small as libFuzzer can, and only small ones).
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.building import build, environment, runtime
from tests.fuzz.seeds import seeds, words
from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(__file__).with_name("corpus")
FOUND = ROOT / ".fuzz"
SLOW = 10
"""Seconds for an input of a few kilobytes that are a defect."""
MOST_MEMORY = 2048
"""MB."""
MOST_KEPT = 40


@dataclass(frozen=True)
class Result:
    """What one target's run gave."""

    target: str
    runs: int
    branches: int
    memory: int
    """MB at most."""
    crashes: tuple[Path, ...]
    output: str

    def row(self) -> str:
        """One line of the table."""
        said = ", ".join(str(path.relative_to(ROOT)) for path in self.crashes) or "-"
        return f"{self.target:10}{self.runs:>12,}{self.branches:>10,}{self.memory:>8} MB  {said}"


HEADING = f"{'target':10}{'inputs':>12}{'branches':>10}{'memory':>11}  crashes"


def fuzz(target: str, *, options: Sequence[str], folder: Path) -> Result:
    """Run libFuzzer over `target`; inputs and crashes go below `folder`."""
    place = folder / target
    started = place / "seeds"
    found = place / "found"
    for one in (started, found):
        one.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(target)):
        (started / f"{number:03}").write_bytes(seed)
    dictionary = folder / "words.txt"
    dictionary.write_text("".join(f'"{_escaped(word)}"\n' for word in words()), "ascii")
    before = set(_crashes(place))
    native = TARGETS[target].native
    command = [
        *(sys.executable, "-m", "tests.fuzz.child", target, str(build(folder)) if native else "-"),
        *(f"-artifact_prefix={place}/", f"-dict={dictionary}", f"-max_len={TARGETS[target].longest}"),
        *(f"-timeout={SLOW}", f"-rss_limit_mb={MOST_MEMORY}", "-print_final_stats=1", *options, str(found)),
        *(str(one) for one in (started, CORPUS / target) if one.is_dir()),
    ]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=environment() if native else None,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    output = ended.stdout + ended.stderr
    crashes = tuple(path for path in _crashes(place) if path not in before)
    if ended.returncode and not crashes:
        raise RuntimeError(output[-3000:])
    return Result(
        target, _last(r"number_of_executed_units: (\d+)", output), _last(r"cov: (\d+)", output),
        _last(r"peak_rss_mb: *(\d+)", output), crashes, output,
    )  # fmt: skip


def _crashes(place: Path) -> list[Path]:
    return sorted(path for path in place.iterdir() if re.match(r"crash|timeout|oom|slow-unit|leak", path.name))


def _last(pattern: str, text: str) -> int:
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def _escaped(word: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in word)


def keep(target: str, folder: Path) -> None:
    """Merge what was found into the kept corpus: one small input for each set of branches, the smallest first."""
    merged = folder / target / "merged"
    merged.mkdir(parents=True, exist_ok=True)
    fuzz(target, options=["-merge=1", str(merged), str(CORPUS / target)], folder=folder)
    smallest = sorted((folder / target / "found").iterdir(), key=lambda path: (path.stat().st_size, path.name))
    (CORPUS / target).mkdir(parents=True, exist_ok=True)
    for path in smallest[-MOST_KEPT:]:
        (CORPUS / target / path.name[:12]).write_bytes(path.read_bytes())


def main() -> int:
    """The command; exit code 1 where anything was found."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.partition("\n")[0])
    asked.add_argument("targets", nargs="*", choices=[*TARGETS, []], help="default: all")
    asked.add_argument("--seconds", type=int, default=60, help="for each target")
    asked.add_argument("--seed", type=int, default=0, help="0: another one each time")
    chosen = asked.parse_args()
    if runtime() is None:
        sys.stderr.write("atheris is not installed: `make install` for what developers need.\n")
        return 2
    print(HEADING)
    failed = False
    for target in chosen.targets or TARGETS:
        options = [f"-max_total_time={chosen.seconds}", f"-seed={chosen.seed}"]
        result = fuzz(target, options=options, folder=FOUND)
        print(result.row(), flush=True)
        if result.crashes:
            failed = True
            print(result.output[-3000:])
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
