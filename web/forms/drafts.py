"""The forms of drafts: what a new one is, the text passage by passage, files, links, remarks, where it is sent."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from web.forms.texts import Choice, required, stripped

URGENCIES = (
    ("normal", _("normal")),
    ("urgent", _("urgent (khẩn)")),
    ("very_urgent", _("very urgent (thượng khẩn)")),
    ("express", _("express (hỏa tốc)")),
)
LINK_KINDS = (
    ("replies_to", _("answers")),
    ("replaces", _("takes the place of")),
    ("amends", _("changes or adds to")),
    ("related", _("has to do with")),
)


class AboutForm(FlaskForm):  # type: ignore[misc]
    """What a draft is. `kind` gets its choices in the view."""

    kind = Choice(_("Type of document"), choices=[])
    title = StringField(
        _("Subject of the document"),
        filters=[stripped],
        validators=[
            InputRequired(_("Write what it is about")),
            Length(max=500, message=_("At most 500 characters")),
        ],
    )
    urgency = Choice(_("Urgency"), choices=[SelectChoice(*one) for one in URGENCIES], default="normal")
    due = DateField(_("To be done by"), validators=[Optional()])

    def validate_due(self, field: Any) -> None:
        """What was typed must be a day."""
        if field.raw_data and any(one.strip() for one in field.raw_data):
            required(field, _("Write a day"))


class NewDraftForm(AboutForm):
    """A draft to begin: written here, or in a Word file that is uploaded."""

    file = FileField(_("A Word file (DOCX), if it is written already"))


class FileForm(FlaskForm):  # type: ignore[misc]
    """A file that is sent; `base` is the revision that the page showed."""

    base = IntegerField(validators=[Optional()])
    file = FileField(_("File"))


class LinkForm(FlaskForm):  # type: ignore[misc]
    """Another document: how this one stands to it, and its number and date, or the number it has here."""

    relation = Choice(_("This draft"), choices=[SelectChoice(*one) for one in LINK_KINDS], default="related")
    named = StringField(_("Number and notation of the other document"), filters=[stripped])


class RemarkForm(FlaskForm):  # type: ignore[misc]
    """A remark: about which words of the passage (empty: all of it)."""

    revision = IntegerField(validators=[InputRequired()])
    about = RadioField(_("About which words"), choices=[], default="", validate_choice=False)
    text = TextAreaField(
        _("Your remark"),
        filters=[stripped],
        validators=[InputRequired(_("Write your remark")), Length(max=10_000, message=_("At most 10,000 characters"))],
    )


class SendForm(FlaskForm):  # type: ignore[misc]
    """By which route, and the revision that the page showed."""

    seen_revision = IntegerField(validators=[InputRequired()])
    route = RadioField(_("Route"), choices=[], validate_choice=False, coerce=int)
