"""An official's calendar: one square a day, with its state, its counts and a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, timedelta

from core.calendar import working_days
from core.words import Text
from mail_audit.models import MailboxDay
from mail_audit.queries.pages import CalendarDay, DayFacts
from mail_audit.report.model import Coverage, DaySpan, OfficialFigures, Period
from mail_audit.report.terms import DAY_WORDS, DayState

_COUNTS = tuple(field.name for field in fields(DayFacts))

_CANNOT_TELL = Text("không kết luận được", "cannot tell")
"""For a day that has lines, of an official of whom the logs do not suffice to tell anything."""
_NOT_OWN = Text("không tự dùng", "not by the owner")
"""For a day on which somebody else acted in the mailbox."""
_NOT_IN_POST = Text("không giữ chức vụ trong ngày này", "not in post on this day")
_AWAY = Text("vắng mặt có lý do", "excused")
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
    every = [period.first + timedelta(days=offset) for offset in range((period.last - period.first).days + 1)]
    in_post = {day for day in every if not official.in_post or _holds(official.in_post, day)}
    away = {day for day in every if _holds(official.excused, day)}
    covered = set(coverage.covered_days) & in_post
    working = set(working_days(period.first, period.last)) - away
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
            instead=_NOT_IN_POST if day not in in_post else _AWAY if day in away else None,
        )
        for day in every
    )


def _holds(spans: Iterable[DaySpan], day: date) -> bool:
    return any(span.first <= day <= span.last for span in spans)


def _square(
    day: date, facts: DayFacts, *, known: bool, whole: bool, working: bool, instead: Text | None
) -> CalendarDay:
    """`instead`: why the day does not count for this official, where it does not."""
    state = day_state(facts, known=known, whole=whole, working=working)
    counts = _counted(facts)
    words = DAY_WORDS[state]
    if instead is not None and state in {"no_data", "day_off"}:
        return CalendarDay(day, state, facts, _said(instead, counts))
    if state == "no_data" and (counts is not None or known):
        words = _CANNOT_TELL
    elif state == "nothing" and facts.delegated:
        words = _NOT_OWN
    return CalendarDay(day, state, facts, _said(words, counts))


def _said(words: Text, counts: Text | None) -> Text:
    if counts is None:
        return Text(f"{_capital(words.vi)}.", f"{_capital(words.en)}.")
    return Text(f"{_capital(words.vi)}: {counts.vi}.", f"{_capital(words.en)}: {counts.en}.")


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
