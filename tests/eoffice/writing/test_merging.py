"""Two people write at once: neither loses a word. And what the difference between two states is."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eoffice.writing import Anchor, Passage, Written, found_again, merge, redline, words
from eoffice.writing.merging import merged_words
from eoffice.writing.text import shown_words

WORD = st.sampled_from(["Kính", "gửi", "Sở", "Y", "tế", "về", "việc", "họp", "ngày", "mai"])
TEXT = st.lists(WORD, max_size=8).map(" ".join)


@st.composite
def changed(draw: st.DrawFn, base: Written, mark: str) -> Written:
    """A text written from `base`: passages changed, removed, added, moved."""
    passages = []
    for one in base.passages:
        match draw(st.integers(0, 5)):
            case 0:
                continue
            case 1:
                passages.append(Passage(one.id, one.role, draw(TEXT)))
            case 2:
                passages.append(Passage(one.id, one.role, f"{one.text} {mark}{draw(st.integers(0, 9))}".strip()))
            case _:
                passages.append(one)
        if draw(st.integers(0, 4)) == 0:
            passages.append(Passage(f"n{draw(st.integers(0, 3))}{one.id}", "body", f"{mark} {draw(TEXT)}"))
    if draw(st.integers(0, 5)) == 0:
        passages = draw(st.permutations(passages))
    return Written("cong_van", tuple(passages))


@st.composite
def three(draw: st.DrawFn) -> tuple[Written, Written, Written]:
    texts = draw(st.lists(TEXT, min_size=1, max_size=5))
    base = Written("cong_van", tuple(Passage(f"b{at}", "body", text) for at, text in enumerate(texts)))
    return base, draw(changed(base, "A")), draw(changed(base, "B"))


@given(three())
def test_neither_loses_a_word(texts: tuple[Written, Written, Written]) -> None:
    """Every word that either wrote anew is in the text of both, as often as whoever wrote it more often."""
    base, theirs, mine = texts
    both = Counter(words(merge(base, theirs, mine).text.plain))
    for one in (theirs, mine):
        for passage in one.passages:
            old = base.passage(passage.id)
            new = Counter(words(passage.text)) - Counter(words(old.text if old else ""))
            assert all(both[word] >= count for word, count in new.items() if not word.isspace())


@given(three())
def test_what_only_one_did_is_what_comes_out(texts: tuple[Written, Written, Written]) -> None:
    base, theirs, mine = texts
    assert merge(base, base, mine).text == mine
    assert merge(base, theirs, base).text == theirs
    assert merge(base, mine, mine).text == mine


@given(three())
def test_ids_stay_unique(texts: tuple[Written, Written, Written]) -> None:
    ids = [one.id for one in merge(*texts).text.passages]
    assert len(ids) == len(set(ids))


@given(TEXT, TEXT, TEXT)
def test_words_that_one_removed_and_nobody_touched_are_gone(base: str, added: str, other: str) -> None:
    text, clashed = merged_words(
        f"{base} đầu x cuối {other}", f"{base} đầu cuối {other}", f"{base} đầu x cuối {other} {added}"
    )
    assert not clashed
    assert "x" not in words(text)


def test_two_sentences_of_one_passage() -> None:
    base = "Họp lúc 8 giờ. Địa điểm: phòng A."
    text, clashed = merged_words(base, "Họp lúc 9 giờ. Địa điểm: phòng A.", "Họp lúc 8 giờ. Địa điểm: phòng B.")
    assert (text, clashed) == ("Họp lúc 9 giờ. Địa điểm: phòng B.", False)


def test_the_same_word_by_both_stands_twice_and_is_told() -> None:
    assert merged_words("lúc 8 giờ", "lúc 9 giờ", "lúc 10 giờ") == ("lúc 9 10 giờ", True)


def test_changed_by_one_and_removed_by_the_other_stays() -> None:
    base = Written("cong_van", (Passage("a", "body", "một"), Passage("b", "body", "hai")))
    theirs = Written("cong_van", (base.passages[0],))
    mine = Written("cong_van", (base.passages[0], Passage("b", "body", "hai ba")))
    merged = merge(base, theirs, mine)
    assert (merged.text, merged.both) == (mine, ("b",))


@given(three())
def test_a_redline_holds_both_states(texts: tuple[Written, Written, Written]) -> None:
    old, _, new = texts
    lines = redline(old, new)

    def read(without: str) -> list[tuple[str, str]]:
        kept = (one for one in lines if one.mark != without)
        return [(one.id, "".join(piece.text for piece in one.pieces if piece.mark != without)) for one in kept]

    assert read("removed") == [(one.id, one.text) for one in new.passages]
    assert dict(read("added")) == {one.id: one.text for one in old.passages}


def test_a_remark_finds_its_words_again() -> None:
    text = Written("cong_van", (Passage("a", "body", "họp, rồi họp nữa"),))
    assert found_again(Anchor("a", "họp", 0, 3), text) == Anchor("a", "họp", 0, 3)
    assert found_again(Anchor("a", "họp", 12, 15), text) == Anchor("a", "họp", 9, 12)
    assert found_again(Anchor("a", "nghỉ", 0, 4), text) is None
    assert found_again(Anchor("b", "họp", 0, 3), text) is None


@pytest.mark.parametrize(
    ("base", "saved_first", "saved_later", "wanted"),
    [
        ("Kính gửi", "Kính gửi Sở", "Kính gửi Sở Y tế", "Kính gửi Sở Y tế"),
        ("Kính gửi", "Kính gửi Sở Y tế", "Kính gửi Sở", "Kính gửi Sở Y tế"),
        ("ngày mai", "họp ngày mai", "sáng họp ngày mai", "sáng họp ngày mai"),
    ],
)
def test_who_wrote_on_says_it_once(base: str, saved_first: str, saved_later: str, wanted: str) -> None:
    """The page saves by itself while somebody writes: what it saved before is in what it saves later."""
    assert merged_words(base, saved_first, saved_later) == (wanted, False)


def test_who_wrote_on_behind_somebody_says_it_once() -> None:
    """The page saved "Một" behind what somebody else wrote there, while its writer went on."""
    assert merged_words("Họp.", "Họp. Hai. Một", "Họp. Một ba") == ("Họp. Hai. Một ba", True)
    assert merged_words("Họp.", "Họp. tại A", "Họp. tại B") == ("Họp. tại A tại B", True)


def test_a_comma_that_comes_does_not_change_the_word_before_it() -> None:
    old, new = (
        Written("cong_van", (Passage("b", "body", text),)) for text in ("bếp ăn ngày 10./.", "bếp ăn, căng tin./.")
    )
    (changed,) = redline(old, new)
    assert [(one.mark, one.text) for one in changed.pieces] == [
        ("kept", "bếp ăn"), ("added", ","), ("kept", " "), ("removed", "ngày 10"), ("added", "căng tin"),
        ("kept", "./."),
    ]  # fmt: skip


@given(TEXT, st.text(max_size=60))
def test_shown_words_are_the_whole_text(one: str, other: str) -> None:
    for text in (one, other):
        assert "".join(shown_words(text)) == text
