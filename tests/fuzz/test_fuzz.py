"""Every reader is fuzzed for a moment on each run of the suite, and everything that ever broke one is tried again."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz import __main__ as fuzzing
from tests.fuzz.building import FLAGS, build, environment, runtime
from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS

pytestmark = pytest.mark.slow

KEPT = [(target, path) for target in TARGETS for path in sorted((fuzzing.CORPUS / target).glob("*"))]
needs_atheris = pytest.mark.skipif(runtime() is None, reason="atheris has no wheel for this machine")


@pytest.mark.parametrize(("target", "path"), KEPT, ids=[f"{target}-{path.name}" for target, path in KEPT])
def test_kept_inputs(target: str, path: Path) -> None:
    """Named cases are defects that were mended; the others reach what nothing else does."""
    TARGETS[target].check(path.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_first_inputs(target: str) -> None:
    count = 0
    for seed in seeds(target):
        TARGETS[target].check(seed)
        count += 1
    assert count > 1


@needs_atheris
@pytest.mark.parametrize("target", TARGETS)
def test_a_moment_of_fuzzing(target: str, tmp_path: Path) -> None:
    """The same inputs each time, as far as time allows."""
    result = fuzzing.fuzz(target, options=["-seed=7", "-runs=20000", "-max_total_time=2"], folder=tmp_path)
    assert not result.crashes, result.output[-2000:]
    assert result.runs > 3
    assert result.branches > 40


PLANTED = """
#include <stdint.h>
#include <stdlib.h>
int beyond(int place) { char *held = malloc(16); held[0] = 1; int found = held[place]; free(held); return found; }
int overflow(int number) { return number + 2147483647; }
"""


@needs_atheris
@pytest.mark.parametrize(("call", "said"), [("beyond(16)", "heap-buffer-overflow"), ("overflow(1)", "")])
def test_the_sanitizers_see_what_they_should(call: str, said: str, tmp_path: Path) -> None:
    """A read behind the end of a block, and an overflow, end the process: the scanner is built with the same flags."""
    source, library = tmp_path / "planted.c", tmp_path / "planted.so"
    source.write_text(PLANTED, "ascii")
    subprocess.run([*fuzzing_compiler(), *FLAGS, str(source), "-o", str(library)], check=True)
    ended = subprocess.run(
        [sys.executable, "-c", f"import ctypes; ctypes.CDLL({str(library)!r}).{call}"],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode != 0
    assert said in ended.stderr


def fuzzing_compiler() -> tuple[str, ...]:
    from mail_audit.events.native.build import COMPILER

    return COMPILER


@needs_atheris
def test_the_scanner_is_really_checked(tmp_path: Path) -> None:
    """What is built asks for ASan's runtime, so it is not the usual library."""
    with pytest.raises(OSError, match=r"undefined symbol: __(asan|sanitizer)"):
        ctypes.CDLL(str(build(tmp_path)))


@needs_atheris
def test_a_defect_is_found_and_its_input_kept(tmp_path: Path) -> None:
    """A promise that does not hold is found, step by step, and the input that shows it lies in a file."""
    child = tmp_path / "planted.py"
    child.write_text(
        "import sys\nimport atheris\n"
        "@atheris.instrument_func\ndef check(data):\n"
        "    if len(data) > 2 and data[0] == 77:\n        if data[1] == 88:\n            if data[2] == 99:\n"
        "                raise AssertionError('found')\n"
        "atheris.Setup(sys.argv, check)\natheris.Fuzz()\n",
        encoding="utf-8",
    )
    command = [sys.executable, str(child), f"-artifact_prefix={tmp_path}/", "-seed=1", "-max_total_time=30"]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
    (crash,) = tmp_path.glob("crash-*")
    assert crash.read_bytes()[:3] == bytes([77, 88, 99])
