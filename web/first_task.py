"""Where somebody begins who has just been let in: at the thing to do, not at a page about things to do.

From the log-in mail it is three steps to the first finished task: the link, a password, and what is done on the page
that follows. `tests/e2e/test_first_steps.py` walks them for every role; docs/first-steps.md shows them.
"""

from __future__ import annotations

from flask import current_app, url_for

from core.db import utc_now
from core.directory import queries
from core.directory.models import Account
from core.permissions import Role
from web import waiting, work
from web.formats import local

BY_ROLE = {Role.ADMINISTRATOR: "invitations.invitations", Role.HR: "exceptions.new"}
"""Role -> the page where its work begins while nothing waits; the first that the account has, in this order."""


def first_task(account: Account) -> str:
    """The address of the first task.

    That is what somebody waits for, where all of it is done on its own page; else where the work of the role begins;
    the own figures for who is an official and nothing else; the home page for all others.
    """
    session, now = work.session(), utc_now()
    number = queries.official_of_account(session, account)
    actor = queries.actor_of(session, account, number, today=local(now).date())
    desk = waiting.desk_of(session, actor, now, current_app.config["OFFERS"])
    waits = next((thing.address for thing in desk.cards if thing.at_once), None)
    if waits is not None:
        return waits
    if actor.every_role == {Role.OFFICIAL}:
        return url_for("own.own")
    return url_for(next((page for role, page in BY_ROLE.items() if role in actor.every_role), "home.home"))
