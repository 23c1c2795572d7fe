"""The log-in form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from web.forms.texts import stripped


class LogInForm(FlaskForm):  # type: ignore[misc]
    """Name and password."""

    name = StringField(
        _("Account name"),
        filters=[stripped],
        validators=[InputRequired(_("Enter the account name")), Length(max=200, message=_("The name is too long"))],
    )
    password = PasswordField(
        _("Password"),
        validators=[InputRequired(_("Enter the password")), Length(max=1000, message=_("The password is too long"))],
    )
