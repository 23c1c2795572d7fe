"""The form of a source of logs."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from web.forms.texts import stripped

MOST_PLACES = 20


class SourceForm(FlaskForm):  # type: ignore[misc]
    """What is followed, under which name."""

    name = StringField(
        _("Name of the source"),
        filters=[stripped],
        validators=[InputRequired(_("Enter a name")), Length(max=100, message=_("That is too long"))],
    )
    places = TextAreaField(
        _("Folders or files on the server"),
        filters=[stripped],
        validators=[InputRequired(_("Name a folder on the server")), Length(max=10_000, message=_("That is too long"))],
    )
    patterns = StringField(
        _("Only files with these names"),
        filters=[stripped],
        validators=[Length(max=500, message=_("That is too long"))],
    )
    host = StringField(
        _("Server of lines that name none"),
        filters=[stripped],
        validators=[Length(max=200, message=_("That is too long"))],
    )
    timezone = StringField(_("Time zone of the servers"), filters=[stripped], validators=[Optional()])

    @property
    def paths(self) -> list[Path]:
        """The places, one a line."""
        return [Path(line.strip()) for line in (self.places.data or "").splitlines() if line.strip()]

    @property
    def globs(self) -> list[str]:
        """The patterns, with blanks between them."""
        return str(self.patterns.data or "").split()

    def validate_places(self, field: Any) -> None:
        """Full paths, and not too many."""
        if len(self.paths) > MOST_PLACES:
            raise ValidationError(_("Name a folder instead of so many files"))
        if any(not path.is_absolute() or "\0" in str(path) for path in self.paths):
            raise ValidationError(_("Write each folder or file with its full path, for example /var/log/mail.log"))
        del field

    def validate_timezone(self, field: Any) -> None:
        """The name must be one of the time zone database."""
        if field.data not in available_timezones():
            raise ValidationError(_("There is no such time zone; an example is Asia/Ho_Chi_Minh"))
