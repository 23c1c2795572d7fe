"""A table that is put alone, while another puts or reads it: what is whole is never told to be damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.store import FolderStore
from mail_audit import sums
from mail_audit.sums import put_alone, sound

KEY = "standing/2026-10-aaaa.parquet"


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def _draft(folder: Path, content: str) -> Path:
    path = folder / f"{content}.draft"
    path.write_text(content, "utf-8")
    return path


@pytest.mark.parametrize("before", [False, True])
def test_two_put_other_bytes_at_once(
    before: bool, store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other comes and goes between the sums of the one and its table; something was there before, or nothing."""
    if before:
        put_alone(store, KEY, _draft(tmp_path, "before"))
    put_file = FolderStore.put_file

    def put(self: FolderStore, key: str, path: Path) -> None:
        monkeypatch.setattr(FolderStore, "put_file", put_file)
        put_alone(self, key, _draft(tmp_path, "other"))
        put_file(self, key, path)

    monkeypatch.setattr(FolderStore, "put_file", put)
    put_alone(store, KEY, _draft(tmp_path, "one"))
    assert sound(store, KEY, alone=True).read_text("utf-8") == "one"


def test_it_is_put_anew_between_the_look_at_its_sum_and_at_itself(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_alone(store, KEY, _draft(tmp_path, "old"))
    sum_of = sums.sum_of

    def late(path: Path) -> str:
        monkeypatch.setattr(sums, "sum_of", sum_of)
        put_alone(store, KEY, _draft(tmp_path, "new"))
        return sum_of(path)

    monkeypatch.setattr(sums, "sum_of", late)
    assert sound(store, KEY, alone=True).read_text("utf-8") == "new"
