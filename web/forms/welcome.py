"""The forms of the log-in mail: the first password, and a new link."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from web.forms.password import TOO_LONG
from web.forms.texts import stripped


class ChooseForm(FlaskForm):  # type: ignore[misc]
    """The new password, twice."""

    new = PasswordField(_("New password"), validators=[InputRequired(_("Enter the new password")), TOO_LONG])
    again = PasswordField(
        _("New password once more"), validators=[InputRequired(_("Enter the new password once more")), TOO_LONG]
    )

    def validate_again(self, field: Any) -> None:
        """Both must be the same: nobody sees what was typed."""
        if field.data != self.new.data:
            raise ValidationError(_("The two new passwords are not the same"))


class AgainForm(FlaskForm):  # type: ignore[misc]
    """Whose link: the account's name or the official address."""

    name = StringField(
        _("Account name or official e-mail address"),
        filters=[stripped],
        validators=[
            InputRequired(_("Enter the account name or the e-mail address")),
            Length(max=254, message=_("The name is too long")),
        ],
    )
