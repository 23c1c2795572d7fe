"""Officials let in by mail: invited, the link used once, asked for again; nobody learns who has an account."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from core import jobs
from core.db import unit_of_work, utc_now
from core.directory.errors import PasswordError
from core.directory.services import close_account, create_account, invitees, links, verify_log_in
from core.directory.services.inviting import MOST, Invited, invite
from core.errors import ForbiddenError, InputError, NotFoundError, UnavailableError
from core.jobs import Job
from core.mail.asking import ASK, MOST_WAITING, ask_link
from core.mail.links import digest
from core.mail.models import LogInLink
from core.mail.preferences import choose
from core.permissions import Actor, Granted, Role, command_line_actor
from core.settings import Settings
from tests.core.mail.post_office import NOW, SITE, PostOffice, fill, installed, outbox, send_at, text_of
from tests.web import town

PASSWORD = "bốn từ chẳng liên quan"
CB1 = "cb1@tp.example.gov.vn"
KEY = re.compile(re.escape(f"{SITE}/welcome?key=") + r"([A-Za-z0-9_-]+)\n")


def _invite(settings: Settings, *numbers: str, now: object = NOW) -> Invited:
    with unit_of_work(settings) as session:
        return invite(session, command_line_actor(), official_ids=numbers, now=now)  # type: ignore[arg-type]


def _token(office: PostOffice, number: int = -1) -> str:
    found = KEY.search(text_of(office.taken[number]))
    assert found
    return found[1]


def _choose(settings: Settings, token: str, *, password: str = PASSWORD, now: object = NOW) -> str:
    with unit_of_work(settings) as session:
        return links.choose_password(session, token=token, password=password, now=now).name  # type: ignore[arg-type]


def _logs_in(settings: Settings, name: str, password: str) -> bool:
    with unit_of_work(settings) as session:
        return verify_log_in(session, name=name, password=password) is not None


def test_from_the_message_to_the_first_log_in(settings: Settings, office: PostOffice) -> None:
    assert _invite(settings, "CB1") == Invited(1, 0, ())
    assert send_at(settings, NOW).sent == 1
    assert "Tên đăng nhập của Ông/Bà là cb1@tp.example.gov.vn." in text_of(office.taken[0])
    token = _token(office)
    with pytest.raises(PasswordError):
        _choose(settings, token, password="123456789012")
    assert _choose(settings, token) == CB1
    assert _logs_in(settings, CB1, PASSWORD)
    with pytest.raises(links.LinkEndedError):
        _choose(settings, token)


def test_the_database_holds_no_token_and_no_text(settings: Settings, office: PostOffice) -> None:
    _invite(settings, "CB1")
    send_at(settings, NOW)
    token = _token(office)
    with unit_of_work(settings) as session:
        tables = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        rows = [str(row) for table in tables for row in session.execute(text(f"SELECT * FROM {table}"))]
    assert digest(token) in "".join(rows)
    assert not [row for row in rows if token in row or "Kính gửi" in row]


def test_the_same_link_at_every_try(settings: Settings, office: PostOffice) -> None:
    office.data_says = ["451 4.3.0 later"]
    _invite(settings, "CB1")
    assert send_at(settings, NOW).put_off == 1
    assert send_at(settings, NOW + timedelta(hours=1)).sent == 1
    assert _choose(settings, _token(office)) == CB1


def test_a_link_ends(settings: Settings, office: PostOffice) -> None:
    _invite(settings, "CB1")
    send_at(settings, NOW)
    with pytest.raises(links.LinkEndedError):
        _choose(settings, _token(office), now=NOW + timedelta(hours=72))
    assert _choose(settings, _token(office), now=NOW + timedelta(hours=71)) == CB1


def test_a_dead_link_is_not_sent(settings: Settings, office: PostOffice) -> None:
    _invite(settings, "CB1")
    assert send_at(settings, NOW + timedelta(hours=73)).stale == 1
    assert office.taken == []
    assert [(one.state, one.answer) for one in outbox(settings)] == [("given_up", "the link has ended")]


def test_a_closed_account_is_not_written_to(settings: Settings, office: PostOffice) -> None:
    _invite(settings, "CB1")
    with unit_of_work(settings) as session:
        close_account(session, command_line_actor(), name=CB1)
    assert send_at(settings, NOW).stale == 1
    assert office.taken == []


def test_invited_again_the_earlier_link_ends(settings: Settings, office: PostOffice) -> None:
    _invite(settings, "CB1")
    send_at(settings, NOW)
    assert _invite(settings, "CB1", now=NOW + timedelta(minutes=1)) == Invited(0, 1, ())
    send_at(settings, NOW + timedelta(minutes=1))
    with pytest.raises(links.LinkEndedError):
        _choose(settings, _token(office, 0))
    assert _choose(settings, _token(office, 1), now=NOW + timedelta(minutes=2)) == CB1
    assert [why.en for _, why in _invite(settings, "CB1").left] == ["has an account and has chosen a password"]


def test_who_cannot_be_invited_stops_nobody(settings: Settings) -> None:
    with unit_of_work(settings) as session:
        create_account(session, command_line_actor(), name="cb3@tp.example.gov.vn", password=PASSWORD)
        create_account(session, command_line_actor(), name="cb4", password=PASSWORD, official_id="CB4")
        session.execute(text("DELETE FROM mailbox WHERE address = 'cb2@tp.example.gov.vn'"))
    done = _invite(settings, "CB1", "CB2", "CB3", "CB4", "CB99", "CB1")
    assert (done.made, done.again) == (1, 0)
    assert {number: why.en.partition(",")[0] for number, why in done.left} == {
        "CB2": "has no official mailbox",
        "CB3": "the address cannot be the account's name",
        "CB4": "has an account and has chosen a password",
        "CB99": "there is no official with this number",
    }


def test_who_may_invite(settings: Settings) -> None:
    here = Actor("truong", frozenset(), None, (Granted(Role.ADMINISTRATOR, frozenset({town.CONSTRUCTION})),))
    with unit_of_work(settings) as session:
        done = invite(session, here, official_ids=["CB1", "CB5"], now=NOW)
        assert (done.made, [number for number, _ in done.left]) == (1, ["CB5"])
        for role in (Role.OFFICIAL, Role.LEADER, Role.INSPECTOR):
            with pytest.raises(ForbiddenError):
                invite(session, Actor("x", frozenset({role}), "CB2"), official_ids=["CB2"], now=NOW)
        for numbers in ([], [str(number) for number in range(MOST + 1)]):
            with pytest.raises(InputError):
                invite(session, command_line_actor(), official_ids=numbers, now=NOW)


def test_nobody_is_invited_without_mail(tmp_path: Path) -> None:
    made = installed(tmp_path / "without", 25, server="")
    fill(made)
    with pytest.raises(UnavailableError):
        _invite(made, "CB1")


def _ask(settings: Settings, name: str = "", token: str = "", address: str = "10.1.1.1") -> list[dict[str, object]]:
    """What was asked of a job; each of these leaves one."""
    with unit_of_work(settings) as session:
        ask_link(session, name=name, digest=digest(token), address=address, now=utc_now())
    with unit_of_work(settings) as session:
        return [dict(job.args) for job in session.scalars(select(Job).where(Job.task == ASK).order_by(Job.id))]


def test_asking_tells_nothing_and_sends_only_to_whom_it_may(settings: Settings, office: PostOffice) -> None:
    past = utc_now() - timedelta(hours=1)
    _invite(settings, "CB1", now=past)
    with unit_of_work(settings) as session:
        create_account(session, command_line_actor(), name="cb2", password=PASSWORD, official_id="CB2")
    send_at(settings, utc_now())
    for name in ("nobody", "cb2", "cb2@tp.example.gov.vn", CB1.upper(), ""):
        asked = _ask(settings, name)
    assert len(asked) == 5  # a job each, whoever it was
    assert all(set(one) == {"account"} for one in asked)  # and nothing of what was typed
    assert len(_ask(settings, token=_token(office))) == 6
    jobs.run_waiting(settings)
    assert office.addresses == [CB1, CB1]  # cb2 has a password, and the settings allow no forgotten one
    assert _choose(settings, _token(office), now=utc_now()) == CB1
    with unit_of_work(settings) as session:
        assert len(session.scalars(select(LogInLink)).all()) == 2  # the two asks within the pause were one


def test_a_mailbox_is_not_flooded(settings: Settings, office: PostOffice) -> None:
    _invite(settings, "CB1", now=NOW)
    sent = 0
    with unit_of_work(settings) as session:
        account = session.scalars(select(LogInLink.account)).one()
        for minutes in range(0, 60 * 12, 2):
            sent += links.ask_again(session, account_id=account, now=NOW + timedelta(minutes=minutes))
    assert sent == links.MOST_A_DAY - 1


def test_strangers_cannot_fill_the_queue(settings: Settings) -> None:
    for _ in range(60):
        asked = _ask(settings, "nobody")
    assert 50 <= len(asked) < 60
    assert MOST_WAITING < 10_000
    assert len(_ask(settings, "nobody", address="10.2.2.2")) == len(asked) + 1


def test_a_forgotten_password_where_the_settings_allow_it(settings: Settings, office: PostOffice) -> None:
    allowed = installed(settings.home, office.port, forgotten=True)
    with unit_of_work(allowed) as session:
        create_account(session, command_line_actor(), name="cb2", password=PASSWORD, official_id="CB2")
    _ask(allowed, "cb2")
    jobs.run_waiting(allowed)
    (message,) = office.taken
    assert message["X-Vanthu"] == "core:account:forgotten"
    new = "một câu hoàn toàn khác hẳn"
    assert _choose(allowed, _token(office), password=new, now=utc_now()) == "cb2"
    assert _logs_in(allowed, "cb2", new)
    assert not _logs_in(allowed, "cb2", PASSWORD)


def test_no_link_goes_where_somebody_chose(settings: Settings, office: PostOffice) -> None:
    """An account of nobody's chooses an address by an open session alone; a password must not follow from that."""
    allowed = installed(settings.home, office.port, forgotten=True)
    with unit_of_work(allowed) as session:
        made = create_account(session, command_line_actor(), name="quantri", password=PASSWORD)
        own = Actor("quantri", frozenset({Role.ADMINISTRATOR}))
        choose(session, own, every="day", language="vi", wanted=(), address="thief@tp.example.gov.vn")
        assert not links.ask_again(session, account_id=made.id, now=NOW)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"CB1\nCB2\r\n\nCB3", ["CB1", "CB2", "CB3"]),
        ("\ufeffname;official_id\nNguyễn Văn A;CB1\nB;\nC;CB2".encode(), ["CB1", "CB2"]),
        (b'official_id,name\n"CB1",x\n', ["CB1"]),
        (b"", []),
    ],
)
def test_files_of_invitations(content: bytes, found: list[str]) -> None:
    assert invitees.of_file(content) == found


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 1_000_001])
def test_files_that_are_none(content: bytes) -> None:
    with pytest.raises(InputError):
        invitees.of_file(content)


def test_a_unit_is_its_officials_and_those_below(settings: Settings) -> None:
    with unit_of_work(settings) as session:
        here = Actor("truong", granted=(Granted(Role.ADMINISTRATOR, frozenset({town.CONSTRUCTION})),))
        elsewhere = Actor("khac", granted=(Granted(Role.ADMINISTRATOR, frozenset({"khác"})),))
        with pytest.raises(NotFoundError):
            invitees.of_unit(session, elsewhere, town.CONSTRUCTION)
        assert invitees.of_unit(session, here, town.CONSTRUCTION) == ["CB1", "CB2", "CB3", "CB4"]
