"""The forms of the log-in mail: the first password, and a new link."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from web.forms.password import NewPasswordForm
from web.forms.texts import stripped


class ChooseForm(NewPasswordForm):
    """The first password, or one in place of a forgotten one."""


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
