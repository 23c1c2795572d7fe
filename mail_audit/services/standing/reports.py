"""A report of the store: asked for like an audit of files, kept like one, never changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import jobs
from core.audit import record
from core.audit.heads import head
from core.db import unit_of_work, utc_now
from core.directory.models import OfficialRow
from core.errors import InputError
from core.jobs import Run
from core.permissions import Actor, Permission, require
from core.settings import Settings
from core.store import MissingError, Store
from core.words import Text
from mail_audit import kept
from mail_audit.actions import AuditAction
from mail_audit.measure import Rules
from mail_audit.models import Audit, Census, JournalRun, LogStream, StandingReport
from mail_audit.months import check_years, months
from mail_audit.queries import standing as reading
from mail_audit.queries.journal_evidence import journal_places
from mail_audit.queries.outlook import outlook
from mail_audit.queries.steps import RENDER, REPORT, subject_of
from mail_audit.report.model import Report
from mail_audit.reporting import build_report
from mail_audit.services.results import store_result
from mail_audit.services.runs import locked
from mail_audit.services.standing.inputs import days_of, digest_of, keep
from mail_audit.services.standing.measuring import measure_months
from mail_audit.services.steps import ending_run
from mail_audit.standing import Standing
from mail_audit.standing.manifest import Manifest, thresholds_plain
from mail_audit.sums import note_sums, sound

LONGEST_PERIOD = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was built, with all it was built from."""

    rules: Rules
    standing: Standing
    report: Report
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store knows of a period, and by what it is judged."""

    rules: Rules
    standing: Standing
    months: tuple[dict[str, str], ...]
    pieces: list[tuple[Any, ...]]
    trail: dict[str, Any] | None


def ask_report(
    session: Session, actor: Actor, *, timezone: str, first: date, last: date, scheduled: bool = False
) -> tuple[int, int]:
    """Ask for a report of the days from `first` to `last`, from the store: its run's id and its job's.

    InputError for days in the wrong order or too many, an empty store, or a directory without officials.
    """
    require(actor, Permission.MAIL_AUDIT_AUDIT_START)
    _check(session, first, last)
    run = Audit(
        created_at=utc_now(),
        created_by=actor.name,
        asked_first=first,
        asked_last=last,
        timezone=timezone,
        asked_paths=[],
    )
    session.add(run)
    session.flush()
    asked = {"store": True, "first": first.isoformat(), "last": last.isoformat(), "timezone": timezone}
    record(session, actor=actor.name, action=AuditAction.AUDIT_STARTED, subject=subject_of(run.id), facts=asked)
    args = {"audit_id": run.id, "scheduled": scheduled}
    job = jobs.queue(session, REPORT, subject=subject_of(run.id), args=args)
    return run.id, job.id


def _check(session: Session, first: date, last: date) -> None:
    check_years(first, last)
    if last < first:
        raise InputError(
            Text("Ngày cuối phải sau hoặc trùng ngày đầu.", "The last day must not be before the first day.")
        )
    if last - first > LONGEST_PERIOD:
        raise InputError(Text("Kỳ báo cáo dài quá ba năm.", "The period is longer than three years."))
    if all(session.scalar(select(kind.id).limit(1)) is None for kind in (LogStream, JournalRun, Census)):
        raise InputError(
            Text(
                "Chưa thu thập nhật ký nào; hãy thêm nguồn và chạy vanthu collect trước.",
                "No log has been collected yet; please add a source and run vanthu collect first.",
            )
        )
    if session.scalar(select(OfficialRow.id).where(OfficialRow.gone_at.is_(None)).limit(1)) is None:
        raise InputError(
            Text(
                "Chưa có danh bạ cán bộ, công chức; hãy nhập danh bạ trước.",
                "There is no directory of officials yet; please import it first.",
            )
        )


def make_report(run: Run, *, audit_id: int, scheduled: bool = False) -> None:
    """Build the report that was asked for, store its figures and its manifest, queue the rendering."""
    settings = run.settings
    with ending_run(run, audit_id):
        with unit_of_work(settings) as session:
            audit = session.get(Audit, audit_id)
            if audit is None or audit.state != "waiting" or audit.asked_first is None or audit.asked_last is None:
                return
            first, last, actor = audit.asked_first, audit.asked_last, audit.created_by
        made = build(settings, first, last, actor=actor)
        token = kept.new_token()
        folder = kept.measured_folder(audit_id, token)
        with settings.store.draft() as draft:
            write_evidence(settings, made, draft / kept.EVIDENCE)
            with kept.written():
                (draft / kept.MANIFEST).write_text(made.manifest.text(), encoding="utf-8")
                note_sums(draft)
            settings.store.put_folder(folder, draft)
        try:
            with unit_of_work(settings) as session:
                won = _store(session, audit_id, token, made, scheduled=scheduled)
                run.confirm(session)
        except BaseException:
            settings.store.remove_folder(folder)
            raise
        if not won:
            settings.store.remove_folder(folder)
            return
        kept.remove_other_results(settings.store, audit_id, token)


def build(settings: Settings, first: date, last: date, *, actor: str) -> Made:
    """Bring the facts of the period up to date and build its report; its inputs are kept."""
    known = facts_for(settings, first, last, actor=actor)
    report = build_report(known.rules, known.standing, first, last)
    with unit_of_work(settings) as session:
        beside = outlook(session, report)
    manifest = Manifest(
        version=version("vanthu"),
        first=first,
        last=last,
        timezone=known.rules.zone.name,
        kept=keep(settings.store, known.rules.roster, known.standing, known.pieces),
        months=known.months,
        pieces=len(known.pieces),
        tells=known.standing.tells,
        thresholds=thresholds_plain(known.rules.thresholds),
        exemptions=tuple(known.rules.exemptions),
        trail=known.trail,
        report=digest_of(report, known.standing),
        outlook=beside,
    )
    return Made(known.rules, known.standing, report, manifest)


def facts_for(settings: Settings, first: date, last: date, *, actor: str) -> Facts:
    """Everything a report of a period is built from, brought up to date first."""
    with unit_of_work(settings) as session:
        rules = reading.rules_of(session, settings)
        there = set(reading.months_with_events(session, rules.zone)) | set(reading.standing_months(session))
    wanted = [month for month in months(first, last) if month in there]
    measure_months(settings, wanted, actor=actor)
    with unit_of_work(settings) as session:
        rules = reading.rules_of(session, settings)
        known = reading.standing_months(session)
        tip = head(session)
        return Facts(
            rules=rules,
            standing=reading.standing(session, first, last),
            months=tuple(
                {"month": month.name, "facts": known[month].facts, "inputs": known[month].inputs}
                for month in wanted
                if month in known
            ),
            pieces=reading.pieces_of(session, first, last, rules),
            trail={"entry": tip.entry, "hash": tip.hash} if tip else None,
        )


def _store(session: Session, audit_id: int, token: str, made: Made, *, scheduled: bool) -> bool:
    """The figures, the manifest, the next step; False where the run is further on or gone."""
    audit = locked(session, audit_id)
    if audit is None or audit.state != "waiting":
        return False
    store_result(
        session,
        audit_id=audit_id,
        report=made.report,
        days=days_of(made.report, made.standing),
        actor=audit.created_by,
        digest=made.manifest.report,
    )
    row = StandingReport(
        audit_id=audit_id,
        made_at=utc_now(),
        scheduled=scheduled,
        sha256=made.manifest.sha256,
        manifest=made.manifest.plain(),
    )
    session.add(row)
    audit.state, audit.measured = "rendering", token
    jobs.queue(session, RENDER, subject=subject_of(audit_id), args={"audit_id": audit_id})
    record(
        session,
        actor=audit.created_by,
        action=AuditAction.REPORT_MADE,
        subject=subject_of(audit_id),
        facts={"manifest": row.sha256, "report": made.manifest.report},
    )
    return True


def write_evidence(settings: Settings, made: Made, path: Path) -> None:
    """The places behind the figures of the period, as an audit of files keeps them, but without the lines' text.

    `stream` and `offset` lead to the text for as long as the store keeps it.
    """
    there = places_of(settings.store, made.manifest.months)
    first, last = made.manifest.first, made.manifest.last
    with unit_of_work(settings) as session:
        streams = reading.stream_names(session)
        copies = journal_places(session, made.standing.rows, first, last)
    if not there and copies.is_empty():
        return
    parts = [copies.lazy()]
    if there:
        inside = pl.scan_parquet(there).filter(pl.col("day").is_between(first, last))
        named = inside.join(streams.lazy(), on="stream", how="left", maintain_order="left")
        parts.append(named.with_columns(line=pl.lit(None, dtype=pl.String)))
    else:
        parts.append(pl.LazyFrame(schema={"stream": pl.Int64}))
    with kept.unbroken(kept.STANDING):
        pl.concat(parts, how="diagonal_relaxed").sink_parquet(path, compression="zstd")


def places_of(store: Store, of_months: Sequence[dict[str, str]]) -> list[Path]:
    """The files with the places of the facts of some months, as far as they are there. DamagedObjectError names one."""
    files = []
    for one in of_months:
        key = kept.places_file(one["month"], one["facts"], one["inputs"])
        try:
            with kept.unbroken(key):
                files.append(sound(store, key, alone=True))
        except MissingError:
            continue
    return files
