"""The draw: anybody gets the same order from the same seed, and nobody could have foreseen or bent it."""

from __future__ import annotations

import hashlib
import math
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from tests.training.effect.panels import panel_file
from training.errors import DrawError, TableError
from training.waves import Person, Place, differences, draw
from training.waves.drawing import ticket
from training.waves.peoplefile import read_draw, read_people, write_draw

names = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x1EF9, exclude_categories=["C", "Z"]), min_size=1, max_size=6
)
people_lists = st.lists(
    st.builds(Person, st.sampled_from(["Sở A", "Sở B", "Sở C"]), names, st.booleans()),
    min_size=1,
    max_size=30,
    unique_by=lambda one: one.person,
).filter(lambda people: not all(one.first for one in people))
SOME = tuple(Person(f"Sở {unit}", f"CB{unit}{number:02}") for unit in "ABCD" for number in range(7))


@given(people_lists, st.integers(2, 5), st.randoms(use_true_random=False))
def test_the_same_seed_gives_the_same_draw_in_whatever_order_people_stand(
    people: list[Person], waves: int, random: object
) -> None:
    once = draw(people, seed="08112", waves=waves)
    random.shuffle(people)  # type: ignore[attr-defined]
    assert draw(people, seed="08112", waves=waves) == once


@given(people_lists, st.integers(2, 5))
def test_waves_are_even_in_each_unit_and_in_all(people: list[Person], waves: int) -> None:
    found = draw(people, seed="08112", waves=waves)
    assert sorted((place.unit, place.person) for place in found.places) == sorted((p.unit, p.person) for p in people)
    drawn = [place for place in found.places if place.drawn]
    for unit in (None, "Sở A", "Sở B", "Sở C"):
        sizes = Counter(place.wave for place in drawn if unit in {None, place.unit})
        number = [sizes[wave] for wave in range(1, waves + 1)]
        assert max(number) - min(number) <= 1


@given(people_lists)
def test_who_must_go_first_does_and_is_not_drawn(people: list[Person]) -> None:
    found = draw(people, seed="08112", waves=3)
    first = {one.person for one in people if one.first}
    assert {place.person for place in found.places if not place.drawn} == first
    assert {place.wave for place in found.places if not place.drawn} <= {1}


@given(people_lists, st.booleans())
def test_those_who_go_first_change_nothing_for_the_others(people: list[Person], first: bool) -> None:
    more = [*people, Person("Sở A", "người thêm vào", first)]
    if first:
        drawn = {place for place in draw(more, seed="x", waves=3).places if place.drawn}
        assert drawn == {place for place in draw(people, seed="x", waves=3).places if place.drawn}
    else:
        assert draw(more, seed="x", waves=3).digest != draw(people, seed="x", waves=3).digest


def test_it_is_drawn_again_by_hand() -> None:
    """Three steps of the document, written anew: tickets, order, cards."""

    def tickets(*names: str) -> str:
        return hashlib.sha256("\n".join(names).encode()).hexdigest()

    dealt: list[str] = []
    for unit in sorted({one.unit for one in SOME}, key=lambda unit: tickets("một hai ba", unit)):
        members = [one.person for one in SOME if one.unit == unit]
        dealt += sorted(members, key=lambda person, unit=unit: tickets("một hai ba", unit, person))  # type: ignore[misc]
    found = draw(SOME, seed="một hai ba", waves=3)
    assert [(place.person, place.wave) for place in found.places] == [
        (person, 1 + number % 3) for number, person in enumerate(dealt)
    ]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not there")
def test_a_ticket_is_what_any_machine_says_it_is() -> None:
    said = subprocess.run(["sha256sum"], input="08112\nSở A\nCB1".encode(), capture_output=True, check=True).stdout
    assert ticket("08112", "Sở A", "CB1") == said.decode().split()[0]


def test_every_wave_is_as_likely_as_another_for_everybody() -> None:
    """Over 600 seeds each person, in a large unit or alone, comes into each of three waves about 200 times."""
    people = [*SOME[:8], Person("Tổ một người", "CB99")]
    counts: Counter[tuple[str, int]] = Counter()
    for seed in range(600):
        counts.update((place.person, place.wave) for place in draw(people, seed=str(seed), waves=3).places)
    spread = 4 * math.sqrt(600 * (1 / 3) * (2 / 3))
    assert len(counts) == 3 * len(people)
    assert all(abs(number - 200) <= spread for number in counts.values())


@pytest.mark.parametrize("seed", ["", " 08112", "08112 ", "a\nb", "x" * 201, "a\u202eb", "mo\u0323t"])
def test_a_seed_that_is_hard_to_repeat_is_refused(seed: str) -> None:
    with pytest.raises(DrawError):
        draw(SOME, seed=seed, waves=3)


@pytest.mark.parametrize("waves", [-1, 0, 1, 13])
def test_one_wave_is_no_draw(waves: int) -> None:
    with pytest.raises(DrawError, match="from 2 to 12 waves"):
        draw(SOME, seed="08112", waves=waves)


def test_nobody_to_draw_and_somebody_twice() -> None:
    with pytest.raises(DrawError, match="nobody to draw"):
        draw([replace(SOME[0], first=True)], seed="08112", waves=3)
    with pytest.raises(DrawError, match="CBA00” stands in the list twice"):
        draw([*SOME, replace(SOME[0], unit="Sở khác")], seed="08112", waves=3)


def test_a_draw_that_was_bent_is_found() -> None:
    found = draw(SOME, seed="08112", waves=3)
    assert differences(found.places, found) == ()
    bent: list[Place] = list(found.places)
    bent[0], bent[1] = replace(bent[0], wave=bent[1].wave), replace(bent[1], wave=bent[0].wave)
    assert differences(bent, found) == found.places[:2]
    assert differences(found.places[1:], found) == found.places[:1]
    assert differences([replace(found.places[0], drawn=False), *found.places[1:]], found) == found.places[:1]


def test_people_and_draws_as_files(tmp_path: Path) -> None:
    path = panel_file(tmp_path, "CB1,Sở A,", "CB2,Sở A,1", "CB3,Sở B,0", header="person,unit,first")
    people = read_people(path)
    assert people == (Person("Sở A", "CB1"), Person("Sở A", "CB2", first=True), Person("Sở B", "CB3"))
    found = draw(people, seed="08112", waves=2)
    with (tmp_path / "draw.csv").open("w", encoding="utf-8") as out:
        write_draw(found, out)
    assert read_draw(tmp_path / "draw.csv") == found.places


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("CB1,Sở A,", "line 3, column person: stands in line 2 already"),
        (",Sở A,", "line 3, column person: empty"),
        ("CB2,,", "line 3, column unit: empty"),
        ("CB2,=1+1,", "line 3, column unit: “=1+1” is a spreadsheet formula"),
        ("CB2,Sở A,maybe", "line 3, column first: “maybe” must be 0 or 1"),
    ],
)
def test_a_wrong_row_of_people_is_told(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(TableError) as caught:
        read_people(panel_file(tmp_path, "CB1,Sở A,", row, header="person,unit,first"))
    assert says in caught.value.message.en


@pytest.mark.parametrize("wave", ["0", "13", "x", "", "1.5", "9" * 5000])
def test_a_wave_that_is_none_is_told(tmp_path: Path, wave: str) -> None:
    with pytest.raises(TableError, match="column wave"):
        read_draw(panel_file(tmp_path, f"CB1,Sở A,{wave},1", header="person,unit,wave,drawn"))


def test_an_empty_list_of_people(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="nobody in the list"):
        read_people(panel_file(tmp_path, header="person,unit"))
