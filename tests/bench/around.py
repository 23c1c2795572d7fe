"""What stands around the figures of a city after a year: accounts, sessions, requests, mail, jobs, logs, the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from core.audit import FIRST, AuditEntry, hash_of
from core.audit.heads import head
from core.db import Base, utc_now
from core.directory.feeds.counting import Tally
from core.directory.models import Account, AccountSession, ApiToken, DeputyRow, FedOfficial, GrantRow, Identity, SyncRun
from core.jobs.models import Job
from core.mail.models import MailNotice, OutgoingMail
from mail_audit.models import (
    Census,
    CensusMailbox,
    Contest,
    LogFile,
    LogPiece,
    LogSource,
    LogStream,
    StandingMonth,
    TargetRow,
    UnitFigure,
    UsageException,
)
from mail_audit.report.model import UnitFigures
from tests.bench.people import DOMAIN
from tests.bench.rows import put

LED = "Phường số 1"
"""The unit whose leader asks."""
ENTRIES = 3
"""In the trail, for each official in a year."""
BEFORE = 1_000
"""Numbers below it are of accounts that were made by hand."""
NOW = utc_now()
Numbered = tuple[int, str]
"""An official: the row's id and the number of the personnel office."""
Rows = Iterator[dict[str, Any]]


def back(days: float) -> datetime:
    """So many days before the city was filled."""
    return NOW - timedelta(days=days)


def _accounts(people: Sequence[Numbered], _latest: int) -> Rows:
    for place, (official, number) in enumerate(people):
        yield {
            "id": BEFORE + place, "name": number.lower(), "password_hash": "", "official": official,
            "created_at": back(300), "password_changed_at": back(300), "failed": 0, "failed_at": None,
            "closed_at": back(3) if place % 200 == 0 else None, "closed_by": "quantri" if place % 200 == 0 else None,
        }  # fmt: skip


def _sessions(people: Sequence[Numbered], _latest: int) -> Rows:
    for place in range(len(people)):
        ended = place % 7 != 0
        yield {
            "token_digest": f"{place:064x}", "account": BEFORE + place, "created_at": back(0.1), "seen_at": back(0),
            "address": "10.0.0.0", "browser": "Firefox", "factor": None,
            "ended_at": back(0) if ended else None, "ended_by": "quantri" if ended else None,
        }  # fmt: skip


