"""The forms of tokens: what for, which scopes, how long, and the password once more."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from core.directory.scopes import SCOPES
from core.directory.services.tokens import LONGEST_NAME
from web.forms.password import TOO_LONG
from web.forms.texts import Choice, stripped

DAYS = (7, 30, 90, 180, 365)


class TokenForm(FlaskForm):  # type: ignore[misc]
    """What everybody who makes a token says."""

    name = StringField(
        _("What it is for"),
        filters=[stripped],
        validators=[
            InputRequired(_("Write what the token is for")),
            Length(max=LONGEST_NAME, message=_("That is too long")),
        ],
    )
    scopes = SelectMultipleField(
        _("What it may"),
        choices=[SelectChoice(name, name) for name in SCOPES],
        validators=[InputRequired(_("Choose at least one"))],
        validate_choice=False,  # the service refuses what is not offered, in our words
    )
    days = Choice(
        _("How long it lives"),
        choices=[SelectChoice(str(days), _("%(days)s days", days=days)) for days in DAYS],
        default="90",
    )
    password = PasswordField(_("Your password"), validators=[InputRequired(_("Enter the password")), TOO_LONG])


class ServiceTokenForm(TokenForm):
    """The same for a service: its name stands in the trail."""

    name = StringField(
        _("Name of the service"),
        filters=[stripped],
        validators=[
            InputRequired(_("Enter the name of the service")),
            Length(max=LONGEST_NAME, message=_("That is too long")),
        ],
    )
