"""A learning record store outside: what the settings say of it, and the line to it. Knows no database."""

from __future__ import annotations

from training.recordstore.line import Answer, offer
from training.recordstore.options import StoreOptions

__all__ = ["Answer", "StoreOptions", "offer"]
