"""The form of certificates: why one is revoked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from web.forms.texts import stripped


class RevokeForm(FlaskForm):  # type: ignore[misc]
    """Why."""

    why = StringField(
        _("Why is it revoked?"),
        filters=[stripped],
        validators=[
            InputRequired(_("Write why it is revoked")),
            Length(max=500, message=_("At most 500 characters")),
        ],
    )
