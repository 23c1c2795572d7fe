"""The database: SQLite by default, PostgreSQL in a city, the same code on both.

A *unit of work* is one session with one commit, made at the border (a request, a command, a job); services flush and
never commit. What must wait for the commit, such as the message of a job, is left with `after_commit`.

SQLite is held to what PostgreSQL does: foreign keys, UTC times, and reads that do not block writes. A transaction
begins as a reader and takes the writer's place at its first change or its first `FOR UPDATE`; it sees from then on what
others committed meanwhile, as READ COMMITTED does.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, cast

import structlog
from sqlalchemy import DateTime, Engine, MetaData, create_engine, event
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    IntegrityError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from core.errors import ConflictError, UnavailableError
from core.settings import Settings, SettingsError
from core.words import Text

BUSY_SECONDS = 30
"""So long a writer waits for another one."""
OPTIONS = "-c timezone=UTC -c jit=off -c random_page_cost=1.1"
"""What is asked of PostgreSQL for every connection. Compiling a plan takes longer than the short questions of a page;
and on today's disks, or in memory, a row here and there costs little more than the next one: with the default, which is
that of turning disks, whole tables are read for some rows."""
AS_BYTES: Mapping[str, Any] = MappingProxyType({"as_bytes": True})
"""Execution options of what reads large values of bytes: as text, each byte is two letters, and three megabytes take
PostgreSQL and who reads them 20 milliseconds instead of 3."""
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_log = structlog.get_logger("vanthu.db")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always UTC and always aware; SQLite keeps it without its zone. A naive moment is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as the database keeps it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment, in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table's base: constraints are named, `datetime` is UTC."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime}


def utc_now() -> datetime:
    """The moment of the call, in UTC."""
    return datetime.now(UTC)


_engines: dict[tuple[str, bool], Engine] = {}
_lock = threading.RLock()
_ready: set[str] = set()


def engine(settings: Settings, *, foreign_keys: bool = True) -> Engine:
    """The engine of this process for the database of `settings`; made once. Migrations of SQLite run without keys."""
    with _lock:
        found = _engines.get((settings.database_url, foreign_keys))
        if found is None:
            found = _engines[settings.database_url, foreign_keys] = _make_engine(
                settings.database_url, foreign_keys=foreign_keys
            )
        return found


def _make_engine(given: str, *, foreign_keys: bool) -> Engine:
    try:
        url = make_url(given)
        if url.drivername in {"postgresql", "postgres"}:
            url = url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() == "sqlite":
            return _sqlite(url.database, create_engine(url, hide_parameters=True), foreign_keys=foreign_keys)
        return _postgresql(
            create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args={"options": OPTIONS})
        )
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, TypeError) as wrong:
        raise SettingsError(
            Text(
                "VANTHU_DATABASE_URL không phải là địa chỉ cơ sở dữ liệu dùng được (sqlite:///… hoặc postgresql://…).",
                "VANTHU_DATABASE_URL is not the URL of a usable database (sqlite:///… or postgresql://…).",
            ),
            detail=type(wrong).__name__,
        ) from wrong


def _postgresql(made: Engine) -> Engine:
    @event.listens_for(made, "do_execute")
    def _execute(cursor: Any, statement: str, parameters: Any, context: Any) -> bool | None:
        if not context.execution_options.get("as_bytes"):
            return None  # as it is done else
        cursor.execute(statement, parameters, binary=True)
        return True

    return made


def _make_for_owner(path: Path) -> None:
    """A new database is for nobody else's eyes, whatever folder it lies in; what SQLite puts beside it is as it is."""
    with contextlib.suppress(OSError):  # there already, or not to be written: SQLite says that better
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _sqlite(database: str | None, made: Engine, *, foreign_keys: bool) -> Engine:
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make_for_owner(Path(database))

    @event.listens_for(made, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin on its own, and too late
        for pragma in (
            f"busy_timeout = {BUSY_SECONDS * 1000}",
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
            "synchronous = NORMAL",
        ):
            connection.execute(f"PRAGMA {pragma}")
        _use_wal(connection)

    @event.listens_for(made, "begin")
    def _begun(connection: Connection) -> None:
        connection.info["writer"] = bool(connection.get_execution_options().get("writer"))
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.info["writer"] else "BEGIN")

    @event.listens_for(made, "savepoint")
    def _nested(connection: Connection, _name: str | None) -> None:
        _become_writer(connection)  # what begins a savepoint means to write; later it would be too late

    @event.listens_for(made, "before_execute")
    def _asked(connection: Connection, statement: Any, *_rest: object) -> None:
        if getattr(statement, "_for_update_arg", None) is not None:
            _become_writer(connection)

    @event.listens_for(made, "before_cursor_execute")
    def _changing(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip()[:7].upper() in {"INSERT ", "UPDATE ", "DELETE ", "REPLACE"}:
            _become_writer(connection)

    return made


def _use_wal(connection: Any) -> None:
    """Lets readers and a writer work side by side. SQLite does not wait for its lock when it changes to this mode."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


def _become_writer(connection: Connection) -> None:
    """Waits for the writer's place. A reader that just went on would be refused at once if others had written."""
    if not connection.info.get("writer"):
        driver = cast("Any", connection.connection.dbapi_connection)
        driver.execute("COMMIT")
        driver.execute("BEGIN IMMEDIATE")
        connection.info["writer"] = True


def session_factory(settings: Settings) -> sessionmaker[Session]:
    """Makes sessions on the database of `settings`; rows stay readable after the commit."""
    return sessionmaker(engine(settings), expire_on_commit=False, info={"settings": settings})


@contextmanager
def unit_of_work(settings: Settings) -> Iterator[Session]:
    """A session, committed once when the block ends well, rolled back when it does not.

    The tables are brought up to date the first time. Then what was left with `after_commit` runs; a failure there is
    logged and no more, for the change is made. Raises `UnavailableError` when the database does not answer, and
    `ConflictError` when it refuses a change that clashes with another's.
    """
    bring_up_to_date(settings)
    with translated(), session_factory(settings)() as session:
        yield session
        session.commit()
        left: list[Callable[[], None]] = session.info.pop("after_commit", [])
    for call in left:
        try:
            call()
        except Exception as failure:  # noqa: BLE001 - the change is committed; the sweep makes up for a lost message
            _log.warning("after commit", failure=type(failure).__name__)


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Calls `call` after the session's unit of work is committed; never when it is rolled back."""
    session.info.setdefault("after_commit", []).append(call)


def settings_of(session: Session) -> Settings:
    """The settings the session was made with."""
    return cast("Settings", session.info["settings"])


_FULL = ("disk is full", "No space left on device")
"""What SQLite and PostgreSQL say of a disk without room."""


@contextmanager
def translated() -> Iterator[None]:
    """What the database refuses, as an error a person may be shown."""
    try:
        yield
    except (OperationalError, InterfaceError) as refused:
        if any(words in str(refused.orig) for words in _FULL):
            raise UnavailableError(
                Text(
                    "Ổ đĩa của cơ sở dữ liệu đã đầy. Hãy giải phóng chỗ trống rồi thử lại.",
                    "The disk of the database is full. Please make room, then try again.",
                ),
                detail=str(refused.orig),
            ) from refused
        raise UnavailableError(
            Text(
                "Cơ sở dữ liệu đang bận hoặc không trả lời. Hãy thử lại sau ít phút.",
                "The database is busy or does not answer. Please try again in a few minutes.",
            ),
            detail=str(refused.orig),
        ) from refused
    except IntegrityError as clash:
        raise ConflictError(
            Text(
                "Có người vừa thay đổi cùng dữ liệu này. Hãy xem lại rồi thử lần nữa.",
                "Somebody has just changed the same data. Please look again and try once more.",
            ),
            detail=str(clash.orig),
        ) from clash
    except DatabaseError as broken:
        if type(broken) is not DatabaseError:  # a statement that is wrong: a defect of the program
            raise
        raise UnavailableError(
            Text(
                "Tệp cơ sở dữ liệu bị hỏng, hoặc không phải là cơ sở dữ liệu của Vanthu. Hãy khôi phục từ bản sao lưu.",
                "The file of the database is damaged, or it is none of Vanthu's. Please restore it from the backup.",
            ),
            detail=str(broken.orig),
        ) from broken


def bring_up_to_date(settings: Settings) -> None:
    """Creates or upgrades the tables, once in a process; nothing when they are those of this version."""
    with _lock:
        if settings.database_url not in _ready:
            from core.migrations import upgrade

            with translated():
                upgrade(settings)
            _ready.add(settings.database_url)


def forget(settings: Settings) -> None:
    """Closes the connections of this process to the database of `settings`."""
    with _lock:
        for key in [key for key in _engines if key[0] == settings.database_url]:
            _engines.pop(key).dispose()
        _ready.discard(settings.database_url)


def _after_fork() -> None:
    """A child makes its own connections; those of the parent are left open for the parent."""
    global _lock  # noqa: PLW0603 - the parent's lock may be held by a thread that does not exist here
    _lock = threading.RLock()
    for made in _engines.values():
        made.dispose(close=False)
    _engines.clear()


os.register_at_fork(after_in_child=_after_fork)


def one_of(column: str, values: Sequence[str]) -> str:
    """SQL text of a CHECK that `column` holds one of `values` (names of this project, never user text)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
