"""The forms of assigning: a rule, who goes first, a seed, an exemption, a course given by hand."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from training.models import MOST_WAVES
from training.rules import MAIL_CLASSES, OFFICE_CLASSES
from training.rules.words import CLASS_WORDS
from training.services.assigning import LONGEST_REASON
from training.waves.drawing import LONGEST_SEED
from web.forms.texts import stripped
from web.forms.whom import DaysForm, a_day, official_number
from web.language import language

LISTED = ("mail_classes", "office_classes", "units", "done", "not_done")
"""The conditions of which several may be ticked."""
SHORT = Length(max=LONGEST_REASON, message=_("At most 500 characters"))
DAYS = NumberRange(1, 366, message=_("A number from 1 to 366"))


class RuleForm(FlaskForm):  # type: ignore[misc]
    """Whom to pick, for which course, in how many waves. What is left empty is not asked."""

    changes = StringField(filters=[stripped], validators=[Optional(), Length(max=120)])
    """The name of the rule that is changed; empty for a new one. Not seen."""
    name = StringField(
        _("Name of the rule"),
        filters=[stripped],
        validators=[InputRequired(_("Write a name")), Length(max=120, message=_("At most 120 characters"))],
    )
    course_key = SelectField(_("Course"), validators=[InputRequired(_("Choose a course"))])
    mail_classes = SelectMultipleField(_("Use of official e-mail"))
    active_below = IntegerField(
        _("Wrote or read on fewer than so many working days in 28 days"),
        validators=[Optional(), NumberRange(1, 20, message=_("A number from 1 to 20"))],
    )
    office_classes = SelectMultipleField(_("Use of the e-office"))
    rank = SelectField(_("Rank"))
    units = SelectMultipleField(_("Units, with what lies below them"))
    post_words = StringField(
        _("Words in the post"), filters=[stripped], validators=[Length(max=400, message=_("At most 400 characters"))]
    )
    done = SelectMultipleField(_("Has done"))
    not_done = SelectMultipleField(_("Has not done"))
    done_days_ago = IntegerField(
        _("Days since then, at least"),
        validators=[Optional(), NumberRange(1, 3660, message=_("A number from 1 to 3660"))],
    )
    due_days = IntegerField(
        _("Days to do the course in"), default=28, validators=[InputRequired(_("Write a number")), DAYS]
    )
    waves = IntegerField(
        _("Number of waves"),
        default=1,
        validators=[InputRequired(_("Write a number")), NumberRange(1, MOST_WAVES, message=_("A number from 1 to 12"))],
    )
    wave_days = IntegerField(
        _("Days from one wave to the next"), default=28, validators=[InputRequired(_("Write a number")), DAYS]
    )

    def offer(self, courses: dict[str, str], units: dict[str, str], taken: frozenset[str]) -> None:
        """Fill in what can be chosen; `taken` are the names of the rules that there are."""
        spoken = language()
        self.taken = taken
        self.course_key.choices = _to_choose(courses)
        self.done.choices = self.not_done.choices = _choices(courses)
        self.units.choices = _choices(units)
        self.mail_classes.choices = [SelectChoice(one, CLASS_WORDS[one].to(spoken)) for one in MAIL_CLASSES]
        self.office_classes.choices = [SelectChoice(one, CLASS_WORDS[one].to(spoken)) for one in OFFICE_CLASSES]
        self.rank.choices = [
            SelectChoice("", _("everybody")),
            SelectChoice("leader", _("leaders")),
            SelectChoice("staff", _("staff")),
        ]

    def validate_name(self, field: Any) -> None:
        """A new rule takes no other's place, nor does a change leave the rule behind that it is of."""
        if self.changes.data and field.data != self.changes.data:
            raise ValidationError(
                _("A change keeps the name %(name)s. For another name make a new rule.", name=self.changes.data)
            )
        if not self.changes.data and field.data in self.taken:
            raise ValidationError(
                _("There is a rule of that name already. Choose another name, or open that rule and change it.")
            )

    def validate_done_days_ago(self, field: Any) -> None:
        """Days since something."""
        if field.data and not (self.done.data or self.not_done.data):
            raise ValidationError(_("Choose the course that the days speak of"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, and then whether anything is asked at all."""
        fine = bool(super().validate(extra_validators))
        asked = [self.active_below, self.rank, self.post_words, *(self[name] for name in LISTED)]
        if not any(one.data or one.errors for one in asked):
            self.active_below.errors = [_("Fill in at least one condition: how e-mail is used, rank, unit, post …")]
            return False
        return fine


class FirstForm(FlaskForm):  # type: ignore[misc]
    """Who goes first, and why; without a reason it is taken back."""

    official_id = official_number()
    why = StringField(_("Why must they go first?"), filters=[stripped], validators=[SHORT])


class SeedForm(FlaskForm):  # type: ignore[misc]
    """A seed to be made public; left empty, the program makes one by chance."""

    seed = StringField(
        _("Seed"),
        filters=[stripped],
        validators=[Length(max=LONGEST_SEED, message=_("At most 200 characters"))],
    )
    starts_on = DateField(_("First day of wave 1"))

    def validate_starts_on(self, field: Any) -> None:
        """There must be one."""
        a_day(field)


class ExemptionForm(DaysForm):
    """Who need not learn what, from when to when, and why."""

    official_id = official_number()
    course_key = SelectField(_("Course"))
    reason = TextAreaField(_("Reason"), filters=[stripped], validators=[InputRequired(_("Write the reason")), SHORT])

    def offer(self, courses: dict[str, str]) -> None:
        """Fill in what can be chosen."""
        self.course_key.choices = [SelectChoice("", _("every course")), *_choices(courses)]


class AssignForm(FlaskForm):  # type: ignore[misc]
    """A course given to one official by hand."""

    official_id = official_number()
    course_key = SelectField(_("Course"), validators=[InputRequired(_("Choose a course"))])
    due_on = DateField(_("To be learnt by"))
    reason = TextAreaField(_("Reason"), filters=[stripped], validators=[InputRequired(_("Write the reason")), SHORT])

    def offer(self, courses: dict[str, str]) -> None:
        """Fill in what can be chosen."""
        self.course_key.choices = _to_choose(courses)

    def validate_due_on(self, field: Any) -> None:
        """There must be one."""
        a_day(field)


class WhyForm(FlaskForm):  # type: ignore[misc]
    """Why an assignment is taken back."""

    why = StringField(_("Why?"), filters=[stripped], validators=[InputRequired(_("Write the reason")), SHORT])


def _to_choose(words: dict[str, str]) -> list[SelectChoice]:
    """None of them is chosen by itself: nobody gives people a course because it stood first in the list."""
    return [SelectChoice("", _("choose a course")), *_choices(words)]


def _choices(words: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(key, said) for key, said in words.items()]
