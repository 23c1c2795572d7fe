"""A store of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.store import FolderStore, Store


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.server)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return FolderStore(tmp_path / "store")
    made: Store = request.getfixturevalue("s3_server").store(tmp_path / "cache")
    return made
