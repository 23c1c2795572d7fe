"""Right letters, and what the form check says of one, for the tests of this folder."""

from __future__ import annotations

import random
from functools import cache

from eoffice.documents.checking import Finding, check
from eoffice.documents.docx_file.reading import read
from eoffice.documents.draft import Draft
from eoffice.documents.recognising import recognise
from eoffice.documents.ruleset import RuleSet, load
from tests.eoffice.documents.evaluation import DAY
from tests.eoffice.documents.letters.plan import Letter
from tests.eoffice.documents.letters.planning import Planner
from tests.eoffice.documents.letters.wording import OPEN


@cache
def rules() -> RuleSet:
    """Vietnam's rules of the day of the tests."""
    return load(DAY)


def right_letter(kind: str = "cong_van", *, seed: int = 7, layout: str = "table") -> Letter:
    """A letter without a fault."""
    return Planner(random.Random(seed), OPEN).plan(kind=kind, layout=layout)


def recognised(content: bytes) -> Draft:
    """The draft in a DOCX, its parts recognised."""
    return recognise(read(content), rules())


def findings(content: bytes) -> list[Finding]:
    """What the form check says of a DOCX."""
    return list(check(recognised(content), rules()))


def broken(content: bytes) -> list[str]:
    """The ids of the rules that a DOCX breaks, in order."""
    return sorted({one.rule.id for one in findings(content)})
