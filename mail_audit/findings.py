"""What a council would read out, found by rule and put in words, each with its numbers.

A finding speaks of known figures only: officials of whom the logs say nothing are left out of every rate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from core.words import Text
from mail_audit.report.model import Finding, OfficialFigures, RankFigures, UnitFigures
from mail_audit.report.numbers import percent

SMALLEST_UNIT = 3
"""Units with fewer known officials are not compared with others."""


class UnitRates(Protocol):
    """What a finding about a change needs of a unit."""

    @property
    def unit(self) -> str:
        """Its name."""
        ...

    @property
    def leaders(self) -> RankFigures:
        """Its leaders' figures, sub-units included."""
        ...

    @property
    def staff(self) -> RankFigures:
        """Its staff's figures, sub-units included."""
        ...


def _known(rank: RankFigures) -> int:
    return rank.total - rank.unknown


def _figures(unit: UnitRates) -> dict[str, int | float | str | None]:
    return {
        "leaders_total": unit.leaders.total,
        "leaders_using": unit.leaders.using,
        "leaders_rate": unit.leaders.rate,
        "staff_total": unit.staff.total,
        "staff_using": unit.staff.using,
        "staff_rate": unit.staff.rate,
    }


def _share(rank: RankFigures) -> str:
    return f"{rank.using}/{_known(rank)}"


def find(
    city: UnitFigures | None,
    units: Iterable[UnitFigures],
    officials: Iterable[OfficialFigures],
    from_outside: Mapping[str, int],
) -> tuple[Finding, ...]:
    """All findings, the city's first, then unit by unit; `from_outside`: unit -> messages from outside its domains."""
    if city is None:
        return ()
    table = tuple(units)
    found = [*_of_the_city(city, tuple(officials)), *_extremes(table), *_asked_by_citizens(table, from_outside)]
    return (*found, *_of_units(table))


def _of_the_city(city: UnitFigures, officials: tuple[OfficialFigures, ...]) -> list[Finding]:
    found: list[Finding] = []
    if city.leaders.rate is not None:
        vi, en = percent(city.leaders.rate, "vi"), percent(city.leaders.rate, "en")
        text = Text(
            f"{vi} lãnh đạo có dùng thư điện tử công vụ ({_share(city.leaders)}).",
            f"{en} of the leaders use official e-mail ({_share(city.leaders)}).",
        )
        found.append(Finding("leaders_rate", None, text, _figures(city)))
    counted = {
        "forwarded": Text(
            "{} người để thư công vụ tự chuyển tiếp đi nơi khác và không dùng hộp thư của mình.",
            "Officials whose mail is forwarded elsewhere and who do not use their mailbox: {}.",
        ),
        "machine": Text(
            "Hộp thư của {} người chỉ có thiết bị tự kết nối, không thấy người dùng.",
            "Officials in whose mailbox only a device connects, and no person was seen: {}.",
        ),
        "delegated": Text(
            "Ở hộp thư của {} người, mọi việc đến từ máy hoặc tài khoản của người khác; "
            "hãy xem từng dòng trước khi kết luận.",
            "Officials in whose mailbox every act comes from somebody else's station or log-in "
            "(see the lines before you conclude): {}.",
        ),
        "unknown": Text(
            "Chưa thể nói gì về {} người vì thiếu nhật ký.",
            "Officials of whom nothing can be said, because logs are missing: {}.",
        ),
    }
    for usage_class, text in counted.items():
        count = sum(official.usage_class == usage_class for official in officials)
        if count:
            said = Text(text.vi.format(count), text.en.format(count))
            found.append(Finding(usage_class, None, said, {"officials": count, "total": len(officials)}))
    if city.no_mailbox:
        said = Text(
            f"{city.no_mailbox} người chưa được cấp hộp thư công vụ.",
            f"Officials who have not been given an official mailbox: {city.no_mailbox}.",
        )
        found.append(Finding("no_mailbox", None, said, {"officials": city.no_mailbox, "total": len(officials)}))
    return found


