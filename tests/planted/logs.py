"""Logs of a town whose servers were told to write too much: a subject, a body or a password in every format."""

from __future__ import annotations

import base64
import gzip
import json
import os
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

BOSS, CLERK = "gd@tp.example.gov.vn", "cv@tp.example.gov.vn"
PREFIX = "TuyetMat"
"""What every planted secret begins with; nothing else does."""
WRITTEN = datetime(2026, 11, 30, tzinfo=UTC).timestamp()
ROSTER = (
    "unit,official_id,name,title,rank,email,kind,aliases,mat_khau\n"
    f"Sở Xây dựng,CB1,Lê An,Giám đốc,leader,{BOSS},,giamdoc@tp.example.gov.vn,{PREFIX}Roster1\n"
    f"Sở Xây dựng,CB2,Võ Dũng,Chuyên viên,staff,{CLERK},,,{PREFIX}Roster2\n"
)


class Planting:
    """Gives out secrets, each only once."""

    def __init__(self) -> None:
        self.secrets: list[str] = []

    def new(self, what: str) -> str:
        """A subject, a body or a password that can be found again."""
        self.secrets.append(f"{PREFIX}{what}{len(self.secrets):03}")
        return self.secrets[-1]

    def messages(self) -> Iterator[tuple[str, str]]:
        """Program and message: what Postfix, Dovecot and filters write when they are told to, or are asked badly."""
        yield from self._postfix()
        yield from self._dovecot()
        yield from self._auth()
        yield from self._filters()

    def _postfix(self) -> Iterator[tuple[str, str]]:
        subject = f"Subject: {self.new('Header')}"
        for action in ("warning", "reject", "hold"):
            yield (
                "postfix/cleanup",
                f"0A1B2C3D{action[0].upper()}: {action}: header {subject} from x[192.0.2.1]; from=<a@b.test> to=<{BOSS}> proto=ESMTP helo=<x>",
            )
        yield (
            "postfix/cleanup",
            f"0A1B2C3D01: warning: body {self.new('Body')} from x[192.0.2.1]; from=<a@b.test> to=<{BOSS}>",
        )
        yield "postfix/submission/smtpd", f"0A1B2C3D02: client=x[10.0.0.9], sasl_method=PLAIN, sasl_username={BOSS}"
        yield "postfix/cleanup", "0A1B2C3D02: message-id=<1@tp.example.gov.vn>"
        yield "postfix/qmgr", f"0A1B2C3D02: from=<{BOSS}>, size=900, nrcpt=2 (queue active)"
        reply = f"host out.test[192.0.2.2] said: 550 5.7.1 Message 'Subject: {self.new('Reply')}' refused (in reply to end of DATA command)"
        yield (
            "postfix/smtp",
            f"0A1B2C3D02: to=<x@out.test>, relay=out.test[192.0.2.2]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced ({reply})",
        )
        reply = f'250 2.0.0 accepted, subject "{self.new("Accepted")}" discarded'
        yield (
            "postfix/smtp",
            f"0A1B2C3D02: to=<y@out.test>, relay=out.test[192.0.2.2]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent ({reply})",
        )
        yield "postfix/qmgr", "0A1B2C3D02: removed"
        decoded = base64.b64encode(f"\0{BOSS}\0{self.new('Sasl')}".encode()).decode()
        yield "postfix/submission/smtpd", f"< x[10.0.0.9]: AUTH PLAIN {decoded}"
        yield (
            "postfix/submission/smtpd",
            f"warning: x[10.0.0.9]: SASL PLAIN authentication failed: {decoded}, sasl_username={BOSS}",
        )
        yield "postfix/submission/smtpd", f"xsasl_dovecot_server_next: auth response={decoded}, pass={self.new('Next')}"

    def _dovecot(self) -> Iterator[tuple[str, str]]:
        for mailbox, number in ((BOSS, 1), (CLERK, 2)):
            start = (
                f"imap({mailbox})<7><s{number}>: flag_change: box=INBOX, uid={number}, msgid=<{number}@x.test>, size=1"
            )
            yield "dovecot", f"{start}, from=a, subject={self.new('MailLog')}, flags=(\\Seen)"
            yield "dovecot", f"{start}, subject={self.new('Tail')}, flags=(\\Seen), flags=(\\Answered)"
            yield "dovecot", f"{start}, subject=, flags=(\\Deleted) {self.new('After')}, flags=()"
            yield "dovecot", f"{start}, subject=password: {self.new('Both')}, flags=(\\Seen)"
            yield "dovecot", f"imap({mailbox}): save: box=Sent, uid=9, subject={self.new('Save')}"
            yield (
                "dovecot",
                f"lmtp({mailbox})<8><l{number}>: msgid=<{number}@x.test>: subject={self.new('Deliver')}: saved mail to INBOX",
            )
            yield (
                "dovecot",
                f"lmtp({mailbox})<8><k{number}>: sieve: msgid=<{number}@x.test>, subj=\"{self.new('Sieve')}\": stored mail into mailbox 'INBOX'",
            )
            yield (
                "dovecot",
                f"imap-login: Login: user=<{mailbox}>, method=PLAIN, rip=10.0.0.9, lip=10.0.0.1, session=<s{number}>",
            )

    def _auth(self) -> Iterator[tuple[str, str]]:
        given = "given password"
        yield "dovecot", f"auth: passwd-file({BOSS},10.0.0.9,<f1>): Password mismatch ({given}: {self.new('Given')})"
        yield (
            "dovecot",
            f"auth: passwd-file({BOSS},10.0.0.9,<f1>): Password mismatch (SHA1 of {given}: {self.new('Hash')})",
        )
        yield (
            "dovecot",
            f"auth-worker(7): conn unix:auth-worker (pid=1,uid=2): auth-worker<3>: sql({CLERK},10.0.0.9): Password mismatch ({given}: {self.new('Worker')})",
        )
        yield (
            "dovecot",
            f"auth: ldap(khong.co@tp.example.gov.vn,10.0.0.9,<f2>): unknown user ({given}: {self.new('Unknown')})",
        )
        yield "dovecot", f"auth: Debug: passwd-file({BOSS},10.0.0.9,<f1>): Credentials: {self.new('Credentials')}"
        resp = base64.b64encode(f"\0{BOSS}\0{self.new('Resp')}".encode()).decode()
        yield "dovecot", f"auth: Debug: client in: AUTH\t1\tPLAIN\tservice=imap\tresp={resp}"
        yield "dovecot", f"auth: Debug: client passdb out: OK\t1\tuser={BOSS}\tpass={self.new('Out')}"
        for session in ("f1", "f2"):
            yield (
                "dovecot",
                f"imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<{BOSS}>, method=PLAIN, rip=10.0.0.9, lip=10.0.0.1, session=<{session}>",
            )

    def _filters(self) -> Iterator[tuple[str, str]]:
        yield (
            "rspamd",
            f'<a1b2c3>; task; rspamd_task_write_log: id: <1@x.test>, qid: <0A1B2C3D02>, ip: 10.0.0.9, from: <{BOSS}>, subject: "{self.new("Rspamd")}"',
        )
        yield (
            "amavis",
            f'(1-1) Passed CLEAN {{RelayedInternal}}, <{BOSS}> -> <{CLERK}>, Message-ID: <1@x.test>, Subject: "{self.new("Amavis")}", queued_as: 0A1B2C3D03',
        )


