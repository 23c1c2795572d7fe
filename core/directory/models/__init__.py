"""Tables of the directory and of the accounts that may log in."""

from __future__ import annotations

from core.directory.models.accounts import Account, AccountSession, LogInOrigin
from core.directory.models.factors import OneTimeDevice, Passkey, RecoveryCode, Renewal, SpentChallenge
from core.directory.models.feeds import FedOfficial, ProvisionedOfficial, ProvisionedUnit, SyncRun, SyncState
from core.directory.models.grants import DeputyRow, GrantRow
from core.directory.models.identities import Identity
from core.directory.models.people import AliasRow, MailboxRow, OfficialRow, PostRow, UnitRow
from core.directory.models.tokens import ApiToken
from core.directory.models.words import OfficialWord, UnitWord

__all__ = [
    "Account",
    "AccountSession",
    "AliasRow",
    "ApiToken",
    "DeputyRow",
    "FedOfficial",
    "GrantRow",
    "Identity",
    "LogInOrigin",
    "MailboxRow",
    "OfficialRow",
    "OfficialWord",
    "OneTimeDevice",
    "Passkey",
    "PostRow",
    "ProvisionedOfficial",
    "ProvisionedUnit",
    "RecoveryCode",
    "Renewal",
    "SpentChallenge",
    "SyncRun",
    "SyncState",
    "UnitRow",
    "UnitWord",
]
