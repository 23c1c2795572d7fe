"""Recovery codes: ten that are not mistaken for each other; of which only hashes with a salt are kept."""

from __future__ import annotations

import re

import pytest

from core.directory.factors import recovery_codes


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery_codes, "COST", {"time_cost": 1, "memory_cost": 8, "parallelism": 1})


def test_a_sheet() -> None:
    sheet = recovery_codes.new_sheet()
    assert len(set(sheet)) == 10
    assert all(re.fullmatch(r"(?:[2-9A-HJKMNP-TV-Z]{4}-){2}[2-9A-HJKMNP-TV-Z]{4}", code) for code in sheet)
    assert not set(sheet) & set(recovery_codes.new_sheet())


def test_a_typed_code_is_found_by_its_hash() -> None:
    sheet = recovery_codes.new_sheet()
    kept = recovery_codes.kept(sheet)
    assert len(set(kept)) == 10
    assert len({recovery_codes.sheet_of(one) for one in kept}) == 1
    for code, digest in zip(sheet, kept, strict=True):
        signs = recovery_codes.typed(code.lower().replace("-", " "))
        assert signs is not None
        assert recovery_codes.hash_like(kept[0], signs) == digest
        assert code not in digest


def test_a_hash_keeps_what_it_was_made_with(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = recovery_codes.new_sheet()
    kept = recovery_codes.kept(sheet)
    monkeypatch.setattr(recovery_codes, "COST", {"time_cost": 2, "memory_cost": 16, "parallelism": 1})
    assert recovery_codes.hash_like(kept[3], sheet[3].replace("-", "")) == kept[3]


def test_each_sheet_has_a_salt_of_its_own() -> None:
    sheet = recovery_codes.new_sheet()
    assert not set(recovery_codes.kept(sheet)) & set(recovery_codes.kept(sheet))


@pytest.mark.parametrize("text", ["", "ABCD", "ABCD-EFGH-JKM0", "ABCD-EFGH-JKMNP", "ĂBCD-EFGH-JKMN", "x" * 10_000])
def test_what_is_no_code(text: str) -> None:
    assert recovery_codes.typed(text) is None
