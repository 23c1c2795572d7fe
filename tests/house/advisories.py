"""Asks whether anything that is installed has a published weakness: `python -m tests.house.advisories`.

Every version that the lock files pin (Python and npm) is held against OSV (https://osv.dev), which collects the
advisories of both ecosystems and needs no key; names and versions are all that is sent. A weakness fails; a service
that cannot be reached does not, and is said: a closed network must be able to run `make check`. A mirror of the service
is named by ADVISORIES_URL; an empty one asks nobody.
"""

from __future__ import annotations

import json
import os
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.house.tree import ROOT

SERVICE = "https://api.osv.dev/v1/querybatch"
SECONDS = 10.0
AT_ONCE = 500
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
ACCEPTED = ROOT / "requirements" / "advisories.txt"
"""Advisories that do not concern what is done here: a number and the reason on each line."""

Pinned = tuple[str, str, str]
"""Ecosystem, name, version."""


def pinned(root: Path = ROOT) -> list[Pinned]:
    """Everything the lock files pin, each once."""
    found: set[Pinned] = set()
    for path in (root / "requirements").glob("*.txt"):
        if path.name != ACCEPTED.name:
            found.update(("PyPI", name.lower(), version) for name, version in PIN.findall(path.read_text("utf-8")))
    packages = json.loads((root / "package-lock.json").read_text("utf-8"))["packages"]
    found.update(
        ("npm", place.rpartition("node_modules/")[2], facts["version"]) for place, facts in packages.items() if place
    )
    return sorted(found)


def weaknesses(wanted: list[Pinned], service: str) -> dict[Pinned, list[str]]:
    """What has a weakness, with its advisories. Raises `OSError`, `ValueError` or `KeyError` where nobody answers."""
    found: dict[Pinned, list[str]] = {}
    for first in range(0, len(wanted), AT_ONCE):
        part = wanted[first : first + AT_ONCE]
        queries = [{"package": {"ecosystem": one[0], "name": one[1]}, "version": one[2]} for one in part]
        results = _answer(service, {"queries": queries})["results"]
        for one, result in zip(part, results, strict=True):
            if result.get("vulns"):
                found[one] = sorted(advisory["id"] for advisory in result["vulns"])
    return found


def _answer(service: str, question: dict[str, Any]) -> dict[str, Any]:
    if not service.startswith(("http://", "https://")):
        raise ValueError("not an address of the web")
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(service, json.dumps(question).encode(), headers)
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        said = json.load(answer)
    if not isinstance(said, dict) or not isinstance(said.get("results"), list):
        raise ValueError("not an answer of the service")  # noqa: TRY004 - of what came over the line
    return said


def accepted(path: Path = ACCEPTED) -> set[str]:
    """The advisories that were looked at and do not concern what is done here."""
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


def main() -> int:
    """Prints what was found; 1 where that is a weakness nobody has looked at."""
    service = os.environ.get("ADVISORIES_URL", SERVICE)
    wanted = pinned()
    if not service:
        print("Advisories: not asked for (ADVISORIES_URL is empty).")
        return 0
    try:
        found = weaknesses(wanted, service)
    except (OSError, ValueError, KeyError) as silent:
        print(f"Advisories: NOT CHECKED, the service did not answer ({type(silent).__name__}).", file=sys.stderr)
        return 0
    known = accepted()
    new = {one: [number for number in numbers if number not in known] for one, numbers in found.items()}
    bad = {one: numbers for one, numbers in new.items() if numbers}
    for (ecosystem, name, version), numbers in bad.items():
        print(f"{ecosystem} {name} {version}: {', '.join(numbers)}")
    print(f"Advisories: {len(wanted)} packages, {len(bad)} with a weakness nobody has looked at.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
