"""What the tables hold after copies came once, twice, in parts, in groups, and after they are forgotten."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from core.audit import AuditEntry
from core.db import engine, unit_of_work
from core.settings import Settings
from mail_audit.collectors.journal import answers
from mail_audit.collectors.journal.writer import Writer
from mail_audit.journaling.entry import Entry, Letter, entry_of
from mail_audit.journaling.options import JournalOptions
from mail_audit.journaling.report import Recipient
from mail_audit.models import JournalHour, JournalMessage, JournalRecipient, JournalRun
from mail_audit.services.journal import forget_copies, keep_copies
from tests.in_a_thread import run_apart
from tests.mail_audit.journal.cases import OPTIONS, content_of, entry, own, read
from tests.mail_audit.journal.conftest import ADMINISTRATOR
from tests.servers.loopback import wait_until

NOW = datetime(2026, 11, 19, 2, 20, tzinfo=UTC)


def keep(settings: Settings, *entries: Entry, at: datetime = NOW) -> int:
    with unit_of_work(settings) as session:
        return keep_copies(session, entries=entries, at=at)


def rows(settings: Settings, model: type[Any]) -> list[dict[str, Any]]:
    with unit_of_work(settings) as session:
        table = model.__table__
        return [dict(row._mapping) for row in session.execute(select(table).order_by(*table.primary_key))]


def everything(settings: Settings) -> list[list[dict[str, Any]]]:
    return [rows(settings, model) for model in (JournalMessage, JournalRecipient, JournalHour)]


def test_a_copy_that_comes_again_changes_nothing(each_database: Settings) -> None:
    copy = entry("exchange-list-and-forward")
    assert keep(each_database, copy) == 1
    before = everything(each_database)
    assert [len(part) for part in before] == [1, 3, 1]
    assert keep(each_database, copy, copy, at=NOW + timedelta(hours=5)) == 0
    assert everything(each_database) == before


def test_two_journaling_servers_make_one_message(each_database: Settings) -> None:
    """In either order, together or one by one: the better proof, the earlier moment, all recipients, both servers."""
    gate = entry("postfix-submitted")
    store = dataclasses.replace(
        gate,
        proof="inside",
        log_in=None,
        server="kho",
        at=gate.at - timedelta(seconds=3),
        recipients=(Recipient("a@x.test"),),
    )
    keep(each_database, store)
    keep(each_database, gate)
    [message] = rows(each_database, JournalMessage)
    assert (message["proof"], message["log_in"]) == ("login", gate.log_in)
    assert message["at"] == store.at
    assert [row["address"] for row in rows(each_database, JournalRecipient)] == ["a@x.test", "yt.gd@tp.example.gov.vn"]
    assert [row["server"] for row in rows(each_database, JournalHour)] == ["kho", gate.server]
    other_way = dataclasses.replace(gate, key="0" * 32), dataclasses.replace(store, key="0" * 32)
    keep(each_database, *other_way)
    first, second = rows(each_database, JournalMessage)
    assert {**first, "key": "", "taken_at": 0} | {"server": ""} == {**second, "key": "", "taken_at": 0} | {"server": ""}


def test_what_is_old_is_forgotten_with_its_hours(each_database: Settings) -> None:
    copy = entry("postfix-submitted")
    old = dataclasses.replace(copy, key="1" * 32, at=copy.at - timedelta(days=40))
    keep(each_database, copy, old)
    with unit_of_work(each_database) as session:
        assert forget_copies(session, ADMINISTRATOR, before=copy.at - timedelta(days=39)) == 1
    with unit_of_work(each_database) as session:
        assert forget_copies(session, ADMINISTRATOR, before=copy.at - timedelta(days=39)) == 0
        [trail] = session.scalars(select(AuditEntry))
        assert (trail.action, trail.facts["messages"]) == ("mail_audit:journal:thin", 1)
    assert [row["key"] for row in rows(each_database, JournalMessage)] == [copy.key]
    assert len(rows(each_database, JournalRecipient)) == len(rows(each_database, JournalHour)) == 1


def letter(name: str, identity: str = "") -> Letter:
    content = content_of(name).replace(f"{name}@".encode(), f"{identity or name}@".encode())
    return Letter("10.1.0.10", "xd.cv1@tp.example.gov.vn", (own("yt.gd"),), read(content), NOW)


def answered(settings: Settings, letters: Iterable[Letter], options: JournalOptions = OPTIONS) -> list[str]:
    """What a writer answers to letters that come all at once."""
    writer = Writer(settings, options, beat_seconds=0.05)
    writer.begin()

    async def ask() -> list[str]:
        loop = asyncio.get_running_loop()
        futures = [(one, loop.create_future()) for one in letters]
        assert all(writer.keep(one, future) for one, future in futures)
        return [await future for _, future in futures]

    try:
        return run_apart(ask())
    finally:
        writer.finish()


def test_what_comes_together_is_committed_together(each_database: Settings) -> None:
    commits = 0
    with unit_of_work(each_database):
        pass

    def count(_connection: object) -> None:
        nonlocal commits
        commits += 1

    event.listen(engine(each_database), "commit", count)
    said = answered(each_database, [letter("postfix-submitted", f"n{number}") for number in range(2000)])
    assert set(said) == {answers.KEPT}
    assert len(rows(each_database, JournalMessage)) == 2000
    assert commits < 40
    [run] = rows(each_database, JournalRun)
    assert (run["taken"], run["refused"]) == (2000, 0)
    assert run["started_at"] <= run["beat_at"] <= run["ended_at"]


def test_one_that_cannot_be_kept_stops_no_other(each_database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that we or the database fail at is told to come again; those beside it are kept."""

    def fails(one: Letter, options: JournalOptions) -> Entry:
        made = entry_of(one, options)
        if made.automatic == "submitted":
            raise ZeroDivisionError
        return dataclasses.replace(made, proof="login", log_in=None) if made.automatic else made

    monkeypatch.setattr("mail_audit.collectors.journal.writer.entry_of", fails)
    names = ["postfix-submitted", "postfix-out-of-office", "postfix-circular", "postfix-two-servers"]
    said = answered(each_database, [letter(name) for name in names])
    assert said == [answers.KEPT, answers.NOT_KEPT, answers.NOT_KEPT, answers.KEPT]
    assert len(rows(each_database, JournalMessage)) == 2


