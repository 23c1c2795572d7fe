"""Readers of the mailbox census: what it tells of days, of one mailbox, and of its own runs."""

from __future__ import annotations

from mail_audit.queries.census.evidence import LONGEST_SPAN, Told, census_coverage, census_days, census_told
from mail_audit.queries.census.latest import (
    CensusRun,
    MailboxCensus,
    MailboxCount,
    latest_census,
    mailbox_census,
    waiting_mailboxes,
)
from mail_audit.queries.census.words import REASON_WORDS, SENT_WORDS

__all__ = [
    "LONGEST_SPAN",
    "REASON_WORDS",
    "SENT_WORDS",
    "CensusRun",
    "MailboxCensus",
    "MailboxCount",
    "Told",
    "census_coverage",
    "census_days",
    "census_told",
    "latest_census",
    "mailbox_census",
    "waiting_mailboxes",
]