Render = Callable[[datetime, str, str], bytes]


def _bsd(at: datetime, tag: str, text: str) -> bytes:
    return f"{at:%b} {at.day:2} {at:%H:%M:%S} mail {tag}[7]: {text}\n".encode()


def _iso(at: datetime, tag: str, text: str) -> bytes:
    return f"{at.isoformat()}+07:00 mail {tag}[7]: {text}\n".encode()


def _syslog(at: datetime, tag: str, text: str) -> bytes:
    return f"<22>1 {at.isoformat()}Z mail {tag} 7 - - {text}\n".encode()


def _own(at: datetime, tag: str, text: str) -> bytes:
    if tag != "dovecot":
        return b""
    service, _, rest = text.partition(": ")
    return f"{at:%Y-%m-%d %H:%M:%S} {service}: Info: {rest}\n".encode()


def _export(at: datetime, tag: str, text: str) -> bytes:
    fields = f"__REALTIME_TIMESTAMP={int(at.replace(tzinfo=UTC).timestamp() * 1_000_000)}\n_HOSTNAME=mail\n"
    fields += f"SYSLOG_IDENTIFIER={tag}\nSYSLOG_PID=7\n_CMDLINE=/usr/sbin/x --password={PREFIX}Cmdline\nMESSAGE\n"
    return fields.encode() + struct.pack("<Q", len(text.encode())) + text.encode() + b"\n\n"


def _json(at: datetime, tag: str, text: str) -> bytes:
    stamp = str(int(at.replace(tzinfo=UTC).timestamp() * 1_000_000))
    fields = {
        "_HOSTNAME": "mail",
        "SYSLOG_IDENTIFIER": tag,
        "MESSAGE": list(text.encode()),
        "_CMDLINE": PREFIX + "Json",
    }
    return json.dumps({"__REALTIME_TIMESTAMP": stamp, **fields}).encode() + b"\n"


FORMATS: dict[str, Render] = {
    "bsd": _bsd, "iso": _iso, "rfc5424": _syslog, "own": _own, "export": _export, "json": _json,
}  # fmt: skip


def write_logs(folder: Path, planting: Planting) -> None:
    """A file in each format, one day each, one of them packed."""
    folder.mkdir(parents=True)
    for day, (name, render) in enumerate(FORMATS.items()):
        start = datetime(2026, 11, 2 + day, 8)  # noqa: DTZ001 - the server's own clock
        lines = [render(start + timedelta(seconds=at), tag, text) for at, (tag, text) in enumerate(planting.messages())]
        path = folder / f"{name}.log"
        content = b"".join(lines)
        if name == "iso":
            path = folder / f"{name}.log.gz"
            content = gzip.compress(content)
        path.write_bytes(content)
        os.utime(path, (WRITTEN, WRITTEN))
