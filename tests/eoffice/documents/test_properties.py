"""On any draft checking never raises; mending makes findings go, is done once, brings no new one, leaves the rest."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from eoffice.documents.changes import apply
from eoffice.documents.checking import Finding, check, mend
from eoffice.documents.docx_file.mending import changed, mend_docx
from eoffice.documents.draft import Block, Draft, Drawn, Layout, Look, Page, PageNumber, Run
from eoffice.documents.recognising import recognise
from eoffice.documents.structured import as_dict, from_dict
from tests.eoffice.documents.cases import recognised, right_letter, rules
from tests.eoffice.documents.evaluation import WRITERS
from tests.eoffice.documents.letters.faults import FAULTS, plant
from tests.eoffice.documents.letters.planning import KINDS

WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "Số: 5/QĐ-UBND", "Số 7 / bc - ubnd", "Hà Nội, ngày 5 tháng 1 năm 2026", "Độc Lập - Tự do - Hạnh phúc",
            "Điều 1: Nội dung", "1) Khoản", "a. điểm", "Phần 2", "Kính gửi Bộ Nội vụ", "NƠI NHẬN", "Lưu VT", "TS. Lê A",
            "KT GIÁM ĐỐC", "V/V", "Phụ lục 1", "+ Bộ A", "Cа́ch", "đ) xin\u200bchào", "____", "Căn cứ Luật,", "./.",
        ]
    ),
)  # fmt: skip
LOOKS = st.builds(
    Look,
    font=st.sampled_from([None, "Times New Roman", "Arial", ".VnTime", "VNI-Times", "Symbol"]),
    size=st.sampled_from([None, 8.0, 11.0, 12.5, 13.0, 14.0, 20.0]),
    bold=st.booleans(),
    italic=st.booleans(),
    caps=st.booleans(),
    colour=st.sampled_from([None, "FF0000", "0A0A0A"]),
)
LAYOUTS = st.builds(
    Layout,
    align=st.sampled_from(["left", "center", "right", "justify"]),
    first_line=st.sampled_from([0.0, 10.0, 12.7, -6.0]),
    left=st.sampled_from([0.0, 12.7, 45.0]),
    before=st.sampled_from([0.0, 3.0, 6.0]),
    after=st.sampled_from([0.0, 6.0]),
    lines=st.sampled_from([0.5, 1.0, 1.5, 3.0]),
)
ROLES = st.sampled_from([*sorted(rules().parts), ""])
PAGES = st.builds(
    Page,
    width=st.sampled_from([210.0, 297.0, 150.0]),
    height=st.sampled_from([297.0, 210.0]),
    top=st.sampled_from([5.0, 20.0, 60.0]),
)
NUMBERS = st.none() | st.builds(
    PageNumber,
    align=st.sampled_from(["left", "center"]),
    size=st.sampled_from([None, 9.0, 13.0]),
    on_first=st.booleans(),
    begins=st.integers(0, 3),
)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Any draft at all."""
    blocks = tuple(
        Block(
            f"b{at}",
            draw(ROLES),
            tuple(draw(st.lists(st.builds(Run, WORDS, LOOKS), max_size=3))),
            draw(LAYOUTS),
            draw(st.none() | st.just(Drawn(20.0))),
            label=draw(st.sampled_from(["", "", "-", "1."])),
        )
        for at in range(draw(st.integers(0, 8)))
    )
    kinds = st.sampled_from([*sorted(rules().types), "unheard_of"])
    return Draft(draw(kinds), blocks, (draw(PAGES),), draw(NUMBERS))


def fixable(draft: Draft) -> list[Finding]:
    """What one click mends."""
    return [one for one in check(draft, rules()) if one.fixable]


def kinds_of(draft: Draft) -> set[tuple[str, str]]:
    """Rule and block of every finding."""
    return {(one.rule.id, one.block) for one in check(draft, rules())}


@given(drafts())
def test_checking_never_raises_and_points_into_the_draft(draft: Draft) -> None:
    for one in check(draft, rules()):
        block = draft.block(one.block)
        assert (block is None) == (one.block == "")
        assert block is None or 0 <= one.start <= one.end <= len(block.text)


@given(drafts())
def test_recognising_never_raises_and_loses_no_word(draft: Draft) -> None:
    bare = replace(
        draft, blocks=tuple(replace(block, role="", paragraph=at) for at, block in enumerate(draft.blocks, 1))
    )
    found = recognise(bare, rules())
    assert all(block.role in rules().parts for block in found.blocks)
    words = ["".join("".join(block.text.split()) for block in one.blocks) for one in (bare, found)]
    assert words[0] == words[1]


@given(drafts())
@settings(deadline=None)
def test_mending_is_done_once(draft: Draft) -> None:
    once = mend(draft, rules())
    assert fixable(once) == []
    assert mend(once, rules()) == once


@given(drafts(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_one_click_mends_its_finding_and_touches_no_other_block(draft: Draft, rng: random.Random) -> None:
    found = fixable(draft)
    if not found:
        return
    one = rng.choice(found)
    after = apply(draft, one.changes)
    assert (one.rule.id, one.block) not in {
        (left.rule.id, left.block)
        for left in check(after, rules())
        if left.start == one.start and left.quote == one.quote
    }
    assert [block for block in after.blocks if block.id != one.block] == [
        block for block in draft.blocks if block.id != one.block
    ]


@given(drafts())
def test_a_draft_survives_its_own_json(draft: Draft) -> None:
    known = replace(
        draft,
        type=draft.type if draft.type in rules().types else "",
        blocks=tuple(
            replace(block, role=block.role or "other", label="", runs=tuple(run for run in block.runs if run.text))
            for block in draft.blocks
        ),
    )
    assert from_dict(as_dict(known), rules()) == known


def test_mending_a_faulty_letter_brings_no_new_finding() -> None:
    rng = random.Random(11)
    order = FAULTS.copy()
    rng.shuffle(order)
    for number in range(45):
        letter = right_letter(KINDS[number % len(KINDS)], seed=number)
        plant(letter, rng, 4, order)
        content = WRITERS[sorted(WRITERS)[number % 3]](letter)
        before = recognised(content)
        mended, after = mend_docx(content, rules())
        assert kinds_of(after) <= kinds_of(before), letter.seeds
        assert fixable(after) == [], letter.seeds
        assert mend_docx(mended, rules())[0] == mended
        untouched = {one.block for one in check(before, rules())}
        assert [block.text for block in before.blocks if block.id not in untouched] == [
            block.text for block in after.blocks if block.id in {one.id for one in before.blocks} - untouched
        ], letter.seeds


def test_one_click_in_a_docx_changes_nothing_else() -> None:
    rng = random.Random(5)
    order = FAULTS.copy()
    rng.shuffle(order)
    for number in range(30):
        letter = right_letter(KINDS[number % len(KINDS)], seed=100 + number)
        plant(letter, rng, 2, order)
        content = WRITERS[sorted(WRITERS)[number % 3]](letter)
        before = recognised(content)
        for one in fixable(before):
            after = recognised(changed(content, before, one.changes))
            others = [
                [block for block in draft.blocks if block.paragraph != _paragraph(before, one)]
                for draft in (before, after)
            ]
            assert [block.text for block in others[0]] == [block.text for block in others[1]], one.rule.id
            assert [block.layout for block in others[0]] == [block.layout for block in others[1]], one.rule.id
            assert (one.rule.id, one.block) not in kinds_of(after), one.rule.id


def _paragraph(draft: Draft, one: Finding) -> int:
    block = draft.block(one.block)
    return block.paragraph if block else -1
