"""`vanthu training`: the group under which the commands of this feature stand."""

from __future__ import annotations

import click

from core.cli import ListingGroup
from training.cli.draw import draw
from training.cli.effect import effect


@click.group(cls=ListingGroup)
def training() -> None:
    """Bồi dưỡng: bốc thăm đợt học, hiệu quả của khóa học / training: waves drawn, whether courses helped."""


training.add_command(draw)
training.add_command(effect)
