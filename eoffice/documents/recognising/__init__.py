"""Which part of a document each paragraph is, found by its words and its place in spite of faults.

A form check that only knew right forms could not find wrong ones: the national name is known by likeness, a number by
where it stands, the signer by what stands below the post. What cannot be told is left as body text.
"""

from __future__ import annotations

from dataclasses import replace

from eoffice.documents.draft import Block, Draft
from eoffice.documents.recognising.foot import foot
from eoffice.documents.recognising.head import head
from eoffice.documents.recognising.likeness import typed
from eoffice.documents.recognising.middle import middle
from eoffice.documents.recognising.splitting import split
from eoffice.documents.ruleset import RuleSet


def recognise(draft: Draft, rules: RuleSet, *, document_type: str = "") -> Draft:
    """The draft with its type and a role for every block; `document_type` is believed before what is written.

    A paragraph that holds several parts (side by side by tabs, one below the other by line breaks) becomes several.
    """
    blocks = [piece for block in draft.blocks for piece in split(block, rules)]
    roles: dict[int, str] = {}
    start = head(blocks, rules, roles)
    end = foot(blocks, rules, roles, start)
    kind = document_type or typed(blocks[:end], rules, roles)
    middle(blocks, rules, roles, start, end, kind)
    known = tuple(_with_role(block, roles.get(at)) for at, block in enumerate(blocks))
    return replace(draft, type=kind, blocks=known)


def _with_role(block: Block, role: str | None) -> Block:
    return replace(block, role=role or ("empty" if not block.said else "body"))
