"""From (time, text) to the lines of a log: traditional syslog, ISO 8601, RFC 5424, Dovecot's own file, the journal.

Each style turns one day of sorted texts into one string. Texts start with the program (`postfix/qmgr[812]: ...`,
`dovecot: ...`). The zone of the sample is UTC+7 all year.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

from mail_audit.sample.postoffice import SECOND, Lines

Style = Literal["rfc3164", "iso", "rfc5424", "dovecot", "journal-export", "journal-json"]
ZONE = timezone(timedelta(hours=7))
TIMEZONE = "Asia/Ho_Chi_Minh"
CLOCK = tuple(f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}" for second in range(86_400))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
BOOT = "9d3c5a1e7f4b4c0f8a62d1e5b7c90314"


def _short(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.day:2d} "


def epoch(day: date) -> int:
    """Microseconds from 1970 (UTC) to the local midnight of `day`."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)
    return int(midnight.timestamp()) * SECOND


def rfc3164(lines: Lines, day: date, host: str) -> str:
    """`Nov 22 05:03:10 mail1 postfix/qmgr[812]: ...`: no year, no zone."""
    head, clock, tail = _short(day), CLOCK, f" {host} "
    return "".join([f"{head}{clock[at // 1_000_000]}{tail}{text}\n" for at, text in lines])


def iso(lines: Lines, day: date, host: str) -> str:
    """`2026-11-22T05:03:10.895526+07:00 mail1 postfix/qmgr[812]: ...`, as rsyslog writes by default now."""
    head, clock, tail = f"{day.isoformat()}T", CLOCK, f"+07:00 {host} "
    return "".join([f"{head}{clock[at // 1_000_000]}.{at % 1_000_000:06d}{tail}{text}\n" for at, text in lines])


def _parts(text: str) -> tuple[str, str, str]:
    """Program, process id (or nothing) and message of a text."""
    tag, _, message = text.partition(": ")
    program, _, pid = tag.partition("[")
    return program, pid.rstrip("]"), message


def rfc5424(lines: Lines, day: date, host: str) -> str:
    """`<22>1 2026-11-22T05:03:10.895526+07:00 mail1 postfix/qmgr 812 - - ...`."""
    head = f"<22>1 {day.isoformat()}T"

    def rows() -> Iterator[str]:
        for at, text in lines:
            program, pid, message = _parts(text)
            yield f"{head}{CLOCK[at // SECOND]}.{at % SECOND:06d}+07:00 {host} {program} {pid or '-'} - - {message}\n"

    return "".join(rows())


def dovecot(lines: Lines, day: date, _host: str) -> str:
    """`Nov 22 05:03:10 imap-login: Info: Login: ...`: Dovecot's own file, which names no host."""
    head = _short(day)

    def rows() -> Iterator[str]:
        for at, text in lines:
            component, _, message = text.removeprefix("dovecot: ").partition(": ")
            yield f"{head}{CLOCK[at // SECOND]} {component}: Info: {message}\n"

    return "".join(rows())


def _entries(lines: Lines, day: date, host: str) -> Iterator[dict[str, str]]:
    start = epoch(day)
    for number, (at, text) in enumerate(lines):
        program, pid, message = _parts(text)
        yield {
            "__CURSOR": f"s={BOOT};i={number + 1:x};b={BOOT};m={at:x};t={start + at:x};x={number:016x}",
            "__REALTIME_TIMESTAMP": str(start + at),
            "__MONOTONIC_TIMESTAMP": str(at),
            "_BOOT_ID": BOOT,
            "_TRANSPORT": "syslog",
            "PRIORITY": "6",
            "SYSLOG_FACILITY": "2",
            "_HOSTNAME": host,
            "SYSLOG_IDENTIFIER": program,
            "_PID": pid or "744",
            "MESSAGE": message,
        }


def journal_export(lines: Lines, day: date, host: str) -> str:
    """`journalctl -o export`: a field a line, an empty line after each entry."""
    entries = _entries(lines, day, host)
    return "".join("".join(f"{name}={value}\n" for name, value in entry.items()) + "\n" for entry in entries)


def journal_json(lines: Lines, day: date, host: str) -> str:
    """`journalctl -o json`: one object a line."""
    return "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in _entries(lines, day, host))


STYLES: dict[Style, Callable[[Lines, date, str], str]] = {
    "rfc3164": rfc3164,
    "iso": iso,
    "rfc5424": rfc5424,
    "dovecot": dovecot,
    "journal-export": journal_export,
    "journal-json": journal_json,
}
