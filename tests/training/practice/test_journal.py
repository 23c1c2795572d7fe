"""Exercises by the journal, where no log is read: what a server says of a log-in proves, what a message says not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.db import unit_of_work
from mail_audit.models import JournalMessage, JournalRecipient
from mail_audit.queries.journal import journal_days
from tests.training.practice.office import DOMAIN, Office, moment

OWN = f"cb1@{DOMAIN}"
UNPROVED: dict[str, tuple[dict[str, Any], str]] = {
    "a colleague's log-in": ({"log_in": f"cb2@{DOMAIN}"}, "somebody_else"),
    "somebody had logged in, nobody says who": ({"proof": "nameless", "log_in": None}, "no_log_in"),
    "from the offices' own networks": ({"proof": "inside", "log_in": None}, "no_log_in"),
    "it only says so": ({"proof": "claimed", "log_in": None}, "no_log_in"),
    "from outside": ({"proof": "outside", "log_in": None}, "no_log_in"),
    "made by a machine": ({"automatic": "submitted"}, "automatic"),
    "sent before": ({"at": moment(-30).now}, "before"),
    "taken before it was sent": ({"at": moment(30).now, "taken_at": moment(3).now}, "clock"),
}


def keep(office: Office, *addresses: str, **more: Any) -> None:
    """The journal has a copy of a message to these addresses."""
    told: dict[str, Any] = {
        "at": moment(2).now, "taken_at": moment(3).now, "server": "mail", "sender": OWN, "log_in": OWN,
        "proof": "login", "automatic": None, "size": 900, "dated_at": None, **more,
    }  # fmt: skip
    with unit_of_work(office.settings) as session:
        key = f"{addresses}{sorted(map(str, more.items()))}"
        session.add(JournalMessage(key=key, **told))
        session.flush()
        session.add_all(JournalRecipient(message=key, address=one, kind="to") for one in addresses)


@pytest.mark.parametrize("attack", UNPROVED)
def test_what_the_journal_does_not_prove(office: Office, attack: str) -> None:
    more, why = UNPROVED[attack]
    code = office.begin("cb1", "send")["send"].code
    keep(office, f"thuchanh+{code}@{DOMAIN}", **more)
    assert office.look(10) == {"send": why}
    keep(office, f"thuchanh+{code}@{DOMAIN}", size=901)
    assert office.look(11) == {"send": "done"}


def test_two_codes_in_one_copy_and_no_use(office: Office) -> None:
    """Passed by one message with both addresses; the journal's figures do not know of it."""
    row = office.begin("cb1", "send_copy")["send_copy"]
    both = [f"thuchanh+{code}@{DOMAIN}" for code in (row.code, row.second_code)]
    keep(office, both[0])
    assert office.look(5) == {"send_copy": "no_copy"}
    keep(office, *both)
    assert office.look(6) == {"send_copy": "done"}
    keep(office, f"cb2@{DOMAIN}")
    day = moment(0).today
    with unit_of_work(office.settings) as session:
        known = journal_days(session, day, day).filter(mailbox=OWN)
    assert known["sent"].to_list() == [1]
    without = replace(office.settings, tables={})
    with unit_of_work(without) as session:
        assert journal_days(session, day, day).filter(mailbox=OWN)["sent"].to_list() == [3]
