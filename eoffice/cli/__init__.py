"""The commands this feature adds to `vanthu`: the group `vanthu eoffice`, one module for what belongs together."""

from __future__ import annotations

import importlib

import click

from core.cli import ListingGroup

PLACES = {
    "check": "eoffice.cli.checking:check_form",
    "inbound": "eoffice.cli.inbound:inbound",
    "routes": "eoffice.cli.routing:routes",
}
"""Commands of the group, each with where it is found (imported only when called)."""


class _Group(ListingGroup):
    """Finds its commands by name, so that none costs the start of another."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in alphabetical order."""
        del ctx
        return sorted(PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        del ctx
        module, _, attribute = PLACES.get(cmd_name, "").partition(":")
        found = getattr(importlib.import_module(module), attribute) if module else None
        return found if isinstance(found, click.Command) else None


@click.group(cls=_Group)
def eoffice() -> None:
    """Văn phòng điện tử: thể thức, quy trình, thư trả lời / the e-office: form, routes, answers by e-mail."""
