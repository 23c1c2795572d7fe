"""Tables to take away, row by row: as CSV and as an Excel workbook. Pure: rows in, a file out.

Text stays text in both: no cell can become a formula, a link or a number, whatever somebody wrote into a name.
"""

from __future__ import annotations

from training.tables.columns import Cell, Column
from training.tables.writing import write_csv, write_xlsx

__all__ = ["Cell", "Column", "write_csv", "write_xlsx"]
