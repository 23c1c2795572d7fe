"""Tables as files: inert and clean in a spreadsheet, typed in Parquet, whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.words import inert
from mail_audit import datafile
from tests.mail_audit.report.examples import HOSTILE

SCHEMA: datafile.Schema = {"day": pl.Date, "name": pl.String, "sent": pl.Int32, "acted": pl.Boolean}


def _batches() -> Iterator[pl.DataFrame]:
    """Two batches: columns in another order and of wider types than the schema's."""
    yield pl.DataFrame(
        {"name": ["Ánh", None], "day": [date(2026, 10, 1)] * 2, "sent": [1, None], "acted": [True, None]}
    )
    yield pl.DataFrame({"name": ["Ửng"], "day": [date(2026, 10, 2)], "sent": [3], "acted": [False]})


def test_csv_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    assert datafile.write(_batches(), SCHEMA, path) == 3
    assert (
        path.read_bytes()
        == (
            "\ufeffday,name,sent,acted\r\n2026-10-01,Ánh,1,true\r\n2026-10-01,,,\r\n2026-10-02,Ửng,3,false\r\n"
        ).encode()
    )
    assert [one.name for one in tmp_path.iterdir()] == ["x.csv"]


def test_parquet_has_types(tmp_path: Path) -> None:
    path = tmp_path / "x.PARQUET"
    assert datafile.write(_batches(), SCHEMA, path) == 3
    read = pl.read_parquet(path)
    assert dict(read.schema) == SCHEMA
    assert read["sent"].to_list() == [1, None, 3]
    assert [one.name for one in tmp_path.iterdir()] == ["x.PARQUET"]


@pytest.mark.parametrize("name", ["x.csv", "x.parquet"])
def test_without_rows_there_are_still_columns(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert datafile.write(iter(()), SCHEMA, path) == 0
    read = pl.read_csv(path) if name.endswith("csv") else pl.read_parquet(path)
    assert (read.columns, read.height) == (list(SCHEMA), 0)


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | st.sampled_from(HOSTILE[:4]), min_size=1)
)
def test_no_cell_becomes_a_formula(cells: list[str]) -> None:
    frame = datafile.inert(pl.DataFrame({"name": cells}, schema={"name": pl.String}))
    for cell in frame["name"]:
        assert inert(cell) == cell
        assert not {"\x00", "\x1b", "\u202e", "\n", "\r", "\t"} & set(cell)


def test_a_name_with_commas_and_quotes_stays_one_cell(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    name = 'Sở "A", phòng B'
    datafile.write([pl.DataFrame({"name": [name]})], {"name": pl.String}, path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [["name"], [name]]


@pytest.mark.parametrize("name", ["x.xlsx", "x", "folder.csv", "none/x.csv"])
def test_where_nothing_can_be_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError):
        datafile.write(_batches(), SCHEMA, tmp_path / name)


def test_a_failure_leaves_the_older_file(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("older", "utf-8")

    def broken() -> Iterator[pl.DataFrame]:
        yield from _batches()
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="cannot be written"):
        datafile.write(broken(), SCHEMA, path)
    assert path.read_text("utf-8") == "older"
    assert [one.name for one in tmp_path.iterdir()] == ["x.csv"]
