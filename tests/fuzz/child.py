"""One target in a process of its own: `python -m tests.fuzz.child TARGET LIBRARY|- [options of libFuzzer] FOLDER...`.

libFuzzer ends its process when it is done, so nothing else can live here.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

TARGET, LIBRARY = sys.argv[1:3]

PACKAGES = {
    "scanner": ["mail_audit.events.native"],
    "engines": ["mail_audit.events", "mail_audit.formats"],
    "lines": ["mail_audit.events", "mail_audit.formats"],
    "journal": ["mail_audit.archives"],
    "archives": ["mail_audit.archives"],
    "audit": ["mail_audit"],
    "roster": ["core.directory"],
    "panel": ["training", "core.directory.rosterfile"],
    "letters": ["mail_audit.journaling"],
}


def main() -> None:
    """Run libFuzzer over the target."""
    with atheris.instrument_imports(include=PACKAGES[TARGET]):
        from tests.fuzz.targets import TARGETS
    if LIBRARY != "-":
        from mail_audit.events.native import scanner

        scanner.LIBRARY = Path(LIBRARY)
    atheris.Setup([sys.argv[0], *sys.argv[3:]], TARGETS[TARGET].check)
    atheris.Fuzz()


main()
