"""The rules as data: complete, dated, each shown to find its fault and to be silent about a right draft."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eoffice.documents.checking import CHECKS, check, mend
from eoffice.documents.draft import Draft
from eoffice.documents.inspection import inspect
from eoffice.documents.ruleset import load
from eoffice.documents.structured import as_dict, from_dict, new_draft, schema
from eoffice.errors import DocumentFileError, RuleSetError
from tests.eoffice.documents.cases import right_letter, rules
from tests.eoffice.documents.letters.by_python_docx import write
from tests.eoffice.documents.letters.faults import FAULTS
from tests.eoffice.documents.letters.plan import Letter
from tests.house.tree import ROOT

ELSEWHERE = Path(__file__).with_name("elsewhere")
LONG = "Các cơ quan, đơn vị tổ chức thực hiện nghiêm túc các nội dung nêu trên và báo cáo kết quả trước ngày 15."


def draft(*blocks: tuple[str, str] | tuple[str, str, dict[str, Any]], kind: str = "bao_cao") -> Draft:
    """A structured draft of these roles and words; a third value says look, layout or line."""
    rows = [
        {"id": f"b{at}", "role": row[0], "text": row[1], **(row[2] if len(row) > 2 else {})}
        for at, row in enumerate(blocks)
    ]
    return from_dict({"vanthu_draft": 1, "type": kind, "blocks": rows}, rules())


def look(**values: Any) -> dict[str, Any]:
    """Another look."""
    return {"look": values}


def layout(**values: Any) -> dict[str, Any]:
    """Another layout."""
    return {"layout": values}


CASES: dict[str, list[Any]] = {
    "motto.upright": [("motto", "Độc lập - Tự do - Hạnh phúc", look(italic=True))],
    "motto.single": [("motto", "Độc lập - Tự do - Hạnh phúc", layout(lines=1.5))],
    "issuer.bold": [("issuer", "SỞ NỘI VỤ", look(bold=False))],
    "issuer.line_length": [("issuer", "SỞ NỘI VỤ", {"line": {"length": 60}})],
    "date.centred": [("date", "Hà Nội, ngày 15 tháng 6 năm 2026", layout(align="left"))],
    "title.upright": [("title", "BÁO CÁO", look(italic=True))],
    "subject.letters": [("subject", "VỀ CÔNG TÁC VĂN THƯ")],
    "reference.centred": [("reference", "V/v nâng bậc lương", layout(align="left"))],
    "reference.letters": [("reference", "V/V NÂNG BẬC LƯƠNG")],
    "ground.weight": [("ground", "Căn cứ Luật Lưu trữ.", look(bold=True))],
    "part.centred": [("part", "Chương I", layout(align="left")), ("part_title", "QUY ĐỊNH CHUNG")],
    "part.size": [("part", "Chương I", look(size=16)), ("part_title", "QUY ĐỊNH CHUNG")],
    "part.letters": [("part", "CHƯƠNG I"), ("part_title", "QUY ĐỊNH CHUNG")],
    "part_title.bold": [("part", "Chương I"), ("part_title", "QUY ĐỊNH CHUNG", look(bold=False))],
    "part_title.centred": [("part", "Chương I"), ("part_title", "QUY ĐỊNH CHUNG", layout(align="left"))],
    "part.titled": [("part", "Chương I"), ("body", LONG)],
    "part.order": [("part", "Chương I"), ("part_title", "A"), ("part", "Chương III"), ("part_title", "B")],
    "section.arabic": [("section", "Mục II"), ("section_title", "QUẢN LÝ")],
    "section.bold": [("section", "Mục 1", look(bold=False)), ("section_title", "QUẢN LÝ")],
    "section.centred": [("section", "Mục 1", layout(align="left")), ("section_title", "QUẢN LÝ")],
    "article.arabic": [("article", "Điều I. " + LONG)],
    "authority.upright": [("authority", "GIÁM ĐỐC", look(italic=True))],
    "authority.centred": [("authority", "GIÁM ĐỐC", layout(align="left"))],
    "signer.upright": [("signer", "Nguyễn Văn A", look(italic=True))],
    "addressee.upright": [("addressee", "Kính gửi: Bộ Nội vụ", look(italic=True))],
    "addressee.letters": [("addressee", "KÍNH GỬI: BỘ NỘI VỤ")],
    "recipient.weight": [("recipient", "- Bộ Nội vụ;", look(bold=True)), ("archive", "- Lưu: VT.")],
    "appendix.bold": [("appendix", "Phụ lục", look(bold=False))],
    "appendix.centred": [("appendix", "Phụ lục", layout(align="left"))],
    "appendix.named": [("body", LONG), ("appendix", "Phụ lục")],
    "appendix_title.bold": [("appendix_title", "DANH SÁCH", look(bold=False))],
    "appendix_note.size": [("appendix_note", "(Kèm theo Công văn số 1)", look(size=11))],
    "appendix_note.centred": [("appendix_note", "(Kèm theo Công văn số 1)", layout(align="left"))],
    "urgency.capitals": [("urgency", "Hỏa tốc")],
    "urgency.bold": [("circulation", "LƯU HÀNH NỘI BỘ", look(bold=False))],
    "urgency.size": [("urgency", "KHẨN", look(size=10))],
    "typist.size": [("typist", "NVA.05", look(size=14))],
    "address.size": [("address", "Địa chỉ: Số 1 phố Mẫu", look(size=14))],
}
"""What the seeded letters do not break: a rule and a few blocks that break it."""


def test_there_are_enough_rules_and_each_says_where_it_stands() -> None:
    assert len(rules().rules) >= 40
    places = [rule.place.vi for rule in rules().rules]
    assert [
        place for place in places if not re.match("Phụ lục I+(, phần I, mục I+(, khoản \\d+(, điểm \\w)?)?)?$", place)
    ] == []


def test_every_check_is_used_and_every_rule_has_its_check() -> None:
    assert {rule.check for rule in rules().rules} == set(CHECKS)


def test_every_rule_is_tried_by_a_letter_or_a_case() -> None:
    assert {fault.rule for fault in FAULTS} | set(CASES) == {rule.id for rule in rules().rules}


@pytest.mark.parametrize("rule", sorted(CASES))
def test_the_rule_finds_its_fault_and_its_mending_ends_it(rule: str) -> None:
    faulty = draft(*CASES[rule])
    [found, *_] = [one for one in check(faulty, rules()) if one.rule.id == rule]
    assert found.quote
    if found.fixable:
        assert rule not in {one.rule.id for one in check(mend(faulty, rules(), only=rule), rules())}


@pytest.mark.parametrize("rule", sorted(CASES))
def test_the_rule_is_silent_about_the_same_words_as_they_should_look(rule: str) -> None:
    told = {one.rule.id for one in check(draft(*((row[0], row[1]) for row in CASES[rule])), rules())}
    only_words = {"subject.letters", "reference.letters", "part.letters", "part.titled", "part.order", "section.arabic"}
    only_words |= {"article.arabic", "addressee.letters", "appendix.named", "urgency.capitals"}
    assert (rule in told) is (rule in only_words)


@pytest.mark.parametrize("kind", sorted(key for key in rules().types if key))
def test_a_new_draft_of_any_type_is_right(kind: str) -> None:
    begun = new_draft(kind, rules())
    assert [one.rule.id for one in check(begun, rules())] == []
    assert from_dict(as_dict(begun), rules()) == begun


def test_the_29_types_of_the_decree() -> None:
    assert len([key for key in rules().types if key]) == 29
    assert {kind.abbreviation for kind in rules().types.values()} >= {"QĐ", "QyĐ", "TTr", "CTr", "GM"}


def test_before_the_decree_there_is_no_rule() -> None:
    assert load(date(2020, 3, 4)).rules == ()
    assert len(load(date(2020, 3, 5)).rules) == len(rules().rules)


def test_another_country_is_another_data_set() -> None:
    letter: Letter = right_letter("thong_bao")
    for day, size in ((date(2023, 6, 1), "10"), (date(2026, 6, 1), "12")):
        there = load(day, name="harbour", folder=ELSEWHERE)
        found = inspect("a.docx", write(letter), there, document_type="notice").findings
        assert {one.rule.id for one in found} == {"page.paper", "body.size"}
        assert any(size in one.rule.words.en for one in found)
    assert found[0].rule.place.en == "Manual M, chapter 1, article 1"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('check = "paper"', 'check = "smell"', "no check smell"),
        ('severity = "error"', 'severity = "fatal"', "severity"),
        ('looks_at = ["body"]', 'looks_at = ["tail"]', "no part tail"),
        ("to = 2023-12-31", "to = 2019-12-31", "days"),
        ("to = 2023-12-31", "", "two rules"),
        ('en = "Size 12."', 'en = ""', "lack a language"),
        ("fix = true", "fixx = true", "no entry fixx"),
        ("from = 2020-01-01", "from =", "not right TOML"),
    ],
)
def test_a_data_set_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    for path in ELSEWHERE.glob("*.toml"):
        text = path.read_text("utf-8")
        (tmp_path / path.name).write_text(text.replace(old, new) if "rules" in path.name else text, "utf-8")
    with pytest.raises(RuleSetError) as caught:
        check(draft(), load(date(2026, 1, 1), name="harbour", folder=tmp_path))
    assert says in caught.value.message.en


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], "$:"),
        ({"vanthu_draft": 2, "blocks": []}, "$.vanthu_draft"),
        ({"vanthu_draft": 1}, "$.blocks"),
        ({"vanthu_draft": 1, "blocks": [], "type": "x"}, "$.type"),
        ({"vanthu_draft": 1, "blocks": [{"id": "", "role": "body"}]}, "$.blocks[0].id"),
        ({"vanthu_draft": 1, "blocks": [{"id": "a", "role": "body"}] * 2}, "$.blocks[1].id"),
        ({"vanthu_draft": 1, "blocks": [{"id": "a", "role": "body", "text": "\ud800"}]}, "$.blocks[0].text"),
        ({"vanthu_draft": 1, "blocks": [{"id": "a", "role": "body", "layout": {"align": "up"}}]}, "layout.align"),
        ({"vanthu_draft": 1, "blocks": [], "pages": [{"width": 1e9}]}, "$.pages[0].width"),
        ({"vanthu_draft": 1, "blocks": [], "colour": "red"}, "“colour”"),
    ],
)
def test_json_is_read_strictly_and_the_place_is_said(data: Any, place: str) -> None:
    with pytest.raises(DocumentFileError) as caught:
        from_dict(data, rules())
    assert place in caught.value.message.en


def test_the_schema_speaks_of_every_key() -> None:
    published = schema()["properties"]
    assert set(as_dict(new_draft("cong_van", rules()))) == set(published)


def test_the_documentation_lists_every_rule() -> None:
    page = (ROOT / "docs/form-check.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", page, re.MULTILINE)) == {rule.id for rule in rules().rules}
