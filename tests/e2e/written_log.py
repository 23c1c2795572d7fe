"""Months of a mail server's log, day by day: everybody is written to, those who use e-mail log in, read and write.

The lines are those of the sample city (`mail_audit.sample`), with stamps that name the year. What happens when is left
to chance, the same every time: nothing happens on a schedule, so nobody is taken for a machine.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from operator import itemgetter

from mail_audit.sample.desk import Desk
from mail_audit.sample.ledger import Ledger
from mail_audit.sample.postoffice import SECOND, PostOffice, Server
from mail_audit.sample.spelling import SPELLINGS
from mail_audit.sample.transport import iso

CITIZEN = "congdan@example.net"
NIGHT, MORNING, NOON, EVENING = (hour * 3600 * SECOND for hour in (1, 8, 12, 16))


class WrittenLog:
    """The log of the server `host`, which has the mailboxes of `everybody` (addresses)."""

    def __init__(self, host: str, everybody: Sequence[str]) -> None:
        self._host, self._everybody = host, everybody
        self._chance = random.Random(2026)
        self._office = PostOffice(Server(SPELLINGS["2.3.15"], filtered=False, two_hosts=False), Ledger(), self._chance)
        self._desk = Desk(self._office, self._chance)

    def days(self, first: date, last: date, *, writers: Collection[str]) -> str:
        """The lines from `first` to `last`: each of `writers` reads what came, and writes one message a day."""
        return "".join(self._day(first + timedelta(number), writers) for number in range((last - first).days + 1))

    def _day(self, day: date, writers: Collection[str]) -> str:
        office, desk = self._office, self._desk
        desk.day, office.day_number = day, day.toordinal()
        office.mta, office.store = [], []
        for number, address in enumerate(self._everybody):
            message_id = desk.message_id("mx.example.net")
            peer = "mx.example.net[192.0.2.7]"
            office.pass_on(self._between(NIGHT, MORNING), "smtpd", peer, "", CITIZEN, (address,), message_id, 4000)
            account = office.ledger.open(address)
            account.unseen, account.arriving = [*account.unseen, *account.arriving][-5:], []
            if address in writers:
                station = f"10.20.30.{number + 10}"
                desk.read(self._between(MORNING, NOON), account, station, 3)
                desk.submit(self._between(NOON, EVENING), account, station, (CITIZEN,))
        return iso(sorted([*office.mta, *office.store], key=itemgetter(0)), day, self._host)

    def _between(self, first: int, last: int) -> int:
        return self._chance.randrange(first, last)
