"""Properties of rosters: written and read back they are the same, in a file and in the database."""

from __future__ import annotations

import tempfile
import unicodedata
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from sqlalchemy import delete

from core.db import unit_of_work
from core.directory.changes import changes
from core.directory.models import AliasRow, MailboxRow, OfficialRow, OfficialWord, PostRow, UnitRow, UnitWord
from core.directory.queries import roster as stored_roster
from core.directory.roster import MAILBOX_KINDS, RANKS, Mailbox, Official, Post, Roster, Unit
from core.directory.rosterfile import RosterError, read, read_roster, write_roster
from core.directory.services import import_roster
from core.permissions import Actor
from core.settings import Settings

words = st.text(
    st.characters(codec="utf-8", categories=["Lu", "Ll", "Nd"], include_characters="=+-@'\"; ,.(…"),
    min_size=1,
    max_size=12,
).map(lambda text: " ".join(unicodedata.normalize("NFC", text).split()))
texts = words.filter(bool)
days = st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1))


def in_order(pair: tuple[date | None, date | None]) -> bool:
    """Whether a period does not end before it begins."""
    since, until = pair
    return since is None or until is None or since <= until


periods = st.tuples(days, days).filter(in_order)


@st.composite
def unit_trees(draw: st.DrawFn) -> dict[str, Unit]:
    """Units with different names, each below an earlier one or below none."""
    names = draw(st.lists(texts, min_size=1, max_size=6, unique_by=str.casefold))
    units: dict[str, Unit] = {}
    for name in names:
        parent = draw(st.none() | st.sampled_from(sorted(units))) if units else None
        units[name] = Unit(name, name, parent)
    return units


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """Any roster that a file can hold."""
    units = draw(unit_trees())
    keys = st.sampled_from(sorted(units))
    numbers = draw(st.lists(texts, max_size=5, unique=True))
    officials = {number: Official(number, draw(texts)) for number in numbers}
    posts: list[Post] = []
    for number in sorted(numbers):
        for _ in range(draw(st.integers(1, 3))):
            since, until = draw(periods)
            post = Post(number, draw(keys), draw(words), draw(st.sampled_from(RANKS)), since, until)
            posts += [post] if post not in posts else []
    locals_ = draw(st.lists(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), max_size=8, unique=True))
    mailboxes: dict[str, Mailbox] = {}
    while locals_:
        owner = draw(st.none() | st.sampled_from(numbers)) if numbers else None
        kind = draw(st.sampled_from([kind for kind in MAILBOX_KINDS if kind != "personal" or owner]))
        address = f"{locals_.pop()}@tp.example.gov.vn"
        aliases = [f"{locals_.pop()}@example.gov.vn" for _ in range(min(draw(st.integers(0, 2)), len(locals_)))]
        mailboxes[address] = Mailbox(address, kind, draw(keys), owner, tuple(sorted(aliases)))
    return Roster(units, officials, tuple(posts), mailboxes)


@given(rosters())
@tried(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_a_roster_written_is_read_back(roster: Roster) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        write_roster(roster, path)
        assert read_roster(path) == roster
        first_cells = [line.partition(",")[0] for line in path.read_text("utf-8-sig").splitlines()]
    assert not any(cell.lstrip('"')[:1] in {"=", "+", "-", "@"} for cell in first_cells)


@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda text: b"unit,official_id,name,title,rank,email\n" + text.encode())
)
@tried(deadline=None, max_examples=200)
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(content)
        try:
            found = read(path)
        except RosterError:
            return
    assert set(found.roster.addresses.values()) == set(found.roster.mailboxes)


@given(rosters(), rosters())
@tried(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_equal_rosters_and_only_they_differ_in_nothing(before: Roster, after: Roster) -> None:
    assert changes(after, after).changes == ()
    assert (changes(before, after).changes == ()) == (before == after)


@given(st.lists(rosters(), min_size=2, max_size=3))
@tried(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_after_an_import_the_database_equals_the_file(settings: Settings, actor: Actor, several: list[Roster]) -> None:
    with unit_of_work(settings) as session:
        for table in (AliasRow, MailboxRow, PostRow, OfficialWord, UnitWord, OfficialRow, UnitRow):
            session.execute(delete(table))
    for roster in several:
        with unit_of_work(settings) as session:
            import_roster(session, actor, roster=roster, allow_removals=True)
        with unit_of_work(settings) as session:
            assert stored_roster(session) == roster
            assert import_roster(session, actor, roster=roster).changes == ()
