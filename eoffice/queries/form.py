"""The form check of a draft as it was saved last: what is written here, or the file that was uploaded."""

from __future__ import annotations

from core.store import Store
from eoffice.documents import structured
from eoffice.documents.changes import Retext
from eoffice.documents.checking import Finding, check
from eoffice.documents.inspection import inspect
from eoffice.documents.ruleset import RuleSet
from eoffice.files import kept_file
from eoffice.writing import Written

TO_FILL = frozenset({
    "addressee", "authority", "body", "competence", "issuer", "reference", "signer", "subject",
})  # fmt: skip
"""Parts whose starter is no text: whoever drafts writes them. Number and date come when a document is issued."""


def findings_in_text(text: Written, rules: RuleSet) -> tuple[Finding, ...]:
    """What the form check says of a text that is written here; its looks are those of its parts."""
    return check(structured.from_dict(text.as_json(), rules), rules)


def mends_text(finding: Finding) -> bool:
    """Whether one click mends it where it is written here: by other words, as looks are not chosen here."""
    return finding.fixable and all(isinstance(change, Retext) for change in finding.changes)


def unfilled(text: Written, rules: RuleSet) -> tuple[str, ...]:
    """The parts (roles) that still say what a new draft says there, for somebody to write; each once."""
    left = (one.role for one in text.passages if one.role in TO_FILL and one.text == rules.parts[one.role].starter)
    return tuple(dict.fromkeys(left))


def findings_in_file(store: Store, digest: str, name: str, kind: str, rules: RuleSet) -> tuple[Finding, ...]:
    """What the form check says of an uploaded file. Raises as `kept_file`."""
    return inspect(name, kept_file(store, digest), rules, document_type=kind).findings
