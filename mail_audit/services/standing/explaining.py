"""What the store says of one mailbox, explained by its lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from core.db import unit_of_work
from core.settings import Settings
from mail_audit.evidence import COLUMNS
from mail_audit.explain import Explainable, mailbox_meant
from mail_audit.figure_lines import within
from mail_audit.kept import STANDING, unbroken
from mail_audit.queries import standing as reading
from mail_audit.queries.journal_evidence import journal_places
from mail_audit.queries.line_texts import why_without, with_texts
from mail_audit.report.model import DaySpan
from mail_audit.reporting import build_report
from mail_audit.services.standing.inputs import days_of
from mail_audit.services.standing.reports import facts_for, places_of


def explainable(settings: Settings, address: str, first: date, last: date, *, actor: str) -> tuple[str, Explainable]:
    """The mailbox that `address` means, and what can be explained of the days from `first` to `last`.

    NotFoundError for an address that the directory's domains do not have. Lines that retention removed are said to be.
    """
    known = facts_for(settings, first, last, actor=actor)
    mailbox = mailbox_meant(known.rules.roster, address)
    report = build_report(known.rules, known.standing, first, last)
    files = places_of(settings.store, known.months)

    def rows(mailboxes: Sequence[str], in_post: Sequence[DaySpan]) -> pl.DataFrame:
        with unit_of_work(settings) as session:
            kept = journal_places(session, known.standing.rows, first, last)
        copies = within(kept.lazy(), mailboxes, in_post).with_columns(pl.col("at").dt.epoch("us")).collect()
        if not files:
            return copies if copies.height else _nothing()
        chosen = within(pl.scan_parquet(files), mailboxes, in_post).filter(pl.col("day").is_between(first, last))
        with unbroken(STANDING):
            table = chosen.with_columns(pl.col("at").dt.epoch("us")).collect()
        with unit_of_work(settings) as session:
            named = table.join(reading.stream_names(session), on="stream", how="left", maintain_order="left")
            told = with_texts(session, named, settings.store)
        why = [why_without(lost) for lost in told["lost"]]
        removed = pl.Series([f"[{one.vi} / {one.en}]" for one in why], dtype=pl.String)
        lines = told.with_columns(line=pl.when("removed").then(removed).otherwise("line")).drop("lost")
        return pl.concat([lines, copies], how="diagonal_relaxed").sort("mailbox", "at", "offset")

    return mailbox, Explainable(report, days_of(report, known.standing), rows)


def _nothing() -> pl.DataFrame:
    kinds = {"at": pl.Int64, "offset": pl.Int64, "count": pl.Int64, "opens": pl.Boolean, "day": pl.Date}
    numbers = {"recipients": pl.Int64, "external": pl.Int64, "singly": pl.Boolean}
    return pl.DataFrame(schema={name: {**kinds, **numbers}.get(name, pl.String) for name in (*COLUMNS, "line")})
