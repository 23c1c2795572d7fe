"""The forms of classes: a new one, a change, why one is cancelled, and people put on its list or found to be there."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectMultipleField, StringField, TextAreaField, TimeField, ValidationError
from wtforms.validators import InputRequired, Length

from training.services.classes import ClassPlan
from web.forms.texts import Choice, required, stripped
from web.forms.whom import official_number

SHORT = Length(max=200, message=_("At most 200 characters"))


class PlanForm(FlaskForm):  # type: ignore[misc]
    """When, where, by whom and for how many."""

    day = DateField(_("Day"))
    starts = TimeField(_("Begins at"))
    ends = TimeField(_("Ends at"))
    room = StringField(
        _("Room"), filters=[stripped], validators=[InputRequired(_("Write where the class takes place")), SHORT]
    )
    places = IntegerField(_("Number of places"))
    teacher = StringField(_("Teacher"), filters=[stripped], validators=[InputRequired(_("Write who teaches")), SHORT])
    note = TextAreaField(
        _("Note for those who come"),
        filters=[stripped],
        validators=[Length(max=2000, message=_("At most 2,000 characters"))],
    )

    def validate_day(self, field: Any) -> None:
        """There must be a day."""
        required(field, _("Enter a day that is in the calendar"))

    def validate_starts(self, field: Any) -> None:
        """There must be a time."""
        required(field, _("Enter a time, for example 08:30"))

    def validate_ends(self, field: Any) -> None:
        """A time, after the first."""
        required(field, _("Enter a time, for example 10:30"))
        if self.starts.data is not None and field.data <= self.starts.data:
            raise ValidationError(_("The end must be after the beginning"))

    def validate_places(self, field: Any) -> None:
        """From 1 to 1000."""
        required(field, _("Enter a number from 1 to 1000"))
        if not 1 <= field.data <= 1000:
            raise ValidationError(_("Enter a number from 1 to 1000"))

    @property
    def plan(self) -> ClassPlan:
        """What was entered; of a form that is valid."""
        return ClassPlan(
            day=self.day.data,
            starts=self.starts.data,
            ends=self.ends.data,
            room=self.room.data,
            places=self.places.data,
            teacher=self.teacher.data,
            note=self.note.data or "",
        )


class NewClassForm(PlanForm):
    """The same, and what is taught to whom."""

    course = Choice(_("Course"))
    unit = Choice(_("Who may come"))


class ChangeForm(PlanForm):
    """A change of what was seen."""

    seen = IntegerField(_("Change that was seen"))


class CancelForm(FlaskForm):  # type: ignore[misc]
    """Why."""

    why = StringField(
        _("Why is it cancelled?"),
        filters=[stripped],
        validators=[InputRequired(_("Write why it is cancelled")), SHORT],
    )


class SeatForm(FlaskForm):  # type: ignore[misc]
    """Somebody by number, or some of those who have the course to do."""

    official_id = StringField(_("Number of the official"), filters=[stripped], validators=[Length(max=64)])
    some = SelectMultipleField(_("Those who have the course to do"), validate_choice=False)

    def validate_official_id(self, field: Any) -> None:
        """Somebody there must be."""
        if not field.data and not self.some.data:
            raise ValidationError(_("Write the official's number, as in the directory"))


class PresentForm(FlaskForm):  # type: ignore[misc]
    """Who was there, and what the sheet says."""

    official_id = official_number()
    note = StringField(_("Note"), filters=[stripped], validators=[SHORT])


class HereForm(FlaskForm):  # type: ignore[misc]
    """The code of the screen, where the camera did not read it."""

    code = StringField(_("Code on the screen"), filters=[stripped], validators=[Length(max=20)])


class TakeBackForm(FlaskForm):  # type: ignore[misc]
    """Whose entry is taken back, and why."""

    official_id = StringField(_("Number of the official"), filters=[stripped])
    why = StringField(
        _("Why is the entry taken back?"),
        filters=[stripped],
        validators=[
            InputRequired(_("Write why the entry is taken back")),
            Length(max=500, message=_("At most 500 characters")),
        ],
    )
