"""The form of the own mail: how often, about what, in which language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from core.mail.kinds import TOLD
from core.mail.models import Every
from web.forms.texts import Choice, stripped


class MailForm(FlaskForm):  # type: ignore[misc]
    """Which kinds are wanted is a list of ticks; their words stand with the kinds."""

    every = Choice(
        _("How often"),
        choices=[
            SelectChoice(Every.DAY.value, _("One message a working day")),
            SelectChoice(Every.ONCE.value, _("One for each thing, at once")),
            SelectChoice(Every.NEVER.value, _("No mail")),
        ],
    )
    language = Choice(
        _("Language of the mail"), choices=[SelectChoice("vi", "Tiếng Việt"), SelectChoice("en", "English")]
    )
    wanted = SelectMultipleField(
        _("What I want to be told"), choices=[SelectChoice(kind.value, kind.value) for kind in TOLD]
    )
    address = StringField(
        _("Address for the mail"),
        filters=[stripped],
        validators=[Length(max=254, message=_("That is too long"))],
    )