def test_two_journals_on_one_database(each_database: Settings) -> None:
    """The same copies by two writers at the same time: each once, none refused."""
    with unit_of_work(each_database):
        pass
    letters = [letter("postfix-submitted", f"n{number}") for number in range(400)]
    said: list[list[str]] = []
    both = [
        threading.Thread(target=lambda order=order: said.append(answered(each_database, order)))
        for order in (letters, letters[::-1])
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert {answer for some in said for answer in some} == {answers.KEPT}
    assert len(rows(each_database, JournalMessage)) == 400


def test_no_more_wait_than_there_is_room_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mail_audit.collectors.journal.writer.MOST_WAITING", 3)
    writer = Writer(settings, OPTIONS)

    async def ask() -> list[bool]:
        loop = asyncio.get_running_loop()
        return [writer.keep(letter("postfix-submitted"), loop.create_future()) for _ in range(5)]

    assert run_apart(ask()) == [True, True, True, False, False]


def test_old_copies_go_while_the_journal_runs(settings: Settings) -> None:
    copy = entry("postfix-submitted")
    ancient = dataclasses.replace(copy, at=datetime.now(UTC) - timedelta(days=900))
    keep(settings, ancient)
    writer = Writer(settings, OPTIONS, beat_seconds=0.02)
    writer.begin()
    wait_until(lambda: rows(settings, JournalMessage) == [], "the old copy is gone")
    writer.finish()
