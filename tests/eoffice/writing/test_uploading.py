"""A text that comes back from a word processor: its passages keep their ids where they are the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eoffice.writing import Passage, Written, redline, with_known_ids

LINES = st.lists(st.sampled_from(["", "a", "a b", "a b c d", "c d e f", "x y z", "Điều 1", "Điều 2"]), max_size=12)


def text(*lines: str, prefix: str = "p") -> Written:
    return Written("cong_van", tuple(Passage(f"{prefix}{at}", "body", one) for at, one in enumerate(lines)))


def test_a_passage_put_in_between_moves_nothing() -> None:
    before = text("Kính gửi", "Họp lúc 8 giờ tại phòng A", "Trân trọng")
    after = with_known_ids(before, text("Kính gửi", "Căn cứ Luật", "Họp lúc 9 giờ tại phòng A", "Trân trọng"))
    assert [one.id for one in after.passages] == ["p0", "u1", "p1", "p2"]
    assert [one.mark for one in redline(before, after)] == ["kept", "added", "changed", "kept"]


@given(LINES, LINES)
def test_words_stay_and_ids_are_unique(old: list[str], new: list[str]) -> None:
    before, uploaded = text(*old), text(*new, prefix="q")
    after = with_known_ids(before, uploaded)
    assert [one.text for one in after.passages] == new
    ids = [one.id for one in after.passages]
    assert len(set(ids)) == len(ids)
    known = [one.id for one in before.passages]
    order = [known.index(one) for one in ids if one in known]
    assert order == sorted(order), "nothing crosses"
    if old == new:
        assert ids == known


@given(LINES, LINES, LINES)
def test_ids_stay_unique_through_many_uploads(one: list[str], two: list[str], three: list[str]) -> None:
    second = with_known_ids(text(*one), text(*two))
    third = with_known_ids(second, text(*three))
    assert len({passage.id for passage in third.passages}) == len(three)
