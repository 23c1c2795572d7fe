"""Where somebody begins who has just been let in: at the thing to do, not at a page about things to do."""

from __future__ import annotations

from flask import url_for

from core.db import utc_now
from core.directory import queries
from core.directory.models import Account
from core.permissions import Role
from web import work
from web.formats import local


def first_task(account: Account) -> str:
    """The address of the first task: the own figures for who is an official and nothing else, else what waits."""
    session = work.session()
    number = queries.official_of_account(session, account)
    actor = queries.actor_of(session, account, number, today=local(utc_now()).date())
    return url_for("own.own") if actor.every_role == {Role.OFFICIAL} else url_for("home.home")
