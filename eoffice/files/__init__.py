"""Files of documents: what they may be, what can be read in them, where they are kept.

Whatever comes in is hostile until it was looked at: known by its first bytes and not by its name, bounded in size,
read without following anything it points to. No database here.
"""

from __future__ import annotations

from eoffice.files.keeping import keep, kept_file
from eoffice.files.kinds import MOST_BYTES, FileKind, kind_of, safe_name
from eoffice.files.reading import readable_words, written_in

__all__ = [
    "MOST_BYTES",
    "FileKind",
    "keep",
    "kept_file",
    "kind_of",
    "readable_words",
    "safe_name",
    "written_in",
]
