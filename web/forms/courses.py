"""The forms of courses: a package to take in, and a lesson's text in both languages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import FileField, IntegerField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from training.lessons.markdown import LONGEST


class PackageForm(FlaskForm):  # type: ignore[misc]
    """A zip with a course, or a SCORM package and the course that it becomes a step of."""

    package = FileField(_("Course package (zip)"))
    into = SelectField(_("A SCORM package becomes"), default="")

    def validate_package(self, field: Any) -> None:
        """Something must have been chosen."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_("Choose a zip file"))


class LessonForm(FlaskForm):  # type: ignore[misc]
    """The text of a lesson, and the edition of the course that the page showed."""

    version = IntegerField(validators=[InputRequired()])
    vi = TextAreaField(
        _("Text in Vietnamese"),
        validators=[
            InputRequired(_("Write the text in Vietnamese")),
            Length(max=LONGEST, message=_("The text is too long")),
        ],
    )
    en = TextAreaField(
        _("Text in English"),
        validators=[
            InputRequired(_("Write the text in English")),
            Length(max=LONGEST, message=_("The text is too long")),
        ],
    )
