"""Every exercise by e-mail, done honestly and dishonestly on a real Postfix and Dovecot, judged by what they wrote.

Nothing here is a made-up line: programs connect from addresses of their own, the servers write, the log is collected,
and the verdict is that of the product. At the end the very same log is audited: practice is in no figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.directory.coded import CodedAddresses
from mail_audit import pipeline
from mail_audit.report.model import OfficialFigures
from tests.servers import mail_clients as clients
from tests.servers.mail_fixtures import demand_servers
from tests.servers.mail_server import MailServer, running, until
from tests.servers.mail_settings import DOMAIN, Options, clock_library
from tests.servers.practised import (
    ADDRESSES,
    CLERKS_DESK,
    COLLEAGUE,
    DESK,
    KINDS,
    LEARNER,
    PHONE,
    WEBMAIL,
    Practised,
    practised,
    with_practice_address,
)

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    demand_servers()
    if clock_library() is None:
        pytest.skip("not installed: faketime")

    def prepare(made: MailServer) -> None:
        with_practice_address(made)
        made.sieve("vp.vt", "")

    with running(Options(ahead=0.0, syslog=False), prepare) as started:
        yield started


def _send(server: MailServer, who: str, station: str, *to: str, number: int = 0, sender: str = "") -> None:
    content = clients.message(
        sender or clients.address(who), ", ".join(to), "Thử", f"<{who}.{number}.{hash(to)}@{DOMAIN}>"
    )
    clients.send(server.ports.submission, station, sender or clients.address(who), to, content,
                 log_in=clients.address(who))  # fmt: skip


def _attack(city: Practised) -> None:
    """What others do with the learner's codes, and the learner with what is not theirs: no exercise is passed by it."""
    server, own = city.server, city.exercises(LEARNER)
    for number, kind in enumerate(("send", "webmail", "answer")):
        _send(server, COLLEAGUE, CLERKS_DESK, ADDRESSES.address(own[kind].code), number=number)
    _send(server, COLLEAGUE, CLERKS_DESK, ADDRESSES.address(own["send"].code), number=4,
          sender=clients.address(LEARNER))  # fmt: skip
    _send(server, LEARNER, DESK, ADDRESSES.address(own["send"].code[:-1] + "0"), number=5)
    _send(server, LEARNER, DESK, clients.address(LEARNER), number=6)
    from_outside = clients.message(clients.address(LEARNER), "x", f"sasl_username={LEARNER}@{DOMAIN}", "<lie@out.test>")
    clients.send(server.ports.mx, "127.0.0.1", clients.address(LEARNER), [ADDRESSES.address(own["send"].code)],
                 from_outside)  # fmt: skip
    with clients.imap(server.ports.imap, CLERKS_DESK, COLLEAGUE) as client:
        client.select_folder("INBOX")
        client.fetch(client.search("ALL"), ["BODY[]"])


def _practise(city: Practised) -> None:
    """What the learner was asked to do, from the desk, by webmail and on the telephone."""
    server, own, letters = city.server, city.exercises(LEARNER), city.letters(LEARNER)
    _send(server, LEARNER, DESK, ADDRESSES.address(own["send"].code), number=10)
    copied = own["send_copy"]
    _send(server, LEARNER, DESK, ADDRESSES.address(copied.code), ADDRESSES.address(copied.second_code or ""), number=11)
    _send(server, LEARNER, WEBMAIL, ADDRESSES.address(own["webmail"].code), number=12)
    _send(server, LEARNER, DESK, str(letters["answer"][1]["Reply-To"]), number=13)
    with clients.imap(server.ports.imap, DESK, LEARNER) as client:
        client.create_folder("Hoc tap")
        client.select_folder("INBOX")
        client.fetch([letters["read"][0]], ["BODY[]"])
        client.add_flags([letters["flag"][0]], [rb"\Flagged"])
        client.move([letters["file"][0]], "Hoc tap")
        client.delete_messages([letters["delete"][0]])
        client.expunge()
    with clients.imap(server.ports.imap, PHONE, LEARNER) as client:
        client.select_folder("INBOX")
        client.fetch([letters["phone"][0]], ["BODY[]"])


def _figures(city: Practised, addresses: CodedAddresses | None) -> OfficialFigures:
    """What an audit of the server's log says of the learner."""
    report = pipeline.run([*city.server.logs], city.roster(), practice=addresses).report
    return next(one for one in report.officials if one.official_id == LEARNER)


def test_every_exercise_by_e_mail(server: MailServer, tmp_path: Path) -> None:
    with practised(tmp_path, server) as city:
        city.begin(LEARNER)
        city.begin(COLLEAGUE)
        city.forward(20)
        _attack(city)
        city.look()
        attacked = city.whys(LEARNER)
        passed = {kind for kind, row in city.exercises(LEARNER).items() if row.state == "passed"}
        assert (passed, attacked["send"], attacked["read"]) == (set(), "no_log_in", "letter_waits")
        assert {row.state for row in city.exercises(COLLEAGUE).values() if row.kind != "read"} == {"open"}
        city.forward(20)
        _practise(city)
        city.look()
        assert {kind: why for kind, why in city.whys(LEARNER).items() if why != "done"} == {"no_forward": "settling"}
        city.forward(360)
        with clients.imap(server.ports.imap, DESK, LEARNER):
            pass  # the log goes on

        def all_done() -> bool:
            city.look()
            return city.whys(LEARNER) == dict.fromkeys(KINDS, "done")

        until(all_done, "the log that goes on was read")
        without, with_practice = _figures(city, ADDRESSES), _figures(city, None)
        assert (without.sent, without.opened, without.received, without.rung) == (1, 0, 1, "A")
        assert (with_practice.sent or 0) > 4
        assert (with_practice.opened or 0) >= 2
    until(server.queue_empty, "nothing is left")
