"""Tables to take away: facts by day, figures of officials and of units, and which days are in the logs.

Each is a schema and batches of rows; the columns stand in `docs/report-data.md`, which a test holds to these schemas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Literal, cast

import polars as pl
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.directory.models import MailboxRow, OfficialRow
from core.errors import NotFoundError
from core.words import Text
from mail_audit.datafile import Schema
from mail_audit.models import Audit, OfficialFigure, StandingReport, UnitFigure
from mail_audit.months import months
from mail_audit.queries.spans import FACT_COLUMNS, Span, facts, known_days
from mail_audit.queries.standing import beside_logs
from mail_audit.report.model import CLASSES
from mail_audit.report.numbers import day as day_words

What = Literal["days", "officials", "units", "coverage"]
WHATS: tuple[What, ...] = ("days", "officials", "units", "coverage")
LOOK_BACK = ("7", "30", "90", "180")
ROWS_AT_ONCE = 50_000
LOGS = "logs"
"""The `source` of what server logs tell; of other days it is the witness's name (`standing.others.SOURCES`)."""
_FIGURES = (
    "sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened",
    "active_days", "active_working_days", "covered_working_days",
)  # fmt: skip
_RANKS = tuple(f"{rank}_{name}" for rank in ("leaders", "staff") for name in ("total", "using", "unknown"))
SCHEMAS: dict[What, Schema] = {
    "days": {
        "day": pl.Date,
        "mailbox": pl.String,
        "official_id": pl.String,
        **dict.fromkeys(FACT_COLUMNS, pl.Int32),
        "source": pl.String,
        "audit_id": pl.Int32,
    },
    "officials": {
        "official_id": pl.String,
        "name": pl.String,
        "unit": pl.String,
        "title": pl.String,
        "rank": pl.String,
        "mailboxes": pl.String,
        "usage_class": pl.String,
        "rung": pl.String,
        **dict.fromkeys(_FIGURES, pl.Int32),
        **{f"active_last_{days}": pl.Boolean for days in LOOK_BACK},
        "reasons_vi": pl.String,
        "reasons_en": pl.String,
        "audit_id": pl.Int32,
    },
    "units": {
        "unit": pl.String,
        "parent": pl.String,
        "is_city": pl.Boolean,
        **dict.fromkeys(_RANKS, pl.Int32),
        "leaders_rate": pl.Float64,
        "staff_rate": pl.Float64,
        **{f"class_{name}": pl.Int32 for name in CLASSES},
        "no_mailbox": pl.Int32,
        **{f"using_last_{days}": pl.Int32 for days in LOOK_BACK},
        "audit_id": pl.Int32,
    },
    "coverage": {"day": pl.Date, "in_logs": pl.Boolean, "audit_id": pl.Int32},
}
"""Column -> type of each table, in order."""


def batches(session: Session, what: What, first: date, last: date) -> Iterator[pl.DataFrame]:
    """The rows of a table over the days from `first` to `last`, in batches.

    `officials` and `units` are the figures of the newest audit of exactly these days; NotFoundError without one.
    """
    readers: dict[What, Callable[[Session, date, date], Iterator[pl.DataFrame]]] = {
        "days": _days,
        "officials": _officials,
        "units": _units,
        "coverage": _coverage,
    }
    return readers[what](session, first, last)


def _days(session: Session, first: date, last: date) -> Iterator[pl.DataFrame]:
    """Each day's facts once: the standing ones, else those of the newest audit of files that holds the day.

    A report of the store holds nothing of its own: what it has beside the logs is asked for anew.
    """
    reports = set(session.scalars(select(StandingReport.audit_id)))
    spans = [span for span in known_days(session, first, last).spans if span.audit_id not in reports]
    yield from _days_of_logs(session, spans)
    yield from _days_beside(session, first, last, [span for span in spans if span.audit_id is not None])


def _days_of_logs(session: Session, spans: Sequence[Span]) -> Iterator[pl.DataFrame]:
    for span in spans:
        found = facts((span,), FACT_COLUMNS)
        if found is None:
            continue
        rows = found.subquery("rows")
        owned = (
            select(rows.c.day, rows.c.mailbox, OfficialRow.official_id, *(rows.c[name] for name in FACT_COLUMNS))
            .select_from(rows)
            .outerjoin(MailboxRow, MailboxRow.address == rows.c.mailbox)
            .outerjoin(OfficialRow, OfficialRow.id == MailboxRow.owner)
        )
        schema = {name: kind for name, kind in SCHEMAS["days"].items() if name not in {"source", "audit_id"}}
        for batch in _read(session, owned, schema):
            yield batch.with_columns(source=pl.lit(LOGS), audit_id=pl.lit(span.audit_id, dtype=pl.Int32))


