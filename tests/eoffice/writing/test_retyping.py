"""A draft becomes one of another type: nothing that was written is lost, nothing of the old type is left behind."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from eoffice.documents import ruleset, structured
from eoffice.documents.checking import check
from eoffice.writing import Passage, Written
from eoffice.writing.retyping import retyped

RULES = ruleset.load(date(2026, 11, 23))
TYPES = st.sampled_from(sorted(key for key in RULES.types if key))


def begun(kind: str) -> Written:
    """What a new text of a type begins with."""
    blocks = structured.new_draft(kind, RULES).blocks
    return Written(kind, tuple(Passage(one.id, one.role, one.text) for one in blocks))


def test_a_letter_becomes_a_report() -> None:
    letter = begun("cong_van")
    written = tuple(
        Passage(one.id, one.role, "Trong tháng đã giải quyết 398 hồ sơ./." if one.role == "body" else one.text)
        for one in letter.passages
    )
    found = retyped(Written("cong_van", written), letter, begun("bao_cao"))
    said = {one.role: one.text for one in found.passages}
    assert said["body"] == "Trong tháng đã giải quyết 398 hồ sơ./."
    assert (said["title"], "reference" in said, "BC" in said["number"]) == ("BÁO CÁO", False, True)
    assert check(structured.from_dict(found.as_json(), RULES), RULES) == ()


@given(TYPES, TYPES, st.data())
def test_what_was_written_stays(old: str, new: str, data: st.DataObject) -> None:
    """In its order, with its ids; every part that the new type begins with is there, and each id once."""
    first = begun(old)
    words = data.draw(st.lists(st.sampled_from(["", "Sở Y tế", "họp"]), min_size=len(first.passages),
                               max_size=len(first.passages)))  # fmt: skip
    text = Written(old, tuple(
        Passage(one.id, one.role, f"{one.text} {more}" if more else one.text)
        for one, more in zip(first.passages, words, strict=True)))  # fmt: skip
    found = retyped(text, first, begun(new))
    written = [one for one, more in zip(text.passages, words, strict=True) if more]
    assert [one for one in found.passages if one in written] == written
    assert {one.role for one in begun(new).passages} <= {one.role for one in found.passages}
    assert max(Counter(one.id for one in found.passages).values()) == 1


@given(TYPES, TYPES)
def test_an_untouched_text_is_a_new_one(old: str, new: str) -> None:
    found = retyped(begun(old), begun(old), begun(new))
    assert [(one.role, one.text) for one in found.passages] == [(one.role, one.text) for one in begun(new).passages]
