"""An installation with a folder of logs that is followed, on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core import db
from core.settings import Settings, load
from core.store import FolderStore, Store
from mail_audit.sample.build import build
from mail_audit.sample.day import Volume
from mail_audit.sample.files import Layout
from tests.mail_audit.collecting.followed import Followed, Month

_numbers = itertools.count()
VOLUME = Volume(citizens=0.02, bulletin=0.02, poll_gap=14_400, report_hours=2, attacks=1)


IN_A_CITY = pytest.mark.parametrize(
    "settings", ["sqlite", pytest.param("city", marks=pytest.mark.server)], indirect=True
)
"""For tests of all on one machine, and of all on servers of their own: PostgreSQL, and a store in a bucket."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    environ = {"VANTHU_HOME": str(tmp_path / "home"), "VANTHU_LOG_FOLDERS": str(tmp_path / "logs")}
    if request.param != "sqlite":
        server = request.getfixturevalue("postgres_server")
        environ["VANTHU_DATABASE_URL"] = server.database(f"collecting_{next(_numbers)}")
    if request.param == "city":
        environ |= request.getfixturevalue("s3_server").environ(tmp_path / "home")
    chosen = load(environ)
    yield chosen
    db.forget(chosen)


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.server)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store in a folder, and one in a bucket."""
    return (
        FolderStore(tmp_path)
        if request.param == "folder"
        else request.getfixturevalue("s3_server").store(tmp_path / "cache")
    )


@pytest.fixture
def followed(settings: Settings, tmp_path: Path) -> Followed:
    """The folder `logs` is a source."""
    return _followed(settings, tmp_path)


@pytest.fixture
def simply_followed(tmp_path: Path) -> Iterator[Followed]:
    """The same, on SQLite alone."""
    chosen = load({"VANTHU_HOME": str(tmp_path / "home")})
    yield _followed(chosen, tmp_path)
    db.forget(chosen)


def _followed(settings: Settings, tmp_path: Path) -> Followed:
    folder = tmp_path / "logs"
    folder.mkdir()
    found = Followed(settings, folder)
    found.follow("nguồn", folder)
    return found


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    """Thirty days of the sample city's two servers, day by day: yearless stamps on one, ISO on the other."""
    folder = tmp_path_factory.mktemp("month")
    build(folder, days=30, missing=(), layout=Layout(rotate_days=0), volume=VOLUME, first=date(2026, 10, 5))
    return Month.of(folder / "logs")


@pytest.fixture(scope="session")
def week(month: Month) -> Month:
    """The first seven days of it."""
    return replace(month, days=month.days[:7])