def _days_beside(session: Session, first: date, last: date, audited: Sequence[Span]) -> Iterator[pl.DataFrame]:
    """What journal and census tell of days that no log covers, as reports have it; not of days that an audit holds."""
    owners: pl.DataFrame | None = None
    for month in months(first, last):
        rows = beside_logs(session, max(first, month.first), min(last, month.last))
        for span in audited:
            rows = rows.filter(~pl.col("day").is_between(span.first, span.last))
        if rows.is_empty():
            continue
        owners = _owners(session) if owners is None else owners
        whole = rows.join(owners, on="mailbox", how="left").with_columns(audit_id=pl.lit(None, dtype=pl.Int32))
        yield whole.select(list(SCHEMAS["days"])).cast(pl.Schema(SCHEMAS["days"]))


def _owners(session: Session) -> pl.DataFrame:
    """Columns `mailbox`, `official_id` of the directory's mailboxes."""
    wanted = select(MailboxRow.address, OfficialRow.official_id).outerjoin(
        OfficialRow, OfficialRow.id == MailboxRow.owner
    )
    schema = {"mailbox": pl.String, "official_id": pl.String}
    return pl.DataFrame([tuple(row) for row in session.execute(wanted)], schema=schema, orient="row")


def _read(session: Session, wanted: Select[Any], schema: Schema) -> Iterator[pl.DataFrame]:
    """The rows of a SELECT as frames, so many at once."""
    result = session.execute(wanted.execution_options(yield_per=ROWS_AT_ONCE))
    for part in result.partitions():
        yield pl.DataFrame([tuple(row) for row in part], schema=schema, orient="row")


def _audit_of(session: Session, first: date, last: date) -> int:
    """The newest audit of exactly these days."""
    wanted = (
        select(Audit.id)
        .where(Audit.stored_at.is_not(None), Audit.first_day == first, Audit.last_day == last)
        .order_by(Audit.id.desc())
        .limit(1)
    )
    found = session.scalar(wanted)
    if found is None:
        vi, en = (f"{day_words(first, language)} – {day_words(last, language)}" for language in ("vi", "en"))
        raise NotFoundError(
            Text(
                f"Chưa có lần kiểm tra hay báo cáo nào đúng kỳ {vi}; hãy lập báo cáo của kỳ này trước "
                "(vanthu report --from … --to …).",
                f"There is no audit or report of exactly {en}; make the report of these days first "
                "(vanthu report --from … --to …).",
            )
        )
    return found


def _officials(session: Session, first: date, last: date) -> Iterator[pl.DataFrame]:
    audit_id = _audit_of(session, first, last)
    plain = ("official_id", "name", "unit", "title", "rank")
    columns = (*plain, "mailboxes", "usage_class", "rung", *_FIGURES, "active_last", "reasons")
    wanted = (
        select(*(getattr(OfficialFigure, name) for name in columns))
        .where(OfficialFigure.audit_id == audit_id)
        .order_by(OfficialFigure.position)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for part in session.execute(wanted).partitions():
        rows = [_official(row._asdict(), audit_id) for row in part]
        yield pl.DataFrame(rows, schema=SCHEMAS["officials"])


def _official(row: dict[str, Any], audit_id: int) -> dict[str, Any]:
    last, reasons = row.pop("active_last"), row.pop("reasons")
    return row | {
        "mailboxes": " ".join(row["mailboxes"]),
        **{f"active_last_{days}": last.get(days) for days in LOOK_BACK},
        "reasons_vi": "; ".join(one["vi"] for one in reasons),
        "reasons_en": "; ".join(one["en"] for one in reasons),
        "audit_id": audit_id,
    }


def _units(session: Session, first: date, last: date) -> Iterator[pl.DataFrame]:
    audit_id = _audit_of(session, first, last)
    wanted = select(UnitFigure).where(UnitFigure.audit_id == audit_id).order_by(UnitFigure.position)
    rows = [
        {name: getattr(row, name) for name in ("unit", "parent", "is_city", "no_mailbox")}
        | {name: getattr(row, name) for name in (*_RANKS, "leaders_rate", "staff_rate")}
        | {f"class_{name}": row.classes.get(name, 0) for name in CLASSES}
        | {f"using_last_{days}": row.using_last.get(days) for days in LOOK_BACK}
        | {"audit_id": audit_id}
        for row in session.scalars(wanted)
    ]
    yield pl.DataFrame(rows, schema=SCHEMAS["units"])


def _coverage(session: Session, first: date, last: date) -> Iterator[pl.DataFrame]:
    """Every day asked for: whether it is in the logs; null where no audit and no store holds it."""
    known = known_days(session, first, last)
    place = {
        span.first + timedelta(number): span.audit_id
        for span in known.spans
        for number in range((span.last - span.first).days + 1)
    }
    days = [first + timedelta(number) for number in range((last - first).days + 1)]
    rows = [(day, day in known.covered if day in place else None, place.get(day)) for day in days]
    yield pl.DataFrame(rows, schema=cast("Any", SCHEMAS["coverage"]), orient="row")
