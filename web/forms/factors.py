"""The forms of second factors: a code, the password asked again, a passkey's answer, a reason."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from core.directory.services.factors.passkeys import LONGEST_ANSWER, LONGEST_NAME
from core.directory.services.factors.recovering import LONGEST_REASON
from web.forms.password import TOO_LONG
from web.forms.texts import stripped

CODE_TOO_LONG = Length(max=100, message=_("That is not a code"))


class CodeForm(FlaskForm):  # type: ignore[misc]
    """A code of the authenticator app."""

    code = StringField(
        _("Six digits from the app"),
        filters=[stripped],
        validators=[InputRequired(_("Enter the six digits that the app shows")), CODE_TOO_LONG],
    )


class RecoveryCodeForm(FlaskForm):  # type: ignore[misc]
    """A recovery code. Its field is named apart from that of the app: both stand on one page."""

    recovery_code = StringField(
        _("Recovery code"),
        filters=[stripped],
        validators=[InputRequired(_("Enter one of the recovery codes")), CODE_TOO_LONG],
    )


class PasskeyForm(FlaskForm):  # type: ignore[misc]
    """What the browser answered; filled in by the script."""

    answer = HiddenField(validators=[InputRequired(_("The browser gave no passkey")), Length(max=LONGEST_ANSWER)])


class AskedAgainForm(FlaskForm):  # type: ignore[misc]
    """The password once more, before a change that matters."""

    password = PasswordField(_("Password"), validators=[InputRequired(_("Enter the password")), TOO_LONG])


class NewPasskeyForm(PasskeyForm):
    """A passkey that is being added half-way through a log-in: how it shall be called."""

    name = StringField(
        _("Name of the device, to recognise it"),
        filters=[stripped],
        validators=[
            InputRequired(_("Write a name for the device")),
            Length(max=LONGEST_NAME, message=_("The name is too long")),
        ],
    )


class NewPasskeyAskedAgainForm(NewPasskeyForm, AskedAgainForm):
    """The same in a session: with the password once more."""


class RecoverForm(FlaskForm):  # type: ignore[misc]
    """Why an account is recovered."""

    reason = TextAreaField(
        _("Why, and how you made sure who is asking"),
        filters=[stripped],
        validators=[
            InputRequired(_("Write why, and how you made sure who is asking")),
            Length(max=LONGEST_REASON, message=_("The reason is too long")),
        ],
    )
