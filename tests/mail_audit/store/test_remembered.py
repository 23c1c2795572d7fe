"""What is remembered of stored results: worked out once, anew for another result, and never more than so many."""

from __future__ import annotations

from functools import partial

from mail_audit.queries.remembered import Remembered


def test_each_key_is_worked_out_once_and_the_oldest_is_forgotten() -> None:
    asked: list[str] = []

    def work_out(key: str) -> str:
        asked.append(key)
        return key.upper()

    kept: Remembered[str] = Remembered(2)
    assert [kept.get(key, partial(work_out, key)) for key in ("a", "b", "a", "c", "a", "b")] == [*"ABACAB"]
    assert asked == ["a", "b", "c", "b"]
