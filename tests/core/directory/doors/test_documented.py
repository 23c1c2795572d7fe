"""Every entry of the tables [oidc.NAME], [ldap.NAME] and [sync.NAME] stands in the documentation, with its default."""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, fields
from typing import Any

import pytest

from core.directory.doors.ldap.options import LdapOptions
from core.directory.doors.oidc.options import OidcOptions
from core.directory.feeds.options import SyncOptions
from tests.house.tree import ROOT


def _shown(default: object) -> str:
    """A default as it would be written in the file."""
    if default is MISSING:
        return "needed"
    return json.dumps(list(default) if isinstance(default, tuple) else default)


@pytest.mark.parametrize(
    ("heading", "options"),
    [
        ("Log-in by OpenID Connect", OidcOptions),
        ("Log-in by a directory server", LdapOptions),
        ("Sync with a directory server", SyncOptions),
    ],
)
def test_every_entry_is_documented(heading: str, options: type[Any]) -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    section = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    documented = re.findall(r"^\| `([a-z_]+)` \|.*\| `?([^|`]+)`? \|$", section, re.MULTILINE)
    assert documented == [(one.name, _shown(one.default)) for one in fields(options) if one.name != "key"]
