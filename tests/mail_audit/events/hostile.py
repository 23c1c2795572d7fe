"""Lines of every pattern with fields as servers write them and as strangers would like them, for the property tests."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from mail_audit.formats import PATTERNS

HOSTILE = (
    "", " ", ",", '"', ">", "<", "(", ")", "()", ": ", "'", "\\", "\\\\", '\\"', "\x00", "\x7f", "é", "đ", "\ufeff",
    "\u2028", "😀", "?", "??", "user=<x@y>", "flags=(\\Seen)",
    ", flags=(\\Seen)", "), flags=(\\Seen", "sasl_username=x",
    ", sasl_username=xd.gd@tp.example.gov.vn", "xd.gd@tp.example.gov.vn", " retr=3", " hdr_count=1",
    ": box=INBOX, uid=1",
    "msgid=<a@b>", ": saved mail to INBOX", "-login: ", ": removed", ": to=<", ": from=<", "(auth failed, 9 attempts",
    "status=sent (250 ok)", "queued as ABCDEF12", ">, method=PLAIN, rip=1.2.3.4, lip=5.6.7.8", " Saved)", "session=<a>",
    "<99><aaaa>: ", "forwarded to <b@c.test>", "discarded", "nknown user", "assword mismatch",
    "Nov 22 12:00:00 mail dovecot: ",
)  # fmt: skip

_any = st.characters(codec="utf-8", exclude_characters="\n\r")
_hostile = st.lists(st.sampled_from(HOSTILE) | st.text(_any, max_size=4), min_size=1, max_size=4).map("".join)
_user = st.sampled_from(["xd.gd@tp.example.gov.vn", "tc.cv1", "Đỗ@x", "?", "a b@c", '"x y"@z.test']) | _hostile
_number = st.sampled_from(["0", "1", "19", "15002", "007", "99999999999999999999", "-1", "x", ""])
_address = st.sampled_from(["a@b.test", "", '"a>b, c"@d.test', '"x\\"y"@z', "MAILER-DAEMON", "a+b@c.test"]) | _hostile
SLOTS: dict[str, st.SearchStrategy[str]] = {
    "qid": st.sampled_from(["15CC220C006", "4jXHBq0vKtzJDWp", "NOQUEUE", "ab12", "A" * 21]),
    "host": st.sampled_from(["unknown", "mail.out.test", "localhost", "x]y", "a,b"]) | _hostile,
    "ip": st.sampled_from(["10.0.0.7", "2001:db8::1", "::ffff:1.2.3.4", "unix", ""]),
    "user": _user,
    "address": _address,
    "text": _hostile,
    "n": _number,
    "session": st.sampled_from(["UXdX/a+b", "S:R2", "S:T3", "", "a b", "é"]),
    "pid": st.sampled_from(["<143>", "<1>", "", "<x>"]),
    "info": st.sampled_from(["", "Info: ", "Error: "]),
    "flags": st.sampled_from(["\\Seen", "\\Seen \\Recent", "", "$Label1 \\Answered", "a(b", "é"]),
    "action": st.sampled_from(["save", "copy from INBOX", "delete", "undelete", "expunge", "flag_change", "rename"]),
    "end": st.sampled_from([
        "Disconnected: Logged out", "Logged out", "Disconnected for inactivity", "Connection closed", "",
        "Disconnected: Connection closed (IDLE running for 0.001 + waiting input for 28.914 secs, state=wait-input)",
        "Disconnected: Inactivity - no input for 1800 secs",
    ]) | _hostile,
    "counters": st.sampled_from([
        " in=313 out=11985 deleted=0 expunged=0 trashed=0 hdr_count=2 hdr_bytes=0 body_count=1 body_bytes=2998",
        " in=1 out=2 deleted=1 expunged=0 autoexpunged=3 trashed=0 hdr_count=0 hdr_bytes=0 body_count=0 body_bytes=0 x",
        " in=120 out=757", " bytes=59/566", " in=%i out=%o", "", " in=1 out=2 deleted=0 expunged=0 hdr_count=1",
        " top=0/0, retr=2/6033, del=1/4, size=12001", " top=0/0, retr=2/x",
    ]),
    "outcome": st.sampled_from([
        "saved mail to INBOX", "stored mail into mailbox 'INBOX'", "fileinto action: stored mail into mailbox 'Junk'",
        "forwarded to <a@b.test>", "redirect action: forwarded to <a@b.test>", "discard action: Marked message",
        "vacation action: sent vacation response to <a@b.test>", "saved mail to é",
    ]),
    "why": st.sampled_from(["Disconnected", "Aborted login", "Login aborted", "Disconnected: Connection closed"]),
    "status": st.sampled_from(["sent", "deferred", "bounced", "SENT é"]),
}  # fmt: skip

TEMPLATES: dict[str, tuple[str, ...]] = {
    "submitted": (
        "{qid}: client={host}[{ip}], sasl_method=PLAIN, sasl_username={user}",
        "{qid}: client={host}[{ip}]:4711, sasl_username={user}, sasl_sender={address}",
        "{qid}: client=localhost[127.0.0.1], orig_queue_id={qid}, orig_client={host}[{ip}]",
    ),
    "submitted_by_proxy": (
        (
            "proxy-accept: END-OF-MESSAGE: 250 2.0.0 from MTA(x): 250 Ok: queued as {qid}; "
            "from=<{address}> to=<{address}> proto=ESMTP helo=<{text}> sasl_username=<{user}>"
        ),
    ),
    "queued": ("{qid}: from=<{address}>, size={n}, nrcpt={n} (queue active)",),
    "message_id": ("{qid}: message-id={text}", "{qid}: message-id=<{text}@x.test>"),
    "delivery": (
        "{qid}: to=<{address}>, relay={host}[{ip}]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status={status} ({text})",
        "{qid}: to=<{address}>, orig_to=<{address}>, relay=local, delay=1, dsn=2.0.0, status={status} ({text}",
        "{qid}: to=<{address}>, relay=none, conn_use=2, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (x)",
    ),
    "removed": ("{qid}: removed",),
    "smtp_refused": (
        "warning: {host}[{ip}]: SASL PLAIN authentication failed: (reason unavailable), sasl_username={user}",
        "warning: {host}[{ip}]: SASL LOGIN authentication failed: UGFzc3dvcmQ6",
    ),
    "logged_in": (
        "imap-login: {info}Login: user=<{user}>, method=PLAIN, rip={ip}, lip={ip}, mpid=7, TLS, session=<{session}>",
        "pop3-login: {info}Logged in: user=<{user}>, method=PLAIN, rip={ip}, lip={ip}, secured, {text}",
        "imap-login: {info}Login: user=<{user}>, method=, rip={ip}, lip={ip}",
    ),
    "log_in_refused": (
        "imap-login: {info}{why} (auth failed, {n} attempts in 2 secs): user=<{user}>, rip={ip}, lip=::1, TLS, {text}",
        (
            "imap-login: {info}{why} (auth failed, {n} attempts): user=<{user}>, method=PLAIN, rip={ip}, lip=::1, "
            "TLS, session=<{session}>"
        ),
        "pop3-login: {info}{why}: Logged out (auth failed, {n} attempts) (auth_failed): rip={ip}, lip=1.1.1.1{text}",
    ),
    "password_refused": (
        "auth: {info}passwd-file({user},{ip},<{session}>): Password mismatch",
        "auth-worker(7): {info}conn unix:x (pid=1,uid=2): auth-worker<3>: sql({user},{ip}): unknown user{text}",
    ),
    "session_ended": ("imap({user}){pid}<{session}>: {info}{end}{counters}", "IMAP({user}): {end}{counters}"),
    "downloaded": ("pop3({user}){pid}<{session}>: {info}{end}{counters}", "POP3({user}): {end}{counters}"),
    "mailbox_change": (
        "imap({user}){pid}<{session}>: {info}{action}: box={text}, uid={n}, msgid={text}, size={n}, flags=({flags})",
        "imap({user}): {info}{action}: box=INBOX, msgid=<a@b>, size=1, from={text}, subject={text}, flags=({flags})",
        "pop3({user}){pid}<{session}>: expunge: box=INBOX, uid={n}, msgid=<a@b>, size=1, flags=({flags})",
    ),
    "stored": (
        "lmtp({user}){pid}<{session}>: {info}msgid=<{text}>: {outcome}",
        "lmtp({user}){pid}<{session}>: {info}sieve: msgid={text}: {outcome}",
        "lmtp(77, {user}): {session}: msgid=<a@b>: {outcome}", "deliver({user}): sieve: msgid=: {outcome}",
    ),
    "auto_replied": (
        "lmtp({user}){pid}<{session}>: {info}sieve: msgid=<{text}>: vacation action: sent vacation response to <a@b>",
        "lmtp({user}){pid}<{session}>: {info}sieve: msgid={text}: vacation action: sent vacation response to <{text}>",
    ),
}  # fmt: skip
DULL = (
    "connect from unknown[10.0.0.7]", "disconnect from unknown[1.2.3.4] ehlo=1 auth=0/2 quit=1 commands=2/4",
    "imap-login: Disconnected: Connection closed (no auth attempts in 0 secs): user=<>, rip=1.1.1.1, lip=1.1.1.1",
    "NOQUEUE: reject: RCPT from x[1.2.3.4]: 550 5.1.1 <a@b>: x; from=<a> to=<b> proto=ESMTP helo=<{text}>", "{text}",
)  # fmt: skip

STAMPS = {
    "bsd": ("Nov 22 12:26:26", "Jan  1 00:00:00", "Feb 29 23:59:59", "Feb 30 01:02:03", "Nov 31 01:02:03",
    "Nov 9 1:2:3"),
    "iso": (
        "2026-11-22T12:07:45.123456+07:00", "2026-11-22T05:07:45Z", "2026-02-29T01:02:03+00:00",
        "2026-11-22T12:07:45.123456789-0330", "2026-11-22T12:07:45.1+07:00", "0000-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "2026-11-22T24:00:00Z", "2026-12-31T23:59:59.999999+99:99", "9999-12-31T23:59:59-14:00",
    ),
    "local": ("2026-11-22 12:07:45", "2024-02-29 00:00:00", "2026-13-01 00:00:00", "0000-00-00 00:00:00"),
}  # fmt: skip
HEADS: dict[str, tuple[str, str]] = {
    "rfc3164": ("bsd", "{stamp} {server} {tag}: "),
    "iso8601": ("iso", "{stamp} {server} {tag}: "),
    "rfc5424": ("iso", "<22>1 {stamp} {server} {plain} 77 - {structured} "),
    "own": ("bsd", "{stamp} "),
    "own_dated": ("local", "{stamp} "),
}
_SERVERS = ("mail", "mail1.tp.example.gov.vn", "máy-chủ", "a(b)", "host:", "10.0.0.9")
_STRUCTURED = ("-", '[x@1 a="b"]', '[x@1 a="b]\\"c"][y@2]', '[x a="b', "- \ufeff")
_FOREIGN_TAGS = (
    "sshd",
    "postfix/smtp",
    "dovecot",
    "postfix/submission/smtpd",
    "postfix/qmgr",
    "kernel",
    "é",
    "x/y/smtpd",
)


def _tag_of(kind: str) -> tuple[str, ...]:
    programs = next(pattern.programs for pattern in PATTERNS if pattern.kind == kind)
    return programs if programs == ("dovecot",) else tuple(f"postfix/{name}" for name in programs)


@st.composite
def messages(draw: st.DrawFn) -> tuple[tuple[str, ...], str]:
    """Tags that fit, and a message of some kind with drawn fields."""
    kind = draw(st.sampled_from([*TEMPLATES, "dull"]))
    template = draw(st.sampled_from(TEMPLATES.get(kind, DULL)))
    text = re.sub(r"\{([a-z]+)\}", lambda slot: draw(SLOTS[slot[1]]), template)
    return (_FOREIGN_TAGS if kind == "dull" else _tag_of(kind)), text


def _from_expression() -> st.SearchStrategy[tuple[tuple[str, ...], str]]:
    """Messages made from a pattern's own full expression: whatever it may take."""
    return st.sampled_from(PATTERNS).flatmap(
        lambda pattern: st.from_regex(re.compile(pattern.full()), fullmatch=True).map(
            lambda text: (_tag_of(pattern.kind), text)
        )
    )


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """A line without its end: mostly whole, sometimes cut at any byte or with a byte changed."""
    tags, message = draw(st.one_of(messages(), messages(), messages(), _from_expression()))
    clock, head = HEADS[draw(st.sampled_from(sorted(HEADS)))]
    tag = draw(st.sampled_from((*tags, *tags, *_FOREIGN_TAGS)))
    text = head.format(
        stamp=draw(st.sampled_from(STAMPS[clock])),
        server=draw(st.sampled_from(_SERVERS)),
        tag=tag + draw(st.sampled_from(["", "[77]", "[]"])),
        plain=tag,
        structured=draw(st.sampled_from(_STRUCTURED)),
    )
    line = (text + message).encode()
    harm = draw(st.sampled_from(["none"] * 6 + ["cut", "byte", "insert"]))
    if harm != "none" and line:
        place = draw(st.integers(0, len(line) - 1))
        byte = bytes([draw(st.sampled_from([0, 0x20, 0x2C, 0x3E, 0x80, 0xC3, 0xFF]))])
        line = line[:place] + {"cut": b"", "byte": byte + line[place + 1 :], "insert": byte + line[place:]}[harm]
    return line.replace(b"\n", b"").replace(b"\r", b"")
