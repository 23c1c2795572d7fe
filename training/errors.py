"""What can go wrong around training, in sentences for the person who asked."""

from __future__ import annotations

from core.errors import InputError


class TableError(InputError):
    """A file that cannot be used; the message names the file, the line and the column."""


class DrawError(InputError):
    """People or a seed with which no waves can be drawn, or an announced draw that is not what its seed gives."""
