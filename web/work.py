"""The unit of work of one request: the settings it runs under, and its one database session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import cast

from flask import current_app, g
from sqlalchemy.orm import Session

from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.settings import Settings
from web.options import Options


def settings() -> Settings:
    """The settings the application was made with."""
    return cast("Settings", current_app.config["SETTINGS"])


def today() -> date:
    """The day it is in the offices."""
    return day_in(settings().timezone, utc_now())


def options() -> Options:
    """The choices of the table `[web]`."""
    return cast("Options", current_app.config["OPTIONS"])


def session() -> Session:
    """The database session of this request, opened when first asked for; the border commits it."""
    if "db_session" not in g:
        g.db_session = g.work.enter_context(unit_of_work(settings()))
    return cast("Session", g.db_session)


@contextmanager
def one_commit() -> Iterator[None]:
    """Whatever the block did to the session is committed once at its end, or rolled back when it raises."""
    with ExitStack() as stack:
        g.work = stack
        try:
            yield
        finally:
            g.pop("db_session", None)
