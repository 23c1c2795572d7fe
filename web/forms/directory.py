"""The forms of the directory: sending a file to see what would change, and then importing it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, HiddenField, ValidationError
from wtforms.validators import Regexp


class DirectoryForm(FlaskForm):  # type: ignore[misc]
    """A CSV or XLSX file."""

    file = FileField(_("Directory file (CSV or Excel)"))
    skip_wrong_rows = BooleanField(_("Leave out rows that are wrong"))

    def validate_file(self, field: Any) -> None:
        """Something must have been chosen."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_("Choose a directory file"))


class ImportForm(FlaskForm):  # type: ignore[misc]
    """The confirmation, naming the file that was looked at."""

    token = HiddenField(validators=[Regexp(r"\A[0-9a-f]{32}\.(csv|xlsx)\Z")])
    skip_wrong_rows = BooleanField()
    allow_removals = BooleanField(_("The officials who are missing in the file have really left"))
