"""People of a step as lines that an administrator types: `Văn thư @ gần nhất`, one post a line.

Before the sign stands the post's title, or a word for the head (`Thủ trưởng`, `Head`) or for the first of the staff;
after it a word for a unit that is found for each draft, or a unit's name or key. Without the sign it is the draft's own
unit.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from core.words import Language, Text
from eoffice.errors import PlanError
from eoffice.routing.plan import NEAREST_UNIT, OWN_UNIT, PARENT_UNIT, Who

SIGN = "@"
UNITS: Mapping[str, Text] = {
    OWN_UNIT: Text("đơn vị soạn thảo", "own unit"),
    PARENT_UNIT: Text("đơn vị cấp trên", "unit above"),
    NEAREST_UNIT: Text("gần nhất", "nearest"),
}
RANKS: Mapping[str, Text] = {
    "leader": Text("Thủ trưởng", "Head"),
    "staff": Text("Chuyên viên đứng đầu", "First of the staff"),
}


def to_lines(people: Iterable[Who], names: Mapping[str, str], language: Language) -> str:
    """The people of a step as lines; `names` are the units there are, by key."""
    return "\n".join(line_of(who, names, language) for who in people)


def line_of(who: Who, names: Mapping[str, str], language: Language) -> str:
    """One of them; a title that is itself one of the words is marked, so that it is read as a title again."""
    post = RANKS[who.rank].to(language) if who.rank is not None else str(who.title)
    if who.rank is None and _plain(post) in _known(RANKS):
        post = f"“{post}”"
    if who.unit == OWN_UNIT:
        return post
    unit = UNITS[who.unit].to(language) if who.unit in UNITS else _unit_name(who.unit, names)
    return f"{post} {SIGN} {unit}"


def from_lines(text: str, names: Mapping[str, str], place: str) -> list[dict[str, str]]:
    """The people as a step of a plan's JSON has them. Raises `PlanError` (at step `place`) for an unknown unit."""
    return [_who(line, names, place) for line in text.splitlines() if line.strip()]


def _who(line: str, names: Mapping[str, str], place: str) -> dict[str, str]:
    post, _, where = (part.strip() for part in line.partition(SIGN))
    if not post:
        raise PlanError(place, f"dòng “{line.strip()}” thiếu chức vụ", f"the line “{line.strip()}” names no post")
    unit = _unit(where, names, place) if where else OWN_UNIT
    if post.startswith("“") and post.endswith("”") and len(post) > 2:
        return {"unit": unit, "title": post[1:-1]}
    rank = _known(RANKS).get(_plain(post))
    return {"unit": unit, "title": post} if rank is None else {"unit": unit, "rank": rank}


def _unit(where: str, names: Mapping[str, str], place: str) -> str:
    if (known := _known(UNITS).get(_plain(where))) is not None:
        return known
    if where in names:
        return where
    found = [key for key, name in names.items() if _plain(name) == _plain(where)]
    if len(found) != 1:
        raise PlanError(
            place,
            f"có nhiều đơn vị tên “{where}”; hãy ghi mã đơn vị" if found else f"không có đơn vị “{where}”",
            f"several units are called “{where}”; write the key" if found else f"there is no unit “{where}”",
        )
    return found[0]


def _unit_name(key: str, names: Mapping[str, str]) -> str:
    """The unit's name, or its key where the name is gone, is not the only one, or means something else."""
    name = names.get(key)
    alike = name is not None and sum(_plain(one) == _plain(name) for one in names.values()) > 1
    return key if name is None or alike or name in names or _plain(name) in _known(UNITS) else name


def _known(words: Mapping[str, Text]) -> dict[str, str]:
    """Words of both languages -> what they stand for."""
    return {_plain(one): key for key, text in words.items() for one in (text.vi, text.en)}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
