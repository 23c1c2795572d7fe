"""Forms of passwords: a new one, typed twice; and the own one changed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, ValidationError
from wtforms.validators import InputRequired, Length

TOO_LONG = Length(max=1000, message=_("The password is too long"))


class OldPasswordForm(FlaskForm):  # type: ignore[misc]
    """The password there is."""

    old = PasswordField(_("Present password"), validators=[InputRequired(_("Enter the present password")), TOO_LONG])


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, twice."""

    new = PasswordField(_("New password"), validators=[InputRequired(_("Enter the new password")), TOO_LONG])
    again = PasswordField(
        _("New password once more"), validators=[InputRequired(_("Enter the new password once more")), TOO_LONG]
    )

    def validate_again(self, field: Any) -> None:
        """Both must be the same: nobody sees what was typed."""
        if field.data != self.new.data:
            raise ValidationError(_("The two new passwords are not the same"))


class PasswordForm(OldPasswordForm, NewPasswordForm):
    """The password there is, and the new one twice."""