def _extremes(units: tuple[UnitFigures, ...]) -> list[Finding]:
    rated = [(unit.leaders.rate, unit) for unit in units if unit.leaders.rate is not None]
    rated = [(rate, unit) for rate, unit in rated if _known(unit.leaders) >= SMALLEST_UNIT]
    if len(rated) < 2:
        return []
    lowest, highest = min(rate for rate, _ in rated), max(rate for rate, _ in rated)
    if lowest == highest:
        return []
    found = []
    for kind, rate, vi, en in (
        ("worst_unit", lowest, "thấp nhất", "lowest"),
        ("best_unit", highest, "cao nhất", "highest"),
    ):
        alike = [unit for value, unit in rated if value == rate]
        for unit in alike[:1]:
            more_vi = f" (cùng mức: {len(alike) - 1} đơn vị khác)" if len(alike) > 1 else ""
            more_en = f" (shared by {len(alike) - 1} more)" if len(alike) > 1 else ""
            text = Text(
                f"{unit.unit}: tỷ lệ lãnh đạo dùng thư điện tử công vụ {vi}, {percent(rate, 'vi')}{more_vi}.",
                f"{unit.unit}: the {en} share of leaders who use official e-mail, {percent(rate, 'en')}{more_en}.",
            )
            found.append(Finding(kind, unit.unit, text, _figures(unit)))
    return found


def _asked_by_citizens(units: tuple[UnitFigures, ...], from_outside: Mapping[str, int]) -> list[Finding]:
    below = {unit.parent for unit in units}
    chosen = [
        unit for unit in units if from_outside.get(unit.unit) and (unit.parent is not None or unit.unit not in below)
    ]
    if not chosen:
        return []
    unit = max(chosen, key=lambda one: (from_outside[one.unit], one.unit))
    if unit.leaders.rate is None:
        return []
    count = from_outside[unit.unit]
    text = Text(
        f"{unit.unit}: nhận nhiều thư từ bên ngoài nhất ({count} thư), "
        f"và {_share(unit.leaders)} lãnh đạo dùng thư công vụ.",
        f"{unit.unit}: receives most mail from outside ({count} messages), "
        f"and {_share(unit.leaders)} leaders use e-mail.",
    )
    return [Finding("most_asked_unit", unit.unit, text, {**_figures(unit), "received_from_outside": count})]


def _nobody(unit: UnitFigures) -> Text | None:
    known = _known(unit.leaders) + _known(unit.staff)
    if unit.leaders.using or unit.staff.using or known < SMALLEST_UNIT:
        return None
    return Text(
        f"{unit.unit}: không ai dùng thư điện tử công vụ (0/{known}).",
        f"{unit.unit}: nobody uses official e-mail (0/{known}).",
    )


def _single_user(unit: UnitFigures) -> Text | None:
    known = _known(unit.leaders) + _known(unit.staff)
    if unit.leaders.using + unit.staff.using != 1 or known < SMALLEST_UNIT:
        return None
    who = Text("một lãnh đạo", "one leader") if unit.leaders.using else Text("một chuyên viên", "one staff member")
    return Text(
        f"{unit.unit}: trong {known} người chỉ có {who.vi} dùng thư điện tử công vụ.",
        f"{unit.unit}: of {known} people only {who.en} uses official e-mail.",
    )


def _leaders_only(unit: UnitFigures) -> Text | None:
    if unit.leaders.using < 2 or unit.staff.using or _known(unit.staff) < SMALLEST_UNIT:
        return None
    return Text(
        f"{unit.unit}: lãnh đạo dùng ({_share(unit.leaders)}) nhưng không chuyên viên nào dùng ({_share(unit.staff)}).",
        f"{unit.unit}: leaders use it ({_share(unit.leaders)}) but no staff member does ({_share(unit.staff)}).",
    )


def _staff_behind(unit: UnitFigures) -> Text | None:
    if unit.leaders.rate != 1.0 or unit.staff.rate is None or not 0 < unit.staff.rate < 0.75:
        return None
    return Text(
        f"{unit.unit}: mọi lãnh đạo đều dùng ({_share(unit.leaders)}) "
        f"nhưng ít chuyên viên dùng ({_share(unit.staff)}).",
        f"{unit.unit}: every leader uses it ({_share(unit.leaders)}), the staff lag behind ({_share(unit.staff)}).",
    )


