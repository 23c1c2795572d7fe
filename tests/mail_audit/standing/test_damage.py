"""Bytes that changed under what stands: every table is told by its name, and no sum outlives its table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core.db import unit_of_work
from core.permissions import WHOLE
from core.settings import Settings
from mail_audit import kept, queries, services
from mail_audit.errors import DamagedObjectError
from mail_audit.queries.lines import figure_lines
from mail_audit.services import standing
from mail_audit.sums import SUMS, sums_alone
from tests.mail_audit.collecting.test_sums import flip
from tests.mail_audit.standing.nights import ADMINISTRATOR, NightlyCity, collect
from tests.mail_audit.standing.test_kept import manifest, reported

FIRST, LAST = date(2026, 10, 31), date(2026, 11, 1)


@pytest.fixture
def city(settings: Settings, tmp_path: Path) -> NightlyCity:
    """Two days over the end of a month, measured each night."""
    made = NightlyCity(tmp_path, FIRST, 2)
    source = made.follow(settings)
    for _ in made.nights():
        collect(settings, source)
        standing.measure_marked(settings, actor="test")
    return made


def keys(settings: Settings, place: str) -> tuple[list[str], list[str]]:
    """The tables below a place, and those that the sums there are of."""
    listed = settings.store.listed(place)
    tables = [one.key for one in listed if one.name.endswith(".parquet") and not one.name.startswith(SUMS)]
    return tables, [key for key in tables if settings.store.has(sums_alone(key))]


def test_every_table_has_its_sum_and_every_sum_its_table(settings: Settings, city: NightlyCity) -> None:
    del city
    audit_id = reported(settings, FIRST, LAST)
    for place, number in ((kept.STANDING, 2), (kept.INPUTS, 1)):
        tables, with_sums = keys(settings, place)
        listed = [one for one in settings.store.listed(place) if one.name.startswith(SUMS)]
        assert (len(tables), with_sums, len(listed)) == (number, tables, number)
    with unit_of_work(settings) as session:
        services.cancel(session, ADMINISTRATOR, audit_id=audit_id)
        services.delete_audit(session, ADMINISTRATOR, audit_id=audit_id)
    assert standing.sweep_inputs(settings, older_than=-1.0) == 4, "sums are not counted"
    assert settings.store.listed(kept.INPUTS) == []


def test_places_that_changed_end_the_report_with_their_name(settings: Settings, city: NightlyCity) -> None:
    del city
    (key, _), _ = keys(settings, kept.STANDING)
    flip(settings.store, key, 2_000)
    audit_id = reported(settings, FIRST, LAST)
    with unit_of_work(settings) as session:
        found = queries.audit(session, audit_id, reach=WHOLE)
        assert (found.summary.state, found.error is not None) == ("failed", True)
        assert found.error is not None
        assert found.error.en.startswith(f"{key} in the store is damaged and cannot be read. Restore it")


def test_evidence_and_inputs_that_changed_are_refused(settings: Settings, city: NightlyCity) -> None:
    del city
    audit_id = reported(settings, FIRST, LAST)
    (evidence,) = (one.key for one in settings.store.listed("audits") if one.name == kept.EVIDENCE)
    with unit_of_work(settings) as session:
        person = queries.officials(session, audit_id, reach=WHOLE).rows[0].official_id
        queries.evidence(session, audit_id, person, FIRST, store=settings.store)
        flip(settings.store, evidence, 2_000)
        with pytest.raises(DamagedObjectError, match=f"{evidence} in the store is damaged"):
            queries.evidence(session, audit_id, person, FIRST, store=settings.store)
        told = figure_lines(session, audit_id, person, "sent", store=settings.store)
        assert told.problem is not None
        assert told.problem.en.startswith(evidence)
    known = manifest(settings, audit_id)
    standing.made_again(settings.store, known)
    flip(settings.store, kept.input_file(known.kept["rows"], ".parquet"), 100)
    with pytest.raises(standing.InputGoneError, match=known.kept["rows"][:12]):
        standing.made_again(settings.store, known)


def test_a_result_of_files_that_changed_is_refused(settings: Settings) -> None:
    from tests.mail_audit.store import made

    for name in ("report.json", "days.parquet"):
        with settings.store.draft() as draft:
            kept.write_measured(draft, made.report(), made.measured().days)
            settings.store.put_folder(f"audits/1/{name}", draft)
        assert kept.read_measured(settings.store, f"audits/1/{name}")[0] == made.report()
        flip(settings.store, f"audits/1/{name}/{name}", 60)
        with pytest.raises(DamagedObjectError, match=f"audits/1/{name}/{name} in the store is damaged"):
            kept.read_measured(settings.store, f"audits/1/{name}")
