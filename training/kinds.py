"""Names that courses are written with and tables store, once for both: whom a course is for, what its steps are."""

from __future__ import annotations

AUDIENCES = ("everybody", "leaders", "specialists", "clerks")
STEP_KINDS = ("lesson", "quiz", "exercise", "class", "scorm")
