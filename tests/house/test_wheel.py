"""What is shipped is whole: the wheel holds every module and everything that was built, and no tests."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from tests.house.tree import PACKAGES, ROOT, files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """The files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_holds_every_file_of_the_packages(names: set[str]) -> None:
    """Templates, migrations, schemas and translations included; only the sources of the browser's files stay away."""
    ours = {path.as_posix() for path in files() if path.parts[0] in PACKAGES and path.parts[:2] != ("web", "assets")}
    assert ours - names == set()


def test_wheel_holds_what_the_browser_needs(names: set[str]) -> None:
    """The style sheet, both modules and four fonts; no package of npm besides."""
    built = {PurePosixPath(name).name for name in names if name.startswith("web/static/built/")}
    fonts = {
        f"be-vietnam-pro-{subset}-{weight}-normal.woff2" for subset in ("latin", "vietnamese") for weight in (400, 700)
    }
    assert {"app.css", "app.js", "govuk-frontend.min.js", *fonts} - built == set()
    assert [name for name in names if "node_modules" in name or "axe" in PurePosixPath(name).name] == []


def test_wheel_holds_nothing_else(names: set[str]) -> None:
    """No tests, no caches, no sources of the browser's files."""
    assert {PurePosixPath(name).parts[0] for name in names} - {*PACKAGES, "vanthu-0.1.0.dist-info"} == set()
    assert [name for name in names if "__pycache__" in name or name.startswith("web/assets/")] == []


def test_wheel_names_the_command_and_the_licence(wheel: Path) -> None:
    """`vanthu` is a command, and the licence goes along."""
    with zipfile.ZipFile(wheel) as archive:
        assert "vanthu = core.cli:main" in archive.read("vanthu-0.1.0.dist-info/entry_points.txt").decode()
        assert b"Apache License" in archive.read("vanthu-0.1.0.dist-info/licenses/LICENSE")
