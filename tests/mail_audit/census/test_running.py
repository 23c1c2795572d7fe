"""A run from its start to its end, on both databases: taken up, ended, shown, queued on time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from core import jobs
from core.audit import AuditEntry
from core.db import unit_of_work, utc_now
from core.directory.roster import Mailbox
from core.errors import ForbiddenError, InputError
from core.jobs import Job
from core.permissions import Actor
from core.settings import Settings, load
from mail_audit.collectors.census.asking import ServerAwayError
from mail_audit.collectors.census.options import Options, asked
from mail_audit.collectors.census.running import Progress, run_census
from mail_audit.collectors.census.scheduled import census_due
from mail_audit.models import Census, CensusMailbox, MonthToMeasure
from mail_audit.queries.census import census_days, latest_census, mailbox_census, waiting_mailboxes
from mail_audit.services.census import Answer, Count, begin_census, finish_census, forget_censuses, store_answers
from tests.mail_audit.census import scripted
from tests.mail_audit.census.conftest import ADMINISTRATOR, DOMAIN, UNIT, address, write_directory
from tests.mail_audit.census.scripted import Scripted, Talk, listening

COUNT = Count(9, 4, 2, datetime(2026, 10, 5, 1, tzinfo=UTC), 7, 30, "found", datetime(2026, 10, 20, 16, 30, tzinfo=UTC))


def run(settings: Settings, server: Scripted, **more: Any) -> dict[str, int]:
    limits = {
        "security": "plain",
        "master": "kiem.dem",
        "backoff_seconds": 0.01,
        "connections": 1,
        "command_seconds": 5.0,
    }
    plan = asked(settings, Options.of(settings, server=server.address, **limits))
    return run_census(settings, ADMINISTRATOR, plan, **more).totals


def test_a_run_counts_everybody_and_says_so(each_database: Settings) -> None:
    settings = load({"VANTHU_HOME": str(each_database.home), "VANTHU_CENSUS_PASSWORD": "x",
                     "VANTHU_DATABASE_URL": each_database.database_url})  # fmt: skip
    nobody = Mailbox(f"ai.do@{DOMAIN}", "shared", UNIT, None, ())
    write_directory(settings, 12, nobody, Mailbox(f"may@{DOMAIN}", "service", UNIT, None, ()))
    told: list[Progress] = []
    with listening() as server:
        assert run(settings, server, tell=told.append) == {"counted": 12, "no_mailbox": 1}
    assert (told[0].done, told[-1]) == (0, Progress(13, 13, 12))
    with unit_of_work(settings) as session:
        found = latest_census(session)
        assert found is not None
        assert (found.state, found.totals, found.server) == (
            "finished",
            {"counted": 12, "no_mailbox": 1},
            server.address,
        )
        [box] = mailbox_census(session, [address(3)])
        assert box.latest is not None
        assert (box.latest.messages, box.latest.unseen, box.latest.answered) == (9, 4, 2)
        assert box.latest.last_sent_at == COUNT.last_sent_at
        assert box.latest.oldest_unseen_at == COUNT.oldest_unseen_at
        acted = census_days(session, date(2026, 10, 1), date(2026, 10, 31))
        assert acted["mailbox"].to_list() == [address(number) for number in range(12)]
        assert set(acted["day"]) == {date(2026, 10, 20)}
        actions = session.execute(select(AuditEntry.action, AuditEntry.facts).order_by(AuditEntry.id)).all()
        assert [action for action, _ in actions][-2:] == ["mail_audit:census:start", "mail_audit:census:finish"]
        assert actions[-1].facts == {"counted": 12, "no_mailbox": 1}
        months = set(session.scalars(select(MonthToMeasure.month)))
        assert utc_now().date().replace(day=1) in months or len(months) > 1
        assert date(2026, 10, 1) in months or utc_now() - COUNT.last_sent_at > timedelta(days=92)  # type: ignore[operator]


def test_a_run_that_was_left_asks_only_what_is_left(settings: Settings) -> None:
    write_directory(settings, 8)

    def away_after_three(talk: Talk) -> None:
        if len(talk.server.asked) >= 3:
            raise ConnectionError
        talk.send("* OK ready\r\n")

    with listening(greeting=away_after_three) as server:
        with pytest.raises(ServerAwayError):
            run(settings, server)
        with unit_of_work(settings) as session:
            assert session.scalar(select(func.count()).where(CensusMailbox.state == "counted")) == 3
        server.greeting = scripted.Scripted.greeting
        assert run(settings, server) == {"counted": 8}
        assert sorted(server.asked) == sorted(address(number) for number in range(8))
        assert run(settings, server) == {"counted": 8}
        assert len(server.asked) == 16
    with unit_of_work(settings) as session:
        assert session.scalar(select(func.count(Census.id))) == 2


def begun(settings: Settings, **more: Any) -> int:
    with unit_of_work(settings) as session:
        return begin_census(session, ADMINISTRATOR, server="s:993", **({"selection": "a"} | more))


def test_only_the_same_question_is_taken_up(settings: Settings) -> None:
    write_directory(settings, 3)
    first = begun(settings)
    assert begun(settings) == first
    assert begun(settings, selection="b") != first


def test_a_run_left_too_long_ago_is_ended_and_the_rest_unknown(settings: Settings) -> None:
    write_directory(settings, 3)
    old = begun(settings)
    with unit_of_work(settings) as session:
        store_answers(session, old, [Answer(address(0), utc_now(), COUNT)])
        session.execute(update(Census).values(started_at=utc_now() - timedelta(hours=21)))
    new = begun(settings)
    assert new != old
    with unit_of_work(settings) as session:
        row = session.get_one(Census, old)
        assert (row.state, row.totals) == ("stopped", {"counted": 1, "not_asked": 2})
        assert waiting_mailboxes(session, old) == []
        [first, second] = mailbox_census(session, [address(0), address(1)])
        assert (first.latest is not None, first.unknown_why) == (True, None)
        assert second.latest is None
        assert second.unknown_why is not None
        assert second.unknown_why.en == "it was not asked before the run ended"


def test_an_answer_is_written_once(settings: Settings) -> None:
    write_directory(settings, 1)
    number = begun(settings)
    with unit_of_work(settings) as session:
        assert store_answers(session, number, [Answer(address(0), utc_now(), COUNT)]) == 1
        assert store_answers(session, number, [Answer(address(0), utc_now(), reason="timeout")]) == 0
        assert finish_census(session, ADMINISTRATOR, census_id=number) == {"counted": 1}
        assert finish_census(session, ADMINISTRATOR, census_id=number) == {"counted": 1}
        entries = select(func.count()).where(AuditEntry.action == "mail_audit:census:finish")
        assert session.scalar(entries) == 1


def test_whom_to_ask(settings: Settings) -> None:
    write_directory(settings, 4, Mailbox(f"may@{DOMAIN}", "service", UNIT, None, (f"robot@{DOMAIN}",)))
    everybody = begun(settings)
    some = begun(settings, selection="b", only=[address(2).upper(), f"robot@{DOMAIN}"])
    with unit_of_work(settings) as session:
        assert waiting_mailboxes(session, everybody) == [address(number) for number in range(4)]
        assert waiting_mailboxes(session, some) == [address(2), f"may@{DOMAIN}"]
    with pytest.raises(InputError, match=r"khong\.co"):
        begun(settings, selection="c", only=["khong.co@x"])


def test_a_limited_run_asks_those_asked_longest_ago(settings: Settings) -> None:
    write_directory(settings, 5)
    asked_now: list[list[str]] = []
    for number in range(3):
        census_id = begun(settings, selection=str(number), limit=2)
        with unit_of_work(settings) as session:
            asked_now.append(waiting_mailboxes(session, census_id))
            answers = [Answer(mailbox, utc_now(), COUNT) for mailbox in asked_now[-1]]
            store_answers(session, census_id, answers)
    assert asked_now[:2] == [[address(0), address(1)], [address(2), address(3)]]
    assert asked_now[2] == [address(0), address(4)]


def test_old_counts_are_forgotten_and_the_trail_says_so(settings: Settings) -> None:
    write_directory(settings, 2)
    old, new = begun(settings), begun(settings, selection="b")
    with unit_of_work(settings) as session:
        session.execute(update(Census).where(Census.id == old).values(started_at=utc_now() - timedelta(days=401)))
        before = utc_now() - timedelta(days=400)
        assert forget_censuses(session, ADMINISTRATOR, before=before) == 1
        assert forget_censuses(session, ADMINISTRATOR, before=before) == 0
        assert set(session.scalars(select(CensusMailbox.census_id))) == {new}
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (last.action, last.facts["censuses"]) == ("mail_audit:census:thin", 1)


def test_nobody_to_ask(settings: Settings) -> None:
    with pytest.raises(InputError, match="no mailbox to ask"):
        begun(settings)


def test_who_may_not(settings: Settings) -> None:
    with unit_of_work(settings) as session, pytest.raises(ForbiddenError):
        begin_census(session, Actor("ai.do"), server="s", selection="s")


def test_the_change_since_the_count_before(settings: Settings) -> None:
    write_directory(settings, 1)
    later = Count(11, 1, 5, None, 7, 32, "empty", None)
    for number, count in enumerate((COUNT, later)):
        census_id = begun(settings, selection=str(number))
        with unit_of_work(settings) as session:
            store_answers(session, census_id, [Answer(address(0), utc_now(), count)])
    third = begun(settings, selection="3")
    with unit_of_work(settings) as session:
        store_answers(session, third, [Answer(address(0), utc_now(), reason="timeout")])
        [box] = mailbox_census(session, [address(0), f"nobody@{DOMAIN}"])
    assert (box.unseen_change, box.answered_change, box.messages_change) == (-3, 3, 2)
    assert box.unknown_why is not None
    assert box.unknown_why.vi == "máy chủ không trả lời kịp"
    assert box.latest is not None
    assert box.latest.answered_share == pytest.approx(5 / 11)


def test_a_mailbox_made_anew_has_no_change(settings: Settings) -> None:
    write_directory(settings, 1)
    for number, count in enumerate((COUNT, Count(1, 1, 0, None, 8, 2, "empty", None))):
        census_id = begun(settings, selection=str(number))
        with unit_of_work(settings) as session:
            store_answers(session, census_id, [Answer(address(0), utc_now(), count)])
    with unit_of_work(settings) as session:
        [box] = mailbox_census(session, [address(0)])
    assert (box.unseen_change, box.is_comparable) == (None, False)


def scheduled(settings: Settings, **table: Any) -> Settings:
    """The same installation with a table `[mail_audit.census]`."""
    lines = [f'{name} = "{value}"' for name, value in table.items()]
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / "vanthu.toml").write_text("\n".join(["[mail_audit.census]", *lines]) + "\n", "utf-8")
    return load({"VANTHU_HOME": str(settings.home), "VANTHU_CENSUS_PASSWORD": "x"})


@pytest.mark.parametrize(
    ("table", "last", "now", "is_due"),
    [
        ({}, None, "2026-11-20T20:00", False),
        ({"server": "s"}, None, "2026-11-20T20:00", False),
        ({"server": "s", "daily_at": "02:00"}, None, "2026-11-20T18:59", False),  # 01:59 of the 21st
        ({"server": "s", "daily_at": "02:00"}, None, "2026-11-20T19:00", True),
        ({"server": "s", "daily_at": "02:00"}, "2026-11-20T19:00", "2026-11-20T23:00", False),
        ({"server": "s", "daily_at": "02:00"}, "2026-11-20T19:00", "2026-11-21T19:00", True),
    ],
)
def test_due_once_a_day(settings: Settings, table: dict[str, str], last: str | None, now: str, is_due: bool) -> None:
    moments = [datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None for text in (last, now)]
    with unit_of_work(scheduled(settings, **table)) as session:
        assert (census_due(session, moments[0], moments[1]) is not None) == is_due  # type: ignore[arg-type]


def test_the_scheduler_runs_it_as_a_job(settings: Settings) -> None:
    with listening() as server:
        chosen = scheduled(settings, server=server.address, security="plain", master="kiem.dem", daily_at="00:00")
        write_directory(chosen, 3)
        jobs.sweep(chosen)
        jobs.run_waiting(chosen)
    with unit_of_work(chosen) as session:
        [job] = session.scalars(select(Job).where(Job.task == "mail_audit.census")).all()
        assert (job.state, job.done, job.total, job.note) == ("done", 3, 3, {"counted": 3})
        assert "VANTHU" not in str(job.args)
        found = latest_census(session)
        assert found is not None
        assert found.totals == {"counted": 3}
