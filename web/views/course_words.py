"""What HR reads of a course in a word: whom it is for, where an edition came from, what a question is and is worth."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

AUDIENCES = {
    "everybody": _("for everybody"),
    "leaders": _("for leaders"),
    "specialists": _("for specialists"),
    "clerks": _("for records clerks"),
}
ORIGINS = {"shipped": _("came with the program"), "package": _("package"), "editor": _("written here")}
NOTICES = {
    "too_few": _("too few attempts to tell"),
    "too_easy": _("nearly everybody knows it"),
    "too_hard": _("few know it: is it taught clearly?"),
    "misleading": _("those who know more get it wrong: look at the question"),
    "blunt": _("tells nobody apart"),
    "good": _("works well"),
}
QUESTION_KINDS = {
    "one": _("one right answer"),
    "several": _("several right answers"),
    "truth": _("true or false"),
    "order": _("put in order"),
    "match": _("match"),
}
