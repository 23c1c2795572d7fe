"""The form of a route: its name, what it is for, and its steps, each with its people one a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, IntegerField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from core.words import Language
from eoffice.routing import Plan, Step
from eoffice.routing.lines import from_lines, to_lines
from eoffice.routing.plan import MOST_DAYS, MOST_PEOPLE, MOST_STEPS
from eoffice.routing.templates import LONGEST_NAME
from web.forms.texts import Choice, stripped

EMPTY_STEPS = 2
"""Steps without people at the end of the form, to be filled in."""
ALWAYS = ""
PURPOSES = {
    "opinion": _("gives an opinion"),
    "content": _("answers for the content"),
    "form": _("answers for the form"),
    "approval": _("approves"),
}
KINDS = {
    "any": _("one of them"),
    "all": _("everybody, at once"),
    "serial": _("everybody, one after the other"),
    "n_of_m": _("at least so many of them"),
}
WHEN = {
    ALWAYS: _("always"),
    "urgency:not:normal": _("only urgent documents"),
    "urgency:is:normal": _("only documents that are not urgent"),
    "source:is:docx": _("only documents written elsewhere (Word)"),
}


class Count(IntegerField):  # type: ignore[misc]
    """A whole number; what is none is refused in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises ValueError."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter a whole number")) from None


class StepForm(Form):  # type: ignore[misc]
    """One step; without people it is left out."""

    purpose = Choice(_("What for"), choices=[SelectChoice(*one) for one in PURPOSES.items()])
    who = TextAreaField(_("Posts, one a line"), filters=[stripped], validators=[Optional(), Length(max=10_000)])
    kind = Choice(_("Who of them"), choices=[SelectChoice(*one) for one in KINDS.items()])
    needed = Count(_("How many"), validators=[Optional(), NumberRange(1, MOST_PEOPLE, _("From 1 to %(max)s"))])
    days = Count(_("Working days"), validators=[Optional(), NumberRange(1, MOST_DAYS, _("From 1 to %(max)s"))])
    when = Choice(_("When"), choices=[SelectChoice(*one) for one in WHEN.items()])
    place = Count(_("Place in the order"), validators=[Optional(), NumberRange(0, 999, _("From 0 to %(max)s"))])

    def validate_kind(self, field: Any) -> None:
        """So many of them: there must be as many."""
        posts = sum(bool(line.strip()) for line in (self.who.data or "").splitlines())
        if field.data == "n_of_m" and posts and not self.needed.errors and not 1 <= (self.needed.data or 0) <= posts:
            raise ValidationError(_("Say below how many of them, from 1 to %(max)s", max=posts))


class RouteForm(FlaskForm):  # type: ignore[misc]
    """A route; sending it under the name of one that is there makes a new version of that one."""

    name = StringField(
        _("Name"), filters=[stripped], validators=[InputRequired(_("Enter a name")), Length(max=LONGEST_NAME)]
    )
    type = Choice(_("Type of document"))
    unit = Choice(_("Unit"))
    steps = FieldList(FormField(StepForm), max_entries=MOST_STEPS + EMPTY_STEPS)

    def as_json(self, names: Mapping[str, str]) -> list[dict[str, Any]]:
        """The steps that have people, in their order, as a plan's JSON. Raises `PlanError`."""
        filled = [one.form for one in self.steps if (one.form.who.data or "").strip()]
        ordered = sorted(filled, key=lambda one: one.place.data or 0)
        return [_step_json(one, names, str(number)) for number, one in enumerate(ordered, start=1)]


def _step_json(form: Any, names: Mapping[str, str], place: str) -> dict[str, Any]:
    step: dict[str, Any] = {
        "kind": form.kind.data,
        "purpose": form.purpose.data,
        "who": from_lines(form.who.data, names, place),
    }
    if form.kind.data == "n_of_m":
        step["needed"] = form.needed.data
    if form.days.data is not None:
        step["days"] = form.days.data
    if form.when.data == ALWAYS:
        return step
    field, sign, value = form.when.data.split(":")
    return {"kind": "condition", "if": {"field": field, sign: [value]}, "steps": [step]}


def fits(plan: Plan) -> bool:
    """Whether the form can say everything that the plan says; a file may say more."""
    return all(len(one.when) <= 1 and _when(one) in WHEN for one in plan.steps)


def step_values(plan: Plan, names: Mapping[str, str], language: Language) -> list[dict[str, Any]]:
    """The plan as the form's fields, tens apart so that a step can be put between two others; and empty ones."""
    filled = [
        {
            "purpose": one.purpose, "who": to_lines(one.who, names, language), "kind": one.kind,
            "needed": one.needed or None, "days": one.days, "when": _when(one), "place": 10 * number,
        }
        for number, one in enumerate(plan.steps, start=1)
    ]  # fmt: skip
    return filled + [
        {"purpose": "opinion", "kind": "any", "when": ALWAYS, "place": 10 * (len(filled) + number)}
        for number in range(1, EMPTY_STEPS + 1)
    ]


def _when(step: Step) -> str:
    if not step.when:
        return ALWAYS
    one = step.when[0]
    return f"{one.field}:{'not' if one.negated else 'is'}:{','.join(one.values)}"
