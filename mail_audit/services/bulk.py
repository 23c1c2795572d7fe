"""Many rows at once, by the database's own quick way: a city has millions, and others wait meanwhile."""

from __future__ import annotations

from typing import Any

import polars as pl
from sqlalchemy import Table
from sqlalchemy.orm import Session

_ROWS_AT_ONCE = 5_000


def insert_frame(session: Session, table: Table, frame: pl.DataFrame) -> None:
    """Insert the rows of `frame` in the session's transaction; its columns are named as those of `table`."""
    columns = ", ".join(table.c[name].name for name in frame.columns)
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for row in frame.iter_rows():
                copy.write_row(row)
        return
    marks = ", ".join("?" for _ in frame.columns)
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({marks})"  # noqa: S608 - our own names, no values
    dates = [name for name, kind in frame.schema.items() if kind == pl.Date]
    for piece in frame.with_columns(pl.col(dates).cast(pl.String)).iter_slices(_ROWS_AT_ONCE):
        connection.exec_driver_sql(statement, piece.rows())
