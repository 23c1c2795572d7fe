"""Figures, days and sizes in the words of the visitor's language, for the templates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from core.db import utc_now
from core.permissions import who_words
from core.words import Text
from mail_audit.report import numbers, terms
from web import work
from web.language import language

"""How the name of an actor begins who works by the command line (`core.permissions.command_line_actor`)."""
SIZES = ("B", "kB", "MB", "GB", "TB")


def text(words: Text | None) -> str:
    """The sentence in the visitor's language; nothing for None."""
    return words.to(language()) if words is not None else ""


def count(value: int | None) -> str:
    """A whole number with its thousands set apart; a dash where the logs cannot tell."""
    return numbers.count(value, language())


def percent(rate: float | None) -> str:
    """A rate (0.5) as whole per cent; a dash where there is none."""
    return numbers.percent(rate, language())


def share(part: float) -> str:
    """A small share with one decimal, for lines that could not be read."""
    return numbers.percent_exact(part, language())


def decimal(value: float) -> str:
    """A figure between −1 and 1 with two decimals: 0,35, or 0.35; with a minus sign that is no hyphen."""
    shown = f"{value:.2f}".replace("-", "−")
    return shown.replace(".", ",") if language() == "vi" else shown


def score(value: float) -> str:
    """A score from 0 to 100, with as many decimals as it has, two at most: 80, or 66,67."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return shown.replace(".", ",") if language() == "vi" else shown


def points(difference: float | None) -> str:
    """A difference of rates (0.1) as percentage points with its sign: `+10`, `−3`, `0`."""
    if difference is None:
        return terms.DASH
    rounded = round(difference * 100)
    return "0" if rounded == 0 else f"{'+' if rounded > 0 else '−'}{abs(rounded)}"


def day(value: date) -> str:
    """A day in figures: 05/10/2026, or 5 October 2026."""
    return numbers.day(value, language())


def month(value: date) -> str:
    """A month: tháng 10/2026, or October 2026."""
    return numbers.month(value, language())


def days(values: tuple[date, ...]) -> str:
    """Days with neighbours joined."""
    return numbers.day_ranges(values, language())


def local(value: datetime, timezone: str | None = None) -> datetime:
    """`value` (UTC where it says nothing) on the clocks of `timezone`, by default the installation's."""
    aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(timezone or work.settings().timezone))


def moment(value: datetime, timezone: str | None = None) -> str:
    """Day and time: 14:05 05/10/2026, or 14:05 on 5 October 2026."""
    there = local(value, timezone)
    joined = " " if language() == "vi" else " on "
    return f"{there:%H:%M}{joined}{day(there.date())}"


def clock(value: datetime, timezone: str | None = None) -> str:
    """Time of day to the second."""
    return f"{local(value, timezone):%H:%M:%S}"


def size(value: float) -> str:
    """A number of bytes in the unit that keeps it short."""
    step = 0
    while value >= 1000 and step < len(SIZES) - 1:
        value, step = value / 1000, step + 1
    shown = f"{value:.{0 if step < 2 else 1}f}"
    return f"{shown.replace('.', ',') if language() == 'vi' else shown}\u00a0{SIZES[step]}"


def weekday(value: date) -> str:
    """The day of the week: Chủ nhật, or Sunday."""
    return str(format_date(value, "EEEE", locale=language())).capitalize()


def waited(since: datetime) -> str:
    """How long something has waited, in whole days of the calendar here: since today, 3 days."""
    gone = (local(utc_now()).date() - local(since).date()).days
    if gone <= 0:
        return str(_("since today"))
    return str(ngettext("waiting for %(num)s day", "waiting for %(num)s days", gone))


def left(due: date, today: date) -> str:
    """What is left until a day, that day included: due today, 2 days left, 1 day overdue."""
    days_left = (due - today).days
    if days_left == 0:
        return str(_("due today"))
    if days_left < 0:
        return str(ngettext("%(num)s day overdue", "%(num)s days overdue", -days_left))
    return str(ngettext("%(num)s day left", "%(num)s days left", days_left))


def who(actor: str) -> str:
    """Who did something: an account's name, or in words that it was done by a command on the server, or by itself."""
    return who_words(actor).to(language())


FILTERS: dict[str, Any] = {
    "clock": clock,
    "count": count,
    "day": day,
    "decimal": decimal,
    "left": left,
    "waited": waited,
    "weekday": weekday,
    "days": days,
    "moment": moment,
    "score": score,
    "month": month,
    "percent": percent,
    "points": points,
    "share": share,
    "size": size,
    "text": text,
    "who": who,
}


def install(app: Flask) -> None:
    """Make the filters known to the templates of `app`."""
    app.jinja_env.filters.update(FILTERS)
