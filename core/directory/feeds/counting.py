"""What a change of the directory means for people: who joins, who moves, who leaves."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from core.directory.changes import ImportChanges


@dataclass(frozen=True, slots=True)
class Tally:
    """How many: `found` entries, officials that join, move (other posts) and leave, all changes, and what was not used.

    `unknown_there` are officials of the directory that this server does not name and never did.
    """

    found: int = 0
    joined: int = 0
    moved: int = 0
    left: int = 0
    changes: int = 0
    left_out: int = 0
    without_number: int = 0
    references: int = 0
    unknown_there: int = 0

    def by_name(self) -> dict[str, int]:
        """The counts by their names."""
        return asdict(self)


def people_of(changes: ImportChanges) -> dict[str, int]:
    """Joiners, movers, leavers and all changes, by the names of a `Tally`."""
    return {
        "joined": changes.count("added", "official"),
        "moved": changes.count("changed", "post"),
        "left": changes.count("removed", "official"),
        "changes": len(changes.changes),
    }
