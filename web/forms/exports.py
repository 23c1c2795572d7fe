"""The form that takes data away: which table, of which days, in which form."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, ValidationError
from wtforms.validators import Optional

TABLES = (
    ("days", _("Facts of each mailbox and day")),
    ("officials", _("Figures of officials")),
    ("units", _("Figures of units")),
    ("coverage", _("Which days are in the logs")),
)
FORMS = (("csv", _("CSV, for Excel")), ("parquet", _("Parquet, for data tools")))


class ExportForm(FlaskForm):  # type: ignore[misc]
    """Both days are needed."""

    what = SelectField(_("Table"), choices=TABLES)
    first = DateField(_("First day"), validators=[Optional()])
    last = DateField(_("Last day"), validators=[Optional()])
    ending = SelectField(_("Form of the file"), choices=FORMS)

    def validate_first(self, field: Any) -> None:
        """A day that is in the calendar."""
        if field.data is None:
            raise ValidationError(_("Enter the first day"))

    def validate_last(self, field: Any) -> None:
        """A day that is in the calendar, and not before the first."""
        if field.data is None:
            raise ValidationError(_("Enter the last day"))
        if self.first.data and field.data < self.first.data:
            raise ValidationError(_("The last day must not be before the first"))
