"""The form that makes an account for an official."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, Form, PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from web import doors
from web.forms.texts import stripped


def needed_without_doors(_form: Form, field: Field) -> None:
    """A password may be left out only where there is another way in."""
    if not field.data and not doors.installed().any:
        raise ValidationError(_("Enter the password"))


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
        validators=[needed_without_doors, Length(max=1000, message=_("The password is too long"))],
    )
