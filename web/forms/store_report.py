"""The form that asks for a report of what was collected: its first and its last day."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, ValidationError
from wtforms.validators import InputRequired


class StoreReportForm(FlaskForm):  # type: ignore[misc]
    """Both days, included."""

    first = DateField(_("First day"), validators=[InputRequired(_("Enter a day that is in the calendar"))])
    last = DateField(_("Last day"), validators=[InputRequired(_("Enter a day that is in the calendar"))])

    def validate_last(self, field: Any) -> None:
        """It must not be before the first."""
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("The last day must not be before the first"))
