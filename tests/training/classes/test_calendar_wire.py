"""What calendars are sent, held to RFC 5545 and RFC 5546 sign by sign, and read by a reader that is none of ours."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st
from icalendar import Calendar

from training.calendars import PRODUCT, Invitation, Method, as_calendar

LONGEST_LINE = 75
"""Octets of a line without its end (RFC 5545, 3.1)."""
STARTS = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
LONG = "Kỹ năng sử dụng thư điện tử công vụ và xử lý văn bản điện tử dành cho lãnh đạo, quản lý; năm 2026 " * 2
INVITED = Invitation(
    uid="class-1@vanthu", sequence=3, said_at=STARTS - timedelta(days=2), title=LONG,
    room="Hội trường 5; tầng 2, nhà B",
    description="Mang theo điện thoại\nvà thẻ công chức", starts_at=STARTS, ends_at=STARTS + timedelta(hours=2),
    zone="Asia/Ho_Chi_Minh", organiser="vanthu@tp.example.gov.vn", organiser_name="Vanthu",
    attendee="anh@tp.example.gov.vn", attendee_name='Nguyễn "Ngọc" Ánh, Trưởng phòng',
    page="https://vanthu.tp.example.gov.vn/learning/classes/1",
)  # fmt: skip
ESCAPED = re.compile(r"\\([\\;,nN])")
LETTERS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")) | st.sampled_from('ệộẵữửặơưđ,;\\"\n'),
    max_size=160,
)


def content_lines(written: bytes) -> list[str]:
    """The content lines, unfolded; raises for what no strict reader takes."""
    assert written.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", written), "lines end with CR and LF, both"
    lines: list[str] = []
    for line in written.removesuffix(b"\r\n").split(b"\r\n"):
        assert 0 < len(line) <= LONGEST_LINE, line
        said = line.decode("utf-8")  # raises where a fold cut a letter in two
        if said[0] in " \t":
            lines[-1] += said[1:]
        else:
            lines.append(said)
    return lines


def only(lines: list[str], name: str) -> str:
    """The value of the property that stands there once."""
    [found] = [line for line in lines if re.match(rf"{name}[:;]", line)]
    return found.removeprefix(name)


def plain(value: str) -> str:
    return ESCAPED.sub(lambda one: "\n" if one[1] in "nN" else one[1], value.removeprefix(":"))


@pytest.mark.parametrize(
    ("method", "status", "part"), [("REQUEST", "CONFIRMED", "ACCEPTED"), ("CANCEL", "CANCELLED", "DECLINED")]
)
def test_a_message_as_the_rules_have_it(method: Method, status: str, part: str) -> None:
    lines = content_lines(as_calendar(INVITED, method))
    kept = [line for line in lines if line.startswith(("BEGIN:", "END:"))]
    assert (kept[0], kept[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert kept.index("BEGIN:VTIMEZONE") < kept.index("BEGIN:VEVENT"), "a zone stands before what names it"
    event = lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]
    assert (only(lines, "PRODID"), only(lines, "VERSION"), only(lines, "METHOD")) == (
        f":{PRODUCT}", ":2.0", f":{method}",
    )  # fmt: skip
    assert (only(event, "UID"), only(event, "SEQUENCE"), only(event, "STATUS")) == (
        ":class-1@vanthu", ":3", f":{status}",
    )  # fmt: skip
    assert only(event, "DTSTAMP") == ":20261122T013000Z"
    assert only(event, "DTSTART") == ";TZID=Asia/Ho_Chi_Minh:20261124T083000"
    assert only(event, "DTEND") == ";TZID=Asia/Ho_Chi_Minh:20261124T103000"
    assert only(lines, "TZID") == ":Asia/Ho_Chi_Minh"
    assert {line for line in lines if line.startswith("TZOFFSETTO")} == {"TZOFFSETTO:+0700"}
    assert plain(only(event, "SUMMARY")) == LONG.rstrip() or plain(only(event, "SUMMARY")) == LONG
    assert only(event, "LOCATION") == ":Hội trường 5\\; tầng 2\\, nhà B"
    assert only(event, "DESCRIPTION") == ":Mang theo điện thoại\\nvà thẻ công chức"
    attendee = only(event, "ATTENDEE")
    assert attendee.endswith(":mailto:anh@tp.example.gov.vn")
    assert 'CN="Nguyễn ”Ngọc” Ánh, Trưởng phòng"' in attendee
    assert f"PARTSTAT={part}" in attendee
    assert only(event, "ORGANIZER").endswith(":mailto:vanthu@tp.example.gov.vn")


def test_a_file_for_oneself_is_no_message() -> None:
    lines = content_lines(as_calendar(INVITED, None))
    assert [line for line in lines if line.startswith(("METHOD", "ORGANIZER", "ATTENDEE"))] == []
    assert only(lines, "UID") == ":class-1@vanthu", "a calendar that has it already knows it again"
    assert only(content_lines(as_calendar(replace(INVITED, cancelled=True), None)), "STATUS") == ":CANCELLED"


@tried(max_examples=60, deadline=None)
@given(title=LETTERS, room=LETTERS, note=LETTERS, name=LETTERS)
def test_nothing_that_anybody_wrote_breaks_a_line_or_a_letter(title: str, room: str, note: str, name: str) -> None:
    """Read by another reader it says the same; a line of its own is nothing that a room can have."""
    one = replace(INVITED, title=title, room=room, description=note, attendee_name=name)
    written = as_calendar(one, "REQUEST")
    lines = content_lines(written)
    assert (lines.count("BEGIN:VEVENT"), lines.count("END:VCALENDAR")) == (1, 1)
    event = lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]
    assert plain(only(event, "SUMMARY")) == title
    assert plain(only(event, "LOCATION")) == room
    [read] = Calendar.from_ical(written).events
    assert (str(read["SUMMARY"]), str(read["UID"]), read.sequence) == (title, one.uid, 3)
    assert (read.start, read.end) == (one.starts_at, one.ends_at)
