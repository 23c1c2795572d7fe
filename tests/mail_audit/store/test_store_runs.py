"""A run by its jobs, from the question to the reports: what it leaves, who may ask, how it ends."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.db import unit_of_work
from core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from core.jobs import Job, run_waiting
from core.permissions import WHOLE, Actor, Role
from core.settings import Settings
from core.words import Text
from mail_audit import kept, permissions, queries
from mail_audit.errors import LogPathError, UploadError
from mail_audit.models import Audit, AuditFile, UploadedLog
from mail_audit.pipeline import Progress
from mail_audit.services import add_upload, cancel, delete_audit, record_progress, start_audit, steps
from mail_audit.services.looking import take_report
from tests.core.store import everything
from tests.mail_audit.store import made
from tests.mail_audit.store.conftest import ADMINISTRATOR, bare_run

LINES = b"""\
Oct  1 08:00:00 mx1 postfix/submission/smtpd[812]: 2AA0F3004142: client=unknown[10.1.2.3], sasl_method=PLAIN, \
sasl_username=cb01@tp.example.gov.vn
Oct  1 08:00:00 mx1 postfix/qmgr[80]: 2AA0F3004142: from=<cb01@tp.example.gov.vn>, size=858, nrcpt=1 (queue active)
Oct  1 08:00:01 mx1 postfix/smtp[99]: 2AA0F3004142: to=<dan@nhan.test>, relay=nhan.test[10.9.9.9]:25, delay=1, \
delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9F2C)
Oct  1 08:00:01 mx1 postfix/qmgr[80]: 2AA0F3004142: removed
"""


def ask(settings: Settings, **changes: Any) -> int:
    """A run asked for by the administrator, committed; gives its id."""
    asked: dict[str, Any] = {
        "timezone": "Asia/Ho_Chi_Minh", "log_folders": settings.log_folders,
    }  # fmt: skip
    with unit_of_work(settings) as session:
        return start_audit(session, ADMINISTRATOR, **(asked | changes))


def send(settings: Settings, content: bytes = LINES) -> int:
    with unit_of_work(settings) as session:
        return add_upload(session, ADMINISTRATOR, store=settings.store, name="mail.log", stream=io.BytesIO(content))


def detail(settings: Settings, audit_id: int) -> queries.AuditDetail:
    with unit_of_work(settings) as session:
        return queries.audit(session, audit_id, reach=WHOLE)


@pytest.mark.usefixtures("directory")
def test_a_run_over_a_folder_and_an_upload_ends_with_figures_evidence_and_reports(settings: Settings) -> None:
    log = settings.log_folders[0] / "mail.log"
    log.write_bytes(LINES)
    later = LINES.replace(b"Oct  1", b"Oct  2").replace(b"2AA0F3004142", b"3BB0F3004142")
    audit_id = ask(
        settings, paths=[log.parent], uploads=[send(settings, later)], first=made.FIRST, last=date(2026, 10, 2)
    )
    assert detail(settings, audit_id).summary.state == "waiting"
    assert run_waiting(settings) == 3
    found = detail(settings, audit_id)
    assert (found.summary.state, found.error, found.progress) == ("finished", None, None)
    assert [(file.name, file.source, file.state, file.lines, file.broken) for file in found.files] == [
        ("logs/mail.log", "folder", "read", 4, 0),
        ("mail.log", "upload", "removed", 4, 0),
    ]
    assert {(file.language, file.ending) for file in found.reports if file.error is None} == {
        (language, ending) for language in ("vi", "en") for ending in ("json", "html", "xlsx", "pdf", "csv")
    }
    with unit_of_work(settings) as session:
        page = queries.official(session, audit_id, "CB01")
        assert (page.figures.sent, [square.state for square in page.days]) == (2, ["acted", "acted"])
        lines = queries.evidence(session, audit_id, "CB01", made.FIRST, store=settings.store)
        assert [line.kind for line in lines] == ["sent"]
        assert lines[0].line.encode() in LINES
        path = queries.report_file(session, audit_id, "vi", "json", store=settings.store)
        assert path.name == "vanthu-2026-10-01-2026-10-02-vi.json"
    wanted: dict[str, Any] = {"audit_id": audit_id, "language": "vi", "ending": "json", "store": settings.store}
    with unit_of_work(settings) as session:
        assert take_report(session, Actor("truong", frozenset({Role.LEADER})), **wanted) == path
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (last.actor, last.action) == ("truong", "mail_audit:report:take")
        with pytest.raises(ForbiddenError):
            take_report(session, Actor("hr", frozenset({Role.HR})), **wanted)
    assert settings.store.listed("uploads") == []
    assert log.exists()


@pytest.mark.usefixtures("directory")
def test_a_copy_is_said_to_be_one_of_which_log(settings: Settings) -> None:
    """Sent by the browser and packed, under the name of another log: it is not listed as if it held nothing."""
    for name in ("thu1", "thu2"):
        folder = settings.log_folders[0] / name
        folder.mkdir()
        (folder / "mail.log").write_bytes(LINES.replace(b"mx1", name.encode()))
    sent = [send(settings, gzip.compress(LINES.replace(b"mx1", b"thu2")))]
    audit_id = ask(settings, paths=settings.log_folders, uploads=sent, first=made.FIRST, last=made.FIRST)
    assert run_waiting(settings) == 3
    found = detail(settings, audit_id)
    assert found.coverage is not None
    assert [(file.name, file.lines, file.same_as) for file in found.files] == [
        ("thu1/mail.log", 4, None),
        ("thu2/mail.log", 0, "mail.log"),
        ("mail.log", 4, None),
    ], "of the two, the one whose place comes first is read"
    assert [(one.file, one.same_as.rpartition("/")[2]) for one in found.coverage.copies] == [("mail.log", "mail.log")]


@pytest.mark.usefixtures("directory")
def test_a_run_that_waited_while_rows_still_held_whole_paths_is_read(settings: Settings) -> None:
    audit_id = ask(settings, uploads=[send(settings)], first=made.FIRST, last=made.FIRST)
    with unit_of_work(settings) as session:
        file = session.scalars(select(AuditFile).where(AuditFile.audit_id == audit_id)).one()
        file.path = f"/var/lib/vanthu/store/{file.path}"
    assert run_waiting(settings) == 3
    found = detail(settings, audit_id)
    assert (found.summary.state, found.error) == ("finished", None)
    assert [(one.source, one.state, one.lines) for one in found.files] == [("upload", "removed", 4)]
    assert settings.store.listed("uploads") == []


@pytest.mark.usefixtures("directory")
def test_a_broken_object_ends_the_run_with_its_name_and_what_to_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = kept.write_measured

    def breaks(folder: Path, *given: Any) -> None:
        write(folder, *given)
        days = folder / "days.parquet"
        days.write_bytes(days.read_bytes()[:-30])

    monkeypatch.setattr(kept, "write_measured", breaks)
    audit_id = ask(settings, uploads=[send(settings)], first=made.FIRST, last=made.FIRST)
    run_waiting(settings)
    found = detail(settings, audit_id)
    assert (found.summary.state, found.error is not None) == ("failed", True)
    assert found.error is not None
    assert found.error.en.startswith(f"audits/{audit_id}/")
    assert "days.parquet in the store is damaged" in found.error.en
    assert "Restore it from the backup" in found.error.en
    with unit_of_work(settings) as session:
        (failed,) = session.scalars(select(Job).where(Job.state == "failed"))
        assert failed.error_en == found.error.en


@pytest.mark.usefixtures("directory")
def test_logs_that_cannot_be_read_end_the_run_with_the_sentence_and_take_the_upload_away(settings: Settings) -> None:
    audit_id = ask(settings, uploads=[send(settings, b"\xff\xd8\xff\xe0 not a log\n" * 9)])
    assert run_waiting(settings) == 1
    found = detail(settings, audit_id)
    assert found.summary.state == "failed"
    assert found.error is not None
    assert "not a mail-server log" in found.error.en
    assert everything(settings.store) == []


@pytest.mark.usefixtures("directory")
def test_a_defect_ends_the_run_with_the_number_of_the_log(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(steps, "measure", broken)
    audit_id = ask(settings, uploads=[send(settings)])
    run_waiting(settings)
    found = detail(settings, audit_id)
    assert found.summary.state == "failed"
    assert found.error is not None
    assert "number" in found.error.en
    assert everything(settings.store) == []


@pytest.mark.usefixtures("directory")
def test_a_report_that_cannot_be_made_stops_no_other(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse_pdf(report: object, path: Path, language: str) -> None:
        if path.suffix == ".pdf":
            raise ZeroDivisionError
        path.write_text(f"{report}{language}", encoding="utf-8")

    monkeypatch.setattr(steps, "write", refuse_pdf)
    audit_id = ask(settings, uploads=[send(settings)])
    run_waiting(settings)
    reports = {(file.language, file.ending): file.error for file in detail(settings, audit_id).reports}
    assert len(reports) == 10
    assert {key for key, error in reports.items() if error is not None} == {("vi", "pdf"), ("en", "pdf")}
    with unit_of_work(settings) as session, pytest.raises(NotFoundError):
        queries.report_file(session, audit_id, "vi", "pdf", store=settings.store)


@pytest.mark.usefixtures("directory")
def test_progress_is_told_while_the_logs_are_read(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[queries.AuditDetail] = []
    measure = steps.measure

    def told(plan: Any, chosen: Settings, evidence: Path, tell: Callable[[Progress], None]) -> Any:
        tell(Progress("mail.log", 100, 400, 7, "reading"))
        seen.append(detail(settings, audit_id))
        return measure(plan, chosen, evidence, lambda _: None)

    monkeypatch.setattr(steps, "measure", told)
    audit_id = ask(settings, uploads=[send(settings)])
    run_waiting(settings)
    progress = seen[0].progress
    assert progress is not None
    assert (progress.stage, progress.done, progress.total, progress.lines) == ("collecting", 100, len(LINES), 7)
    assert (progress.file, [file.state for file in seen[0].files]) == ("mail.log", ["reading"])
    with unit_of_work(settings) as session:
        job = session.scalars(select(Job).order_by(Job.id)).first()
        assert job is not None
        assert (job.done, job.total) == (100, 400)


@pytest.mark.usefixtures("directory")
def test_a_run_that_reads_for_hours_keeps_its_draft(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The collecting sweeps old drafts of the store again and again; this one is at work."""
    measure = steps.measure

    def for_hours(plan: Any, chosen: Settings, evidence: Path, tell: Callable[[Progress], None]) -> Any:
        os.utime(evidence.parent, (0, 0))
        tell(Progress("mail.log", 100, 400, 7, "reading"))
        assert chosen.store.sweep(older_than=3_600) == 0
        return measure(plan, chosen, evidence, tell)

    monkeypatch.setattr(steps, "measure", for_hours)
    audit_id = ask(settings, uploads=[send(settings)])
    assert run_waiting(settings) == 3
    assert detail(settings, audit_id).summary.state == "finished"


