"""Numbers, rates and days in words, as each language writes them.

Vietnamese writes 1.234 and 12,5 % (with a no-break space) and 01/10/2026; English 1,234 and 12.5% and
1 October 2026. A figure that is not known is `DASH`; it is never written as zero.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from core.words import Language, Text, day_words, month_words
from mail_audit.report.model import Period
from mail_audit.report.terms import DASH


def count(number: int | None, language: Language) -> str:
    """A whole number with its thousands apart: 1.234 or 1,234; the dash where it is not known."""
    if number is None:
        return DASH
    english = f"{number:,}"
    return english.replace(",", ".") if language == "vi" else english


def _rounded(rate: float, step: str) -> Decimal:
    """The rate in per cent, half up; repr, not the binary value: 0.145 is meant as 14.5 and has to round up."""
    return (Decimal(repr(rate)) * 100).quantize(Decimal(step), rounding=ROUND_HALF_UP)


def _shown(percentage: Decimal, language: Language) -> str:
    figures = str(percentage)
    return f"{figures.replace('.', ',')}\u00a0%" if language == "vi" else f"{figures}%"


def percent(rate: float | None, language: Language) -> str:
    """A rate (0 to 1) as a whole percent for a sentence, half up: 13 % or 13%; the dash where it is not known.

    Never 0 % where there is somebody and never 100 % while somebody is missing: then 1 % and 99 %.
    """
    if rate is None:
        return DASH
    rounded = _rounded(rate, "1")
    if rate > 0 and rounded == 0:
        rounded = Decimal(1)
    elif rate < 1 and rounded == 100:
        rounded = Decimal(99)
    return _shown(rounded, language)


def percent_exact(rate: float | None, language: Language) -> str:
    """A rate (0 to 1) with one decimal for a table, half up: 12,5 % or 12.5%; the dash where it is not known.

    Something that would round to nothing or to all is said to be so: <0,1 % and >99,9 %.
    """
    if rate is None:
        return DASH
    rounded = _rounded(rate, "0.1")
    if rate > 0 and rounded == 0:
        return f"<{_shown(Decimal('0.1'), language)}"
    if rate < 1 and rounded == 100:
        return f">{_shown(Decimal('99.9'), language)}"
    return _shown(rounded, language)


def day(value: date, language: Language) -> str:
    """A day: 01/10/2026 or 1 October 2026."""
    return day_words(value).to(language)


def month(value: date, language: Language) -> str:
    """The month of a day: tháng 10/2026 or October 2026."""
    return f"tháng {value.month}/{value.year}" if language == "vi" else month_words(value).en


def days_of(period: Period) -> int:
    """Days of the period, both ends included."""
    return (period.last - period.first).days + 1


def in_period(period: Period) -> Text:
    """When, for a sentence: "trong tháng 10/2026" for a whole month, else from one day to the other."""
    first, last = period.first, period.last
    if first == last:
        return Text(f"trong ngày {day(first, 'vi')}", f"on {day(first, 'en')}")
    whole_month = first.day == 1 and last == date(first.year, first.month, monthrange(first.year, first.month)[1])
    if whole_month:
        return Text(f"trong {month(first, 'vi')}", f"in {month(first, 'en')}")
    return Text(
        f"từ {day(first, 'vi')} đến {day(last, 'vi')}",
        f"from {day(first, 'en')} to {day(last, 'en')}",
    )


def day_ranges(days: tuple[date, ...], language: Language) -> str:
    """Days with neighbours joined: "01/10/2026–07/10/2026, 12/10/2026"; empty for no days."""
    runs: list[tuple[date, date]] = []
    for value in sorted(set(days)):
        if runs and (value - runs[-1][1]).days == 1:
            runs[-1] = (runs[-1][0], value)
        else:
            runs.append((value, value))
    parts = [
        day(first, language) if first == last else f"{day(first, language)}–{day(last, language)}"
        for first, last in runs
    ]
    return ", ".join(parts)
