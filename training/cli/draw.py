"""`vanthu training draw`: the order of waves from a published seed, without a database: anybody can do it again."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli import say
from core.words import Text

if TYPE_CHECKING:
    from training.waves import Draw


@click.command()
@click.argument("people", type=click.Path(path_type=Path))
@click.option("--seed", required=True, help="Mã bốc thăm đã công bố / the published seed.")
@click.option("--waves", type=int, default=3, show_default=True, help="Số đợt / how many waves.")
@click.option("--output", type=click.Path(path_type=Path), help="Ghi ra tệp CSV / writes a CSV file.")
@click.option("--json", "as_json", is_flag=True, help="In một đối tượng JSON / prints one JSON object.")
@click.option(
    "--check",
    "announced",
    type=click.Path(path_type=Path),
    help="Bốc lại và so với kết quả đã công bố / draws again and compares with what was announced.",
)
def draw(people: Path, seed: str, waves: int, output: Path | None, as_json: bool, announced: Path | None) -> None:
    """Bốc thăm thứ tự đợt trong từng đơn vị / draws the order of waves within each unit.

    PEOPLE is a CSV or XLSX file with the columns person, unit, and first (1 for those who must go first).
    """
    from training.waves import draw as drawn
    from training.waves.peoplefile import read_people, write_draw

    found = drawn(read_people(people), seed=seed, waves=waves)
    if announced is not None:
        _check(found, announced)
    elif as_json:
        click.echo(json.dumps(dataclasses.asdict(found), ensure_ascii=False))
    elif output is not None:
        with output.open("w", encoding="utf-8-sig", newline="") as file:
            write_draw(found, file)
    else:
        write_draw(found, sys.stdout)
    say(_summary(found), err=True)


def _check(found: Draw, announced: Path) -> None:
    from training.errors import DrawError
    from training.waves import differences
    from training.waves.peoplefile import read_draw

    said = read_draw(announced)
    wrong = differences(said, found)
    strangers = len(said) - len(found.places) if not wrong else 0
    if wrong or strangers:
        example = wrong[0] if wrong else None
        place = f" {example.person} ({example.unit}): {example.wave}." if example else ""
        raise DrawError(
            Text(
                f"{announced.name} không phải kết quả của mã bốc thăm này với danh sách này: "
                f"khác ở {len(wrong) or abs(strangers)} người.{place and ' Ví dụ, đúng ra là'}{place}",
                f"{announced.name} is not what this seed gives for this list: "
                f"{len(wrong) or abs(strangers)} people differ.{place and ' For example, it should be'}{place}",
            )
        )
    say(Text(f"{announced.name} đúng là kết quả của mã bốc thăm này.", f"{announced.name} is what this seed gives."))


def _summary(found: Draw) -> Text:
    """What belongs into the announcement."""
    sizes = Counter(place.wave for place in found.places if place.drawn)
    first = sum(not place.drawn for place in found.places)
    listed = ", ".join(f"{wave}: {sizes[wave]}" for wave in range(1, found.waves + 1))
    return Text(
        f"Mã bốc thăm “{found.seed}”, danh sách {found.digest}. Số người bốc thăm theo đợt: {listed}. "
        f"Đi trước, không bốc thăm: {first}.",
        f"Seed “{found.seed}”, list {found.digest}. People drawn by wave: {listed}. Going first, not drawn: {first}.",
    )
