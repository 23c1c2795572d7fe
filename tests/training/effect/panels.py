"""Panels as the CSV files that somebody would send."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from training.effect import Panel

HEADER = "person,unit,wave,period,active_days"


def panel_file(
    folder: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8", name: str = "panel.csv"
) -> Path:
    """A CSV file of those rows."""
    path = folder / name
    path.write_bytes("\r\n".join((header, *rows, "")).encode(encoding))
    return path


def written(panel: Panel, path: Path, *, drawn: bool = False) -> Path:
    """The panel as a file; people and units get names."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*HEADER.split(","), *(["drawn"] if drawn else [])])
        for person in range(panel.people):
            wave = "" if panel.start[person] >= panel.periods else panel.first + int(panel.start[person])
            for period, days in enumerate(panel.days[person].tolist(), panel.first):
                known = "" if math.isnan(days) else f"{days:g}"
                row = [f"CB{person:05}", f"Đơn vị {panel.unit[person]}", wave, period, known]
                writer.writerow([*row, *([int(panel.drawn[person])] if drawn else [])])
    return path
