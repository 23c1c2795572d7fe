"""The days of an official: a table a month with one square a day, told by a sign and by text, not by colour alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol

from markupsafe import Markup

from core.words import Language, Text
from mail_audit.report.numbers import day, month
from mail_audit.report.terms import DAY_STATES, DAY_WORDS, DayState

WEEKDAYS: tuple[tuple[Text, Text], ...] = (
    (Text("T2", "Mo"), Text("Thứ Hai", "Monday")),
    (Text("T3", "Tu"), Text("Thứ Ba", "Tuesday")),
    (Text("T4", "We"), Text("Thứ Tư", "Wednesday")),
    (Text("T5", "Th"), Text("Thứ Năm", "Thursday")),
    (Text("T6", "Fr"), Text("Thứ Sáu", "Friday")),
    (Text("T7", "Sa"), Text("Thứ Bảy", "Saturday")),
    (Text("CN", "Su"), Text("Chủ nhật", "Sunday")),
)
"""Short and full names, Monday first."""

_SHAPES: dict[DayState, Markup] = {
    # a tick on a disc: somebody did something
    "acted": Markup(
        '<circle cx="9" cy="9" r="8" fill="#0b5c3e"/>'
        '<path d="M5 9.5 8 12.5 13 6" fill="none" stroke="#ffffff" stroke-width="2"/>'
    ),
    # a screen on its foot: a device came by
    "machine": Markup(
        '<rect x="2" y="3" width="14" height="9" fill="none" stroke="#383f43" stroke-width="2"/>'
        '<path d="M5 16h8M9 12v4" fill="none" stroke="#383f43" stroke-width="2"/>'
    ),
    # an empty ring: looked for, and nothing there
    "nothing": Markup('<circle cx="9" cy="9" r="7" fill="none" stroke="#383f43" stroke-width="2"/>'),
    # a question mark: the logs do not say
    "no_data": Markup(
        '<path d="M6 6.5a3 3 0 1 1 4 2.8c-.8.4-1 1-1 2.2" fill="none" stroke="#383f43" stroke-width="2"/>'
        '<circle cx="9" cy="15" r="1.4" fill="#383f43"/>'
    ),
    # a bar: a day without work
    "day_off": Markup('<path d="M4 9h10" fill="none" stroke="#484949" stroke-width="2"/>'),
}


class DayFigures(Protocol):
    """One day and what is known of it."""

    @property
    def day(self) -> date:
        """The day."""
        ...

    @property
    def state(self) -> DayState:
        """What is known of it."""
        ...


def day_sign(state: DayState, language: Language) -> Markup:
    """The sign of a state, with the state's words as its text alternative."""
    return Markup(
        '<svg class="vt-day__sign" role="img" aria-label="{words}" viewBox="0 0 18 18" width="18" height="18" '
        'focusable="false">{shape}</svg>'
    ).format(words=DAY_WORDS[state].to(language), shape=_SHAPES[state])


def legend(language: Language, states: Iterable[DayState] = DAY_STATES) -> Markup:
    """What each sign means, as a list."""
    items = [
        Markup('<li><span class="vt-day vt-day--{state}">{sign}</span> {words}</li>').format(
            state=state, sign=_hidden_sign(state), words=DAY_WORDS[state].to(language)
        )
        for state in states
    ]
    return Markup('<ul class="vt-legend">{}</ul>').format(Markup("").join(items))


def _hidden_sign(state: DayState) -> Markup:
    """A sign whose words stand beside it."""
    return Markup(
        '<svg class="vt-day__sign" aria-hidden="true" viewBox="0 0 18 18" width="18" height="18" '
        'focusable="false">{}</svg>'
    ).format(_SHAPES[state])


def _cell(one: DayFigures, language: Language, link: Callable[[date], str | None] | None) -> Markup:
    inside = Markup("<span>{}</span>{}").format(one.day.day, day_sign(one.state, language))
    address = link(one.day) if link else None
    words = f"{day(one.day, language)}: {DAY_WORDS[one.state].to(language)}"
    if address is None:
        return Markup('<td><span class="vt-day vt-day--{}" title="{}">{}</span></td>').format(one.state, words, inside)
    return Markup('<td><a class="vt-day vt-day--{}" href="{}" title="{}">{}</a></td>').format(
        one.state, address, words, inside
    )


def _month(days: Sequence[DayFigures], language: Language, link: Callable[[date], str | None] | None) -> Markup:
    head = Markup("").join(
        Markup('<th scope="col"><abbr title="{}">{}</abbr></th>').format(full.to(language), short.to(language))
        for short, full in WEEKDAYS
    )
    weeks: dict[date, dict[int, Markup]] = {}
    for one in days:
        weekday = one.day.weekday()
        monday = one.day - timedelta(days=weekday)
        weeks.setdefault(monday, {})[weekday] = _cell(one, language, link)
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(week.get(index, Markup("<td></td>")) for index in range(7)))
        for week in weeks.values()
    )
    caption = month(days[0].day, language)
    return Markup(
        '<table class="vt-calendar"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(caption[0].upper() + caption[1:], head, rows)


def calendar(
    days: Sequence[DayFigures], language: Language, *, link: Callable[[date], str | None] | None = None
) -> Markup:
    """A table a month, Monday first, one square a day; `link` gives the address a day opens (None: it opens nothing).

    A square's name is its day of the month and its state's words; its title is the whole date with them.
    """
    months: dict[tuple[int, int], list[DayFigures]] = {}
    for one in sorted(days, key=lambda item: item.day):
        months.setdefault((one.day.year, one.day.month), []).append(one)
    return Markup("").join(_month(of_month, language, link) for of_month in months.values())
