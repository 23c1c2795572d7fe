"""When a difference of two rates says something about use, and when it only says something about the logs or lists.

The limits are fixed and documented (`docs/user-auditor.md`): whoever reads two reports must be able to do the same sum.
"""

from __future__ import annotations

from core.words import Text
from mail_audit.comparison.cells import Cell
from mail_audit.comparison.model import Direction, Member, RankChange, Verdict
from mail_audit.report.model import RankFigures, UsageClass

FEWEST_DAYS = 3
"""With fewer covered working days (on the average of the officials) a rate says little."""
DAYS_ALIKE = 0.7
"""Fewer days to be seen on make fewer people seen: the smaller number of covered working days must be at least this
share of the larger. Whole months lie between 0.75 and 1."""
HALF_KNOWN = 0.2
"""Most of the officials of both reports that may be judged in only one of them."""
SAME_PEOPLE = 0.5
"""At least this share of the officials must be in the unit and rank both times."""
UNCHANGED = 1e-9
_NOBODY = Text("Không có ai ở cả hai kỳ.", "Nobody in either period.")
_LEVEL: dict[UsageClass, int] = {  # of own use: whether a device or somebody else came by says nothing of it
    "regular": 2,
    "occasional": 1,
    "delegated": 0,
    "forwarded": 0,
    "machine": 0,
    "none": 0,
}


def rank_change(before: RankFigures | None, after: RankFigures | None, cell: Cell) -> RankChange:
    """The change of one rank of one unit; `before` and `after` are None where the report has no such unit."""
    known = before is not None and after is not None and before.rate is not None and after.rate is not None
    difference = after.rate - before.rate if known else None  # type: ignore[union-attr, operator]
    why = _why_not(before, after, cell, difference)
    return RankChange(
        before=before,
        after=after,
        difference=difference,
        same_people=cell.same_people(),
        covered_days=(cell.before.mean_days, cell.after.mean_days),
        verdict="cannot_compare" if why is not None else _verdict(difference or 0.0),
        why=why,
    )


def _verdict(difference: float) -> Verdict:
    if abs(difference) < UNCHANGED:
        return "unchanged"
    return "rose" if difference > 0 else "fell"


def _why_not(before: RankFigures | None, after: RankFigures | None, cell: Cell, change: float | None) -> Text | None:
    """The first reason for which the two do not compare; None where they do."""
    if before is None or after is None:
        return Text(
            "Đơn vị chỉ có trong một kỳ, nên không so được.",
            "The unit is in one of the periods only, so there is nothing to compare.",
        )
    if not before.total and not after.total:
        return _NOBODY
    if not before.total or not after.total:
        return Text("Chỉ có người ở một kỳ, nên không so được.", "There is somebody in one of the periods only.")
    if change is None:
        return Text(
            "Một trong hai kỳ không có dữ liệu về những người này.",
            "One of the periods has no data about these people.",
        )
    return _days(cell.before.mean_days, cell.after.mean_days) or _half_known(cell, change) or _other_people(cell)


def _days(before: float | None, after: float | None) -> Text | None:
    """Whether both periods could see people on about as many working days."""
    if before is None or after is None:
        return None
    was, now = _one_decimal(before), _one_decimal(after)
    if min(before, after) < FEWEST_DAYS:
        return Text(
            f"Quá ít ngày làm việc có nhật ký ({was.vi} và {now.vi} ngày), nên không so được.",
            f"Too few working days are in the logs ({was.en} and {now.en} days) to compare.",
        )
    if min(before, after) < DAYS_ALIKE * max(before, after):
        return Text(
            f"Số ngày làm việc có nhật ký khác nhau nhiều ({was.vi} và {now.vi} ngày): nhiều ngày hơn thì thấy nhiều "
            "người dùng hơn, nên không so được.",
            f"The working days in the logs differ much ({was.en} and {now.en} days): on more days more people are "
            "seen, so the two do not compare.",
        )
    return None


def _half_known(cell: Cell, change: float) -> Text | None:
    """Whether the difference comes from those of whom only one of the two periods has data."""
    if not cell.once:
        return None
    rest = cell.without_half_known()
    if cell.once <= HALF_KNOWN * cell.stayed and rest is not None and _verdict(rest) == _verdict(change):
        return None
    return Text(
        f"Chỉ một trong hai kỳ có dữ liệu về {cell.once} người, và họ làm thay đổi kết quả, nên không so được.",
        f"Only one of the periods has data about {cell.once} of the people, and the difference hangs on them, "
        "so the two do not compare.",
    )


def _other_people(cell: Cell) -> Text | None:
    """Whether they are still mostly the same people."""
    most = max(cell.before.total, cell.after.total)
    if cell.stayed >= SAME_PEOPLE * most:
        return None
    return Text(
        f"Chỉ {cell.stayed} người có mặt ở cả hai kỳ (kỳ trước {cell.before.total}, kỳ sau {cell.after.total}), "
        "nên không so được.",
        f"Only {cell.stayed} were there in both periods ({cell.before.total} before, {cell.after.total} after), "
        "so the two do not compare.",
    )


def direction(before: UsageClass, after: UsageClass) -> Direction:
    """Which way a person went from one class to another."""
    if "unknown" in {before, after}:
        return "data"
    step = _LEVEL[after] - _LEVEL[before]
    if not step:
        return "other"
    return "better" if step > 0 else "worse"


def why_moved(before: Member, after: Member) -> Text | None:
    """What besides the person's own use may have changed the class; None where nothing did."""
    if "unknown" in {before.usage_class, after.usage_class}:
        return Text(
            "Nhật ký của một trong hai kỳ không đủ để nói về người này.",
            "The logs of one of the periods do not suffice to tell of this person.",
        )
    return _days(float(before.covered_days), float(after.covered_days))


def _one_decimal(days: float) -> Text:
    shown = f"{days:.1f}".removesuffix(".0")
    return Text(shown.replace(".", ","), shown)
