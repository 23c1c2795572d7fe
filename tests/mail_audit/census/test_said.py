"""What is said of the latest census: on the command line, and as sentences that pages share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from core.cli import main
from core.db import unit_of_work
from core.settings import Settings
from mail_audit.models import Census, CensusMailbox
from mail_audit.queries.census import latest_census
from mail_audit.services.census import Answer, Count, store_answers

BEGUN = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
COUNT = Count(3, 1, 0, None, 7, 4, "empty", None)


def begin(session: Session, answers: dict[str, str | None], waiting: int) -> Census:
    """A run with so many mailboxes answered (why not: a reason) and waiting."""
    run = Census(started_at=BEGUN, started_by="quantri", server="imap.tp.example.gov.vn:993", selection="x")
    session.add(run)
    session.flush()
    for mailbox in (*answers, *(f"cho{number}@tp.example.gov.vn" for number in range(waiting))):
        session.add(CensusMailbox(census_id=run.id, mailbox=mailbox))
    session.flush()
    told = [Answer(box, BEGUN, None if why else COUNT, why) for box, why in answers.items()]
    store_answers(session, run.id, told)
    return run


def end(run: Census, state: str) -> None:
    run.state, run.finished_at = state, BEGUN


def test_a_census_says_when_how_many_and_why_not(session: Session) -> None:
    assert latest_census(session) is None
    end(begin(session, {"a@x.vn": None, "b@x.vn": "refused", "c@x.vn": "refused", "d@x.vn": "timeout"}, 0), "finished")
    found = latest_census(session)
    assert found is not None
    assert [one.en for one in found.said("Asia/Ho_Chi_Minh")] == [
        "the latest began at 23:00 on 21 November 2026: 1 of 4 mailboxes counted at imap.tp.example.gov.vn:993",
        "2 unknown: the server does not let the account into it",
        "1 unknown: the server did not answer in time",
    ]
    assert found.said("Asia/Ho_Chi_Minh")[0].vi == (
        "lần gần nhất 21/11/2026 23:00: 1/4 hộp thư đếm được ở imap.tp.example.gov.vn:993"
    )


@pytest.mark.parametrize(("state", "said"), [("running", "has not ended"), ("stopped", "was STOPPED on the way")])
def test_a_census_that_did_not_come_to_its_end_says_so(session: Session, state: str, said: str) -> None:
    run = begin(session, {"a@x.vn": None}, 2)
    if state != "running":
        end(run, state)
    found = latest_census(session)
    assert found is not None
    [sentence] = found.said("Asia/Ho_Chi_Minh")
    assert said in sentence.en
    assert sentence.en.endswith("; 2 not asked yet")


def test_status_shows_the_latest_census(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VANTHU_HOME", str(settings.home))

    def ask() -> str:
        assert main(["--language", "en", "status"]) == 0
        return capsys.readouterr().out

    assert "Census" not in ask()
    with unit_of_work(settings) as session:
        end(begin(session, {"a@x.vn": None, "b@x.vn": "no_mailbox"}, 0), "finished")
    said = ask().splitlines()
    place = next(number for number, line in enumerate(said) if line.startswith("Census: "))
    assert "1 of 2 mailboxes counted" in said[place]
    assert said[place + 1] == "  1 unknown: the server has no such mailbox"
