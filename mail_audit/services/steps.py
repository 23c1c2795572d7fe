"""The three steps of a run, each a job: collect reads the logs, roll up stores rows, render writes the reports.

A step may be killed anywhere, run twice, or run twice at once. It works outside the database, then commits its result
and the next step's job in one transaction that only the holder of the job's claim, on a run still in the step's state,
can make. What a lost copy wrote lies in a folder that nobody names, and is taken away later.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import jobs
from core.db import unit_of_work, utc_now
from core.directory.coded import practice_addresses
from core.errors import UnavailableError, VanthuError
from core.jobs import LostClaimError, Run
from core.log import get_logger
from core.settings import Settings
from core.store import Store
from core.words import LANGUAGES, Language, Text
from mail_audit import kept
from mail_audit.errors import CancelledError
from mail_audit.models import Audit, AuditReport
from mail_audit.queries.outlook import with_outlook
from mail_audit.queries.reports import report as stored_report
from mail_audit.queries.steps import RENDER, subject_of
from mail_audit.report.model import Report
from mail_audit.report.render import FORMATS, write
from mail_audit.services.results import result_digest, store_result
from mail_audit.services.runs import FileResult, Plan, begin_collect, fail, finish_collect, locked, record_progress
from mail_audit.services.uploads import remove_uploads
from mail_audit.thresholds import Thresholds

if TYPE_CHECKING:
    from mail_audit.pipeline import Measured, Progress

_TELL_SECONDS = 0.5
_log = get_logger("vanthu.mail_audit")


def collect(run: Run, *, audit_id: int) -> None:
    """Read the logs of a run, keep the result and its evidence in the store, queue the roll-up."""
    settings = run.settings
    with ending_run(run, audit_id):
        with unit_of_work(settings) as session:
            plan = begin_collect(session, audit_id)
        if plan is None:
            return
        token = kept.new_token()
        folder = kept.measured_folder(audit_id, token)
        with settings.store.draft() as draft, settings.store.holding() as store:
            sent = {store.file(key): key for key in plan.sent}
            plan = replace(plan, paths=(*plan.paths, *sent))
            measured = measure(plan, settings, draft / kept.EVIDENCE, _teller(run, audit_id, draft))
            kept.write_measured(draft, measured.report, measured.days)
            settings.store.put_folder(folder, draft)
        try:
            with unit_of_work(settings) as session:
                won = finish_collect(session, audit_id, token=token, files=_file_results(measured, sent))
                run.confirm(session)
        except LostClaimError:  # another copy of the step may have tidied up already
            settings.store.remove_folder(folder)
            raise
        if not won:
            settings.store.remove_folder(folder)
            return
        _tidy(settings, audit_id, token)


def roll_up(run: Run, *, audit_id: int) -> None:
    """Store the collected result as rows, queue the rendering."""
    settings = run.settings
    with ending_run(run, audit_id):
        with unit_of_work(settings) as session:
            audit = session.get(Audit, audit_id)
            token = audit.measured if audit is not None and audit.state == "rolling_up" else None
        if token is None:
            return
        _tidy(settings, audit_id, token)
        report, days = kept.read_measured(settings.store, kept.measured_folder(audit_id, token))
        digest = result_digest(report, days)
        with unit_of_work(settings) as session:
            audit = locked(session, audit_id)
            if audit is None or audit.state != "rolling_up" or audit.measured != token:
                return
            store_result(session, audit_id=audit_id, report=report, days=days, actor=audit.created_by, digest=digest)
            audit.state = "rendering"
            jobs.queue(session, RENDER, subject=subject_of(audit_id), args={"audit_id": audit_id})
            run.confirm(session)


def render(run: Run, *, audit_id: int) -> None:
    """Write every report in both languages; one that cannot be made says why and stops no other."""
    settings = run.settings
    with ending_run(run, audit_id):
        with unit_of_work(settings) as session:
            audit = session.get(Audit, audit_id)
            if audit is None or audit.state != "rendering":
                return
            report = with_outlook(session, stored_report(session, audit_id), audit_id=audit_id)
        wanted = [(language, ending) for language in LANGUAGES for ending in FORMATS]
        made = []
        for done, (language, ending) in enumerate(wanted):
            run.progress(done, len(wanted), {"stage": "rendering"})
            made.append(_rendered(settings.store, audit_id, report, language, ending))
        with unit_of_work(settings) as session:
            _finish(session, audit_id, made)
            run.confirm(session)


def remove(run: Run, *, audit_id: int, uploads: Sequence[str]) -> None:
    """Take away the files of a run that was cancelled or deleted; `uploads` are the tokens of its sent logs."""
    settings = run.settings
    for token in uploads:
        settings.store.remove_folder(kept.upload_folder(Path(token).name))
    settings.store.remove_folder(kept.audit_folder(audit_id))
    with unit_of_work(settings) as session:
        remove_uploads(session, store=settings.store, audit_id=audit_id)


def measure(plan: Plan, settings: Settings, evidence: Path, tell: Callable[[Progress], None]) -> Measured:
    """Read and measure, as `mail_audit.pipeline.run` does; the evidence is written to `evidence`."""
    from mail_audit import pipeline  # late: the web's processes start runs, but never measure

    return pipeline.run(
        plan.paths,
        plan.roster,
        first=plan.first,
        last=plan.last,
        timezone=plan.timezone,
        thresholds=Thresholds.of(settings.thresholds),
        progress=tell,
        evidence=evidence,
        exemptions=plan.exemptions,
        practice=practice_addresses(settings),
    )


def _file_results(measured: Measured, sent: Mapping[Path, str]) -> list[FileResult]:
    """What became of each log, by the name its row has: a path, or a key of the store."""
    paths = [sent.get(log.path, str(log.path.resolve())) for log in measured.logs]
    return [
        FileResult(
            path,
            count.lines,
            count.events,
            count.not_of_interest,
            count.broken,
            None if count.same_as is None else paths[count.same_as],
        )
        for path, count in zip(paths, measured.files, strict=True)
    ]


def _teller(run: Run, audit_id: int, draft: Path) -> Callable[[Progress], None]:
    """Writes progress to the job and to the run, at most twice a second, but always when a new file begins.

    The draft is touched with it: nothing is written there before all logs are read, and old drafts are swept.
    """
    told = ("", float("-inf"))

    def tell(progress: Progress) -> None:
        nonlocal told
        if progress.file == told[0] and time.monotonic() - told[1] < _TELL_SECONDS:
            return
        told = (progress.file, time.monotonic())
        os.utime(draft)
        note = {"stage": progress.stage, "file": progress.file, "lines": progress.lines}
        run.progress(progress.bytes_done, progress.bytes_total, note)
        with unit_of_work(run.settings) as session:
            record_progress(session, audit_id, file=progress.file, bytes_read=progress.bytes_done, lines=progress.lines)

    return tell


def _tidy(settings: Settings, audit_id: int, token: str) -> None:
    """The result `token` counts: the sent logs are not needed any more, nor is what other tries left."""
    with unit_of_work(settings) as session:
        remove_uploads(session, store=settings.store, audit_id=audit_id)
    kept.remove_other_results(settings.store, audit_id, token)


def _rendered(store: Store, audit_id: int, report: Report, language: Language, ending: str) -> AuditReport:
    """One report file as its row: where it lies, or why it could not be made."""
    period = report.period
    name = f"vanthu-{period.first.isoformat()}-{period.last.isoformat()}-{language}{ending}"
    row = AuditReport(audit_id=audit_id, language=language, ending=ending.removeprefix("."))
    key = f"{kept.reports_folder(audit_id)}/{name}"
    try:
        with store.draft() as draft:
            write(report, draft / name, language)
            row.size = (draft / name).stat().st_size
            store.put_file(key, draft / name)
    except UnavailableError:
        raise
    except VanthuError as refused:
        row.error_vi, row.error_en = refused.message.vi, refused.message.en
    except Exception:  # noqa: BLE001 - logged, shown beside the other reports, and no reason to withhold those
        _log.exception("report not rendered", audit=audit_id, language=language, ending=ending)
        row.error_vi = "Chương trình gặp lỗi khi viết báo cáo ở dạng này."
        row.error_en = "The program met a defect of its own while writing this form of the report."
    else:
        row.path = key
    return row


def _finish(session: Session, audit_id: int, made: list[AuditReport]) -> None:
    audit = locked(session, audit_id)
    if audit is None or audit.state != "rendering":
        return
    session.execute(delete(AuditReport).where(AuditReport.audit_id == audit_id))
    session.add_all(made)
    audit.state, audit.finished_at = "finished", utc_now()


@contextmanager
def ending_run(run: Run, audit_id: int) -> Iterator[None]:
    """A step that cannot go on ends the run with its sentence; one that may be tried again, or was overtaken, does not.

    The run may have been cancelled meanwhile, and its files taken away: whatever that led to is not an error.
    """
    try:
        yield
    except (LostClaimError, UnavailableError):
        raise
    except CancelledError:
        _log.info("cancelled", audit=audit_id)
    except Exception as failure:
        if not _failed(run, audit_id, failure):
            _log.info("ended meanwhile", audit=audit_id, failure=type(failure).__name__)
            return
        raise


def _failed(run: Run, audit_id: int, failure: Exception) -> bool:
    """End the run and take away its sent logs; False when it had ended already. LostClaimError: another copy works."""
    words = Text(
        "Chương trình gặp lỗi của chính nó. Hãy báo cho người phụ trách kỹ thuật.",
        "The program has met a defect of its own. Please tell your technician.",
    )
    with unit_of_work(run.settings) as session:
        run.confirm(session)
        ended = fail(session, audit_id, message=failure.message if isinstance(failure, VanthuError) else words)
        if ended:
            remove_uploads(session, store=run.settings.store, audit_id=audit_id)
    return ended
