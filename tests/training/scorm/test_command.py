"""`vanthu training package`: the door of the page of courses, on the server."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

import core.cli
from tests.training.scorm.packages import ITEM, manifest, zipped
from training import lessons
from training.scorm.options import EXAMPLE

PREREQUISITES = "<adlcp:prerequisites type='aicc_script'>I0</adlcp:prerequisites>"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("VANTHU_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("VANTHU_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def taken(*words: str | Path) -> int:
    return core.cli.main(["--language", "en", "training", "package", *map(str, words)])


def test_a_package_on_the_server(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    zip_file, own = tmp_path / "goi.zip", tmp_path / "course.zip"
    zip_file.write_bytes(zipped(manifest(ITEM % PREREQUISITES)))
    phone = lessons.SHIPPED / "phone"
    own.write_bytes(
        lessons.as_zip(
            {one.relative_to(phone).as_posix(): one.read_bytes() for one in phone.rglob("*") if one.is_file()}
        )
    )
    assert taken(own) == 0
    assert taken(zip_file) != 0
    assert "SCORM is off here" in capsys.readouterr().err
    (home / "vanthu.toml").write_text(f'[training.scorm]\norigin = "{EXAMPLE}"\n', "utf-8")
    assert taken(zip_file, "--course", "phone") == 0
    said = capsys.readouterr().out
    assert "Taken in: the course phone." in said
    assert "prerequisites" in said
    assert taken(zip_file, "--course", "nothing") != 0
    assert taken(tmp_path / "missing.zip") != 0
    assert "cannot be read" in capsys.readouterr().err


def test_a_store_that_is_full_is_not_the_files_fault(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_place: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (home / "vanthu.toml").write_text(f'[training.scorm]\norigin = "{EXAMPLE}"\n', "utf-8")
    (tmp_path / "goi.zip").write_bytes(zipped(manifest(ITEM % "")))
    monkeypatch.setattr("core.objects.keep", full)
    assert taken(tmp_path / "goi.zip") != 0
    said = capsys.readouterr().err
    assert os.strerror(errno.ENOSPC) in said
    assert "cannot be read" not in said


def test_the_example_is_a_domain_of_its_own() -> None:
    """The guide recommends what the program does, and the name is not below the domain of the pages beside it."""
    guide = (Path(__file__).parents[3] / "docs" / "scorm.md").read_text("utf-8")
    assert f'origin = "{EXAMPLE}"' in guide
    servers = re.search(r"server_name (\S+) (\S+);", guide)
    assert servers
    pages, lessons_name = (name.split(".")[-2:] for name in servers.groups())
    assert f"https://{servers[2]}" == EXAMPLE
    assert pages != lessons_name
