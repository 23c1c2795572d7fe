"""The form that takes data away: which table, of which days, in which form."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, ValidationError
from wtforms.fields.choices import SelectChoice

from web.forms.texts import Choice, required

TABLES = (
    SelectChoice("days", _("Facts of each mailbox and day")),
    SelectChoice("officials", _("Figures of officials")),
    SelectChoice("units", _("Figures of units")),
    SelectChoice("coverage", _("Which days are in the logs")),
)
FORMS = (SelectChoice("csv", _("CSV, for Excel")), SelectChoice("parquet", _("Parquet, for data tools")))


class ExportForm(FlaskForm):  # type: ignore[misc]
    """Both days are needed."""

    what = Choice(_("Table"), choices=list(TABLES))
    first = DateField(_("First day"))
    last = DateField(_("Last day"))
    ending = Choice(_("Form of the file"), choices=list(FORMS))

    def validate_first(self, field: Any) -> None:
        """A day that is in the calendar."""
        required(field, _("Enter the first day"))

    def validate_last(self, field: Any) -> None:
        """A day that is in the calendar, and not before the first."""
        required(field, _("Enter the last day"))
        if self.first.data and field.data < self.first.data:
            raise ValidationError(_("The last day must not be before the first"))
