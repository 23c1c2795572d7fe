"""Half-way through a log-in: the password was right, and a second step is due. There is no session yet.

What is known of it stands in the signed cookie for ten minutes: the account, when, and a digest of its password and
factors as they were. So it ends as soon as any of them changes, and is worth nothing for another account. Stolen, it
still lacks the second factor.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db import utc_now
from core.directory.models import Account
from core.directory.queries.factors import Factor, Step, factors_of, next_step, standing
from core.directory.services import granting
from core.directory.services.factors import note_log_in
from core.permissions import Actor
from web import auth, doors, guards, work

HALF_WAY = "halfway"
VALID_FOR = timedelta(minutes=10)
WITHOUT = frozenset({"account", "language", "security", "session"})
"""Nouns whose pages an account may open that must add a second factor first."""


@dataclass(frozen=True, slots=True)
class HalfWay:
    """Whose log-in it is, and with what it was proved so far besides the password."""

    account: Account
    proved: Factor | None

    @property
    def actor(self) -> Actor:
        """The account as far as it may add its own factor, and nothing else."""
        return Actor(self.account.name)

    @property
    def step(self) -> Step | None:
        """What is due now; None where nothing is any more."""
        return next_step(
            work.session(), self.account, proved=self.proved is not None, demanded=is_demanded_of(self.account)
        )


def first_factor_done(account: Account, *, wanted: str) -> Response:
    """Go on after the password (or another door) let `account` in: to the next step, or into a session at `wanted`."""
    _remember(HalfWay(account, None))
    step = HalfWay(account, None).step
    if step is not None:
        return redirect(url_for(f"second_step.{step}", next=wanted if wanted != "/" else None), 303)
    auth.log_in(account)
    return redirect(wanted, 303)


def go_on(here: HalfWay, *, wanted: str) -> Response:
    """Go on after a step was taken: to the next one, or into a session and to `wanted`."""
    step = here.step
    if step is not None:
        _remember(here)
        return redirect(url_for(f"second_step.{step}", next=wanted if wanted != "/" else None), 303)
    finish(here)
    return redirect(wanted, 303)


def finish(here: HalfWay) -> None:
    """Begin the session, now that all steps are taken."""
    note_log_in(work.session(), here.account, factor=here.proved)
    auth.log_in(here.account, factor=here.proved)


def present() -> HalfWay | None:
    """The log-in that is half-way in this browser; None for none, one that is too old, or whose account has changed."""
    kept = session.get(HALF_WAY)
    if not isinstance(kept, dict):
        return None
    age = utc_now().timestamp() - float(kept["at"])
    account = work.session().get(Account, int(kept["account"]))
    if account is None or account.closed_at is not None or not 0 <= age <= VALID_FOR.total_seconds():
        return None
    if not hmac.compare_digest(str(kept["mark"]), standing(work.session(), account)):
        return None
    return HalfWay(account, Factor(kept["proved"]) if kept["proved"] else None)


def is_demanded_of(account: Account) -> bool:
    """Whether a role of the account may not be without a second factor."""
    wanted = work.options().second_for
    return bool(wanted) and bool(wanted & granting.roles_of(work.session(), account))


def demanded() -> bool:
    """The same of whoever is logged in."""
    return bool(work.options().second_for & auth.required().every_role)


def missing_factor() -> Response | None:
    """Where a session was begun without the second factor that its account needs by now: the page that adds one.

    An account that has got one elsewhere has to log in anew.
    """
    actor = auth.actor()
    begun = g.get("open_session")
    if actor is None or begun is None or begun.factor is not None or not work.options().second_for & actor.every_role:
        return None
    guard = guards.guard_of(current_app, request.endpoint or "")
    if request.blueprint in WITHOUT or guard is None or guard.permission is None:
        return None
    if factors_of(work.session(), begun.account).any:
        auth.log_out()
        return redirect(url_for("session.log_in"), 303)
    flash(_("Your role asks for a second step at the log-in. Please add one here; then everything else opens again."))
    return redirect(url_for("security.security"), 303)


def _remember(here: HalfWay) -> None:
    """Keep it in a cookie that holds nothing else but the door it came by: no earlier session, nor half of one."""
    auth.end_earlier()
    came_by = session.get(doors.CAME_BY) if HALF_WAY in session else None
    session.clear()
    if came_by is not None:
        session[doors.CAME_BY] = came_by
    session[HALF_WAY] = {
        "account": here.account.id,
        "at": int(utc_now().timestamp()),
        "mark": standing(work.session(), here.account),
        "proved": "" if here.proved is None else here.proved.value,
    }
