"""The sample city shows the picture of 2014, in its truth and in its directory."""

from __future__ import annotations

import csv
from collections import Counter

from core.directory.rosterfile import read_roster
from mail_audit.report.model import USING
from mail_audit.sample import Truth, UnitTruth
from mail_audit.sample.picture import FULL, SMALL
from tests.mail_audit.sample.conftest import Sample

HEAD_ONLY = ("Ủy ban nhân dân quận Đông Hưng", "Ủy ban nhân dân quận Tây Hưng")
RURAL = ("Ủy ban nhân dân huyện Sơn Thượng", "Ủy ban nhân dân huyện đảo Vân Hải")


def unit(truth: Truth, name: str) -> UnitTruth:
    """The figures of one unit."""
    return next(one for one in truth.units if one.unit == name)


def using(one: UnitTruth) -> int:
    """How many of a unit use official e-mail."""
    return one.leaders_using + one.staff_using


def test_half_of_all_leaders_in_both_sizes(small: Sample, full: Sample) -> None:
    """150 of 300, and 25 of 50."""
    assert (full.truth.city.leaders_using, full.truth.city.leaders_total) == (150, 300)
    assert (small.truth.city.leaders_using, small.truth.city.leaders_total) == (25, 50)
    assert full.truth.city.leaders_rate == small.truth.city.leaders_rate == 0.5


def test_each_unit_says_what_was_read_out(small: Sample, full: Sample) -> None:
    """13 %, none at all, a single person, far districts, nobody, only the head, one abstainer."""
    for truth in (small.truth, full.truth):
        construction = unit(truth, "Sở Xây dựng")
        assert (construction.leaders_using, construction.leaders_total) == (2, 15)
        assert round((construction.leaders_rate or 0) * 100) == 13
        assert using(unit(truth, "Sở Văn hóa, Thể thao và Du lịch")) == 0
        assert using(unit(truth, "Sở Khoa học và Công nghệ")) == 1
        assert using(unit(truth, "Ủy ban nhân dân huyện Khe Đá")) == 0
        fire = unit(truth, "Cảnh sát phòng cháy và chữa cháy")
        assert fire.leaders_total + fire.staff_total - using(fire) == 1
        for name in RURAL:
            far = unit(truth, name)
            assert far.leaders_rate == 1.0
            assert 0 < (far.staff_rate or 0) <= 0.5
        for name in HEAD_ONLY:
            assert using(unit(truth, name)) == 1
            writing = [one for one in truth.officials if name in one.unit and one.usage_class in USING]
            assert [one.title for one in writing] == ["Bí thư"]


def test_every_kind_of_behaviour_is_there(small: Sample) -> None:
    """Each class but unknown, each rung, and each habit of those who abstain."""
    classes = Counter(one.usage_class for one in small.truth.officials)
    assert classes == {"regular": 31, "occasional": 6, "delegated": 1, "forwarded": 3, "machine": 10, "none": 23}
    assert {one.rung for one in small.truth.officials} == {"A", "B", "C", "D", None}
    habits = {one.habit for one in small.truth.officials}
    assert habits >= {"phone", "idle", "syncs", "pulls", "scanner", "redirects", "copies", "aliased", "delegates"}


def test_the_directory_reads_back(small: Sample) -> None:
    """The roster reader finds the same units, people, mailboxes and parents."""
    truth = small.truth
    roster = read_roster(small.folder / truth.directory)
    assert {key: one.parent_key for key, one in roster.units.items()} == {one.unit: one.parent for one in truth.units}
    assert {key: one.name for key, one in roster.officials.items()} == {
        one.official_id: one.name for one in truth.officials
    }
    owned = {box for one in truth.officials for box in one.mailboxes}
    listed = {one.mailbox for one in truth.unassigned if one.kind != "unlisted"}
    assert set(roster.mailboxes) == owned | listed
    assert roster.domains == {"tp.example.gov.vn"}


def test_names_and_addresses_are_unique_and_plain(full: Sample) -> None:
    """Names carry diacritics; addresses are ASCII and nobody shares one."""
    with (full.folder / full.truth.directory).open(encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["official_id"]]
    addresses = [row["email"] for row in rows if row["email"]]
    assert len(addresses) == len(set(addresses))
    assert all(address.isascii() for address in addresses)
    assert sum(1 for row in rows if not row["name"].isascii()) > len(rows) * 0.9


def test_the_plans_hold_at_any_size() -> None:
    """The leaders of the picture do not depend on how many staff there are."""
    for plans in (SMALL, FULL):
        assert sum(plan.using for plan in plans) * 2 == sum(plan.leaders for plan in plans)
        assert len({plan.code for plan in plans}) == len(plans)