def _leaders_behind(unit: UnitFigures) -> Text | None:
    if unit.leaders.using or not _known(unit.leaders) or unit.staff.using < 2:
        return None
    return Text(
        f"{unit.unit}: chuyên viên dùng ({_share(unit.staff)}) nhưng không lãnh đạo nào dùng ({_share(unit.leaders)}).",
        f"{unit.unit}: the staff use it ({_share(unit.staff)}) but no leader does ({_share(unit.leaders)}).",
    )


def _all_but_one(unit: UnitFigures) -> Text | None:
    known = _known(unit.leaders) + _known(unit.staff)
    if known < SMALLEST_UNIT or known - unit.leaders.using - unit.staff.using != 1:
        return None
    who = (
        Text("một lãnh đạo", "one leader")
        if _known(unit.leaders) > unit.leaders.using
        else Text("một chuyên viên", "one staff member")
    )
    return Text(
        f"{unit.unit}: mọi người đều dùng, chỉ {who.vi} không dùng ({known - 1}/{known}).",
        f"{unit.unit}: everybody uses it but {who.en} ({known - 1}/{known}).",
    )


_UNIT_RULES: tuple[tuple[str, Callable[[UnitFigures], Text | None]], ...] = (
    ("nobody_uses", _nobody),
    ("single_user", _single_user),
    ("leaders_not_staff", _leaders_only),
    ("staff_behind", _staff_behind),
    ("staff_not_leaders", _leaders_behind),
    ("all_but_one", _all_but_one),
)


def _of_units(units: tuple[UnitFigures, ...]) -> list[Finding]:
    """What is true of single units; what holds for a whole department is not said again of each of its offices."""
    said = {(kind, unit.unit): text for unit in units for kind, rule in _UNIT_RULES if (text := rule(unit))}
    return [
        Finding(kind, unit.unit, said[kind, unit.unit], _figures(unit))
        for unit in units
        for kind, _ in _UNIT_RULES
        if (kind, unit.unit) in said and (kind, unit.parent or "") not in said
    ]


def compare(before: Sequence[UnitRates], now: Sequence[UnitRates]) -> tuple[Finding, ...]:
    """What changed since another period: the units whose leaders' rate moved most, up and down.

    Whoever calls leaves out the units whose two periods do not compare (`mail_audit.comparison`).
    """
    earlier = {unit.unit: unit for unit in before}
    moved: list[tuple[float, UnitRates]] = []
    for unit in now:
        old = earlier.get(unit.unit)
        if old and old.leaders.rate is not None and unit.leaders.rate is not None:
            moved.append((unit.leaders.rate - old.leaders.rate, unit))
    found: list[Finding] = []
    for kind, (change, unit) in _most_moved(moved):
        old = earlier[unit.unit]
        vi, way = ("tăng", "lên") if change > 0 else ("giảm", "xuống")
        en = "rose" if change > 0 else "fell"
        was, is_now = _share(old.leaders), _share(unit.leaders)
        text = Text(
            f"{unit.unit}: lãnh đạo dùng thư {vi} từ {was} {way} {is_now} so với kỳ trước.",
            f"{unit.unit}: leaders who use e-mail {en} from {was} to {is_now} since last period.",
        )
        found.append(Finding(kind, unit.unit, text, {**_figures(unit), "before": old.leaders.rate, "change": change}))
    return tuple(found)


def _most_moved(moved: list[tuple[float, UnitRates]]) -> list[tuple[str, tuple[float, UnitRates]]]:
    up = [one for one in moved if one[0] > 0]
    down = [one for one in moved if one[0] < 0]
    found = []
    if up:
        found.append(("better_than_before", max(up, key=lambda one: (one[0], one[1].unit))))
    if down:
        found.append(("worse_than_before", min(down, key=lambda one: (one[0], one[1].unit))))
    return found
