"""`vanthu training`: the group under which the commands of this feature stand."""

from __future__ import annotations

import click

from core.cli import ListingGroup
from training.cli.effect import effect


@click.group(cls=ListingGroup)
def training() -> None:
    """Bồi dưỡng: hiệu quả của các khóa học / training: whether courses helped."""


training.add_command(effect)
