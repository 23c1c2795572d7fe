"""Readers of the directory and of the accounts. What is gone from the directory is left out."""

from __future__ import annotations

from core.directory.queries.accounts import (
    OpenSession,
    TimeOuts,
    account_by_name,
    accounts,
    count_accounts,
    official_of_account,
    open_session,
    open_sessions,
    the_account,
    words_of_account,
)
from core.directory.queries.grants import Grant, actor_of, grants, unit_keys_of, units_below, units_of_official
from core.directory.queries.people import official_row, roster

__all__ = [
    "Grant",
    "OpenSession",
    "TimeOuts",
    "account_by_name",
    "accounts",
    "actor_of",
    "count_accounts",
    "grants",
    "official_of_account",
    "official_row",
    "open_session",
    "open_sessions",
    "roster",
    "the_account",
    "unit_keys_of",
    "units_below",
    "units_of_official",
    "words_of_account",
]
