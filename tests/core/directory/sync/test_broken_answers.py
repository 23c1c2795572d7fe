"""An answer that is not whole is no answer: nothing is changed, and the run says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.db import unit_of_work
from core.directory import queries, syncing
from core.directory.doors.errors import ProviderAwayError
from core.directory.doors.ldap import listing
from core.permissions import Actor
from core.settings import Settings
from tests.core.directory.sync.conftest import Office, latest_run, ldif, table, with_table
from tests.servers.slapd import running

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("slapd")]


def _refused(settings: Settings, actor: Actor) -> None:
    with pytest.raises(ProviderAwayError):
        syncing.run_sync(settings, actor, key="office", force=True)
    with unit_of_work(settings) as session:
        latest = latest_run(session)
        assert len(queries.roster(session).officials) == 8
    assert (latest.state, latest.counts, latest.changes) == ("failed", None, ())
    assert latest.error is not None


def test_pages_that_break_off(small: Settings, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 3)
    assert syncing.run_sync(small, actor, key="office").tally.found == 9
    page, calls = listing._page, []

    def breaks_off(*given: Any) -> Any:
        calls.append(given)
        if len(calls) == 2:
            raise OSError("gone")
        return page(*given)

    monkeypatch.setattr(listing, "_page", breaks_off)
    _refused(small, actor)
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("name", "value"), [("MOST_ENTRIES", 5), ("MOST_PAGES", 1), ("MOST_BYTES", 900), ("MOST_SECONDS", 0.0)]
)
def test_answers_without_an_end(
    small: Settings, actor: Actor, monkeypatch: pytest.MonkeyPatch, name: str, value: float
) -> None:
    monkeypatch.setattr(listing, "PAGE", 3)
    syncing.run_sync(small, actor, key="office")
    monkeypatch.setattr(listing, name, value)
    _refused(small, actor)


def test_a_server_that_cuts_its_answer_short(
    small: Settings, actor: Actor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Its own limit of entries: the first four of nine are no directory."""
    syncing.run_sync(small, actor, key="office")
    for server in running(tmp_path_factory.mktemp("short"), content=ldif, more="sizelimit 4"):
        _refused(with_table(small, table(server)), actor)


def test_a_server_that_is_away_or_is_another(
    small: Settings, office: Office, actor: Actor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    syncing.run_sync(small, actor, key="office")
    wrong: tuple[Callable[[str], str], ...] = (
        lambda said: said.replace(f":{office.server.tls_port}", ":1"),
        lambda said: said.replace(str(office.server.ca_file), str(office.server.other_ca_file)),
        lambda said: said + '\nbase = "ou=nowhere,dc=tp,dc=example,dc=gov,dc=vn"',
        lambda said: said + '\nfilter = "(&(objectClass=person)"\n',
    )
    for change in wrong:
        _refused(with_table(small, change(table(office.server))), actor)


def test_references_are_not_followed(small: Settings, office: Office, actor: Actor) -> None:
    assert syncing.run_sync(small, actor, key="office").tally.references == 1
    with pytest.raises(BlockingIOError):
        office.server.elsewhere.accept()


def test_units_by_the_place_of_an_entry(small: Settings, office: Office, actor: Actor) -> None:
    said = table(office.server, 'unit_from = "place"\ntitle = "title"').replace(
        'parent_unit = "departmentNumber"\n', ""
    )
    syncing.run_sync(with_table(small, said), actor, key="office")
    with unit_of_work(small) as session:
        assert set(queries.roster(session).units) == {"people"}
