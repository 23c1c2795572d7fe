"""The lock files hold what `pyproject.toml` asks for, each file by its hash."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOT

LOCKS = ("run", "build", "dev")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")


def _pins(name: str) -> dict[str, set[str]]:
    """Package -> its versions (more than one where Python versions differ)."""
    pins: dict[str, set[str]] = {}
    for package, version in PINNED.findall(_lock(name)):
        pins.setdefault(canonicalize_name(package), set()).add(version)
    return pins


def _wanted(name: str) -> list[Requirement]:
    project = _project()
    groups = project["dependency-groups"]
    run = project["project"]["dependencies"]
    asked = {"run": run, "build": groups["build"], "dev": run + groups["build"] + groups["dev"]}[name]
    return [Requirement(line) for line in asked if isinstance(line, str)]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_is_up_to_date(name: str) -> None:
    """Every requirement is locked at a version it admits; after a change, `make lock`."""
    pins = _pins(name)
    missing = [
        str(r) for r in _wanted(name) if not any(map(r.specifier.contains, pins.get(canonicalize_name(r.name), ())))
    ]
    assert missing == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_nothing_that_nobody_asked_for(name: str) -> None:
    """What stands in a lock for the project's own sake is still asked for by `pyproject.toml`."""
    lock = re.sub(r"\\\n", " ", _lock(name))
    entries = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==[^\n]*\n((?:\s+#[^\n]*\n?)+)", lock, re.MULTILINE)
    direct = {canonicalize_name(package) for package, origin in entries if re.search(r"pyproject\.toml", origin)}
    assert direct
    assert direct - {canonicalize_name(requirement.name) for requirement in _wanted(name)} == set()


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_a_hash(name: str) -> None:
    """Each entry carries at least one SHA-256; nothing is taken by address."""
    entries = re.sub(r"\\\n", " ", _lock(name)).splitlines()
    packages = [line for line in entries if line and not line.lstrip().startswith("#")]
    assert packages
    assert [line.split()[0] for line in packages if "--hash=sha256:" not in line or " @ " in line] == []


def test_locks_agree() -> None:
    """What is tested is what runs: a package has the same versions in every lock."""
    tested = _pins("dev")
    for name in ("run", "build"):
        assert {package: versions for package, versions in _pins(name).items() if tested.get(package) != versions} == {}
