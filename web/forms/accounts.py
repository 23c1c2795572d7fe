"""The form that makes an account for an official."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from web.forms.texts import stripped


class AccountForm(FlaskForm):  # type: ignore[misc]
    """Whose account, its name, and the first password."""

    official_id = StringField(
        _("Number of the official"),
        filters=[stripped],
        validators=[InputRequired(_("Write the official's number, as in the directory")), Length(max=64)],
    )
    name = StringField(
        _("Account name"),
        filters=[stripped],
        validators=[InputRequired(_("Enter the account name")), Length(max=200, message=_("The name is too long"))],
    )
    password = PasswordField(
        _("First password"),
        validators=[InputRequired(_("Enter the password")), Length(max=1000, message=_("The password is too long"))],
    )
