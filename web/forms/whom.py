"""Fields that several forms have: whom it is about, and the days from which to which it is so."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from web.forms.texts import required, stripped


def official_number() -> StringField:
    """The number of an official, which there must be; whose it is, the service says."""
    return StringField(
        _("Number of the official"),
        filters=[stripped],
        validators=[InputRequired(_("Write the official's number, as in the directory")), Length(max=64)],
    )


def a_day(field: Any) -> None:
    """Raises ValidationError in our own words, whatever was typed that is no day."""
    required(field, _("Enter a day that is in the calendar"))


class DaysForm(FlaskForm):  # type: ignore[misc]
    """From a first day to a last one, both included, in this order."""

    first = DateField(_("First day"))
    last = DateField(_("Last day"))

    def validate_first(self, field: Any) -> None:
        """There must be a first day."""
        a_day(field)

    def validate_last(self, field: Any) -> None:
        """A day, and not before the first; where it may be empty and is, this is not asked."""
        a_day(field)
        if self.first.data and field.data < self.first.data:
            raise ValidationError(_("The last day must not be before the first"))
