"""The forms of exceptions: a new one, the last day of one, why one is withdrawn."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from mail_audit.written import LONGEST
from web.forms.texts import stripped
from web.forms.whom import DaysForm, a_day, official_number

TOO_LONG = Length(max=LONGEST, message=_("At most 2,000 characters"))


class ExceptionForm(DaysForm):
    """What is known of an official and no log says."""

    official_id = official_number()
    kind = SelectField(
        _("What is known"),
        choices=[
            SelectChoice("leave", _("leave")),
            SelectChoice("sickness", _("sickness")),
            SelectChoice("shared_station", _("shared station")),
            SelectChoice("agreed_delegate", _("agreed delegate")),
        ],
    )
    last = DateField(_("Last day"), validators=[Optional()])
    address = StringField(_("IP address of the station"), filters=[stripped], validators=[Length(max=64)])
    delegate = StringField(_("Number of the delegate"), filters=[stripped], validators=[Length(max=64)])
    note = TextAreaField(_("Note"), filters=[stripped], validators=[TOO_LONG])

    def validate_address(self, field: Any) -> None:
        """A shared station has an address."""
        if self.kind.data == "shared_station" and not field.data:
            raise ValidationError(_("Write the station's IP address, for example 10.0.0.7"))

    def validate_delegate(self, field: Any) -> None:
        """A delegate is somebody."""
        if self.kind.data == "agreed_delegate" and not field.data:
            raise ValidationError(_("Write the number of the official who works for them"))


class EndForm(FlaskForm):  # type: ignore[misc]
    """The last day."""

    last = DateField(_("Last day"))

    def validate_last(self, field: Any) -> None:
        """There must be one."""
        a_day(field)


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Why it should not have been recorded."""

    why = TextAreaField(
        _("Why is it withdrawn?"),
        filters=[stripped],
        validators=[InputRequired(_("Write why it is withdrawn")), TOO_LONG],
    )
