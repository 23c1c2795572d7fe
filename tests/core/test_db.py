"""The unit of work, on both databases: one commit, calls after it, moments in UTC, writers one after the other."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.orm import Session

from core.db import after_commit, bring_up_to_date, forget, session_factory, translated, unit_of_work
from core.directory.models import MailboxRow, OfficialRow, UnitRow
from core.errors import ConflictError, UnavailableError
from core.settings import Settings, SettingsError, load


class MishapError(Exception):
    """Something that goes wrong in a test."""


def count(settings: Settings) -> int:
    """How many units there are."""
    with unit_of_work(settings) as session:
        return session.scalar(select(func.count(UnitRow.id))) or 0


def test_the_border_commits_once_and_calls_afterwards(each_database: Settings) -> None:
    called: list[int] = []
    with unit_of_work(each_database) as session:
        session.add(UnitRow(key="a", name="a"))
        after_commit(session, lambda: called.append(count(each_database)))
        assert called == []
    assert called == [1]


def test_what_fails_leaves_nothing_and_calls_nobody(each_database: Settings) -> None:
    called: list[int] = []
    with pytest.raises(MishapError), unit_of_work(each_database) as session:  # noqa: PT012 - a unit of work
        session.add(UnitRow(key="a", name="a"))
        after_commit(session, lambda: called.append(1))
        session.flush()
        raise MishapError
    assert (count(each_database), called) == (0, [])


def test_a_failing_call_after_the_commit_takes_nothing_back(each_database: Settings) -> None:
    def fail() -> None:
        raise MishapError

    with unit_of_work(each_database) as session:
        session.add(UnitRow(key="a", name="a"))
        after_commit(session, fail)
    assert count(each_database) == 1


def test_moments_are_utc(each_database: Settings) -> None:
    here = datetime(2026, 10, 1, 7, 30, tzinfo=timezone(timedelta(hours=7)))
    with unit_of_work(each_database) as session:
        session.add(OfficialRow(official_id="1", name="n", gone_at=here))
    with unit_of_work(each_database) as session:
        found = session.scalars(select(OfficialRow)).one().gone_at
    assert found == here
    assert found is not None
    assert found.tzinfo is UTC


def test_a_moment_without_zone_is_refused(each_database: Settings) -> None:
    with pytest.raises(StatementError, match="time zone"), unit_of_work(each_database) as session:
        session.add(OfficialRow(official_id="1", name="n", gone_at=datetime(2026, 10, 1)))  # noqa: DTZ001 - the point


def test_what_points_at_nothing_is_refused(each_database: Settings) -> None:
    with pytest.raises(ConflictError), unit_of_work(each_database) as session:
        session.add(MailboxRow(address="a@b.vn", kind="shared", unit=7))


def test_a_check_of_the_table_is_kept(each_database: Settings) -> None:
    with pytest.raises(ConflictError), unit_of_work(each_database) as session:  # noqa: PT012 - a unit of work
        session.add(UnitRow(key="a", name="a"))
        session.flush()
        session.add(MailboxRow(address="A@b.vn", kind="shared", unit=1))


def test_a_reader_may_become_a_writer_after_another_wrote(each_database: Settings) -> None:
    """On SQLite a plain transaction would be refused here ("database is locked") without any waiting."""
    with unit_of_work(each_database) as first:
        first.scalar(select(func.count(UnitRow.id)))
        with unit_of_work(each_database) as second:
            second.add(UnitRow(key="b", name="b"))
        first.add(UnitRow(key="a", name="a"))
    assert count(each_database) == 2


def test_a_savepoint_survives_the_first_write(each_database: Settings) -> None:
    with unit_of_work(each_database) as session:
        session.scalar(select(func.count(UnitRow.id)))
        with pytest.raises(MishapError), session.begin_nested():  # noqa: PT012 - a unit of work
            session.add(UnitRow(key="a", name="a"))
            session.flush()
            raise MishapError
        session.add(UnitRow(key="b", name="b"))
    assert count(each_database) == 1


def test_locked_counting_loses_nothing(each_database: Settings) -> None:
    with unit_of_work(each_database) as session:
        session.add(OfficialRow(official_id="1", name="0"))

    def add_one() -> None:
        for _ in range(10):
            with unit_of_work(each_database) as session:
                row = session.scalars(select(OfficialRow).with_for_update()).one()
                row.name = str(int(row.name) + 1)

    _together(add_one, 4)
    with unit_of_work(each_database) as session:
        assert session.scalars(select(OfficialRow.name)).one() == "40"


def test_core_statements_take_the_writers_place_too(each_database: Settings) -> None:
    with unit_of_work(each_database) as session:
        session.add(OfficialRow(official_id="1", name="x"))

    def grow(session: Session) -> None:
        session.scalar(select(func.count(OfficialRow.id)))
        session.execute(update(OfficialRow).values(name=OfficialRow.name + "x"))

    def work() -> None:
        for _ in range(5):
            with unit_of_work(each_database) as session:
                grow(session)

    _together(work, 4)
    with unit_of_work(each_database) as session:
        assert session.scalars(select(OfficialRow.name)).one() == "x" * 21


def _together(work: object, threads: int) -> None:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException as failure:  # noqa: BLE001 - shown by the assertion below
            failures.append(failure)

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert failures == []


def test_a_database_that_is_away_is_a_sentence(settings: Settings) -> None:
    away = load({"VANTHU_HOME": str(settings.home), "VANTHU_DATABASE_URL": "postgresql://a@127.0.0.1:1/b"})
    with pytest.raises(UnavailableError), unit_of_work(away) as session:
        session.execute(text("SELECT 1"))
    forget(away)


def test_a_full_disk_and_a_damaged_file_are_called_so(settings: Settings) -> None:
    with pytest.raises(UnavailableError, match="disk of the database is full"), translated():
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / "vanthu.sqlite3").write_bytes(b"no database at all " * 100)
    with pytest.raises(UnavailableError, match="is damaged, or it is none of Vanthu's"), unit_of_work(settings):
        pass


@pytest.mark.parametrize("url", ["nonsense", "oracle9://x", "postgresql+nodriver://x/y"])
def test_a_wrong_url_is_a_sentence(settings: Settings, url: str) -> None:
    wrong = load({"VANTHU_HOME": str(settings.home), "VANTHU_DATABASE_URL": url})
    with pytest.raises((SettingsError, UnavailableError)):
        bring_up_to_date(wrong)
    forget(wrong)


def test_sessions_know_their_settings(settings: Settings) -> None:
    with session_factory(settings)() as one, session_factory(settings)() as two:
        one.info["after_commit"] = []
        assert "after_commit" not in two.info
        assert two.info["settings"] is settings


def test_a_new_sqlite_database_may_be_in_use_by_another(settings: Settings) -> None:
    """SQLite refuses at once, without its usual patience, to change the mode of a file that another one writes."""
    settings.home.mkdir()
    other = sqlite3.connect(settings.home / "vanthu.sqlite3", isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE other (id INTEGER)")
    other.execute("BEGIN IMMEDIATE")
    leaving = threading.Timer(0.3, lambda: other.execute("COMMIT"))
    leaving.start()
    assert count(settings) == 0
    leaving.join()
    other.close()


def test_a_new_sqlite_database_is_its_owners(settings: Settings) -> None:
    """Even in a folder that everybody may read; what SQLite puts beside it is no more open."""
    settings.home.mkdir(mode=0o755)
    with unit_of_work(settings) as session:
        session.execute(text("SELECT 1"))
        files = list(settings.home.glob("vanthu.sqlite3*"))
        assert files
        assert [path.name for path in files if path.stat().st_mode & 0o077] == []
