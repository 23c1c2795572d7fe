"""What the pages of second factors share, whether in a session or half-way through a log-in."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, current_app, render_template, request, session
from flask_babel import gettext as _
from markupsafe import Markup

from core.db import utc_now
from core.directory.factors import one_time
from core.directory.services import factors
from core.permissions import Actor
from web import qr, work

ISSUER = "Vanthu"
OFFERED = "offered"
"""The entry of the cookie that knows which secret this browser was shown."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret for an authenticator app: as a picture, as an address for the app on this very device, as letters."""

    picture: Markup
    address: str
    letters: str


def offer(secret: str, account: str) -> Offer:
    """How a secret is shown. The server's name stands beside ours: an app may hold several installations."""
    issuer = f"{ISSUER} ({request.host.rpartition(':')[0] or request.host})"
    address = one_time.address(secret, account=account, issuer=issuer)
    letters = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return Offer(qr.as_svg(address, title=_("QR code for the authenticator app")), address, letters)


def new_secret(actor: Actor) -> str:
    """A new secret for an app, offered to this browser."""
    secret = factors.offer_app(work.session(), actor, now=utc_now())
    session[OFFERED] = factors.mark_of(secret)
    return secret


def secret_again(actor: Actor) -> str | None:
    """The secret that this browser was shown last, as long as it stands."""
    return factors.standing_offer(work.session(), actor, mark=str(session.get(OFFERED, "")), now=utc_now())


def codes_page(codes: list[str], *, onward: str) -> str:
    """New recovery codes, shown this once."""
    return render_template("recovery_codes.html", codes=codes, onward=onward)


def as_json(text: str) -> Response:
    """Options for the browser's script."""
    return current_app.response_class(text, mimetype="application/json")


def wrong_code() -> str:
    """What is said of a code that is wrong, was used, or came during a pause: the same for all."""
    words = (
        _("This code is not right, or was used before. Wait for the next one in the app."),
        _("After several wrong attempts there is a pause."),
    )
    return " ".join(words)


def wrong_first_code() -> str:
    """What is said where the first code of a new app does not fit."""
    words = (
        _("This code does not fit. Wait for the next one in the app."),
        _("If that does not fit either, check the telephone's clock."),
    )
    return " ".join(words)
