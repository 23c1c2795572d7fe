"""Postfix: what its daemons write, as data.

Source: postfix.org's own programs as seen on Postfix 3.4 to 3.9; `client=` is written when a queue file is opened
(smtpd(8)), `from=<>, size=, nrcpt= (queue active)` each time the queue manager takes it up (qmgr(8)), `to=` at every
delivery attempt, `removed` when the queue file is gone. Queue ids: postconf(5), `enable_long_queue_ids`.
"""

from __future__ import annotations

from mail_audit.formats.pattern import Part, Pattern

DELIVERY_AGENTS = ("lmtp", "smtp", "local", "virtual", "pipe", "error", "discard", "relay", "retry")
"""Daemons whose `to=` lines are delivery attempts; `relay` and `retry` are service names of smtp and error."""

_DELAY = r"delay=[0-9.]+, d(?:elays=[0-9./]+, d)?sn=[0-9.]+, status="

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        kind="submitted",
        programs=("smtpd",),
        needles=(", sasl_username=",),
        begins=r"[0-9A-Za-z]+: client=[^,]*, sasl_",
        body=r"%{queue_id:queue_id}: client=[^,]*\[%{client_ip:ip}\](?::[0-9]+)?, (?:sasl_method=[^,]*, )?"
        r"sasl_username=%{user:to_comma}(?:, (?:sasl_sender|orig_queue_id|orig_client)=.*)?",
        fast_body=r"%{queue_id:queue_id}: client=[!-+\--Z\\-~]*\[%{client_ip:ip}\](?::[0-9]+)?, "
        r"sasl_method=[!-+\--~]*, sasl_username=%{user:to_comma}",
    ),
    # A filter before the queue (smtpd_proxy_filter): the smtpd that knew the log-in never has a queue file of its own.
    Pattern(
        kind="submitted_by_proxy",
        programs=("smtpd",),
        needles=("proxy-accept: END-OF-MESSAGE: ",),
        begins=r"proxy-accept: END-OF-MESSAGE: .* sasl_username=<",
        body=r"proxy-accept: END-OF-MESSAGE: 2[^;]*queued as %{queue_id:queue_id}\)?; from=<.*> to=<.*> proto=[A-Z]+ "
        r"helo=<.*> sasl_username=<%{user:to_angle}>",
    ),
    Pattern(
        kind="queued",
        programs=("qmgr",),
        needles=(": from=<",),
        begins=r"[0-9A-Za-z]{5,}: from=<",
        body=r"%{queue_id:queue_id}: from=<%{sender:address}>, size=[0-9]+, nrcpt=%{recipients:number} "
        r"\(queue active\)",
    ),
    Pattern(
        kind="message_id",
        programs=("cleanup",),
        needles=(": message-id=",),
        begins=r"[0-9A-Za-z]{5,}: message-id=",
        body=r"%{queue_id:queue_id}: message-id=%{message_id:rest}",
    ),
    Pattern(
        kind="delivery",
        programs=DELIVERY_AGENTS,
        needles=(": to=<",),
        begins=r"[0-9A-Za-z]{5,}: to=<",
        body=r"%{queue_id:queue_id}: to=<%{to:address}>, (?:orig_to=<%{orig_to:address}>, )?relay=%{relay:to_comma}, "
        rf"(?:conn_use=[0-9]+, )?{_DELAY}" + r"%{status:word} \(%{reply:rest}",
        parts=(
            # Another server's queue id, and the LMTP session, stand at the end of that server's answer.
            Part("next_id", "reply", "queued as ", "0-9A-Za-z", ")", 5, 20),
            Part("session", "reply", " ", "0-9A-Za-z+/:=._-", " Saved)"),
            Part("forwarded_id", "reply", "forwarded as ", "0-9A-Za-z", ")", 5, 20, whole=True),
            Part("set_aside", "reply", "discarded"),
        ),
    ),
    Pattern(
        kind="removed",
        programs=("qmgr",),
        needles=(": removed",),
        begins=r"[0-9A-Za-z]{5,}: removed",
        body=r"%{queue_id:queue_id}: removed",
    ),
    Pattern(
        kind="smtp_refused",
        programs=("smtpd",),
        needles=(" authentication failed: ",),
        begins=r"warning: [^ ]*\[[0-9a-fA-F.:]+\](?::[0-9]+)?: SASL ",
        body=r"warning: [^ ]*\[%{client_ip:ip}\](?::[0-9]+)?: SASL [^ ]+ authentication failed: "
        r"(?:[^,]*, sasl_username=%{user:rest}|.*)",
        fast_body=r"warning: [!-Z\\-~]*\[%{client_ip:ip}\]:(?:[0-9]+:)? SASL [!-~]+ authentication failed: "
        r"[ -+\--~]*(?:, sasl_username=%{user:rest})?",
    ),
)
