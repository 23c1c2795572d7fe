"""A document's whole story: what it is, and everything that happened to it, with who did it, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.words import Language
from eoffice.actions import EofficeAction
from eoffice.story.words import ACTIONS, HEADINGS, PURPOSES


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person by name and the title of their main post (empty where there is none now)."""

    name: str
    title: str = ""

    def __str__(self) -> str:
        return f"{self.name}, {self.title}" if self.title else self.name


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry: `who` did it (None: the program itself), `acting_for` whom, about which revision and step.

    `said` is the remark that went with it, `whom` are those who were asked, told or handed something.
    """

    at: datetime
    action: str
    who: Somebody | None
    acting_for: Somebody | None = None
    revision: int | None = None
    purpose: str | None = None
    said: str = ""
    whom: tuple[Somebody, ...] = ()
    by_mail: bool = False

    def sentence(self, language: Language) -> str:
        """What was done: "đồng ý ở một bước (chịu trách nhiệm nội dung), bản 3"."""
        words = ACTIONS[self.action].to(language) if self.action in ACTIONS else self.action
        says_it = self.action == EofficeAction.DRAFT_APPROVED
        if self.purpose is not None and self.purpose in PURPOSES and not says_it:
            words += f" ({PURPOSES[self.purpose].to(language)})"
        if self.whom:
            words += ": " + "; ".join(map(str, self.whom))
        if self.revision is not None:
            words += f", {HEADINGS['revision'].to(language)} {self.revision}"
        return f"{words}, {HEADINGS['by_mail'].to(language)}" if self.by_mail else words

    def names(self, language: Language) -> str:
        """Who did it; of a deputy both names."""
        if self.who is None:
            return HEADINGS["program"].to(language)
        if self.acting_for is None:
            return str(self.who)
        return f"{self.who} ({HEADINGS['acting_for'].to(language)} {self.acting_for})"


@dataclass(frozen=True, slots=True)
class Story:
    """A draft and its happenings, the first first."""

    draft_id: int
    type: str
    title: str
    unit: str
    state: str
    drafter: Somebody
    content_by: Somebody | None
    form_by: Somebody | None
    approved_by: Somebody | None
    approved_at: datetime | None
    happenings: tuple[Happening, ...]
