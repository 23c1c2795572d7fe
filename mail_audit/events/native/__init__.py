"""An accelerator of the columnar engine: the same patterns as tables for a scanner in C."""

from __future__ import annotations

from mail_audit.events.native.scanner import Left, library, read_most, read_piece

__all__ = ["Left", "library", "read_most", "read_piece"]