def _grants(people: Sequence[Numbered], _latest: int) -> Rows:
    for place in range(0, len(people), 40):
        role = ("leader", "hr", "clerk", "auditor")[place // 40 % 4]
        yield {
            "account": BEFORE + place, "role": role, "unit": 2 + place // 40 % 150, "since": date(2026, 1, 1),
            "until": None, "given_at": back(200), "given_by": "quantri",
            "withdrawn_at": None, "withdrawn_by": None,
        }  # fmt: skip


def _deputies(people: Sequence[Numbered], _latest: int) -> Rows:
    for place in range(0, len(people) - 1, 40):
        first = date(2026, 1, 1) + timedelta(days=place % 330)
        yield {
            "official": people[place][0], "deputy": people[place + 1][0], "scope": "everything", "first_day": first,
            "last_day": first + timedelta(days=14), "named_at": back(100), "named_by": people[place][1].lower(),
            "ended_at": None, "ended_by": None,
        }  # fmt: skip


def _tokens(people: Sequence[Numbered], _latest: int) -> Rows:
    for place in range(0, len(people), 140):
        yield {
            "digest": f"{place:064x}", "start": "vt_abcd", "name": f"báo cáo {place}", "account": BEFORE + place,
            "scopes": ["figures"], "created_at": back(90), "created_by": people[place][1].lower(),
            "ends_at": back(-90), "last_used_at": back(1), "counted": 0, "counted_since": None, "revoked_at": None,
            "revoked_by": None,
        }  # fmt: skip


def _contests(people: Sequence[Numbered], latest: int) -> Rows:
    for place in range(0, len(people), 7):
        is_open = place % 175 == 0
        yield {
            "audit_id": latest - place % 12 if place % 12 < 5 else None, "first_day": date(2026, 10, 12),
            "last_day": date(2026, 11, 8), "official_id": people[place][1], "about": "sent", "day": None,
            "value": 3, "reason": "Tôi đã gửi nhiều hơn.", "asked_at": back(place % 360 + place / 1e7),
            "asked_by": people[place][1].lower(), "state": "open" if is_open else "explained",
            "answer": None if is_open else "Thư này do máy gửi.",
            "answered_at": None if is_open else back(place % 350 + place / 1e7),
            "answered_by": None if is_open else "kiemtra", "answer_seen_at": None,
        }  # fmt: skip


def _exceptions(people: Sequence[Numbered], _latest: int) -> Rows:
    for place in range(0, len(people), 5):
        first = date(2026, 1, 1) + timedelta(days=place % 300)
        withdrawn = place % 100 == 0
        yield {
            "official": people[place][0], "kind": "leave", "first_day": first,
            "last_day": first + timedelta(days=10) if place % 50 else None, "note": "Nghỉ phép năm", "address": None,
            "delegate": None, "recorded_at": back(place % 300), "recorded_by": "nhansu", "ended_at": None,
            "ended_by": None, "withdrawn_at": back(1) if withdrawn else None,
            "withdrawn_by": "nhansu" if withdrawn else None, "withdrawn_why": "Nhầm người" if withdrawn else None,
        }  # fmt: skip


def _jobs(people: Sequence[Numbered], latest: int) -> Rows:
    for place in range(min(60_000, len(people))):
        failed = place % 500 == 0
        yield {
            "task": "mail_audit.collect" if place % 2 else "core.mail", "subject": f"audit:{latest - place % 50}",
            "args": {}, "state": "failed" if failed else "done", "done": 10, "total": 10, "note": {},
            "error_vi": "Máy chủ không trả lời." if failed else None,
            "error_en": "The server did not answer." if failed else None,
            "attempts": 1, "sent": 1, "claim": None, "created_at": back(366 - place / 164), "waiting_since": back(1),
            "started_at": back(1), "finished_at": back(366 - place / 164), "heartbeat_at": None,
        }  # fmt: skip


def _mail(people: Sequence[Numbered], _latest: int) -> Rows:
    for place in range(2 * len(people)):
        state = "refused" if place % 400 == 0 else "waiting" if place % 3000 == 0 else "sent"
        who = place % len(people)
        yield {
            "kind": "core:account:invited" if place < len(people) else "core:mail:digest", "account": BEFORE + who,
            "address": f"{people[who][1].lower()}@{DOMAIN}", "language": "vi", "facts": {},
            "digest_day": None if place < len(people) else date(2026, 11, 1), "message_id": f"<{place}@{DOMAIN}>",
            "created_at": back(100), "due_at": back(-1), "attempts": 1, "answer": "250 ok", "state": state,
            "ended_at": None if state == "waiting" else back(99),
        }  # fmt: skip


def _notices(people: Sequence[Numbered], _latest: int) -> Rows:
    for place in range(len(people)):
        yield {
            "account": BEFORE + place, "kind": "mail_audit:contest:answered", "thing": f"contest:{place}",
            "said_vi": "Đề nghị đã được trả lời.", "said_en": "The request was answered.", "told_at": back(1),
            "mail": None if place % 50 == 0 else place + 1,
        }  # fmt: skip


def _sources(_people: Sequence[Numbered], _latest: int) -> Rows:
    for number in range(1, 5):
        yield {
            "id": number, "name": f"mail{number}", "paths": [f"/srv/logs/mail{number}"], "patterns": [],
            "host": None, "timezone": None, "created_at": back(366), "created_by": "quantri", "removed_at": None,
            "collected_at": back(0), "last_lines": 70_000, "last_seconds": 2.0,
        }  # fmt: skip


def _streams(_people: Sequence[Numbered], _latest: int) -> Rows:
    for number in range(4 * 365):
        yield {
            "id": number + 1, "source_id": number % 4 + 1, "first_line": f"{number:064x}", "fork": 0,
            "name": f"mail.log-{number // 4}", "stop": 10**9, "partial": "", "first_headless": 0,
            "first_joined": False, "created_at": back(number // 4),
        }  # fmt: skip


def _files(_people: Sequence[Numbered], _latest: int) -> Rows:
    for number in range(4 * 60):
        yield {
            "source_id": number % 4 + 1, "stream_id": number + 1, "path": f"/srv/logs/mail.log-{number}",
            "state": "read", "device": f"1:{number}", "size": 10**9, "modified": 0, "unread": 0, "problem_vi": None,
            "problem_en": None, "seen_at": back(0),
        }  # fmt: skip


def _pieces(_people: Sequence[Numbered], _latest: int) -> Rows:
    """A piece every quarter of an hour and source."""
    for number in range(4 * 365 * 96):
        stream, place = number // 96, number % 96
        day = (NOW - timedelta(days=stream // 4)).date().isoformat()
        yield {
            "stream_id": stream + 1, "segment_id": None, "kind": "lines", "start": place * 10**7,
            "stop": (place + 1) * 10**7, "sha256": f"{number:064x}", "blocks": b"", "lines": 70_000, "events": 40_000,
            "not_of_interest": 29_990, "broken": 10, "samples": [], "host_days": {f"mail{stream % 4 + 1}": [day]},
            "other_days": [day], "newest_at": back(stream // 4), "collected_at": back(stream // 4),
        }  # fmt: skip


def _census(_people: Sequence[Numbered], _latest: int) -> Rows:
    yield {
        "id": 1, "state": "finished", "started_at": back(1), "started_by": "scheduler", "finished_at": back(0.9),
        "server": "imap:993", "selection": "all", "totals": {"counted": 100},
    }  # fmt: skip


def _counted(people: Sequence[Numbered], _latest: int) -> Rows:
    for place, (_, number) in enumerate(people):
        yield {
            "census_id": 1, "mailbox": f"{number.lower()}@{DOMAIN}", "state": "counted", "reason": None,
            "asked_at": back(1), "messages": place % 900, "unseen": 0, "answered": 0, "oldest_unseen_at": None,
            "uid_validity": 1, "uid_next": 9, "sent_state": "empty", "last_sent_at": None,
        }  # fmt: skip


def _targets(_people: Sequence[Numbered], _latest: int) -> Rows:
    for number in range(1, 171):
        yield {
            "unit": f"Phường số {number}", "rank": "leader", "share": 0.8, "due": date(2026, 12, 31),
            "set_at": back(30), "set_by": "quantri",
        }  # fmt: skip


def _identities(people: Sequence[Numbered], _latest: int) -> Rows:
    """Everybody logs in by the city's directory server."""
    for place, (_, number) in enumerate(people):
        yield {
            "provider": "ldap:city", "subject": f"{place:032x}", "account": BEFORE + place, "linked_at": back(290),
            "linked_by": number.lower(), "used_at": back(1),
        }  # fmt: skip


def _fed(people: Sequence[Numbered], _latest: int) -> Rows:
    for place, (official, _) in enumerate(people):
        yield {"official": official, "source": "city", "subject": f"{place:032x}"}


def _syncs(people: Sequence[Numbered], _latest: int) -> Rows:
    """A run of every hour of the year; most change nothing, some bring twenty people, some get no answer."""
    changes = [{"vi": f"{number} vào Phòng Quản lý", "en": f"{number} joins"} for _, number in people[:20]]
    for number in range(365 * 24):
        state = "failed" if number % 200 == 0 else "done"
        changed = changes if number % 10 == 0 and state == "done" else []
        began = back(365 - number / 24)
        yield {
            "source": "city", "begun_by": "scheduler", "begun_at": began, "ended_at": began + timedelta(minutes=2),
            "state": state, "counts": Tally(len(people), len(changed), changes=len(changed)).by_name(),
            "changes": changed, "left_out": [], "error_vi": "Không trả lời." if state == "failed" else None,
            "error_en": "No answer." if state == "failed" else None,
        }  # fmt: skip


STEPS: tuple[tuple[type[Base], Callable[[Sequence[Numbered], int], Rows]], ...] = (
    (Account, _accounts), (AccountSession, _sessions), (GrantRow, _grants), (DeputyRow, _deputies),
    (ApiToken, _tokens), (Contest, _contests), (UsageException, _exceptions), (Job, _jobs), (OutgoingMail, _mail),
    (MailNotice, _notices), (LogSource, _sources), (LogStream, _streams), (LogFile, _files), (LogPiece, _pieces),
    (Census, _census), (CensusMailbox, _counted), (TargetRow, _targets), (Identity, _identities), (FedOfficial, _fed),
    (SyncRun, _syncs),
)  # fmt: skip
"""A table, and its rows by the officials and the number of the latest audit; in the order that keys want."""


def trail(session: Session, officials: int) -> None:
    """A year of entries, chained as the suite chains them."""

    def entries() -> Rows:
        last = head(session)
        number, before = (last.entry, last.hash) if last else (0, FIRST)
        for place in range(ENTRIES * officials):
            number += 1
            at, actor, subject = (
                back(365 - place * 365 / (ENTRIES * officials)),
                f"cb{place % officials:06d}",
                "account",
            )
            action = "core:session:begin" if place % 3 else "mail_audit:official:look"
            digest = hash_of(number, at, actor, action, f"{subject}:{actor}", {"number": place}, before)
            yield {
                "id": number, "at": at, "actor": actor, "action": action, "subject": f"{subject}:{actor}",
                "facts": {"number": place}, "previous_hash": before, "hash": digest,
            }  # fmt: skip
            before = digest

    put(session, cast("Table", AuditEntry.__table__), list(entries()))


def standing(session: Session, lasts: Sequence[date]) -> None:
    """The standing facts of the same year: those of the audits' days, and the months they are of."""
    columns = [
        "day", "mailbox", "sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened",
        "acts_a", "acts_b", "acts_c", "acts_d", "uncounted", "delegated", "forwards",
    ]  # fmt: skip
    named = ", ".join(columns)
    session.execute(
        text(
            f"INSERT INTO standing_day ({named}, outside, blind, scheduled) "
            f"SELECT {named}, 0, false, false FROM mailbox_day"
        )
    )
    told = dict.fromkeys(("submissions", "deliveries", "log_ins", "flag_changes", "counters"), True)
    months = sorted({day.replace(day=1) for last in lasts for day in (last, last - timedelta(days=27))})
    rows = (
        {
            "month": month, "timezone": "Asia/Ho_Chi_Minh", "inputs": f"{place:064x}", "facts": f"{place:064x}",
            "tells": {"told": told | {"literal_format": False}, "ended": True}, "mailbox_days": 1_000_000,
            "measured_at": back(1), "closed_at": None,
        }
        for place, month in enumerate(months)
    )  # fmt: skip
    put(session, cast("Table", StandingMonth.__table__), rows)


def city_row(session: Session, audit_id: int, city: UnitFigures | None) -> None:
    """The sum of the whole city, as the list of audits shows it."""
    assert city is not None
    figures = {
        f"{rank}_{what}": getattr(getattr(city, rank), what)
        for rank in ("leaders", "staff")
        for what in ("total", "using", "unknown", "rate")
    }
    row = UnitFigure(
        audit_id=audit_id, position=-1, unit="", unit_order="", parent=None, is_city=True, classes={}, no_mailbox=0,
        using_last={}, **figures,
    )  # fmt: skip
    session.add(row)