@pytest.mark.usefixtures("directory")
def test_a_run_that_is_cancelled_while_it_reads_leaves_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancelled(_plan: object, _settings: Settings, _evidence: Path, tell: Callable[[Progress], None]) -> None:
        with unit_of_work(settings) as session:
            cancel(session, ADMINISTRATOR, audit_id=audit_id)
        tell(Progress("mail.log", 1, 2, 3, "reading"))
        pytest.fail("it went on")

    monkeypatch.setattr(steps, "measure", cancelled)
    audit_id = ask(settings, uploads=[send(settings)])
    assert run_waiting(settings) == 2
    assert detail(settings, audit_id).summary.state == "cancelled"
    assert everything(settings.store) == []
    with unit_of_work(settings) as session:
        assert {job.state for job in session.scalars(select(Job))} == {"done"}


@pytest.mark.usefixtures("directory")
def test_a_run_is_deleted_with_all_it_has_and_the_trail_stays(settings: Settings) -> None:
    audit_id = ask(settings, uploads=[send(settings)])
    with unit_of_work(settings) as session, pytest.raises(ConflictError):
        delete_audit(session, ADMINISTRATOR, audit_id=audit_id)
    run_waiting(settings)
    with unit_of_work(settings) as session:
        delete_audit(session, ADMINISTRATOR, audit_id=audit_id)
    run_waiting(settings)
    assert everything(settings.store) == []
    with unit_of_work(settings) as session:
        assert queries.audits(session, reach=WHOLE).rows == ()
        assert session.scalars(select(UploadedLog)).all() == []
        actions = [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))][1:]
    assert actions == [
        "mail_audit:log:upload", "mail_audit:audit:start", "mail_audit:result:store", "mail_audit:audit:delete",
    ]  # fmt: skip


