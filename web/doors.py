"""What the pages know of other doors, and the log-in page with its buttons."""

from __future__ import annotations

from typing import cast

from flask import current_app, render_template, session

from core.directory.doors.installed import Doors
from web import passkey_site
from web.forms.log_in import LogInForm
from web.language import language

CAME_BY = "door"
"""The session's entry of the provider that somebody came by."""


def installed() -> Doors:
    """The doors of this installation."""
    return cast("Doors", current_app.config["DOORS"])


def came_by() -> str | None:
    """The provider that the visitor of this request came by; None for a password of our own."""
    found = session.get(CAME_BY)
    return found if isinstance(found, str) and found in installed().oidc else None


def label(key: str) -> str:
    """What the button of a door says, in the visitor's language."""
    return installed().labels()[key].to(language())


def labels() -> dict[str, str]:
    """What the button of each door says, by its key."""
    return {key: label(key) for key in installed().labels()}


def log_in_page(form: LogInForm, wanted: str, *, problem: str = "", number: str = "", left: str | None = None) -> str:
    """The log-in page: our own form, a button for each other door, and what went wrong at one.

    `left` is the provider that somebody who has just logged out came by.
    """
    leaving = left if left in installed().oidc and installed().oidc[left].options.log_out else None
    return render_template(
        "log_in.html",
        form=form,
        wanted=wanted,
        labels=labels(),
        problem=problem,
        number=number,
        left=leaving,
        has_site=passkey_site.site() is not None,
    )
