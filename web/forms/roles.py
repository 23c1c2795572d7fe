"""The forms of roles and deputies: what is granted where and for how long, who acts for whom."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from core.permissions import ROLE_WORDS, Role
from web.forms.texts import Choice, required, stripped
from web.language import language

ROLES = tuple(
    (role.value, LazyString(lambda role: ROLE_WORDS[role].to(language()), role))
    for role in (Role.LEADER, Role.CLERK, Role.HR, Role.AUDITOR, Role.INSPECTOR, Role.ADMINISTRATOR)
)
"""What may be granted, with its name in the visitor's language; what is asked for most comes first."""
SCOPES = (
    ("everything", _("everything")),
    ("opinions", _("giving opinions")),
    ("decisions", _("agreeing and returning")),
)


def unit_field() -> StringField:
    """For which unit: its key or its name."""
    return StringField(_("Unit"), filters=[stripped], validators=[Length(max=300, message=_("The name is too long"))])


class GrantForm(FlaskForm):  # type: ignore[misc]
    """A role, where and for how long."""

    role = Choice(_("Role"), choices=[SelectChoice(*one) for one in ROLES])
    unit = unit_field()
    until = DateField(_("Last day"), validators=[Optional()])

    def validate_until(self, field: Any) -> None:
        """What was typed must be a day."""
        if field.raw_data and any(one.strip() for one in field.raw_data):
            required(field, _("Write a day"))


class DeputyForm(FlaskForm):  # type: ignore[misc]
    """Who acts for whom, when and in what."""

    official_id = StringField(_("Who is away"), filters=[stripped], validators=[Length(max=64)])
    deputy = StringField(
        _("Deputy"),
        filters=[stripped],
        validators=[InputRequired(_("Choose who acts for them")), Length(max=64)],
    )
    scope = Choice(_("In what"), choices=[SelectChoice(*one) for one in SCOPES])
    first = DateField(_("First day"))
    last = DateField(_("Last day"))

    def validate_first(self, field: Any) -> None:
        """There must be a first day."""
        required(field, _("Write a day"))

    def validate_last(self, field: Any) -> None:
        """There must be a last day, and not before the first."""
        required(field, _("Write a day"))
        if self.first.data and field.data < self.first.data:
            raise ValidationError(_("The last day must not be before the first"))