@pytest.mark.usefixtures("directory")
def test_what_cannot_be_asked_is_refused_in_a_sentence(settings: Settings, tmp_path: Path) -> None:
    used = send(settings)
    ask(settings, uploads=[used])
    outside = tmp_path / "secret.log"
    outside.write_bytes(LINES)
    for kind, question in (
        (LogPathError, {}),
        (LogPathError, {"paths": [outside]}),
        (LogPathError, {"paths": [settings.log_folders[0]]}),
        (LogPathError, {"uploads": [send(settings)], "first": date(2026, 10, 2), "last": made.FIRST}),
        (LogPathError, {"uploads": [send(settings)], "timezone": "../etc/passwd"}),
        (UploadError, {"uploads": [used]}),
        (UploadError, {"uploads": [999]}),
    ):
        with pytest.raises(kind):
            ask(settings, **question)
    with unit_of_work(settings) as session:
        assert len(queries.audits(session, reach=WHOLE).rows) == 1


def test_without_a_directory_there_is_nothing_to_measure(settings: Settings) -> None:
    with pytest.raises(InputError, match="no directory"):
        ask(settings, uploads=[send(settings)])


def test_only_who_may_is_served(session: Session, settings: Settings) -> None:
    nobody = Actor("ai")
    run = bare_run(session)
    with pytest.raises(ForbiddenError):
        start_audit(session, nobody, timezone="UTC", log_folders=())
    with pytest.raises(ForbiddenError):
        cancel(session, nobody, audit_id=run.id)
    with pytest.raises(ForbiddenError):
        delete_audit(session, nobody, audit_id=run.id)


