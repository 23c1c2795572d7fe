"""What may not stand in a public project: addresses of one machine or one network."""

from __future__ import annotations

import json
import re

from tests.house.tree import ROOT, files, text

# Put together here, so that this file does not say what it forbids.
HOSTS = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("debian", "org"),
        ("yarnpkg", "com"),
    ]
]
OPTIONS = ["--" + option for option in ("index-url", "extra-index-url", "find-links", "trusted-host", "registry")]
FOLDERS = ["/" + folder + "/" for folder in ("work", "home", "root")]
HOME_OF_A_MAC = "/" + "Users" + "/[A-Za-z.]+/"  # an address of SCIM has nothing below the number
ALLOWED_OPTIONS = {"Makefile"}  # asks for lock files *without* them


def _saying(words: list[str], *, but: frozenset[str] = frozenset()) -> list[str]:
    pattern = re.compile("|".join(rf"(?<![\w.-]){re.escape(word)}" for word in words))
    found = []
    for path in files():
        content = text(path)
        if content is not None and str(path) not in but and (hit := pattern.search(content)):
            found.append(f"{path}: {hit[0]}")
    return found


def test_no_registry_is_named() -> None:
    """Where packages come from is the machine's business: a mirror or a closed network must do as well."""
    assert _saying([*HOSTS, *("https://" + host for host in HOSTS)]) == []


def test_no_index_is_chosen() -> None:
    """No file chooses an index for the machine."""
    assert _saying(OPTIONS) == []


def test_no_folder_of_one_machine_is_named() -> None:
    """No path of somebody's own machine."""
    assert _saying(FOLDERS) == []
    home = re.compile(HOME_OF_A_MAC)
    assert [str(path) for path in files() if home.search(text(path) or "")] == []


def test_npm_lock_says_what_but_not_from_where() -> None:
    """Every npm package is held by its hash and none by an address."""
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    ours = {name: facts for name, facts in packages.items() if name}
    assert ours
    assert [name for name, facts in ours.items() if "resolved" in facts] == []
    assert [name for name, facts in ours.items() if not facts.get("integrity", "").startswith("sha512-")] == []


def test_npm_packages_are_pinned_exactly() -> None:
    """No range: what is shipped to a browser changes by a commit."""
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    wanted = package["dependencies"] | package["devDependencies"]
    assert {name: version for name, version in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)} == {}
