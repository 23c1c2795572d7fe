"""The directory part by part: together the parts are what the whole reader returns, in reach and no further."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from core.db import unit_of_work
from core.directory.queries import listed, roster
from core.directory.services import import_roster
from core.permissions import WHOLE, Reach, command_line_actor
from core.settings import Settings
from tests.bench.people import roster as a_city


@pytest.fixture
def city(settings: Settings) -> Iterator[Session]:
    with unit_of_work(settings) as session:
        import_roster(session, command_line_actor(), roster=a_city(400))
        yield session


SOME = Reach(frozenset({"Sở số 1", "Văn phòng (Phường số 2)"}))


@pytest.mark.parametrize("reach", [WHOLE, SOME, Reach()], ids=["whole", "some", "nothing"])
def test_the_parts_are_the_whole(city: Session, reach: Reach) -> None:
    whole = roster(city)
    posts = [one for one in whole.posts if reach.holds(one.unit_key)]
    numbers = [one for one in whole.officials if reach.whole or one in {post.official_id for post in posts}]
    units = [one for one in whole.units.values() if reach.holds(one.key)]
    boxes = [one for one in whole.mailboxes.values() if reach.holds(one.unit_key)]
    found = [listed.officials_part(city, reach=reach, offset=first, limit=150) for first in (0, 150, 300, 450)]
    people = [one for part in found for one in part.rows]
    assert [one.official.official_id for one in people] == numbers
    assert {part.total for part in found} == {len(numbers)}
    assert sorted((post for one in people for post in one.posts), key=str) == sorted(posts, key=str)
    assert listed.units_part(city, reach=reach, offset=1, limit=5) == listed.Rows(tuple(units[1:6]), len(units))
    assert listed.mailboxes_part(city, reach=reach, offset=1, limit=9) == listed.Rows(tuple(boxes[1:10]), len(boxes))
