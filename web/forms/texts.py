"""Filters of text fields, and fields whose refusals are in the visitor's words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, ValidationError


def stripped(text: str | None) -> str | None:
    """The text without white space around it."""
    return text.strip() if text is not None else None


class Choice(SelectField):  # type: ignore[misc]
    """One of a list; what is not in it is refused in our words."""

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError for a value that was never offered."""
        del form
        if not any(str(one.value) == str(self.data) for one in self.iter_choices()):
            raise ValidationError(_("Choose one of the list"))


def required(field: Any, words: Any) -> None:
    """Raises ValidationError with `words` where nothing usable was given, in place of the field's own refusal."""
    if field.data is None:
        field.errors.clear()
        raise ValidationError(words)
