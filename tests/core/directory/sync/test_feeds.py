"""Entries as cells, ranks by title, and posts with dates: the parts that need no server."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.directory.doors.ldap.binding import Entry
from core.directory.feeds.cells import cells_of
from core.directory.feeds.following import follow
from core.directory.feeds.options import SyncOptions, feeds
from core.directory.feeds.ranks import rank_of
from core.directory.roster import RANKS, Post
from core.settings import Settings, SettingsError

TODAY = date(2026, 11, 22)
YESTERDAY = TODAY - timedelta(days=1)


def entry(dn: str = "uid=a,ou=people", **values: str | tuple[str, ...]) -> Entry:
    found = {name: (value,) if isinstance(value, str) else value for name, value in values.items()}
    return Entry(dn, {name.lower(): tuple(one.encode() for one in given) for name, given in found.items()})


@pytest.mark.parametrize(
    ("title", "rank"),
    [
        ("Giám đốc Sở", "leader"), ("phó giám đốc", "leader"), ("Trưởng phòng", "leader"), ("Chuyên viên", "staff"),
        ("Trợ lý Giám đốc", "staff"), ("", "staff"), ("Chánh Văn phòng", "leader"), ("Chánhh", "staff"),
    ],
)  # fmt: skip
def test_who_leads_by_title(title: str, rank: str) -> None:
    assert rank_of(title) == rank
    assert rank_of(title, said="Lãnh đạo") == "leader"
    assert rank_of(title, said="staff") == "staff"
    assert rank_of("Đội trưởng", leader_titles=["đội TRƯỞNG"]) == "leader"


def test_a_rank_of_its_own_attribute() -> None:
    options = SyncOptions("office", rank="employeeType", leader_values=("Quản lý",))
    assert cells_of(entry(employeeType="quản lý", title="Chuyên viên"), options).by_column["rank"] == "leader"
    assert cells_of(entry(employeeType="khác", title="Giám đốc"), options).by_column["rank"] == "staff"
    assert cells_of(entry(title="Giám đốc"), options).by_column["rank"] == "leader"


def test_addresses_as_active_directory_keeps_them() -> None:
    options = SyncOptions("office", aliases="proxyAddresses")
    found = cells_of(
        entry(
            mail="An@tp.example.gov.vn",
            proxyAddresses=("SMTP:an@tp.example.gov.vn", "smtp:Giam.doc@tp.example.gov.vn", "X500:/o=x", "sip:an@x"),
        ),
        options,
    )
    assert (found.by_column["email"], found.by_column["aliases"]) == (
        "an@tp.example.gov.vn", "giam.doc@tp.example.gov.vn",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("dn", "unit", "parent"),
    [
        ("cn=A,ou=Phòng Một,ou=Sở Y tế,ou=Users,dc=tp", "Phòng Một", "Sở Y tế"),
        ("cn=A,ou=Sở Y tế,ou=Users,dc=tp", "Sở Y tế", ""),
        ("cn=A\\2cB,ou=S\\e1\\bb\\9f\\, Một,dc=tp", "Sở, Một", ""),
        ("cn=A,dc=tp", "", ""),
    ],
)
def test_units_by_the_place(dn: str, unit: str, parent: str) -> None:
    found = cells_of(entry(dn), SyncOptions("office", unit_from="place", skip_places=("users",)))
    assert (found.by_column["unit"], found.by_column["parent_unit"]) == (unit, parent)


def test_what_is_no_text_is_said() -> None:
    found = cells_of(Entry("cn=x", {"cn": (b"\xff",)}), SyncOptions("office"))
    assert [one.en for one in found.problems] == ["cn is not UTF-8 text"]


days = st.none() | st.dates(TODAY - timedelta(days=40), TODAY + timedelta(days=5))


@st.composite
def posts(draw: st.DrawFn, *, dated: bool) -> list[Post]:
    found = []
    for _ in range(draw(st.integers(0, 4))):
        since, until = (draw(days), draw(days)) if dated else (None, None)
        if since is None or until is None or since <= until:
            unit, title = draw(st.sampled_from("AB")), draw(st.sampled_from(["", "x"]))
            found.append(Post("CB1", unit, title, draw(st.sampled_from(RANKS)), since, until))
    return list(dict.fromkeys(found))


@given(posts(dated=True), posts(dated=False), st.booleans())
def test_posts_follow(before: list[Post], now: list[Post], is_known: bool) -> None:
    """What is said holds today, what was held before today is still known, and once more changes nothing."""
    found = follow(before, now, today=TODAY, since=TODAY if is_known else None)
    said = {(post.unit_key, post.title, post.rank) for post in now}
    assert {(post.unit_key, post.title, post.rank) for post in found if post.held_on(TODAY)} == said
    for post in before:
        if post.held_within(date.min, YESTERDAY):
            last = YESTERDAY if post.until is None else min(post.until, YESTERDAY)
            assert any(
                (one.unit_key, one.title, one.rank) == (post.unit_key, post.title, post.rank) and one.held_on(last)
                for one in found
            )
    assert all(one.since is None or one.until is None or one.since <= one.until for one in found)
    assert follow(found, now, today=TODAY, since=TODAY) == found


DOOR = {
    "servers": ["ldap.tp.example.gov.vn"], "label": "Cơ quan", "base": "dc=tp", "service_dn": "cn=vanthu",
    "password_variable": "X",
}  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        {"unit": ""}, {"unit_from": "guess"}, {"official_id": ""}, {"mail": "a b"}, {"every_minutes": 0}, {"hour": 3},
        {"most_leaving_percent": 101}, {"filter": "objectClass=*"},
    ],
)  # fmt: skip
def test_settings_that_will_not_do(settings: Settings, more: dict[str, object]) -> None:
    fine = replace(settings, tables={"ldap": {"office": DOOR}, "sync": {"office": {}}})
    assert feeds(fine)["office"].base == "dc=tp"
    with pytest.raises(SettingsError):
        feeds(replace(fine, tables={"ldap": {"office": DOOR}, "sync": {"office": more}}))


def test_a_sync_needs_its_server(settings: Settings) -> None:
    for doors in ({}, {"office": {**DOOR, "dn_template": "uid={login},dc=tp", "service_dn": ""}}):
        with pytest.raises(SettingsError, match="service_dn"):
            feeds(replace(settings, tables={"ldap": doors, "sync": {"office": {}}}))
