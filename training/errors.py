"""What can go wrong around training, in sentences for the person who asked."""

from __future__ import annotations

from core.errors import InputError


class PanelError(InputError):
    """A file of figures that cannot be used; the message names the file, the line and the column."""


class DrawError(InputError):
    """People or a seed with which no waves can be drawn, or a draw that is not what its seed gives."""
