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

TOO_LONG = Length(max=LONGEST, message=_("At most 2,000 characters"))


class ExceptionForm(FlaskForm):  # type: ignore[misc]
    """What is known of an official and no log says."""

    official_id = StringField(
        _("Number of the official"),
        filters=[stripped],
        validators=[InputRequired(_("Write the official's number, as in the directory")), Length(max=64)],
    )
    kind = SelectField(
        _("What is known"),
        choices=[
            SelectChoice("leave", _("leave")),
            SelectChoice("sickness", _("sickness")),
            SelectChoice("shared_station", _("shared station")),
            SelectChoice("agreed_delegate", _("agreed delegate")),
        ],
    )
    first = DateField(_("First day"))
    last = DateField(_("Last day"), validators=[Optional()])
    address = StringField(_("IP address of the station"), filters=[stripped], validators=[Length(max=64)])
    delegate = StringField(_("Number of the delegate"), filters=[stripped], validators=[Length(max=64)])
    note = TextAreaField(_("Note"), filters=[stripped], validators=[TOO_LONG])

    def validate_first(self, field: Any) -> None:
        """There must be a first day."""
        _needed(field)

    def validate_last(self, field: Any) -> None:
        """What was typed must be a day, and not before the first."""
        _needed(field)
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("The last day must not be before the first"))

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
        _needed(field)


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Why it should not have been recorded."""

    why = TextAreaField(
        _("Why is it withdrawn?"),
        filters=[stripped],
        validators=[InputRequired(_("Write why it is withdrawn")), TOO_LONG],
    )


def _needed(field: Any) -> None:
    """A day, in our own words whatever was typed; a field that may be empty does not come here when it is."""
    if field.data is None:
        field.errors = []
        raise ValidationError(_("Enter a day that is in the calendar"))
