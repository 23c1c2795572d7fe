"""The forms of targets: one by hand, many by file, one taken back."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, DecimalField, FileField, ValidationError

from web.forms.texts import Choice, required

CITY, EVERY_TOP = "*", "**"
"""What the choice of units sends for the whole city, and for each department and district on its own."""


class TargetForm(FlaskForm):  # type: ignore[misc]
    """A share of a rank of a unit, to be reached by a day."""

    unit = Choice(_("Unit"))
    rank = Choice(_("Group"))
    share = DecimalField(_("Share that is to use it, in per cent"), places=None)
    due = DateField(_("To be reached by"))

    def validate_share(self, field: Any) -> None:
        """A percentage."""
        words = _("Enter a percentage from 1 to 100")
        required(field, words)
        if not (field.data.is_finite() and 1 <= field.data <= 100):
            raise ValidationError(words)

    def validate_due(self, field: Any) -> None:
        """A day is needed, and one that is in the calendar."""
        required(field, _("Enter the day by which it is to be reached"))


class TargetFileForm(FlaskForm):  # type: ignore[misc]
    """A CSV or XLSX file of targets."""

    file = FileField(_("File of targets (CSV or Excel)"))

    def validate_file(self, field: Any) -> None:
        """Something must have been chosen."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_("Choose a file of targets"))


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the token."""
