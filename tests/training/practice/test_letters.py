"""The practice message says what is to be done with itself, and nothing that only its page can mean."""

from __future__ import annotations

import pytest

from training.letters.practice import to_do
from training.practice.kinds import KINDS, Kind


@pytest.mark.parametrize("kind", [one for one in KINDS.values() if one.place == "letter"], ids=lambda one: str(one.key))
def test_a_message_speaks_of_itself(kind: Kind) -> None:
    said = " ".join(to_do(kind, "vi"))
    assert "thư này" in said
    assert "thư đó" not in said
    assert "nút dưới đây" not in said
    assert "button below" not in " ".join(to_do(kind, "en"))
