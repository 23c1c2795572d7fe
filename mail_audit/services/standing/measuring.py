"""Measuring the months in which something was collected: events in, facts out, a transaction a month.

A month's facts say what they were made of (`StandingMonth.inputs`): the pieces that help to judge it, the directory,
the thresholds, the exceptions, the program's version. Where that is what the store holds now, there is nothing to do.
So it does not matter who marked a month, how often, or where a measurement was killed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

import polars as pl
from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from core.audit import record
from core.db import unit_of_work, utc_now
from core.errors import ConflictError, UnavailableError
from core.log import get_logger
from core.settings import Settings
from core.store import Store
from core.words import Text
from mail_audit import kept
from mail_audit.actions import AuditAction
from mail_audit.evidence import places
from mail_audit.measure import Measurement, Rules, measure
from mail_audit.models import MonthToMeasure, StandingDay, StandingMonth
from mail_audit.months import Month, judged_by
from mail_audit.plain import to_plain
from mail_audit.queries import standing as reading
from mail_audit.segments import Segment, load
from mail_audit.services.bulk import insert_frame
from mail_audit.standing import Tells, rows_digest, rows_digests
from mail_audit.sums import put_alone, sums_alone, table_named
from mail_audit.zones import Zone

TRIES = 5
"""A segment may be put together with others between being listed and being read."""
_log = get_logger("vanthu.mail_audit")
Tell = Callable[[Month], None]


@dataclass(slots=True)
class Outcome:
    """What became of the months that were looked at; `late` ones keep their facts, whatever came for them."""

    measured: list[Month] = field(default_factory=list)
    unchanged: list[Month] = field(default_factory=list)
    late: list[Month] = field(default_factory=list)
    seconds: float = 0.0


def measure_marked(settings: Settings, *, actor: str, tell: Tell | None = None) -> Outcome:
    """Measure every month that the marks of the collection bear on; a mark that was not renewed meanwhile goes."""
    with unit_of_work(settings) as session:
        marks = reading.marked(session)
        there = set(reading.months_with_events(session, Zone.named(settings.timezone)))
        known = set(reading.standing_months(session))
    wanted = {month for mark, _ in marks for month in judged_by(mark.first, mark.last)}
    outcome = measure_months(settings, sorted(wanted & (there | known)), actor=actor, tell=tell)
    for mark, at in marks:
        with unit_of_work(settings) as session:
            same = (MonthToMeasure.month == mark.first, MonthToMeasure.marked_at == at)
            session.execute(delete(MonthToMeasure).where(*same))
    return outcome


def rebuild(settings: Settings, *, actor: str, tell: Tell | None = None) -> Outcome:
    """Make the facts of every month that is not closed again from the events, whatever they were made of."""
    with unit_of_work(settings) as session:
        zone = Zone.named(settings.timezone)
        every = set(reading.months_with_events(session, zone)) | set(reading.standing_months(session))
    return measure_months(settings, sorted(every), actor=actor, tell=tell, again=True)


def measure_months(
    settings: Settings, wanted: Iterable[Month], *, actor: str, tell: Tell | None = None, again: bool = False
) -> Outcome:
    """Bring the facts of these months up to date, each in a transaction of its own; `again` even where they are."""
    outcome, began = Outcome(), time.monotonic()
    for month in wanted:
        if tell:
            tell(month)
        getattr(outcome, _measured(settings, month, actor, again=again)).append(month)
    outcome.seconds = time.monotonic() - began
    return outcome


def _measured(settings: Settings, month: Month, actor: str, *, again: bool) -> str:
    """Which list of `Outcome` the month belongs to."""
    for _ in range(TRIES):
        with unit_of_work(settings) as session:
            rules = reading.rules_of(session, settings)
            inputs = reading.inputs_of(session, month, rules)
            known = session.get(StandingMonth, month.first)
            same = known is not None and known.inputs == inputs.digest
            closed = known is not None and known.closed_at is not None
        if closed:
            return "unchanged" if same else "late"
        if same and not again:
            return "unchanged"
        try:
            measurement, tells = _measure(settings, month, rules, inputs)
            _keep(settings, month, rules, inputs, measurement, tells, actor)
        except FileNotFoundError as gone:
            _log.info("segment gone", month=month.name, path=str(gone.filename))
        except ConflictError as other:  # another process measures a new month at the same time
            _log.info("overtaken", month=month.name, error=str(other))
        else:
            return "measured"
    raise UnavailableError(
        Text(
            f"Kho sự kiện của tháng {month.name} thiếu tệp; hãy chạy lại sau khi thu thập xong.",
            f"The event store lacks files of {month.name}; please run this again after the collection.",
        )
    )


def _measure(settings: Settings, month: Month, rules: Rules, inputs: reading.Inputs) -> tuple[Measurement, Tells]:
    low, high = month.bounds(rules.zone)
    events = load(settings.store, [Segment(*one) for one in inputs.segments], low=low, high=high)
    return measure(events, rules, (month.first, month.last)), Tells.of(events)


def _keep(
    settings: Settings,
    month: Month,
    rules: Rules,
    inputs: reading.Inputs,
    measurement: Measurement,
    tells: Tells,
    actor: str,
) -> None:
    """The places first, on the disk; then facts, their description and the entry in the trail, all at once."""
    facts = rows_digest(measurement.facts)
    key = kept.places_file(month.name, facts, inputs.digest)
    _keep_places(settings.store, key, measurement, rules, inputs.streams)
    with unit_of_work(settings) as session:
        row = _locked(session, month)
        latest = reading.inputs_of(session, month, reading.rules_of(session, settings)).digest
        if row.closed_at is not None or (row.inputs == latest and latest != inputs.digest):
            return  # closed meanwhile, or another process was quicker and knows more
        session.execute(delete(StandingDay).where(StandingDay.day.between(month.first, month.last)))
        insert_rows(session, measurement.facts)
        row.timezone, row.inputs, row.facts = rules.zone.name, inputs.digest, facts
        row.tells, row.days = to_plain(tells), rows_digests(measurement.facts)
        row.mailbox_days, row.measured_at = measurement.facts.height, utc_now()
        session.flush()
        record(
            session,
            actor=actor,
            action=AuditAction.MONTH_MEASURED,
            subject=f"month:{month.name}",
            facts={"mailbox_days": row.mailbox_days, "facts": facts, "inputs": inputs.digest},
        )
    for other in settings.store.listed(kept.STANDING):
        if table_named(other.name).startswith(f"{month.name}-") and other.key not in {key, sums_alone(key)}:
            settings.store.remove(other.key)


def _locked(session: Session, month: Month) -> StandingMonth:
    """The month's row, held until the transaction ends; made where there is none."""
    wanted = select(StandingMonth).where(StandingMonth.month == month.first)
    row = session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if row is None:
        row = StandingMonth(
            month=month.first, timezone="", inputs="0" * 64, facts="0" * 64, tells={}, mailbox_days=0,
            measured_at=utc_now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
    return row


def insert_rows(session: Session, rows: pl.DataFrame) -> None:
    """Insert facts (`mail_audit.standing.SCHEMA`) in the session's transaction."""
    more = [pl.when(pl.col(name) > 0).then(pl.format(name + "={}", name)) for name in reading.MORE_COUNTS]
    said = pl.concat_str(more, separator="\n", ignore_nulls=True) if more else pl.lit("")
    frame = rows.with_columns(said.alias("more")).with_columns(pl.when(pl.col("more") != "").then("more"))
    insert_frame(session, cast("Table", StandingDay.__table__), frame.select(reading.COLUMNS))


def _keep_places(store: Store, key: str, measurement: Measurement, rules: Rules, streams: Sequence[int]) -> None:
    """The evidence of the month without its lines: `evidence.COLUMNS`, `stream` in place of `file`."""
    table = places(measurement, rules.zone)
    ids = pl.DataFrame(
        {"file": pl.Series(range(len(streams)), dtype=pl.UInt16), "stream": list(streams)},
        schema_overrides={"stream": pl.Int64},
    )
    table = table.join(ids, on="file", how="left", maintain_order="left").drop("file")
    table = table.with_columns(pl.col("at").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))
    with store.draft() as draft, kept.written():
        table.write_parquet(draft / "places.parquet", compression="zstd")
        put_alone(store, key, draft / "places.parquet")
