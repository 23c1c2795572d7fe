"""The form that starts an audit: the period, and where the logs are."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, MultipleFileField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from web.forms.texts import stripped

MOST_PLACES = 100


class NewAuditForm(FlaskForm):  # type: ignore[misc]
    """Days may be left empty: then every day that the logs hold is measured."""

    logs = MultipleFileField(_("Log files from this computer"))
    places = TextAreaField(
        _("Folders or files on the server"),
        filters=[stripped],
        validators=[Length(max=20_000, message=_("That is too long"))],
    )
    first = DateField(_("First day"), validators=[Optional()])
    last = DateField(_("Last day"), validators=[Optional()])
    timezone = StringField(
        _("Time zone of the servers"), filters=[stripped], validators=[InputRequired(_("Enter a time zone"))]
    )

    @property
    def sent(self) -> list[Any]:
        """The files that were really sent (an empty file field sends one without a name)."""
        return [file for file in self.logs.data or [] if getattr(file, "filename", "")]

    @property
    def paths(self) -> list[Path]:
        """The places on the server, one a line."""
        return [Path(line.strip()) for line in (self.places.data or "").splitlines() if line.strip()]

    def validate_places(self, field: Any) -> None:
        """Something to read must be named, by full path."""
        if not self.paths and not self.sent:
            raise ValidationError(_("Choose log files, or name a folder on the server"))
        if len(self.paths) > MOST_PLACES:
            raise ValidationError(_("Name a folder instead of so many files"))
        if any(not path.is_absolute() or "\0" in str(path) for path in self.paths):
            raise ValidationError(_("Write each folder or file with its full path, for example /var/log/mail.log"))
        del field

    def validate_first(self, field: Any) -> None:
        """What was typed must be a day."""
        _whole(field)

    def validate_last(self, field: Any) -> None:
        """What was typed must be a day, and not before the first."""
        _whole(field)
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("The last day must not be before the first"))

    def validate_timezone(self, field: Any) -> None:
        """The name must be one of the time zone database."""
        if field.data not in available_timezones():
            raise ValidationError(_("There is no such time zone; an example is Asia/Ho_Chi_Minh"))


def _whole(field: Any) -> None:
    if field.raw_data and field.raw_data[0].strip() and field.data is None:
        raise ValidationError(_("Enter a day that is in the calendar"))
