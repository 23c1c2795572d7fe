"""A town of five and the lines of its servers, for tests of single rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from core.directory.roster import Roster
from mail_audit.pipeline import Measured, run
from mail_audit.report.model import OfficialFigures
from mail_audit.usage.exceptions import Exemption
from tests.mail_audit.audited import logged, roster

BOSS, DEPUTY, CLERK, CLERK2, PRIVATE = (
    "gd@tp.example.gov.vn", "pgd@tp.example.gov.vn", "vt@tp.example.gov.vn", "cv@tp.example.gov.vn", "gd@gmail.test"
)  # fmt: skip
ROWS = (
    f"Sở Xây dựng,CB1,Lê An,Giám đốc,leader,{BOSS},,giamdoc@tp.example.gov.vn",
    f"Sở Xây dựng,CB2,Trần Bình,Phó giám đốc,leader,{DEPUTY},,",
    f"Sở Xây dựng,CB3,Phạm Cúc,Văn thư,staff,{CLERK},,",
    f"Sở Xây dựng,CB4,Võ Dũng,Chuyên viên,staff,{CLERK2},,",
    "Sở Xây dựng,,Hộp thư chung,,,so@tp.example.gov.vn,shared,",
)
DAYS = ("Oct  5", "Oct  6", "Oct  7", "Oct  8", "Oct  9")


def town(folder: Path) -> Roster:
    return roster(folder, *ROWS)


def audit(
    folder: Path, lines: Iterable[str], *, servers: bool = True, exemptions: Sequence[Exemption] = ()
) -> Measured:
    """The audit of lines like `Oct  5 08:00:00 mail program: …`.

    With `servers`, every day also has a line of nobody's, and the log shows that both servers write all they can.
    """
    whole = list(lines)
    if servers:
        whole += [
            f"{day} 00:00:01 mail postfix/qmgr[7]: 00000A: from=<>, size=1, nrcpt=1 (queue active)" for day in DAYS
        ]
        other = "imap(khac@tp.example.gov.vn)<1><other>: "
        whole += [
            f"{DAYS[0]} 00:00:02 mail dovecot: {other}flag_change: box=INBOX, uid=1, msgid=<x>, size=1, flags=(\\Seen)",
            (
                f"{DAYS[0]} 00:00:03 mail dovecot: imap-login: Login: user=<khac@tp.example.gov.vn>, method=PLAIN, "
                "rip=10.9.9.9, lip=10.0.0.1, session=<other>"
            ),
        ]
    return run([logged(folder / "mail.log", whole)], town(folder), exemptions=exemptions)


def official(measured: Measured, mailbox: str) -> OfficialFigures:
    return next(one for one in measured.report.officials if mailbox in one.mailboxes)


def submitted(stamp: str, queue_id: str, user: str, *to: str, address: str = "10.0.0.7", sender: str = "") -> list[str]:
    """A message as Postfix writes it when it goes straight to the mailboxes or to the world."""
    lines = [
        (
            f"{stamp} mail postfix/submission/smtpd[1]: {queue_id}: client=unknown[{address}], sasl_method=PLAIN, "
            f"sasl_username={user}"
        ),
        f"{stamp} mail postfix/cleanup[2]: {queue_id}: message-id=<{queue_id}@x.test>",
        f"{stamp} mail postfix/qmgr[3]: {queue_id}: from=<{sender or user}>, size=900, nrcpt={len(to)} (queue active)",
    ]
    lines += [sent(stamp, queue_id, one) for one in to]
    return [*lines, f"{stamp} mail postfix/qmgr[3]: {queue_id}: removed"]


def sent(stamp: str, queue_id: str, to: str, *, orig_to: str = "", reply: str = "250 ok", status: str = "sent") -> str:
    original = f"orig_to=<{orig_to}>, " if orig_to else ""
    return (
        f"{stamp} mail postfix/smtp[4]: {queue_id}: to=<{to}>, {original}relay=x[10.0.0.2]:25, delay=1, "
        f"delays=0/0/0/1, dsn=2.0.0, status={status} ({reply})"
    )


def session(
    stamp: str,
    until: str,
    user: str,
    number: object,
    *does: str,
    address: str = "10.0.0.7",
    bodies: tuple[int, int] = (0, 0),
) -> list[str]:
    """An IMAP session of Dovecot 2.3.15; `does`: mail_log's words; `bodies`: messages fetched, and bytes."""
    who = f"imap({user})<{number}><s{number}>: "
    return [
        (
            f"{stamp} mail dovecot: imap-login: Login: user=<{user}>, method=PLAIN, rip={address}, lip=10.0.0.1, "
            f"mpid={number}, TLS, session=<s{number}>"
        ),
        *(f"{stamp} mail dovecot: {who}{words}" for words in does),
        (
            f"{until} mail dovecot: {who}Disconnected: Logged out in=10 out=900 deleted=0 expunged=0 trashed=0 "
            f"hdr_count=0 hdr_bytes=0 body_count={bodies[0]} body_bytes={bodies[1]}"
        ),
    ]


def seen(uid: int, flags: str = "\\Seen", box: str = "INBOX", action: str = "flag_change") -> str:
    return f"{action}: box={box}, uid={uid}, msgid=<{uid}@x.test>, size=900, flags=({flags})"
