"""Who leads, by title, where nothing else says it: the titles of leaders begin with the same few words."""

from __future__ import annotations

from collections.abc import Collection

from core.directory.roster import Rank
from core.directory.rosterfile.rows import RANK_WORDS

LEADER_TITLES = (
    "Bí thư", "Phó Bí thư", "Chủ tịch", "Phó Chủ tịch", "Giám đốc", "Phó Giám đốc", "Chánh", "Phó Chánh",
    "Cục trưởng", "Phó Cục trưởng", "Chi cục trưởng", "Phó Chi cục trưởng", "Trưởng", "Phó Trưởng", "Phó trưởng",
    "Hiệu trưởng", "Phó Hiệu trưởng",
)  # fmt: skip
"""What titles of leaders begin with, as the offices of a city write them."""


def rank_of(title: str, *, said: str = "", leader_titles: Collection[str] = LEADER_TITLES) -> Rank:
    """The rank as it is said (`leader`, `staff`, or in Vietnamese); where it is not, by the title's first words."""
    told = RANK_WORDS.get(said.strip().lower())
    if told is not None:
        return told
    words = title.casefold().split()
    starts = (one.casefold().split() for one in leader_titles)
    return "leader" if any(start and words[: len(start)] == start for start in starts) else "staff"
