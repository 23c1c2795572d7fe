"""Two audits side by side: what changed, who moved, and where the two do not compare.

Pure: two `Snapshot`s (of any two reports, from the database or from JSON files) give one `Comparison`. A difference is
only called a rise or a fall where nothing but people's use explains it; everywhere else it says why it does not.
"""

from __future__ import annotations

from mail_audit.comparison.cells import Group, Groups, Pair
from mail_audit.comparison.comparing import compare, compare_reports, notes, unit_changes
from mail_audit.comparison.model import (
    DIRECTIONS,
    VERDICTS,
    Comparison,
    Direction,
    Member,
    Moved,
    RankChange,
    Side,
    Snapshot,
    UnitChange,
    UnitChanges,
    UnitSeen,
    Verdict,
)
from mail_audit.comparison.snapshots import snapshot

__all__ = [
    "DIRECTIONS",
    "VERDICTS",
    "Comparison",
    "Direction",
    "Group",
    "Groups",
    "Member",
    "Moved",
    "Pair",
    "RankChange",
    "Side",
    "Snapshot",
    "UnitChange",
    "UnitChanges",
    "UnitSeen",
    "Verdict",
    "compare",
    "compare_reports",
    "notes",
    "snapshot",
    "unit_changes",
]
