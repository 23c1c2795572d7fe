"""Sealed secrets: opened by the same key for the same purpose, and by nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.directory.errors import SealError
from core.directory.factors.sealing import opened, seal

KEY, OTHER = "k" * 40, "k" * 39 + "l"


@given(plain=st.text(st.characters(codec="utf-8"), max_size=100), purpose=st.text(st.characters(codec="utf-8")))
def test_what_was_sealed_comes_out(plain: str, purpose: str) -> None:
    assert opened(KEY, seal(KEY, plain, purpose=purpose), purpose=purpose) == plain


def test_it_does_not_show() -> None:
    first, second = (seal(KEY, "JBSWY3DPEHPK3PXP", purpose="app of 1") for _ in range(2))
    assert first != second
    assert "JBSWY3DP" not in first


@pytest.mark.parametrize(("key", "purpose"), [(OTHER, "app of 1"), (KEY, "app of 2"), (KEY, "")])
def test_another_key_or_purpose_opens_nothing(key: str, purpose: str) -> None:
    sealed = seal(KEY, "JBSWY3DPEHPK3PXP", purpose="app of 1")
    with pytest.raises(SealError):
        opened(key, sealed, purpose=purpose)


@given(place=st.integers(0, 60), sign=st.sampled_from("Aa0-_."))
def test_a_changed_sign_is_noticed(place: int, sign: str) -> None:
    sealed = seal(KEY, "JBSWY3DPEHPK3PXP", purpose="app of 1")
    changed = sealed[:place] + sign + sealed[place + 1 :]
    if changed != sealed:
        with pytest.raises(SealError):
            opened(KEY, changed, purpose="app of 1")


@pytest.mark.parametrize("text", ["", "1", "1.", "1.AAAA", "2.AAAA", "1.@@@@", "x" * 10_000])
def test_what_was_never_sealed(text: str) -> None:
    with pytest.raises(SealError):
        opened(KEY, text, purpose="app of 1")
