"""The form of a decision: what was seen, at which step, the remarks; and whom to ask."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from web.forms.texts import stripped

TOO_LONG = Length(max=10_000, message=_("At most 10,000 characters"))


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """Remarks beside a decision; the revision and the step that the page showed."""

    seen_revision = IntegerField(validators=[InputRequired()])
    position = IntegerField(validators=[InputRequired()])
    comment = TextAreaField(_("Your opinion"), filters=[stripped], validators=[Optional(), TOO_LONG])
    to = SelectField(_("Return it to"), choices=[], validate_choice=False)


class AskForm(FlaskForm):  # type: ignore[misc]
    """Whom to ask, and what."""

    position = IntegerField(validators=[InputRequired()])
    whom = SelectMultipleField(
        _("Whose opinion"), choices=[], validate_choice=False, validators=[InputRequired(_("Choose somebody to ask"))]
    )
    comment = TextAreaField(_("What you want to know"), filters=[stripped], validators=[Optional(), TOO_LONG])
