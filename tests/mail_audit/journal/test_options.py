"""What `[mail_audit.journal]` may hold, and that the documentation says so."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path

import pytest

from core.settings import SettingsError, load
from mail_audit.journaling.options import JournalOptions, is_within
from tests.house.tree import ROOT


def test_every_entry_is_documented_with_its_default() -> None:
    section = (ROOT / "docs/settings.md").read_text("utf-8").partition("## Journal\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([a-z_]+)` \|.*\| `([^`]+)` \|$", section, re.MULTILINE)
    documented = {name: tomllib.loads(f"x = {default}")["x"] for name, default in rows}
    defaults = {one.name: one.default for one in dataclasses.fields(JournalOptions)}
    assert documented == {name: list(value) if isinstance(value, tuple) else value for name, value in defaults.items()}


def test_the_table_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "vanthu.toml").write_text(
        '[mail_audit]\nregular_share = 0.4\n[mail_audit.journal]\nservers = ["A.b"]\n'
    )
    settings = load({"VANTHU_HOME": str(tmp_path)})
    assert JournalOptions.of(settings).server_names == {"a.b"}
    assert settings.thresholds == {"regular_share": 0.4}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nettworks", []),
        ("networks", ["10.0.0.1/8"]),
        ("networks", "10.0.0.0/8"),
        ("connections", 0),
        ("connections", True),
        ("protocol", "uucp"),
        ("servers", [""]),
        ("listen", ""),
    ],
)
def test_a_wrong_entry_is_named(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=name):
        JournalOptions.given({name: value})


@pytest.mark.parametrize(
    ("address", "networks", "within"),
    [
        ("10.1.2.3", ("10.0.0.0/8",), True),
        ("::ffff:10.1.2.3", ("10.0.0.0/8",), True),
        ("fe80::1%eth0", ("fe80::/10",), True),
        ("11.1.2.3", ("10.0.0.0/8", "::/0"), False),
        ("localhost", ("0.0.0.0/0",), False),
        ("", ("0.0.0.0/0", "::/0"), False),
    ],
)
def test_who_is_within(address: str, networks: tuple[str, ...], *, within: bool) -> None:
    assert is_within(address, networks) is within
