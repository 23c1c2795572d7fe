"""The form that makes an account: of an official, with a role, or both."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from web import doors
from web.forms.roles import ROLES, unit_field
from web.forms.texts import Choice, stripped


def needed_without_doors(_form: FlaskForm, field: Any) -> None:
    """A first password may be left out only where there is another way in."""
    if not field.data and not doors.installed().any:
        raise ValidationError(_("Enter the password"))


class AccountForm(FlaskForm):  # type: ignore[misc]
    """Whose account, its name, what it may do besides, and the first password."""

    official_id = StringField(_("Number of the official"), filters=[stripped], validators=[Length(max=64)])
    name = StringField(
        _("Account name"),
        filters=[stripped],
        validators=[InputRequired(_("Enter the account name")), Length(max=200, message=_("The name is too long"))],
    )
    password = PasswordField(
        _("First password"),
        validators=[needed_without_doors, Length(max=1000, message=_("The password is too long"))],
    )
    role = Choice(
        _("Role"), choices=[SelectChoice(*one) for one in (("", _("none: only the own figures")), *ROLES)], default=""
    )
    unit = unit_field()

    def validate_official_id(self, field: Any) -> None:
        """An account is somebody's, or is for something."""
        if not field.data and not self.role.data:
            raise ValidationError(_("Write the official's number, as in the directory"))
