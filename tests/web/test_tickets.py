"""Tickets to the files of a package: what our own key signed is still read as what somebody else wrote."""

from __future__ import annotations

from dataclasses import astuple
from datetime import UTC, datetime
from typing import Any

import pytest

from web import tickets
from web.tickets import Ticket

SECRET = "a secret of these tests"
NOW = datetime(2026, 11, 6, 2, tzinfo=UTC)
GOOD = Ticket(1, "a", 2, "I1", 3, tickets.microseconds(NOW), "http://localhost", "vi")


def read_again(fields: Any, monkeypatch: pytest.MonkeyPatch) -> Ticket | None:
    """What is read of a ticket that another version signed, with these fields."""
    with monkeypatch.context() as other:
        other.setattr(tickets, "astuple", lambda _ticket: fields)
        text = tickets.written(GOOD, SECRET)
    return tickets.read(text, SECRET, hours=4, now=NOW)


def test_a_ticket_of_another_version_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = astuple(GOOD)
    assert read_again(fields, monkeypatch) == GOOD
    others: list[Any] = [fields[:-1], (*fields, 1), (), {}, 7, None, "x" * len(fields)]
    for place, one in enumerate(fields):
        others.extend((*fields[:place], wrong, *fields[place + 1 :]) for wrong in (None, True, [one], 1.5))
    others.append((str(fields[0]), *fields[1:]))
    assert [one for one in others if read_again(one, monkeypatch) is not None] == []
