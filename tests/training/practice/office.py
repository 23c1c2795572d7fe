"""An office whose people practise: accounts, mailboxes, a course that asks for everything, a log that is followed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.calendar import day_in
from core.db import unit_of_work
from core.directory.models import Account, MailboxRow, OfficialRow, PostRow, UnitRow
from core.mail.models import OutgoingMail
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings
from eoffice.services.rounds import Moment as OfficeMoment
from mail_audit.models import LogPiece
from mail_audit.services.collecting import add_source, collect, sources_for
from training.models import AssignmentRow, CourseRow, ExerciseRow
from training.moments import Moment
from training.practice.kinds import KINDS
from training.queries.practice import evidence_of
from training.services import practising

DOMAIN = "tp.example.gov.vn"
ZONE = "Asia/Ho_Chi_Minh"
START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
PEOPLE = ("cb1", "cb2", "cb3", "cb4", "cb5", "cb6")
SPELLING = f"thuchanh+{{code}}@{DOMAIN}"
MAIL = {
    "server": "127.0.0.1:25", "security": "none", "sender": f"vanthu@{DOMAIN}", "site": f"https://vanthu.{DOMAIN}",
    "practice": SPELLING, "webmail": "10.9.9.9",
}  # fmt: skip
_queue = itertools.count(1)


def actor(name: str) -> Actor:
    """An official's account."""
    return Actor(name, frozenset({Role.OFFICIAL}), name)


def moment(minutes: float = 0) -> Moment:
    """So many minutes after the exercises begin."""
    now = START + timedelta(minutes=minutes)
    return Moment(now, day_in(ZONE, now))


def office_moment(minutes: float) -> OfficeMoment:
    """The same for the e-office's services."""
    now = moment(minutes)
    return OfficeMoment(now.now, now.today)


def fill(session: Session) -> None:
    """Officials of one unit with accounts, mailboxes and the course; the third has no mailbox of their own."""
    session.add(UnitRow(key="so", name="Sở Y tế"))
    session.flush()
    session.add(_course())
    for number, name in enumerate(PEOPLE, start=1):
        session.add(OfficialRow(official_id=name, name=f"Cán bộ {number}"))
        session.flush()
        session.add(PostRow(official=number, position=0, unit=1, title="Chuyên viên", rank="staff"))
        kind = "personal" if name != "cb3" else "shared"
        session.add(MailboxRow(address=f"{name}@{DOMAIN}", kind=kind, unit=1, owner=number))
        session.add(Account(name=name, password_hash="", official=number, created_at=START,
                            password_changed_at=START, failed=0))  # fmt: skip
        session.add(_assignment(number))
    session.flush()


def _course() -> CourseRow:
    return CourseRow(
        key="practice", version=1, title_vi="Thực hành", title_en="Practice", summary_vi="", summary_en="",
        audience="everybody", minutes=30, valid_months=None, pass_mark=80, digest="0",
        needs=[{"kind": "exercise", "key": kind} for kind in KINDS],
    )  # fmt: skip


def _assignment(official: int) -> AssignmentRow:
    return AssignmentRow(
        official=official, course_key="practice", reason_vi="Thử", reason_en="Trial", assigned_at=START,
        assigned_by="x", starts_on=date(2026, 11, 1), due_on=date(2026, 12, 30), state="open",
    )  # fmt: skip


@dataclass
class Office:
    """The installation; `log` is what its mail server writes, with stamps in ISO form."""

    settings: Settings
    folder: Path
    lines: list[str] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return self.folder / "mail.log"

    def follow(self) -> None:
        with unit_of_work(self.settings) as session:
            add_source(session, command_line_actor(), name="thư", paths=[self.log])

    def begin(self, name: str, *kinds: str, minutes: float = 0, again: bool = False) -> dict[str, ExerciseRow]:
        """Begin these exercises; kind -> row, cut off from its session."""
        with unit_of_work(self.settings) as session:
            for kind in kinds:
                practising.begin(
                    session, actor(name), assignment_id=PEOPLE.index(name) + 1, kind=kind, moment=moment(minutes),
                    again=again,
                )  # fmt: skip
        return self.exercises(name)

    def exercises(self, name: str) -> dict[str, ExerciseRow]:
        """Kind -> the last try."""
        with unit_of_work(self.settings) as session:
            wanted = select(ExerciseRow).where(ExerciseRow.assignment == PEOPLE.index(name) + 1)
            found = {row.kind: row for row in session.scalars(wanted.order_by(ExerciseRow.number))}
            session.expunge_all()
        return found

    def letter(self, row: ExerciseRow) -> str:
        """The Message-ID of the message that was sent for it."""
        with unit_of_work(self.settings) as session:
            return session.get_one(OutgoingMail, row.mail).message_id

    def write(self, *lines: str) -> None:
        """The mail server writes these."""
        self.lines += lines
        self.log.parent.mkdir(exist_ok=True)
        self.log.write_text("".join(f"{line}\n" for line in self.lines), "utf-8")

    def look(self, minutes: float) -> dict[str, str]:
        """Collect, and judge every open exercise so many minutes after the beginning; kind -> why, of everybody."""
        with unit_of_work(self.settings) as session:
            ids = sources_for(session, command_line_actor())
        collect(self.settings, command_line_actor(), source_ids=ids)
        now = moment(minutes)
        with unit_of_work(self.settings) as session:
            for piece in session.scalars(select(LogPiece)):
                piece.collected_at = now.now  # as if it had been collected then
            session.flush()
            rows = list(session.scalars(select(ExerciseRow).where(ExerciseRow.state == "open")))
            known = evidence_of(session, rows, moment=now)
            for row in rows:
                practising.judge(session, exercise_id=row.id, known=known[row.id], moment=now)
            return {row.kind: row.why or "" for row in rows}


