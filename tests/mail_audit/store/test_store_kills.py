"""A run killed at any point, and swept, ends as one that was not; so do two copies of a step at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import func, select

from core.audit import AuditEntry
from core.db import unit_of_work, utc_now
from core.jobs import Job, Run, run_job, run_waiting, sweep
from core.settings import Settings
from mail_audit import kept, queries
from mail_audit.models import MailboxDay, OfficialFigure, UnitWeek
from mail_audit.report.model import Report
from mail_audit.services import results, steps
from tests.mail_audit.store import made
from tests.mail_audit.store.test_store_runs import ask, detail, send

pytestmark = pytest.mark.slow


class KilledError(BaseException):
    """The process is gone: nothing is written, nobody is told."""


@dataclass(frozen=True)
class Outcome:
    """All that a run leaves behind and that must not depend on how it went."""

    report: Report
    rows: tuple[int, ...]
    stored: int
    folders: int
    reports: list[str]
    evidence: int
    uploads: int


def silent(_of: object) -> None:
    """What a killed process would have done."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, nothing_else_due: None) -> None:
    """A measurement made by hand, reports of one line, and workers that die without a word."""

    def measure(_plan: object, _settings: object, evidence: Path, _tell: object) -> Any:
        made.write_evidence(evidence)
        return made.measured()

    def write(_report: object, path: Path, _language: str) -> None:
        path.write_text("report", encoding="utf-8")

    monkeypatch.setattr(steps, "measure", measure)
    monkeypatch.setattr(steps, "write", write)
    monkeypatch.setattr(Run, "give_back", silent)


def outcome(settings: Settings, audit_id: int) -> Outcome:
    own = kept.audit_folder(audit_id)
    there = [one.key.removeprefix(f"{own}/").split("/") for one in settings.store.listed(own)]
    with unit_of_work(settings) as session:
        tables = (OfficialFigure.id, MailboxDay.mailbox, UnitWeek.unit)
        stored = select(func.count()).where(AuditEntry.action == "mail_audit:result:store")
        return Outcome(
            report=queries.report(session, audit_id),
            rows=tuple(session.scalar(select(func.count(column))) or 0 for column in tables),
            stored=session.scalar(stored) or 0,
            folders=len({folder for folder, _ in there}),
            reports=sorted(name for folder, name in there if folder == kept.REPORTS),
            evidence=len(queries.evidence(session, audit_id, "CB01", made.FIRST, store=settings.store)),
            uploads=len(settings.store.listed("uploads")),
        )


def sweep_and_run(settings: Settings) -> None:
    """What the scheduler and a worker do an hour later."""
    sweep(settings, now=utc_now() + timedelta(hours=1))
    run_waiting(settings)


POINTS: list[tuple[ModuleType, str]] = [
    (steps, "begin_collect"),
    (steps, "measure"),
    (kept, "write_measured"),
    (steps, "finish_collect"),
    (kept, "remove_other_results"),
    (steps, "remove_uploads"),
    (kept, "read_measured"),
    (steps, "store_result"),
    (results, "_describe"),
    (results, "record"),
    (steps, "stored_report"),
    (steps, "write"),
    (steps, "_finish"),
]


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("point", POINTS, ids=[name for _, name in POINTS])
def test_a_run_that_is_killed_ends_like_one_that_is_not(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, point: tuple[ModuleType, str], after: bool
) -> None:
    module, name = point
    original: Callable[..., Any] = getattr(module, name)
    calls = 0

    def killing(*args: Any, **keywords: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > 1:
            return original(*args, **keywords)
        if after:
            original(*args, **keywords)
        monkeypatch.setattr(kind, "remove_folder", lambda _store, _prefix: None)  # a killed process does not tidy up
        raise KilledError

    kind = type(settings.store)
    remove_folder = kind.remove_folder
    monkeypatch.setattr(module, name, killing)
    audit_id = ask(settings, uploads=[send(settings)])
    with pytest.raises(KilledError):
        run_waiting(settings)
    assert detail(settings, audit_id).summary.state in {"waiting", "collecting", "rolling_up", "rendering"}
    monkeypatch.setattr(kind, "remove_folder", remove_folder)
    sweep_and_run(settings)
    assert detail(settings, audit_id).summary.state == "finished"
    assert calls > 1
    assert outcome(settings, audit_id) == Outcome(
        report=made.report(), rows=(3, 5, 5), stored=1, folders=2, evidence=2, uploads=0,
        reports=[f"vanthu-2026-10-01-2026-10-10-{language}.{ending}"
                 for language in ("en", "vi") for ending in ("csv", "html", "json", "pdf", "xlsx")],
    )  # fmt: skip


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(("module", "name"), [(steps, "measure"), (kept, "read_measured"), (steps, "write")])
def test_of_two_copies_at_once_one_counts(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str
) -> None:
    original: Callable[..., Any] = getattr(module, name)
    calls = 0

    def overtaken(*args: Any, **keywords: Any) -> Any:
        """The first copy is silent for so long that another one does the whole of its work meanwhile."""
        nonlocal calls
        calls += 1
        found = original(*args, **keywords)
        if calls == 1:
            sweep_and_run(settings)
        return found

    monkeypatch.setattr(module, name, overtaken)
    audit_id = ask(settings, uploads=[send(settings)])
    run_waiting(settings)
    found = outcome(settings, audit_id)
    assert (found.report, found.stored, found.folders, found.evidence) == (made.report(), 1, 2, 2)
    assert detail(settings, audit_id).summary.state == "finished"
    with unit_of_work(settings) as session:
        assert {job.state for job in session.scalars(select(Job))} == {"done"}


@pytest.mark.usefixtures("directory")
def test_a_job_done_twice_changes_nothing(settings: Settings) -> None:
    audit_id = ask(settings, uploads=[send(settings)])
    run_waiting(settings)
    before = outcome(settings, audit_id)
    with unit_of_work(settings) as session:
        for job in session.scalars(select(Job)):
            job.state, job.finished_at = "waiting", None
    assert run_waiting(settings) == 3
    assert outcome(settings, audit_id) == before
    with unit_of_work(settings) as session:
        assert not run_job(settings, session.scalars(select(Job.id)).all()[0])
