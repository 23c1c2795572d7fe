"""The API as a part of the application: its operations as routes, behind the same guards and border as the pages."""

from __future__ import annotations

from flask import Blueprint
from flask_wtf.csrf import CSRFProtect

from web.api import door
from web.api.operations import Operation, view_of
from web.api.resources import SECTIONS
from web.border import BorderedFlask

NAME = "api"


def operations() -> list[Operation]:
    """Every operation there is."""
    return [one for section in SECTIONS for one in section.operations]


def install(app: BorderedFlask, csrf: CSRFProtect) -> None:
    """Give `app` the API. It takes no cookies, so no other site can make a browser ask for anything here."""
    pages = Blueprint(NAME, __name__, url_prefix=door.PREFIX)
    for one in operations():
        pages.add_url_rule(one.address, one.name, view_of(one), methods=[one.method], provide_automatic_options=False)
    pages.after_request(door.tell_what_is_left)
    app.register_blueprint(pages)
    csrf.exempt(pages)
