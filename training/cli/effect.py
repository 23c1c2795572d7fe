"""`vanthu training effect`: did the training help? Without a database and with nothing to configure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.cli import language, say
from core.words import Language, Text

if TYPE_CHECKING:
    from training.effect import Effect


@click.command()
@click.argument("panel", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="In một đối tượng JSON / prints one JSON object.")
@click.option(
    "--permutations",
    type=click.IntRange(99, 99_999),
    default=999,
    show_default=True,
    help="Số lần xáo thứ tự đợt / how often the order of waves is shuffled.",
)
@click.option("--seed", type=click.IntRange(0), help="Số khởi đầu của các lần xáo / seed of the shuffles.")
def effect(panel: Path, as_json: bool, permutations: int, seed: int | None) -> None:
    """Cho biết khóa học có giúp dùng thư nhiều hơn không / tells whether the training helped.

    PANEL is a CSV or XLSX file with the columns person, unit, wave, period, active_days, and drawn where it is known.
    """
    from training.effect import measure_effect
    from training.effect.panelfile import read_panel
    from training.effect.terminal import lines

    found = measure_effect(read_panel(panel), permutations=permutations, seed=seed)
    if as_json:
        click.echo(json.dumps(published(found, language()), ensure_ascii=False))
        return
    for line in lines(found, language()):
        say(Text(line, line))


def published(found: Effect, spoken: Language) -> dict[str, Any]:
    """The effect as the command's JSON has it; verdicts are the same words in every language."""
    return {
        "label": found.label,
        "estimate": found.estimate,
        "low": found.low,
        "high": found.high,
        "p": found.p,
        "verdict": found.verdict,
        "people": found.people,
        "needs": found.needs.to(spoken) if found.needs else None,
    }
