"""The logs of the bench: the sample city at its largest, with known truth."""

from __future__ import annotations

import gzip
import json
import shutil
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from mail_audit.sample.build import build
from mail_audit.sample.day import Volume

FOLDER = Path(__file__).resolve().parents[2] / ".bench"
FIRST = date(2026, 10, 1)
OFFICIALS = 4950
INSIDE = Volume(citizens=2.0, sends=3.0, bulletin=0.5, poll_gap=7200, attacks=400)
"""A server behind a gateway: all lines are of the office's own mail, its sessions, and attacks on log-ins."""
OUTSIDE = Volume(citizens=0.9, sends=1.4, bulletin=0.2, poll_gap=7200, attacks=400, strangers=48_000)
"""A server that faces the Internet: more than half of the lines are of strangers who are turned away."""
FIGURES = ("sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened")


@dataclass(frozen=True)
class City:
    """A log with its directory and its truth."""

    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "logs" / "mail.log"

    @property
    def directory(self) -> Path:
        return self.folder / "officials.csv"

    @property
    def truth(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "truth.json").read_text("utf-8"))
        return found

    @property
    def packed(self) -> Path:
        """The log as gzip, made on first use."""
        path = self.log.with_suffix(".log.gz")
        if not path.exists():
            with self.log.open("rb") as plain, gzip.open(path, "wb", compresslevel=6) as packed:
                shutil.copyfileobj(plain, packed, 1 << 20)
        return path


def city(name: str, volume: Volume, days: int) -> City:
    """The log of so many days; kept from an earlier bench where it was made alike."""
    folder, made_like = FOLDER / name, {"days": days, "officials": OFFICIALS, **asdict(volume)}
    mark = folder / "made.json"
    if not mark.exists() or json.loads(mark.read_text("utf-8")) != made_like:
        shutil.rmtree(folder, ignore_errors=True)
        build(folder, officials=OFFICIALS, first=FIRST, days=days, missing=(), volume=volume)
        mark.write_text(json.dumps(made_like), "utf-8")
    return City(folder)


def differences(report: dict[str, Any], truth: dict[str, Any]) -> list[str]:
    """What the report says of an official otherwise than it was played."""
    officials = {official["official_id"]: official for official in report["officials"]}
    found = []
    for played in truth["officials"]:
        said = officials.get(played["official_id"], {})
        names = {name: name for name in FIGURES} | {"class": "usage_class"}
        found += [
            f"{played['official_id']} {name}: {said.get(name)} instead of {played[there]}"
            for name, there in names.items()
            if said.get(name) != played[there]
        ]
    return found
