"""The forms of a contest: the reason of whoever asks, and the answer."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from mail_audit.written import LONGEST
from web.forms.texts import stripped

TOO_LONG = Length(max=LONGEST, message=_("At most 2,000 characters"))


class ContestForm(FlaskForm):  # type: ignore[misc]
    """Why the figure is not right."""

    reason = TextAreaField(
        _("Why is it not right?"),
        filters=[stripped],
        validators=[InputRequired(_("Write why the figure is not right")), TOO_LONG],
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Whether the figure will be put right, and what the official is told."""

    verdict = RadioField(
        _("What was found"),
        choices=[
            SelectChoice("accepted", _("The official is right: the next report will be put right")),
            SelectChoice("explained", _("The figure stands: this is how it came about")),
        ],
        validators=[InputRequired(_("Choose what was found"))],
    )
    answer = TextAreaField(
        _("Answer to the official"),
        filters=[stripped],
        validators=[InputRequired(_("Write the answer")), TOO_LONG],
    )
