"""Reading tables of `vanthu.toml`: every kind of entry, and a sentence for what it must be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from core.options import SettingsError, entries, first_line, wrong_entry


@dataclass(frozen=True, slots=True)
class _Tea:
    name: str = ""
    hot: bool = True
    cups: int = 1
    litres: float = 0.5
    leaves: tuple[str, ...] = ()


def test_every_kind_of_entry_comes_as_its_field_wants_it() -> None:
    given = {"name": " sen ", "hot": False, "cups": 2, "litres": 1, "leaves": ["a ", " b"]}
    found = entries("tea", given, _Tea)
    assert found == {"name": "sen", "hot": False, "cups": 2, "litres": 1.0, "leaves": ("a", "b")}
    assert isinstance(found["litres"], float)
    assert entries("tea", {}, _Tea) == {}


@pytest.mark.parametrize(
    ("name", "value", "must_be"),
    [
        ("name", 5, "a text"), ("name", "a\nb", "a text"), ("hot", 1, "true or false"),
        ("cups", True, "a whole number"), ("cups", 1.5, "a whole number"),
        ("litres", "1", "a number"), ("litres", float("nan"), "a number"),
        ("litres", True, "a number"), ("leaves", "a", "a list"), ("leaves", ["a", 1], "a list"),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_told_what_it_must_be(name: str, value: object, must_be: str) -> None:
    with pytest.raises(SettingsError, match=rf"^\[tea\] {name} must be {must_be}") as refused:
        entries("tea", {name: value}, _Tea)
    assert refused.value.message.vi.startswith(f"[tea] {name} phải là ")


def test_a_name_that_is_no_field_is_told() -> None:
    with pytest.raises(SettingsError, match=r"The table \[tea\] has no entry sugar"):
        entries("tea", {"sugar": 1}, _Tea)


def test_what_cannot_be_used_is_told_with_what_would_be_right() -> None:
    assert "for example: 2." in str(wrong_entry("tea", "cups", example=2))
    assert 'for example: ["sen"].' in str(wrong_entry("tea", "leaves", example=("sen",)))
    assert "see docs/settings.md." in str(wrong_entry("tea", "cups"))


def test_a_secret_is_the_first_line(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("bí mật \r\nnote\n", "utf-8")
    assert first_line(str(tmp_path / "secret")) == "bí mật "
