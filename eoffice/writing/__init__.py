"""What people write: texts of blocks with ids, two people's changes put together, the difference between two states.

Pure: no database, no clock. How a text looks on paper, and whether its form is right, is the business of
`eoffice.documents`.
"""

from __future__ import annotations

from eoffice.writing.anchors import Anchor, found_again
from eoffice.writing.merging import Merged, merge
from eoffice.writing.redline import ChangedPassage, Piece, redline
from eoffice.writing.text import Passage, Written, words
from eoffice.writing.uploading import with_known_ids

__all__ = [
    "Anchor",
    "ChangedPassage",
    "Merged",
    "Passage",
    "Piece",
    "Written",
    "found_again",
    "merge",
    "redline",
    "with_known_ids",
    "words",
]
