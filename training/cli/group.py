"""`vanthu training`: the group under which the commands of this feature stand."""

from __future__ import annotations

import click

from core.cli import ListingGroup
from training.cli.draw import draw
from training.cli.effect import effect
from training.cli.package import package


@click.group(cls=ListingGroup)
def training() -> None:
    """Bồi dưỡng: bốc thăm đợt học, hiệu quả, gói khóa học / training: waves drawn, whether courses helped, packages."""


training.add_command(draw)
training.add_command(effect)
training.add_command(package)
