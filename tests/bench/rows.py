"""Many rows of any table at once: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

AT_ONCE = 10_000


def put(session: Session, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Insert the rows (all with the same columns) as they are; numbers that were given are counted on from."""
    source = iter(rows)
    first = next(source, None)
    if first is None:
        return
    names = list(first)
    plain = _plain([first], source)
    connection = session.connection()
    columns = ", ".join(f'"{name}"' for name in names)
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for row in plain:
                copy.write_row(row)
        if "id" in names and isinstance(first["id"], int) and table.c.id.autoincrement is not False:
            counter = f"setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))"
            session.execute(text(f"SELECT {counter}"))
        return
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' for _ in names)})"
    while piece := list(islice(plain, AT_ONCE)):
        connection.exec_driver_sql(statement, piece)


def _plain(first: list[dict[str, Any]], source: Iterator[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for rows in (first, source):
        for row in rows:
            yield tuple(_value(one) for one in row.values())


def _value(value: Any) -> Any:
    """As both databases take it: moments (UTC) and days as texts, whatever is nested as JSON."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, dict | list) else value
