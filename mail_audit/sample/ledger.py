"""The running counts behind the truth: one account a mailbox, filled by the same code that writes the lines."""

from __future__ import annotations

from datetime import date
from typing import Literal

Evidence = Literal["A", "B", "C", "D"]


class Account:
    """Counts of one mailbox, and what lies in it unread."""

    __slots__ = (
        "acts",
        "address",
        "arriving",
        "delegated",
        "external",
        "failed",
        "forwarded",
        "logins",
        "next_uid",
        "opened",
        "received",
        "recipients",
        "seen",
        "sent",
        "strongest",
        "unseen",
    )

    def __init__(self, address: str) -> None:
        self.address = address
        self.sent = self.recipients = self.external = 0
        self.received = self.logins = self.failed = self.opened = 0
        self.acts: dict[date, str] = {}
        """Day -> strongest rung (A or B) of the person's acts."""
        self.strongest: str | None = None
        """Strongest rung of whatever a machine or a clerk did."""
        self.delegated = 0
        self.forwarded = 0
        self.next_uid = 1
        self.unseen: list[tuple[int, str, int]] = []
        """Messages nobody opened yet: uid, message-id, size."""
        self.arriving: list[tuple[int, str, int]] = []
        """Messages that arrived in the course of the day, readable from the next day on."""
        self.seen: list[tuple[int, str, int]] = []

    def act(self, day: date, rung: Evidence) -> None:
        """Books an act of the person on `day`."""
        if self.acts.get(day, "Z") > rung:
            self.acts[day] = rung

    def machine(self, rung: Evidence) -> None:
        """Books what is not the person's own act."""
        if self.strongest is None or rung < self.strongest:
            self.strongest = rung


class Ledger:
    """All accounts of the domain, by address."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}

    def open(self, address: str) -> Account:
        """The account of `address`, made on first use."""
        account = self.accounts.get(address)
        if account is None:
            account = self.accounts[address] = Account(address)
        return account
