"""A record store is told everything that was learnt, once, whatever fails between us; and nobody else is."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import delete, select

from core.audit import AuditEntry
from core.db import unit_of_work
from core.errors import UnavailableError
from core.jobs import Run
from core.permissions import SCHEDULER
from core.settings import Settings, SettingsError
from core.words import Text
from tests.training.following.office import ASSIGNED, HR, assigned, moment
from tests.training.following.statement_rules import faults
from tests.training.following.store import PASSWORD, USER, Store, running_store
from training.models import AssignmentRow, CertificateRow, StatementRow, StepDoneRow, WithdrawnRow
from training.queries.learnt import count_statements, statements, untold
from training.recordstore import StoreOptions, offer
from training.services import telling_store
from training.services.completing import locked, step_done, step_undone
from training.services.telling_store import statements_due, tell_store
from training.statements import Learnt, Subject, statement
from training.statements.building import ADL

SITE = "https://vanthu.tp.example.gov.vn"


@pytest.fixture
def store() -> Iterator[Store]:
    with running_store() as running:
        yield running


@pytest.fixture
def told(settings: Settings, store: Store, tmp_path: Path) -> Iterator[Settings]:
    """Settings that name the store; of two people one has learnt everything. Taken away again."""
    (tmp_path / "password").write_text(f"{PASSWORD}\n", "utf-8")
    with unit_of_work(settings) as session:
        number = assigned(session, "an")
        assigned(session, "binh")
        for kind, key in (("lesson", "one"), ("quiz", "end")):
            step_done(session, HR, assignment_id=number, kind=kind, key=key, proof={}, moment=moment(ASSIGNED, 2))
    yield _with(settings, endpoint=store.endpoint, user=USER, password_file=str(tmp_path / "password"), loopback=True)
    with unit_of_work(settings) as session:
        for table in (StatementRow, WithdrawnRow, CertificateRow, StepDoneRow, AssignmentRow):
            session.execute(delete(table))


def _with(settings: Settings, **lrs: Any) -> Settings:
    return replace(settings, tables=MappingProxyType({**settings.tables, "training": {"lrs": lrs}}))


class _Run(Run):
    """A job's run whose claim is nobody's business here."""

    def confirm(self, session: object) -> None:
        del session


def _tell(settings: Settings) -> None:
    tell_store(_Run(settings, 1, "x"), now=lambda: moment(ASSIGNED, 3))


def _events(settings: Settings) -> list[tuple[str, str, str | None]]:
    with unit_of_work(settings) as session:
        wanted = select(StatementRow.event, StatementRow.state, StatementRow.answer)
        return sorted((event, state, answer) for event, state, answer in session.execute(wanted))


def test_everything_learnt_is_told_once_and_without_names(told: Settings, store: Store) -> None:
    _tell(told)
    held = list(store.held.values())
    said = sorted((one["actor"]["account"]["name"], one["verb"]["id"].rpartition("/")[2]) for one in held)
    assert said == [
        ("an", "completed"), ("an", "completed"), ("an", "passed"), ("an", "registered"), ("binh", "registered"),
    ]  # fmt: skip
    assert "Nguyễn" not in json.dumps(held, ensure_ascii=False)
    assert {one["actor"]["account"]["homePage"] for one in held} == {SITE}
    asked = store.asked
    _tell(told)
    assert (store.asked, len(store.held)) == (asked, 5)
    with unit_of_work(told) as session:
        assert statements_due(session, None, moment(ASSIGNED).now) is None
        trail = session.scalars(select(AuditEntry).where(AuditEntry.action == "training:statement:tell")).all()
        assert (trail[-1].actor, trail[-1].facts) == (SCHEDULER.name, {"taken": 5, "refused": 0})


def _withdraw(settings: Settings) -> None:
    """The quiz that had ended the course was proved by mistake."""
    with unit_of_work(settings) as session:
        step = session.scalars(select(StepDoneRow).where(StepDoneRow.kind == "quiz")).one()
        assignment = locked(session, step.assignment)
        step_undone(session, HR, step, assignment=assignment, why="nhầm", moment=moment(ASSIGNED, 4))


def _void(store: Store) -> dict[str, str]:
    """Statement that was voided -> the statement that did it; of what the store holds."""
    voiding = [one for one in store.held.values() if one["verb"]["id"] == f"{ADL}voided"]
    assert {one["object"]["objectType"] for one in voiding} <= {"StatementRef"}
    return {one["object"]["id"]: one["id"] for one in voiding}


def _valid(store: Store) -> list[str]:
    """The verbs about the one who learnt that hold: neither void nor voiding."""
    void = _void(store)
    held = [one for number, one in store.held.items() if number not in void and number not in void.values()]
    return sorted(one["verb"]["id"].rpartition("/")[2] for one in held if one["actor"]["account"]["name"] == "an")


def test_a_completion_that_is_withdrawn_is_void_to_the_store_until_it_is_done_anew(
    told: Settings, store: Store
) -> None:
    _tell(told)
    _withdraw(told)
    _tell(told)
    assert (_valid(store), len(_void(store))) == (["completed", "registered"], 2), "read, not passed, not done"
    asked = store.asked
    _tell(told)
    assert store.asked == asked, "told once"
    with unit_of_work(told) as session:
        given = list(statements(session, HR))
        assert count_statements(session, HR) == len(given)
        assert {one["object"]["id"] for one in given if "voided" in one["verb"]["id"]} == set(_void(store))
        assert not {one["id"] for one in given} & set(_void(store)), "what is void is no longer given"
        number = session.scalars(select(WithdrawnRow.assignment)).first() or 0
        step_done(session, HR, assignment_id=number, kind="quiz", key="end", proof={}, moment=moment(ASSIGNED, 5))
    _tell(told)
    assert _valid(store) == ["completed", "completed", "passed", "registered"]
    _withdraw(told)
    _tell(told)
    assert (_valid(store), len(_void(store))) == (["completed", "registered"], 4), "the second time is another"
    with unit_of_work(told) as session:
        assert {one["id"] for one in statements(session, HR)} <= set(store.held), "the same ids as the store's"


def test_a_withdrawal_is_told_though_the_answer_to_the_statement_was_lost(told: Settings, store: Store) -> None:
    store.statuses = [0]
    with pytest.raises(UnavailableError):
        _tell(told)
    _withdraw(told)
    store.statuses = [200, 0]
    with pytest.raises(UnavailableError):
        _tell(told)
    kept = dict(store.held)
    _tell(told)
    assert (_valid(store), len(_void(store)), store.held) == (["completed", "registered"], 2, kept)


def test_what_the_store_had_refused_needs_no_withdrawal(told: Settings, store: Store) -> None:
    store.bad = "passed"
    _tell(told)
    _withdraw(told)
    _tell(told)
    assert [event for event, _, _ in _events(told) if event.startswith("voided:")] == ["voided:done:"]


def test_a_store_that_lets_nobody_void_takes_everything_else(told: Settings, store: Store) -> None:
    _tell(told)
    _withdraw(told)
    with unit_of_work(told) as session:
        assigned(session, "nurse")
    store.statuses = [200, 403]
    with pytest.raises(UnavailableError):
        _tell(told)
    assert (len(store.held), _void(store)) == (6, {})
    _tell(told)
    assert len(_void(store)) == 2


def test_a_store_that_is_away_or_lets_nobody_in_is_asked_again_later(told: Settings, store: Store) -> None:
    for status in (500, 503, 429, 401, 403, 404, 302):
        store.statuses = [status]
        with pytest.raises(UnavailableError) as away:
            _tell(told)
        assert (str(status) in away.value.detail, PASSWORD in str(away.value)) == (True, False)
        assert (store.held, _events(told)) == ({}, [])
    _tell(told)
    assert len(store.held) == 5


def test_a_line_that_breaks_after_it_was_taken_tells_nothing_twice(told: Settings, store: Store) -> None:
    store.statuses = [0]
    with pytest.raises(UnavailableError):
        _tell(told)
    kept = dict(store.held)
    _tell(told)
    assert (len(kept), store.held) == (5, kept)


def test_killed_between_the_answer_and_its_note_nothing_is_told_twice(
    told: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(telling_store, "note_answers", dies)
        with pytest.raises(KeyboardInterrupt):
            _tell(told)
    kept, noted = dict(store.held), _events(told)
    _tell(told)
    assert (len(kept), noted, store.held, len(_events(told))) == (5, [], kept, 5)


def test_one_statement_that_is_refused_does_not_hold_up_the_others(told: Settings, store: Store) -> None:
    store.bad, store.body = "passed", b"no such verb here"
    _tell(told)
    assert len(store.held) == 4
    assert [one for one in _events(told) if one[1] == "refused"] == [("quiz:end", "refused", "400 no such verb here")]
    _tell(told)
    assert len(_events(told)) == 5


def test_what_the_store_has_in_other_words_is_taken_for_told(told: Settings, store: Store) -> None:
    store.statuses = [409] * 9
    _tell(told)
    assert {state for _, state, _ in _events(told)} == {"taken"}


def test_a_store_of_the_second_version_is_spoken_to_in_it(told: Settings, store: Store) -> None:
    """It refuses the first one and says which is its own; nothing of what was refused so is noted as refused."""
    store.version = "2.0.0"
    _tell(told)
    assert (len(store.held), {state for _, state, _ in _events(told)}, store.asked) == (5, {"taken"}, 2)
    _withdraw(told)
    _tell(told)
    assert len(_void(store)) == 2


def test_what_is_too_much_at_once_is_told_in_parts(told: Settings, store: Store) -> None:
    store.largest = 2_000
    _tell(told)
    assert (len(store.held), {state for _, state, _ in _events(told)}) == (5, {"taken"})


WHAT = ("assigned", "lesson", "quiz", "exercise", "class", "scorm", "done")


@pytest.mark.parametrize("name", [None, "Nguyễn Thị Ngọc Ánh"])
def test_every_kind_of_statement_is_as_the_specification_has_it(name: str | None) -> None:
    subject = Subject("CB 9/b", name, 77, "mailbox", Text("Hộp thư “công vụ”", "Mailbox"))
    for what in WHAT:
        key = "" if what in {"assigned", "done"} else "step-1"
        told = Learnt(what, key, moment(ASSIGNED, 2).now, reported="passed", score=92.5)
        assert faults(statement(SITE, subject, told)) == [], what
        void = statement(SITE, subject, Learnt("voided", key, told.at, voids=what))
        assert (faults(void), void["object"]["id"]) == ([], statement(SITE, subject, told)["id"]), what
        again = statement(SITE, subject, replace(told, turn=1))
        assert again["id"] != void["object"]["id"], "what is void is never told again"
    broken = statement(SITE, subject, Learnt("lesson", "one", moment(ASSIGNED, 2).now))
    for wrong in (
        {"verb": {"id": "passed"}}, {"actor": {"name": "x"}}, {"note": "x"}, {"result": None}, {"id": "A" * 32},
        {"result": {"score": {"scaled": 92, "raw": 92, "min": 0, "max": 100}}}, {"timestamp": "2026-11-24T08:30:00"},
    ):  # fmt: skip
        assert faults(broken | wrong), wrong


def test_a_wrong_password_tells_nobody(told: Settings, store: Store) -> None:
    Path(told.tables["training"]["lrs"]["password_file"]).write_text("khác\n", "utf-8")
    with pytest.raises(UnavailableError):
        _tell(told)
    assert store.held == {}


def test_an_endless_answer_is_not_read_to_its_end(told: Settings, store: Store) -> None:
    store.body = b"x" * (1 << 20)
    with pytest.raises(UnavailableError):
        _tell(told)


def test_a_name_that_stands_for_this_machine_or_its_neighbours_is_not_asked(
    told: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = _with(told, endpoint="https://lrs.example/xapi", user=USER)
    with unit_of_work(outside) as session:
        events = untold(session, limit=1)
    made = [statement(SITE, one.subject, one.learnt) for one in events]
    for address in ("127.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1", "0.0.0.0"):
        found = [(0, 0, 0, "", (address, 443))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=found, **__: found)
        with pytest.raises(UnavailableError) as away:
            offer(StoreOptions.of(outside), "", made)
        assert address in away.value.detail
    assert store.asked == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://lrs.example/xapi"},
        {"endpoint": "http://127.0.0.1:9/xapi"},
        {"endpoint": "http://lrs.example/xapi", "loopback": True},
        {"endpoint": "https://user:secret@lrs.example/xapi"},
        {"endpoint": "https://lrs.example/xapi?to=http://elsewhere"},
        {"endpoint": "file:///etc/passwd"},
        {"endpoint": "https://lrs.example:99999/"},
        {"endpoint": "https://lrs.example", "password_file": "relative"},
        {"endpoint": "https://lrs.example", "timeout_seconds": 0.0},
        {"endpoint": "https://lrs.example", "user": "a:b"},
        {"endpoint": 7},
        {"endpoints": "https://lrs.example"},
    ],
)
def test_settings_that_cannot_be_used_stop_whoever_asks(settings: Settings, wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        StoreOptions.of(_with(settings, **wrong))


def test_without_a_store_nothing_is_told(told: Settings, store: Store, settings: Settings) -> None:
    _tell(settings)
    with unit_of_work(settings) as session:
        assert statements_due(session, None, moment(ASSIGNED).now) is None
    with unit_of_work(told) as session:
        session.info["settings"] = told
        now = moment(ASSIGNED).now
        assert (statements_due(session, None, now), statements_due(session, now, now)) == ({}, None)
    assert store.asked == 0
