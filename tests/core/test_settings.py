"""Settings: the environment over the file over the defaults; what nobody knows stops the start."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import KEYS, SettingsError, load
from core.store import FolderStore


def test_defaults_need_nothing(tmp_path: Path) -> None:
    found = load({"HOME": str(tmp_path)})
    home = tmp_path / ".local/share/vanthu"
    assert found.home == home
    assert found.database_url == f"sqlite:///{home}/vanthu.sqlite3"
    assert found.broker_url == f"filesystem://{home}/broker"
    assert found.store == FolderStore(home / "store")
    assert (found.timezone, found.language, found.thresholds) == ("Asia/Ho_Chi_Minh", "vi", {})
    assert not home.exists()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    text = 'language = "en"\ntimezone = "UTC"\n[mail_audit]\nregular_share = 0.5\n'
    (tmp_path / "vanthu.toml").write_text(text, "utf-8")
    found = load({"VANTHU_HOME": str(tmp_path), "VANTHU_TIMEZONE": "Asia/Bangkok"})
    assert (found.language, found.timezone) == ("en", "Asia/Bangkok")
    assert found.thresholds == {"regular_share": 0.5}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABSE_URL", "x"),
        ("LANGUAGE", "fr"),
        ("TIMEZONE", "Asia/Saigon2"),
        ("TIMEZONE", "../../etc/passwd"),
        ("SECRET_KEY", "short"),
        ("JOB_SILENCE", "soon"),
        ("JOB_SILENCE", "0"),
        ("DATABASE_URL", " "),
    ],
)
def test_a_wrong_key_is_named_in_a_sentence(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({"VANTHU_HOME": str(tmp_path), f"VANTHU_{name}": value})
    assert f"VANTHU_{name}" in caught.value.message.vi
    assert f"VANTHU_{name}" in caught.value.message.en


@pytest.mark.parametrize(
    "text", ["lnguage = 'vi'", "[posts]\na = 1", "language = ", "\xff", "log_folders = ['/var/log']", "language = true"]
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "vanthu.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"vanthu\.toml"):
        load({"VANTHU_HOME": str(tmp_path)})


def test_every_wrong_key_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load({"VANTHU_HOME": str(tmp_path), "VANTHU_A": "1", "VANTHU_B": "2"})
    assert "VANTHU_A" in caught.value.message.en
    assert "VANTHU_B" in caught.value.message.en


def test_the_secret_key_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    given = {"VANTHU_HOME": str(tmp_path / "home")}
    first, second = load(given), load(given)
    assert len(first.secret_key) >= 64
    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((tmp_path / "home/secret_key").stat().st_mode) == 0o600
    assert load(given | {"VANTHU_SECRET_KEY": "k" * 40}).secret_key == "k" * 40


def test_secrets_are_not_printed(tmp_path: Path) -> None:
    given = {
        "VANTHU_HOME": str(tmp_path),
        "VANTHU_SECRET_KEY": "k" * 40,
        "VANTHU_DATABASE_URL": "postgresql://a:hunter22@127.0.0.1/b",
        "VANTHU_BROKER_URL": "redis://:hunter22@127.0.0.1",
    }
    shown = repr(load(given))
    assert "kkkk" not in shown
    assert "hunter22" not in shown


def test_keys_are_told_in_both_languages() -> None:
    assert all(key.words.vi and key.words.en for key in KEYS)
    assert len({key.name for key in KEYS}) == len(KEYS)


def test_settings_are_light() -> None:
    code = (
        "import sys, core.settings; core.settings.load();"
        "print(*sorted({'sqlalchemy', 'click', 'celery'} & {*sys.modules}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"HOME": "/tmp"})
    assert run.stdout.strip() == ""
