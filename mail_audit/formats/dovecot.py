"""Dovecot: what its services write, as data, in the five spellings of 1.x, 2.2, 2.3.0-14, 2.3.15+ and 2.4.

Sources: Dovecot's own releases as run (2.3.19) and its documentation (`login_log_format_elements`,
`imap_logout_format`, `pop3_logout_format`, `deliver_log_format`, mail_log plugin). 2.4 renamed the success line from
`Login:` to `Logged in:`; the fetch counters came into the default with 2.3.0; 2.3.15 put `Disconnected: ` before every
end of session. A log of its own writes `Info: ` after the service's name, syslog does not.
"""

from __future__ import annotations

from mail_audit.formats.pattern import Pattern

PROGRAM = ("dovecot",)
_INFO = r"(?:Info: )?"
_SESSION = r"(?:<[0-9]+>)?(?:<%{session:session}>)?"
_SESSION_FAST = r"(?:<[0-9]+><%{session:session}>)?"
_IMAP = r"(?:imap|IMAP)\(%{user:to_paren}\)" + _SESSION + ": " + _INFO
_POP3 = r"(?:pop3|POP3)\(%{user:to_paren}\)" + _SESSION + ": " + _INFO
_LOGIN = r"%{protocol:name}-login: " + _INFO
_ADDRESSES = r"method=[0-9A-Za-z_-]*, rip=%{client_ip:ip}, lip=%{server_ip:ip}"
_DELIVERY = (
    r"(?:lmtp|lda|deliver)\((?:[0-9]+, )?%{user:to_paren}\)"
    + _SESSION
    + r": "
    + _INFO
    + r"(?:sieve: |%{old_session:session}: (?:sieve: )?)?msgid=%{message_id:to_colon}: "
)
_OUTCOME = (
    r"(?:saved mail to .*|stored mail into mailbox '.*'|fileinto action: stored mail into mailbox '.*'|"
    r"forwarded to <%{forward_to:address}>|redirect action: forwarded to <%{redirect_to:address}>|"
    r"discard action: .*|marked message to be discarded.*|discarded duplicate.*|discarded.*)"
)

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        kind="logged_in",
        programs=PROGRAM,
        needles=("-login: Login: ", "-login: Logged in: ", "-login: Info: Log"),
        begins=r"[a-z0-9]+-login: (?:Info: )?(?:Login|Logged in): ",
        body=_LOGIN
        + r"(?:Login|Logged in): user=<%{user:to_angle}>, "
        + _ADDRESSES
        + r"(?:, (?:[A-Za-z][^,<>]*|session=<%{session:session}>))*",
        fast_body=_LOGIN
        + r"Log(?:in|ged in): user=<%{user:to_angle}>, "
        + _ADDRESSES
        + r"(?:, (?:mpid=[0-9]+|TLS|se(?:cured|ssion=<%{session:session}>)))*",
    ),
    Pattern(
        kind="log_in_refused",
        programs=PROGRAM,
        needles=("(auth failed, ",),
        begins=r"[a-z0-9]+-login: (?:Info: )?(?:Disconnected|Aborted login|Login aborted).*\(auth failed, ",
        body=_LOGIN
        + r"(?:Disconnected|Aborted login|Login aborted)(?:: [^()]*| )\(auth failed, %{attempts:number} attempts"
        r"(?: in [0-9]+ secs)?\)(?: \([a-z_]+\))?: (?:user=<%{user:to_angle}>, )?(?:method=[^,]*, )?"
        r"rip=%{client_ip:ip}, lip=[0-9a-fA-F.:]+(?:, (?:[A-Za-z][^,<>]*|session=<%{session:session}>))*",
        fast_body=_LOGIN
        + r"(?:Disconnected|Aborted login|Login aborted)(?:: [ -'*-~]*| )\(auth failed, %{attempts:number} attempts"
        r"(?: in [0-9]+ secs)?\)(?: \([a-z_]+\))?: user=<%{user:to_angle}>, method=[0-9A-Za-z_-]*, "
        r"rip=%{client_ip:ip}, lip=[0-9a-fA-F.:]+(?:, (?:TLS|se(?:cured|ssion=<%{session:session}>)))*",
    ),
    Pattern(
        kind="password_refused",
        programs=PROGRAM,
        needles=("nknown user", "assword mismatch"),
        begins=r"auth(?:-worker)?(?:\([0-9]+\))?: (?:Info: )?(?:conn [^ ]+ \([^)]*\): auth-worker<[0-9]+>: )?"
        r"[a-z0-9_-]+\(.*,[0-9a-fA-F.:]+(?:,<[^>]*>)?\): (?:[Uu]nknown|[Pp]assword)",
        body=r"auth(?:-worker)?(?:\([0-9]+\))?: (?:Info: )?(?:conn [^ ]+ \([^)]*\): auth-worker<[0-9]+>: )?"
        r"[a-z0-9_-]+\(%{user:to_paren},%{client_ip:ip}(?:,<%{session:session}>)?\): "
        r"(?:[Uu]nknown user.*|%{mismatch:mismatch}.*)",
        fast_body=r"auth: (?:Info: )?[a-z0-9_-]+\(%{user:to_comma_or_paren},%{client_ip:ip}"
        r"(?:,<%{session:session}>)?\): (?:[Uu]nknown user|%{mismatch:mismatch})[ -~]*",
    ),
    Pattern(
        kind="session_ended",
        programs=PROGRAM,
        needles=(" hdr_count=",),
        begins=r"(?:imap|IMAP)\(.*\).*: .* in=[0-9]+ out=[0-9]+ .*hdr_count=",
        body=_IMAP + r".*=[0-9]+ out=[0-9]+ deleted=%{deleted:number} expunged=[0-9]+ (?:autoexpunged=[0-9]+ )?"
        r"trashed=[0-9]+ hdr_count=%{header_count:number} hdr_bytes=[0-9]+ "
        r"body_count=%{body_count:number} body_bytes=%{body_bytes:number}(?: .*)?",
        fast_body=r"imap\(%{user:to_paren}\)"
        + _SESSION_FAST
        + r": [ -<>-~]*=(?:wait-[a-z]+\) in=)?[0-9]+ out=[0-9]+ deleted=%{deleted:number} "
        r"expunged=[0-9]+ trashed=[0-9]+ hdr_count=%{header_count:number} hdr_bytes=[0-9]+ "
        r"body_count=%{body_count:number} body_bytes=%{body_bytes:number}",
    ),
    Pattern(
        kind="session_ended",
        programs=PROGRAM,
        needles=("imap(", "IMAP("),
        announced=False,
        begins=r"(?:imap|IMAP)\(.*\).*: (?:Info: )?(?:Disconnected|Logged out|Connection closed)",
        body=_IMAP
        + r"(?:Disconnected|Logged out|Connection closed).*?(?:(?: in=[0-9]+ out=[0-9]+| bytes=[0-9]+/[0-9]+)?|"
        r" %{literal_format:word}=%[a-z].*)",
    ),
    Pattern(
        kind="downloaded",
        programs=PROGRAM,
        needles=(" retr=",),
        begins=r"(?:pop3|POP3)\(.*\).*: .*top=",
        body=_POP3 + r".*=%{top:number}/[0-9]+, retr=%{retrieved:number}/[0-9]+, del=%{deleted:number}/[0-9]+.*",
        fast_body=r"pop3\(%{user:to_paren}\)"
        + _SESSION_FAST
        + r": [ -<>-~]*=%{top:number}/[0-9]+, retr=%{retrieved:number}/[0-9]+, del=%{deleted:number}/[0-9]+, "
        r"size=[0-9]+",
    ),
    Pattern(
        kind="mailbox_change",
        programs=PROGRAM,
        needles=(": box=",),
        begins=r"(?:imap|pop3)\(.*\).*: (?:Info: )?[a-z_]+(?: from .*)?: box=",
        body=r"%{protocol:name}\(%{user:to_paren}\)"
        + _SESSION
        + ": "
        + _INFO
        + r"%{action:verb}(?: from .*)?: box=%{box:to_comma}, (?:uid=%{uid:number}, )?"
        r"(?:msgid=%{message_id:to_comma}, )?(?:.*, )?flags=\(%{flags:flags}\)",
        fast_body=r"%{protocol:name}\(%{user:to_paren}\)"
        + _SESSION_FAST
        + ": "
        + _INFO
        + r"%{action:verb}: box=%{box:to_comma}, uid=%{uid:number}, "
        r"msgid=%{message_id:to_comma}, size=[0-9]+, flags=\(%{flags:flags}\)",
    ),
    Pattern(
        kind="stored",
        programs=PROGRAM,
        needles=("msgid=",),
        begins=r"(?:lmtp|lda|deliver)\(.*\).*: (?:sieve: )?msgid=.*: "
        r"(?:saved mail|stored mail|fileinto|forwarded|redirect)",
        body=_DELIVERY + _OUTCOME,
        fast_body=r"(?:l(?:mtp|da)|deliver)\(%{user:to_paren}\)"
        + _SESSION_FAST
        + r": "
        + _INFO
        + r"(?:sieve: )?msgid=%{message_id:to_colon}: (?:s(?:aved mail to [ -~]*|tored mail into mailbox '[ -&(-~]*')|"
        r"redirect action: forwarded to <%{redirect_to:address}>|"
        r"f(?:ileinto action: stored mail into mailbox '[ -&(-~]*'|orwarded to <%{forward_to:address}>))",
    ),
    Pattern(
        kind="auto_replied",
        programs=PROGRAM,
        needles=(": vacation action: ",),
        begins=r"(?:lmtp|lda|deliver)\(.*\).*: (?:sieve: )?msgid=.*: vacation action: sent",
        body=_DELIVERY + r"vacation action: sent vacation response to <[^>]*>",
        fast_body=r"(?:l(?:mtp|da)|deliver)\(%{user:to_paren}\)"
        + _SESSION_FAST
        + r": "
        + _INFO
        + r"(?:sieve: )?msgid=%{message_id:to_colon}: vacation action: sent vacation response to <[!-=?-~]*>",
    ),
)
