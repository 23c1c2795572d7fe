"""The help page: the words of the pages, what a page can do, and whom to ask."""

from __future__ import annotations

from flask import Blueprint, render_template

from mail_audit.report.model import CLASSES
from web import work
from web.guards import public

pages = Blueprint("help", __name__)


@pages.get("/help", endpoint="help")
@public("whoever cannot log in needs it most; it explains words and names whom to ask, and shows nothing of anybody")
def page() -> str:
    """What the words mean, how to find, read off-line and print, and whom to ask."""
    return render_template("help.html", classes=CLASSES, contact=work.options().contact)
