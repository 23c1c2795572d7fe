"""Counts a sample's log by a second way, plain and slow, so that the generator's own booking is checked."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

SUBMITTED = re.compile(r"postfix/submission/smtpd\[\d+\]: (\w+): client=[^ ]+, sasl_method=\w+, sasl_username=(\S+)$")
ACTIVE = re.compile(r"postfix/qmgr\[\d+\]: (\w+): from=<.*>, size=\d+, nrcpt=\d+ \(queue active\)$")
TO = re.compile(r"postfix/(\w+)\[\d+\]: (\w+): to=<([^>]*)>,(?: orig_to=<([^>]*)>,)? relay=.*, status=(\w+) \(")
REMOVED = re.compile(r"postfix/qmgr\[\d+\]: (\w+): removed$")
LOGIN = re.compile(r" dovecot: (?:imap|pop3)-login: (?:Login|Logged in): user=<([^>]*)>")
REFUSED = re.compile(
    r" dovecot: (?:imap|pop3)-login: [^<]*\(auth failed, (\d+) attempts[^)]*\)(?: \(auth_failed\))?: user=<([^>]*)>, m"
)
REFUSED_SMTP = re.compile(
    r"smtpd\[\d+\]: warning: unknown\[[\d.]+\]: SASL \w+ authentication failed: .*, sasl_username=([^ ]+)$"
)
SEEN = re.compile(r" dovecot: imap\(([^)]+)\)(?:<\d+><[^>]+>)?: flag_change: box=INBOX, uid=(\d+), .*flags=\(.*Seen")
DOMAIN = "@tp.example.gov.vn"


@dataclass
class Counted:
    """Counts by address."""

    sent: Counter[str] = field(default_factory=Counter)
    recipients: Counter[str] = field(default_factory=Counter)
    external: Counter[str] = field(default_factory=Counter)
    received: Counter[str] = field(default_factory=Counter)
    logins: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    opened: Counter[str] = field(default_factory=Counter)


def count(text: str) -> Counted:
    """All counts of one log, by mailbox address."""
    found = Counted()
    owners: dict[str, str] = {}
    addressed: dict[str, set[str]] = {}
    seen: set[tuple[str, str]] = set()
    for line in text.splitlines():
        if match := SUBMITTED.search(line):
            owners[match[1]] = match[2]
        elif (match := ACTIVE.search(line)) and match[1] in owners and match[1] not in addressed:
            addressed[match[1]] = set()
            found.sent[owners[match[1]]] += 1
        elif match := TO.search(line):
            deliver(found, match, addressed)
        elif (match := REMOVED.search(line)) and match[1] in addressed:
            recipients = addressed.pop(match[1])
            owner = owners.pop(match[1])
            found.recipients[owner] += len(recipients)
            found.external[owner] += sum(1 for one in recipients if not one.endswith(DOMAIN))
        elif match := LOGIN.search(line):
            found.logins[match[1]] += 1
        elif match := REFUSED.search(line):
            found.failed[match[2]] += int(match[1])
        elif match := REFUSED_SMTP.search(line):
            found.failed[match[1]] += 1
        elif (match := SEEN.search(line)) and (match[1], match[2]) not in seen:
            seen.add((match[1], match[2]))
            found.opened[match[1]] += 1
    return found


def deliver(found: Counted, match: re.Match[str], addressed: dict[str, set[str]]) -> None:
    """One delivery line: a recipient of a submission, and a message received."""
    agent, queue_id, to, original, status = match.groups()
    if queue_id in addressed:
        addressed[queue_id].add(original or to)
    if status != "sent":
        return
    if agent in ("lmtp", "pipe"):
        found.received[to] += 1
    elif original and original.endswith(DOMAIN):
        found.received[original] += 1
