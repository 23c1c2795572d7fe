"""An official's calendar: one square a day, with its state, its counts and a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, timedelta

from core.calendar import working_days
from core.words import Text
from mail_audit.models import MailboxDay
from mail_audit.queries.pages import CalendarDay, DayFacts
from mail_audit.report.model import Coverage, OfficialFigures, Period
from mail_audit.report.terms import DAY_WORDS, DayState

_COUNTS = tuple(field.name for field in fields(DayFacts))

_CANNOT_TELL = Text("không kết luận được", "cannot tell")
"""For a day that has lines, of an official of whom the logs do not suffice to tell anything."""
_NOT_OWN = Text("không tự dùng", "not by the owner")
"""For a day on which somebody else acted in the mailbox."""
_PARTS: tuple[tuple[str, str, str, str], ...] = (
    ("sent", "gửi {n} thư", "sent {n} message", "sent {n} messages"),
    ("opened", "mở {n} thư", "opened {n} message", "opened {n} messages"),
    ("received", "nhận {n} thư", "received {n} message", "received {n} messages"),
    ("logins", "đăng nhập {n} lần", "logged in once", "logged in {n} times"),
    ("failed_logins", "đăng nhập sai {n} lần", "one log-in refused", "{n} log-ins refused"),
    (
        "delegated",
        "người khác làm thay {n} việc",
        "{n} act from somebody else's station",
        "{n} acts from somebody else's station",
    ),
    (
        "forwards",
        "chuyển tiếp ra ngoài {n} thư",
        "{n} message forwarded outside",
        "{n} messages forwarded outside",
    ),
)


def calendar(
    period: Period | None, coverage: Coverage, official: OfficialFigures, rows: Iterable[MailboxDay]
) -> tuple[CalendarDay, ...]:
    """Every day of the period in order, the counts of all mailboxes of `official` taken together."""
    if period is None:
        return ()
    by_day: dict[date, list[MailboxDay]] = {}
    for row in rows:
        by_day.setdefault(row.day, []).append(row)
    covered = set(coverage.covered_days)
    working = set(working_days(period.first, period.last))
    whole = official.covered_working_days >= len(working & covered)
    judged = official.usage_class != "unknown"
    tells_opened = official.opened is not None
    return tuple(
        _square(
            day,
            _facts(by_day.get(day, []), opened=tells_opened),
            known=day in covered and judged,
            whole=whole,
            working=day in working,
        )
        for day in (period.first + timedelta(days=offset) for offset in range((period.last - period.first).days + 1))
    )


def _square(day: date, facts: DayFacts, *, known: bool, whole: bool, working: bool) -> CalendarDay:
    state = day_state(facts, known=known, whole=whole, working=working)
    counts = _counted(facts)
    words = DAY_WORDS[state]
    if state == "no_data" and (counts is not None or known):
        words = _CANNOT_TELL
    elif state == "nothing" and facts.delegated:
        words = _NOT_OWN
    if counts is None:
        return CalendarDay(day, state, facts, Text(f"{_capital(words.vi)}.", f"{_capital(words.en)}."))
    said = Text(f"{_capital(words.vi)}: {counts.vi}.", f"{_capital(words.en)}: {counts.en}.")
    return CalendarDay(day, state, facts, said)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def day_state(facts: DayFacts, *, known: bool, whole: bool, working: bool) -> DayState:
    """What a day's square shows.

    What was seen counts even where the logs are not whole; what was not seen counts only where they are: the day is
    covered (`known`), no server of this mailbox and no part of the period is missing for this official (`whole`), and
    no session ended without counters.
    """
    if facts.acts_a + facts.acts_b > 0:
        return "acted"
    if not known:
        return "no_data"
    if not working:
        return "day_off"
    if facts.uncounted > 0:
        return "no_data"
    if facts.delegated > 0:
        return "nothing"
    if facts.acts_c + facts.acts_d + facts.logins > 0:
        return "machine"
    return "nothing" if whole else "no_data"


def _facts(rows: list[MailboxDay], *, opened: bool) -> DayFacts:
    """The sum over an official's mailboxes; how many were `opened` only where the logs tell that of this official."""
    sums: dict[str, int | None] = {}
    for name in _COUNTS:
        known = [value for row in rows if (value := getattr(row, name)) is not None]
        sums[name] = sum(known) if name != "opened" or (known and opened) else None
    return DayFacts(**sums)  # type: ignore[arg-type]  # only `opened` can be None, and there it may


def _counted(facts: DayFacts) -> Text | None:
    vi: list[str] = []
    en: list[str] = []
    for name, vi_words, en_one, en_many in _PARTS:
        count = getattr(facts, name)
        if count:
            vi.append(vi_words.format(n=count))
            en.append((en_one if count == 1 else en_many).format(n=count))
    return Text(", ".join(vi), ", ".join(en)) if vi else None
