"""The pace of reading is that of the sitting: many short sessions are one, as a webmail or a telephone opens them."""

from __future__ import annotations

import polars as pl

from mail_audit.thresholds import Thresholds
from mail_audit.usage.sessions import rungs

SECOND = 1_000_000
MAILBOX = "an.nv@tp.example.gov.vn"


def held(*sessions: tuple[float, float, int, str | None]) -> pl.DataFrame:
    """Ended sessions as `usage.sessions.sessions` gives them: (start in s, length in s, bodies, address)."""
    return pl.DataFrame(
        {
            "mailbox": [MAILBOX for _ in sessions],
            "client_ip": [address for *_, address in sessions],
            "at": [round((start + length) * SECOND) for start, length, *_ in sessions],
            "seconds": [length if address else None for _, length, _, address in sessions],
            "body_count": [bodies for _, _, bodies, _ in sessions],
            "body_bytes": [bodies * 3000 for _, _, bodies, _ in sessions],
            "header_count": [0 for _ in sessions],
            "retrieved": [0 for _ in sessions],
            "counted": [True for _ in sessions],
            "polled": [False for _ in sessions],
        },
        schema_overrides={"client_ip": pl.String, "seconds": pl.Float64},
    )


def rung(*sessions: tuple[float, float, int, str | None]) -> list[str]:
    return rungs(held(*sessions), Thresholds()).to_list()


def test_clicks_in_a_webmail_are_one_person_reading() -> None:
    """Five messages, each in a session of its own, some seconds apart."""
    assert rung(*((number * 8.0, 0.1, 1, "10.0.0.7") for number in range(5))) == ["B"] * 5


def test_five_sessions_at_once_are_a_program() -> None:
    """The same five bodies within a second: nobody reads that fast."""
    assert rung(*((number * 0.2, 0.1, 1, "10.0.0.7") for number in range(5))) == ["C"] * 5


def test_a_pause_parts_two_sittings() -> None:
    """A burst in the morning does not spoil what is opened after lunch."""
    burst = tuple((number * 0.2, 0.1, 1, "10.0.0.7") for number in range(5))
    assert rung(*burst, (4 * 3600.0, 0.1, 1, "10.0.0.7")) == ["C"] * 5 + ["B"]


def test_addresses_are_apart() -> None:
    """What a telephone fetches at once says nothing of the message opened at the desk."""
    burst = tuple((number * 0.2, 0.1, 1, "10.0.0.8") for number in range(5))
    assert rung(*burst, (0.5, 0.1, 1, "10.0.0.7")) == ["C"] * 5 + ["B"]


def test_a_session_without_its_log_in_stands_alone() -> None:
    """One body may be a person; several at an unknown pace are not shown to be."""
    assert rung((0.0, 0.0, 1, None), (1.0, 0.0, 3, None)) == ["B", "C"]
