"""What `[mail_audit.journal]` may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.settings import SettingsError, load
from mail_audit.journaling.options import JournalOptions


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
