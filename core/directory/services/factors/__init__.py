"""Second factors: added, given at a log-in, taken away by their owner or by who recovers an account."""

from __future__ import annotations

from core.directory.services.factors.app import confirm_app, mark_of, offer_app, remove_app, standing_offer
from core.directory.services.factors.codes import make_codes
from core.directory.services.factors.passkeys import (
    Site,
    add_passkey,
    creation_options,
    enter_by_passkey,
    prove_by_passkey,
    remove_passkey,
    request_options,
)
from core.directory.services.factors.proving import note_log_in, prove_by_code, prove_by_recovery_code
from core.directory.services.factors.recovering import recover_account, renew_password

__all__ = [
    "Site",
    "add_passkey",
    "confirm_app",
    "creation_options",
    "enter_by_passkey",
    "make_codes",
    "mark_of",
    "note_log_in",
    "offer_app",
    "prove_by_code",
    "prove_by_passkey",
    "prove_by_recovery_code",
    "recover_account",
    "remove_app",
    "remove_passkey",
    "renew_password",
    "request_options",
    "standing_offer",
]
