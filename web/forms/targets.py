"""The forms of targets: one by hand, many by file, one taken back."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, DecimalField, FileField, SelectField, ValidationError
from wtforms.validators import InputRequired, NumberRange, Optional

CITY, EVERY_TOP = "*", "**"
"""What the choice of units sends for the whole city, and for each department and district on its own."""


class TargetForm(FlaskForm):  # type: ignore[misc]
    """A share of a rank of a unit, to be reached by a day."""

    unit = SelectField(_("Unit"))
    rank = SelectField(_("Group"))
    share = DecimalField(
        _("Share that is to use it, in per cent"),
        places=None,
        validators=[
            InputRequired(_("Enter a percentage from 1 to 100")),
            NumberRange(1, 100, _("Enter a percentage from 1 to 100")),
        ],
    )
    due = DateField(_("To be reached by"), validators=[Optional()])

    def validate_due(self, field: Any) -> None:
        """A day is needed, and one that is in the calendar."""
        if field.data is None:
            raise ValidationError(_("Enter the day by which it is to be reached"))


class TargetFileForm(FlaskForm):  # type: ignore[misc]
    """A CSV or XLSX file of targets."""

    file = FileField(_("File of targets (CSV or Excel)"))

    def validate_file(self, field: Any) -> None:
        """Something must have been chosen."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_("Choose a file of targets"))


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the token."""
