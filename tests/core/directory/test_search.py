"""Finding people and units by a few letters: with and without diacritics, only those who are reached, never stale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.db import unit_of_work
from core.directory.models import OfficialRow, OfficialWord, PostRow, UnitWord
from core.directory.name_order import folded
from core.directory.queries.search import find_colleagues, find_officials, find_units
from core.directory.roster import Mailbox, Official, Post, Roster, Unit
from core.directory.services import import_roster
from core.directory.services.wording import put_words
from core.directory.spelling import terms_of, words_of
from core.errors import ForbiddenError
from core.permissions import Actor, Granted, Role
from core.settings import Settings

HOUSING, WORKS = "Phòng Quản lý nhà", "Sở Xây dựng"
PEOPLE = {
    "CB1": ("Nguyễn Thị Hà", WORKS, "ng.ha@tp.example.gov.vn"),
    "CB2": ("Trần Văn Hạ", HOUSING, "v.ha@tp.example.gov.vn"),
    "CB3": ("Lê Hải", HOUSING, "giamdoc@tp.example.gov.vn"),
    "CB4": ("Đỗ Thị Ánh", "Sở Y tế", "do.anh@tp.example.gov.vn"),
    "CB5": ("Đào Văn Hà", "Sở Y tế", "dao.ha@tp.example.gov.vn"),
}


def roster(people: dict[str, tuple[str, str, str]]) -> Roster:
    units = {WORKS: Unit(WORKS, WORKS, None), HOUSING: Unit(HOUSING, HOUSING, WORKS)}
    units["Sở Y tế"] = Unit("Sở Y tế", "Sở Y tế", None)
    return Roster(
        units,
        {number: Official(number, one[0]) for number, one in people.items()},
        tuple(Post(number, one[1], "Chuyên viên", "staff", None, None) for number, one in people.items()),
        {one[2]: Mailbox(one[2], "personal", one[1], number, ()) for number, one in people.items()},
    )


@pytest.fixture
def session(each_database: Settings, actor: Actor) -> Iterator[Session]:
    with unit_of_work(each_database) as opened:
        import_roster(opened, actor, roster=roster(PEOPLE))
        yield opened


def names(session: Session, actor: Actor, question: str) -> list[str]:
    return [one.name for one in find_officials(session, actor, question=question).rows]


def test_as_people_type_it(session: Session, actor: Actor) -> None:
    assert names(session, actor, "do thi anh") == names(session, actor, "ĐỖ THỊ ÁNH") == ["Đỗ Thị Ánh"]
    assert names(session, actor, "anh do") == ["Đỗ Thị Ánh"]
    assert names(session, actor, "CB4") == names(session, actor, "do.anh@tp.example.gov.vn") == ["Đỗ Thị Ánh"]
    assert names(session, actor, "giamd") == ["Lê Hải"]
    assert names(session, actor, "hai le nguyen") == []
    # whole words before beginnings; then in the order of given names
    assert names(session, actor, "ha") == ["Đào Văn Hà", "Nguyễn Thị Hà", "Trần Văn Hạ", "Lê Hải"]
    # marks that were typed come first, and shut nobody out
    assert names(session, actor, "hạ") == ["Trần Văn Hạ", "Đào Văn Hà", "Nguyễn Thị Hà", "Lê Hải"]
    found = find_units(session, actor, question="quan ly")
    assert [(one.key, one.above) for one in found.rows] == [(HOUSING, WORKS)]
    assert find_units(session, actor, question="SO").total == 2


def test_a_part_of_what_was_found(session: Session, actor: Actor) -> None:
    whole = find_officials(session, actor, question="c")
    second = find_officials(session, actor, question="c", offset=1, limit=2)
    assert (second.total, second.rows) == (5, whole.rows[1:3])
    first = find_units(session, actor, question="s", limit=1)
    assert (len(first.rows), first.total) == (1, 2)


@pytest.mark.parametrize("question", ["ha", "v", "hạ ng", "cb"])
def test_the_first_colleagues_are_those_of_the_whole_list(session: Session, question: str) -> None:
    """However few are asked for, and where the one who asks is among them: leaders first of those equally near."""
    leads = select(OfficialRow.id).where(OfficialRow.official_id.in_(("CB1", "CB3")))
    session.execute(update(PostRow).where(PostRow.official.in_(leads)).values(rank="leader"))
    whole = find_colleagues(session, question=question)
    for number in range(1, 6):
        assert find_colleagues(session, question=question, limit=number) == whole[:number]
        for one in whole:
            others = [other for other in whole if other != one]
            assert find_colleagues(session, question=question, of=one.official_id, limit=number) == others[:number]
    if question == "ha":
        assert [one.name for one in whole] == ["Nguyễn Thị Hà", "Đào Văn Hà", "Trần Văn Hạ", "Lê Hải"]


@pytest.mark.parametrize(
    "question", ["", "   ", "%", "_", "@", "'; DROP TABLE official; --\u0000", "\ud800", "*" * 5000]
)
def test_questions_without_a_word_and_hostile_ones(session: Session, actor: Actor, question: str) -> None:
    assert find_officials(session, actor, question=question).rows == ()
    assert find_units(session, actor, question=question).rows == ()


def test_only_who_is_reached(session: Session, actor: Actor) -> None:
    of_works = Actor("sep", granted=(Granted(Role.LEADER, frozenset({WORKS, HOUSING})),))
    assert names(session, of_works, "ha") == ["Nguyễn Thị Hà", "Trần Văn Hạ", "Lê Hải"]
    assert find_officials(session, of_works, question="ha").total == 3
    assert [one.key for one in find_units(session, of_works, question="so").rows] == [WORKS]
    for reader in (find_officials, find_units):
        with pytest.raises(ForbiddenError):
            reader(session, Actor("canbo", frozenset({Role.OFFICIAL}), "CB1"), question="ha")


def test_words_follow_the_directory(session: Session, actor: Actor) -> None:
    changed = PEOPLE | {"CB3": ("Lê Hương", HOUSING, "le.huong@tp.example.gov.vn")}
    del changed["CB5"]
    import_roster(session, actor, roster=roster(changed))
    assert names(session, actor, "huong") == ["Lê Hương"]
    assert names(session, actor, "hai") == names(session, actor, "giamdoc") == names(session, actor, "dao") == []
    assert session.scalars(select(OfficialRow.name).order_by(OfficialRow.name_order)).all()[0] == "Đỗ Thị Ánh"
    import_roster(session, actor, roster=roster(PEOPLE))
    assert names(session, actor, "dao") == ["Đào Văn Hà"]


def test_one_row_is_put_right_without_the_others(session: Session, actor: Actor) -> None:
    row = session.scalars(select(OfficialRow).where(OfficialRow.official_id == "CB1")).one()
    row.name = "Phạm Thị Hà"
    session.flush()
    before = session.scalar(select(func.count()).select_from(OfficialWord))
    put_words(session, units=(), officials=(row.id,))
    assert (names(session, actor, "pham"), names(session, actor, "nguyen thi")) == (["Phạm Thị Hà"], [])
    assert session.scalar(select(func.count()).select_from(OfficialWord)) == before
    assert session.scalar(select(func.count()).select_from(UnitWord))


NAMES = st.text(st.sampled_from("aăâàảđÐ oôơẽỹ-.'Łß日1"), min_size=1, max_size=20)


@given(NAMES)
def test_every_name_is_found_by_itself_and_without_its_marks(name: str) -> None:
    words = words_of(name)
    assert set(terms_of(name)) == set(list(dict.fromkeys(terms_of(name)))[:8]) <= words
    assert {one.bare for one in terms_of(folded(name))} <= {one.bare for one in words}
    assert all(replace(one, bare=folded(one.marked)) == one for one in words)
