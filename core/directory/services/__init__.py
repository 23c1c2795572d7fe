"""What changes the directory and the accounts. Each flushes, never commits, and leaves one entry in the trail."""

from __future__ import annotations

from core.directory.services.accounts import change_own_password, change_password, create_account, verify_log_in
from core.directory.services.importing import import_roster

__all__ = ["change_own_password", "change_password", "create_account", "import_roster", "verify_log_in"]
