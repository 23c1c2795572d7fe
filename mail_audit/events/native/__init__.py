"""An accelerator of the columnar engine: the same patterns as tables for a scanner in C."""

from __future__ import annotations

from mail_audit.events.native.scanner import library, read_piece

__all__ = ["library", "read_piece"]
