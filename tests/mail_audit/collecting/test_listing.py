"""Which files a source has: rotated ones beside a file, what patterns name in a folder, the oldest first."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mail_audit.services.collecting.listing import NOT_THERE, belongs, is_rotated_name, members


@pytest.mark.parametrize(
    ("name", "of", "rotated"),
    [
        ("mail.log.1", "mail.log", True),
        ("mail.log.12.gz", "mail.log", True),
        ("mail.log-20261122", "mail.log", True),
        ("mail.log-20261122.zst", "mail.log", True),
        ("mail.log-2026112206.xz", "mail.log", True),
        ("mail.log.2026-11-22", "mail.log", True),
        ("mail-20261122.log", "mail.log", True),
        ("mail-20261122.log.gz", "mail.log", True),
        ("mail.log.gz", "mail.log", True),
        ("mail.log", "mail.log", False),
        ("mail.log.old", "mail.log", False),
        ("mail.log.1.bak", "mail.log", False),
        ("mailman.log", "mail.log", False),
        ("mail.logs", "mail.log", False),
        ("xmail.log.1", "mail.log", False),
    ],
)
def test_names_of_rotated_files(name: str, of: str, rotated: bool) -> None:
    assert is_rotated_name(name, of) == rotated


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files whose ages are those of their place in this list."""
    names = ("mail.log.2.gz", "mail.log.1", "mail.log", "other.txt", "mail1/mail.log", ".hidden/mail.log", ".mail.log")
    for age, name in enumerate(names):
        path = tmp_path / "logs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        os.utime(path, (1_000 + age, 1_000 + age))
    return tmp_path / "logs"


def names_of(folder: Path, *paths: Path, patterns: tuple[str, ...] = ()) -> list[str]:
    return [str(one.path.relative_to(folder)) for one in members([str(path) for path in paths], patterns)[0]]


def test_a_folder_is_read_with_its_folders_but_not_what_is_hidden(folder: Path) -> None:
    whole = ["mail.log.2.gz", "mail.log.1", "mail.log", "other.txt", "mail1/mail.log"]
    assert names_of(folder, folder) == whole
    assert names_of(folder, folder, patterns=("mail.log*",)) == [name for name in whole if name != "other.txt"]
    assert names_of(folder, folder, patterns=("mail1/*",)) == ["mail1/mail.log"]


def test_a_file_brings_its_rotated_ones(folder: Path) -> None:
    assert names_of(folder, folder / "mail.log") == ["mail.log.2.gz", "mail.log.1", "mail.log"]
    (folder / "mail.log").unlink()
    assert names_of(folder, folder / "mail.log") == ["mail.log.2.gz", "mail.log.1"]


def test_nothing_is_told_and_a_file_named_twice_is_one(folder: Path) -> None:
    found, missing = members([str(folder / "nothing"), str(folder), str(folder / "mail.log")], ())
    assert missing == [(str(folder / "nothing"), NOT_THERE)]
    assert len(found) == 5


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.log").write_text("x")
    (folder / "link.log").symlink_to(tmp_path / "secret.log")
    (folder / "inner.log").symlink_to(folder / "mail.log")
    assert "link.log" not in names_of(folder, folder)
    assert len(names_of(folder, folder)) == 5


def test_what_a_source_follows_already(folder: Path) -> None:
    paths = [str(folder / "mail.log"), str(folder / "mail1")]
    assert belongs(folder / "mail.log", paths, ())
    assert belongs(folder / "mail.log.1", paths, ())
    assert belongs(folder / "mail1" / "mail.log", paths, ())
    assert not belongs(folder / "other.txt", paths, ())
    assert not belongs(folder / "mail1" / "mail.log", paths, ("dovecot*",))