def stamp(minutes: float) -> str:
    """A moment as rsyslog writes it."""
    return (START + timedelta(minutes=minutes)).astimezone(UTC).isoformat(timespec="microseconds")


def submission(
    minutes: float, who: str, to: Sequence[str], *, client: str = "10.20.30.41", sender: str | None = None,
    queue: str = "", message_id: str = "", log_in: str | None = "", removed: bool = True,
) -> list[str]:  # fmt: skip
    """What Postfix writes of a message that somebody submits; `log_in` None: without any log-in."""
    number = queue or f"4F{next(_queue):08d}"
    address = f"{who}@{DOMAIN}"
    at, host = stamp(minutes), "mail"
    name = address if log_in == "" else log_in
    written = address if sender is None else sender
    proof = "" if name is None else f", sasl_method=PLAIN, sasl_username={name}"
    first = [
        f"{at} {host} postfix/submission/smtpd[71]: {number}: client=unknown[{client}]{proof}",
        f"{at} {host} postfix/cleanup[72]: {number}: message-id={message_id or f'<{number}@{DOMAIN}>'}",
        f"{at} {host} postfix/qmgr[73]: {number}: from=<{written}>, size=900, nrcpt={len(to)} (queue active)",
    ]
    sent = [
        f"{at} {host} postfix/discard[74]: {number}: to=<{one}>, relay=none, delay=0.1, delays=0.1/0/0/0, dsn=2.0.0, "
        "status=sent (practice)"
        for one in to
    ]
    return [*first, *sent, *([f"{at} {host} postfix/qmgr[73]: {number}: removed"] if removed else [])]


def delivery(minutes: float, who: str, message_id: str, *, sender: str, queue: str = "") -> list[str]:
    """What Postfix and Dovecot write of a message that comes for a mailbox."""
    number = queue or f"4E{next(_queue):08d}"
    at, host, address = stamp(minutes), "mail", f"{who}@{DOMAIN}"
    session = f"s{number}+A"
    return [
        f"{at} {host} postfix/smtpd[71]: {number}: client=vanthu[10.0.0.2]",
        f"{at} {host} postfix/cleanup[72]: {number}: message-id={message_id}",
        f"{at} {host} postfix/qmgr[73]: {number}: from=<{sender}>, size=900, nrcpt=1 (queue active)",
        f"{at} {host} dovecot: lmtp({address})<81><{session}>: msgid={message_id}: saved mail to INBOX",
        (
            f"{at} {host} postfix/lmtp[75]: {number}: to=<{address}>, relay=mail[private/lmtp], delay=0.1, "
            f"delays=0.1/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 <{address}> {session} Saved)"
        ),
        f"{at} {host} postfix/qmgr[73]: {number}: removed",
    ]


def session_of(
    minutes: float, who: str, *changes: str, client: str = "10.20.30.41", name: str = "", bodies: int = 0
) -> list[str]:
    """What Dovecot writes of an IMAP session with these changes."""
    at, host, address = stamp(minutes), "mail", f"{who}@{DOMAIN}"
    session = name or f"i{next(_queue)}"
    known = f"imap({address})<91><{session}>"
    return [
        (
            f"{at} {host} dovecot: imap-login: Login: user=<{address}>, method=PLAIN, rip={client}, lip=10.0.0.1, "
            f"mpid=91, TLS, session=<{session}>"
        ),
        *(f"{at} {host} dovecot: {known}: {one}" for one in changes),
        (
            f"{at} {host} dovecot: {known}: Disconnected: Logged out in=100 out=200 deleted=0 expunged=0 trashed=0 "
            f"hdr_count=0 hdr_bytes=0 body_count={bodies} body_bytes={bodies * 3000}"
        ),
    ]


def change(action: str, message_id: str, *, box: str = "INBOX", uid: int = 1, flags: str = "") -> str:
    """A line of mail_log."""
    return f"{action}: box={box}, uid={uid}, msgid={message_id}, size=900, flags=({flags})"
