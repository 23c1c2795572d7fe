"""The password once more, before a change that matters: a session that somebody left open must not be enough.

An account without a password of its own (its owner comes by a provider) is asked for nothing it cannot know; there a
log-in of the last minutes stands in for it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _

from core.db import utc_now
from core.directory.queries import the_account
from core.directory.services import accounts
from web import auth, devices, work

FRESH = timedelta(minutes=10)
"""So long a log-in stands in for a password that an account does not have."""


def without_password(form: Any) -> Any:
    """The form as it is for an account that has no password of its own."""
    if not the_account(work.session(), auth.required().name).password_hash:
        del form.password
    return form


def confirmed(form: Any) -> bool:
    """Whether the form is right and its password that of the account; what is wrong is said at the field."""
    if not form.validate():
        return False
    if "password" not in form:
        return is_fresh()
    right = accounts.confirm_own_password(
        work.session(),
        auth.required(),
        password=form.password.data or "",
        address=request.remote_addr,
        device=devices.token(),
    )
    if not right:
        form.password.errors = [
            _("That is not the present password. After several wrong attempts there is a pause of some minutes.")
        ]
    return right


def is_fresh() -> bool:
    """Whether the log-in, by whatever door, is so new that it stands in for the password."""
    present = auth.present()
    return present is not None and utc_now() - present.began_at <= FRESH
