"""Log files as they lie on a disk: found, decompressed, cut into pieces of whole lines with their offsets."""

from __future__ import annotations

from mail_audit.archives.find import LogFile, find_logs
from mail_audit.archives.read import Piece, Stretch, pieces

__all__ = ["LogFile", "Piece", "Stretch", "find_logs", "pieces"]
