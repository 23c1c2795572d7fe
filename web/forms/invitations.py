"""The form of invitations: numbers, a unit, a file."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import FileField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from web.forms.texts import stripped


class InvitationForm(FlaskForm):  # type: ignore[misc]
    """At least one of the three."""

    numbers = TextAreaField(
        _("Numbers of officials"),
        filters=[stripped],
        validators=[Length(max=20_000, message=_("That is too long"))],
    )
    unit = StringField(
        _("Or a unit, with what lies below it"),
        filters=[stripped],
        validators=[Length(max=500, message=_("That is too long"))],
    )
    file = FileField(_("Or a file (CSV) with a column official_id"))

    @property
    def typed(self) -> list[str]:
        """The numbers, with blanks, commas or lines between them."""
        return str(self.numbers.data or "").replace(",", " ").replace(";", " ").split()

    def validate_numbers(self, field: Any) -> None:
        """Somebody must be named."""
        if not (self.typed or self.unit.data or getattr(self.file.data, "filename", "")):
            raise ValidationError(_("Say whom: numbers, a unit, or a file"))
        del field
