"""Sizes and names: nothing grows past what one can read, and every module is named for what it holds."""

from __future__ import annotations

import ast
import importlib
import re
from importlib import resources

import pytest

from tests.house.tree import PACKAGES, ROOT, files, parsed, python_files, source_files

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
CORE = {
    "__init__",
    *("settings", "db", "errors", "permissions", "audit", "jobs", "mail", "log", "calendar", "cli", "words", "objects"),
    *("networks", "options"),
    *("store", "directory", "migrations", "templates"),
}


def test_files_are_short() -> None:
    """At most 400 lines in a Python file."""
    lengths = {str(path): len((ROOT / path).read_text("utf-8").splitlines()) for path in python_files()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    """At most 50 lines in a function, its decorators not counted."""
    long = {}
    for path in python_files():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long[f"{path}:{node.name}"] = length
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    """A docstring at the top of every module; an empty `__init__.py` is the only thing that may be silent."""
    silent = [str(path) for path in python_files() if parsed(path).body and ast.get_docstring(parsed(path)) is None]
    assert silent == []


def test_no_junk_drawers() -> None:
    """No file or folder is named for holding anything at all."""
    drawers = [str(path) for path in files() if DRAWERS & {part.lower().partition(".")[0] for part in path.parts}]
    assert drawers == []


def test_no_junk_drawer_classes() -> None:
    """Nor is a class or a function."""
    words = re.compile(r"[A-Z]?[a-z]+")
    drawers = [
        f"{path}:{node.name}"
        for path in source_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and DRAWERS & {word.lower() for word in words.findall(node.name)}
    ]
    assert drawers == []


def test_days_are_put_into_words_in_one_place() -> None:
    """Whoever spells out a day himself writes 03/12 for readers of English, who take it for a day in March."""
    spelt = re.compile(r"\{[^{}]*:[^{}]*%(?:d/%m|m/%Y|B)|strftime\([^)]*%(?:d/%m|m/%Y|B)")
    own = {
        f"{path}:{number}"
        for path in source_files()
        for number, line in enumerate((ROOT / path).read_text("utf-8").splitlines(), start=1)
        if spelt.search(line) and str(path) != "core/words.py"
    }
    assert own == set()


def test_the_floor_is_a_closed_list() -> None:
    """`core` grows by a decision, not by accident."""
    found = {path.parts[1].partition(".")[0] for path in source_files() if path.parts[0] == "core"}
    assert found - CORE == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_are_typed(package: str) -> None:
    """Each package tells type checkers that it carries types."""
    assert resources.files(package).joinpath("py.typed").is_file()


@pytest.mark.parametrize("package", PACKAGES)
def test_commands_exist(package: str) -> None:
    """Every command a package names in `COMMANDS` is found where it says, with a sentence of help."""
    for name, target in getattr(importlib.import_module(package), "COMMANDS", {}).items():
        module, _, attribute = target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert callable(command), f"vanthu {name}: {target}"
        assert command.help, f"vanthu {name} says nothing of itself"
