"""Readers of the directory and of the accounts. What is gone from the directory is left out."""

from __future__ import annotations

from core.directory.queries.accounts import (
    OpenSession,
    TimeOuts,
    account_by_name,
    account_in_reach,
    accounts,
    count_accounts,
    official_of_account,
    open_session,
    open_session_by_id,
    open_sessions,
    the_account,
    words_of_account,
)
from core.directory.queries.deputies import Deputy, acting_for, deputies, deputies_of, deputy_actor
from core.directory.queries.grants import Grant, actor_of, grants, unit_keys_of, units_below, units_of_official
from core.directory.queries.people import (
    Counts,
    counts,
    in_post,
    main_unit,
    official_row,
    roster,
    unit_key,
    units_above,
)
from core.directory.queries.sync import count_runs, programs, sync_run, sync_runs

__all__ = [
    "Counts",
    "Deputy",
    "Grant",
    "OpenSession",
    "TimeOuts",
    "account_by_name",
    "account_in_reach",
    "accounts",
    "acting_for",
    "actor_of",
    "count_accounts",
    "count_runs",
    "counts",
    "deputies",
    "deputies_of",
    "deputy_actor",
    "grants",
    "in_post",
    "main_unit",
    "official_of_account",
    "official_row",
    "open_session",
    "open_session_by_id",
    "open_sessions",
    "programs",
    "roster",
    "sync_run",
    "sync_runs",
    "the_account",
    "unit_key",
    "unit_keys_of",
    "units_above",
    "units_below",
    "units_of_official",
    "words_of_account",
]
