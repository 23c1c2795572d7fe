"""Columns that a scanner made, as Polars series: handed over by Arrow's C data interface, without a copy.

https://arrow.apache.org/docs/format/CDataInterface.html and its PyCapsule protocol. The array's memory is freed by the
scanner's own release function when Polars lets go of it; the schema's lives as long as this module.
"""

from __future__ import annotations

import ctypes
from typing import Any, ClassVar

import polars as pl


class ArrowSchema(ctypes.Structure):
    """A column's type."""


_Release = ctypes.CFUNCTYPE(None, ctypes.POINTER(ArrowSchema))
ArrowSchema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_char_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", _Release),
    ("private_data", ctypes.c_void_p),
]


class ArrowArray(ctypes.Structure):
    """A column's content; moved out of here when it is taken over."""

    _fields_: ClassVar = [
        *((name, ctypes.c_int64) for name in ("length", "null_count", "offset", "n_buffers", "n_children")),
        *((name, ctypes.c_void_p) for name in ("buffers", "children", "dictionary", "release", "private_data")),
    ]


@_Release  # type: ignore[untyped-decorator]
def _keep(_: Any) -> None:
    """Nothing to free: the text of the formats is this module's."""


_NULLABLE = 2
_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


class _Exported:
    """One column in the form in which Polars takes it over."""

    def __init__(self, array: ArrowArray, layout: bytes) -> None:
        self.array = array
        self.schema = ArrowSchema(format=layout, name=b"", flags=_NULLABLE, release=_keep)

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        schema = _new_capsule(ctypes.addressof(self.schema), b"arrow_schema", None)
        return schema, _new_capsule(ctypes.addressof(self.array), b"arrow_array", None)


def text_series(array: ArrowArray) -> pl.Series:
    """A column of text."""
    return pl.Series(_Exported(array, b"vu"))


def number_series(array: ArrowArray, kind: type[pl.DataType]) -> pl.Series:
    """A column of numbers: Int64, UInt64, UInt32 or UInt8."""
    return pl.Series(_Exported(array, _LAYOUTS[kind]))


_LAYOUTS: dict[type[pl.DataType], bytes] = {pl.Int64: b"l", pl.UInt64: b"L", pl.UInt32: b"I", pl.UInt8: b"C"}
