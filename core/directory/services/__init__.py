"""What changes the directory and the accounts. Each flushes, never commits, and leaves one entry in the trail."""

from __future__ import annotations

from core.directory.services.accounts import change_own_password, change_password, create_account, verify_log_in
from core.directory.services.closing import close_account, reopen_account
from core.directory.services.deputies import end_deputy, name_deputy
from core.directory.services.granting import grant_role, withdraw_grant
from core.directory.services.importing import import_roster
from core.directory.services.sessions import begin_session, end_session, end_sessions, log_out, note_seen

__all__ = [
    "begin_session",
    "change_own_password",
    "change_password",
    "close_account",
    "create_account",
    "end_deputy",
    "end_session",
    "end_sessions",
    "grant_role",
    "import_roster",
    "log_out",
    "name_deputy",
    "note_seen",
    "reopen_account",
    "verify_log_in",
    "withdraw_grant",
]