@pytest.mark.parametrize("name", [name for name in vars(permissions) if name.startswith("can_")])
def test_predicates_are_closed_but_for_the_administrator(name: str) -> None:
    predicate = getattr(permissions, name)
    of = ("CB01",) if name.endswith("_of") else ()
    assert predicate(ADMINISTRATOR, *of)
    assert not predicate(Actor("quantri"), *of)
    assert not predicate(Actor("ai", frozenset({"reader"})), *of)


@pytest.mark.parametrize("name", [name for name in vars(permissions) if name.startswith("can_")])
def test_an_official_may_only_what_concerns_the_own_figures(name: str) -> None:
    predicate = getattr(permissions, name)
    own, other = (Actor("can", frozenset({Role.OFFICIAL}), number) for number in ("CB01", "CB02"))
    if name in {"can_answer_contest_of", "can_record_exception_of"}:
        assert (predicate(own, "CB01"), predicate(other, "CB01")) == (False, False)
    elif name.endswith("_of"):
        assert (predicate(own, "CB01"), predicate(other, "CB01")) == (True, False)
    else:
        assert not predicate(own)


def test_progress_of_a_run_that_ended_is_refused(session: Session) -> None:
    run = bare_run(session)
    with pytest.raises(ConflictError):
        record_progress(session, run.id, file="mail.log", bytes_read=1, lines=1)


def test_a_run_whose_worker_died_for_good_shows_why(session: Session) -> None:
    run = bare_run(session)
    died = {"error_vi": "tiến trình dừng", "error_en": "the worker died", "finished_at": run.created_at}
    session.add(
        Job(
            task="mail_audit.collect", subject=f"audit:{run.id}", args={}, note={}, state="failed",
            created_at=run.created_at, waiting_since=run.created_at, **died,
        )
    )  # fmt: skip
    session.flush()
    found = queries.audit(session, run.id, reach=WHOLE)
    assert (found.summary.state, found.error) == ("failed", Text("tiến trình dừng", "the worker died"))
    assert queries.audits(session, reach=WHOLE).rows[0].state == "failed"
    delete_audit(session, ADMINISTRATOR, audit_id=run.id)
    assert session.get(Audit, run.id) is None


def test_files_of_other_tries_are_taken_away(settings: Settings) -> None:
    for name in ("winner", "loser", "reports"):
        settings.store.put(f"{kept.audit_folder(1)}/{name}/days.parquet", b"")
    kept.remove_other_results(settings.store, 1, "winner")
    assert everything(settings.store) == [f"audits/1/{name}/days.parquet" for name in ("reports", "winner")]
