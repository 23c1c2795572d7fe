"""The table `[web]`: known keys with usable values, anything else stops the start with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.settings import SettingsError, load
from web.app import create_app
from web.options import Options


def _options(folder: Path, table: str) -> Options:
    (folder / "vanthu.toml").write_text(f"[web]\n{table}\n", "utf-8")
    return Options.of(load({"VANTHU_HOME": str(folder)}))


def test_defaults(tmp_path: Path) -> None:
    assert Options.of(load({"VANTHU_HOME": str(tmp_path)})) == Options()


def test_given_values(tmp_path: Path) -> None:
    table = "https = true\nproxies = 1\nupload_megabytes = 10\nupload_files = 3"
    assert _options(tmp_path, table) == Options(https=True, proxies=1, upload_megabytes=10, upload_files=3)


@pytest.mark.parametrize(
    "table",
    [
        "http = true",
        'https = "yes"',
        "https = 1",
        "proxies = true",
        "proxies = -1",
        "idle_minutes = 0",
        "session_hours = 0",
        "upload_files = 2.5",
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, table: str) -> None:
    with pytest.raises(SettingsError) as refused:
        _options(tmp_path, table)
    assert table.split(" ", maxsplit=1)[0] in refused.value.message.vi
    assert table.split(" ", maxsplit=1)[0] in refused.value.message.en


def test_https_marks_the_cookie_and_tells_browsers(tmp_path: Path) -> None:
    _options(tmp_path, "https = true")
    app = create_app(load({"VANTHU_HOME": str(tmp_path)}))
    answer = app.test_client().get("/log-in", base_url="https://vanthu.example")
    assert "Strict-Transport-Security" in answer.headers
    assert "Secure" in answer.headers["Set-Cookie"]
