"""How far sources are, in words that the pages and the command line share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from core.words import Text
from mail_audit.queries.sources import FileState, Gap
from mail_audit.report.numbers import day_ranges

LATE = timedelta(days=1)
"""A newest line older than this is pointed out: every mail server writes something every day."""
NO_FILE = Text("không thấy tệp nhật ký nào ở đó", "no log file was found there")
_UNITS = ((86_400, "ngày", "days"), (3_600, "giờ", "hours"), (60, "phút", "minutes"))


def ago(age: timedelta) -> Text:
    """How long something is ago, in the largest unit of which it is at least two."""
    seconds = max(int(age.total_seconds()), 0)
    for size, vi, en in _UNITS:
        if seconds >= 2 * size:
            return Text(f"{seconds // size} {vi}", f"{seconds // size} {en}")
    return Text(f"{seconds} giây", f"{seconds} seconds" if seconds != 1 else "1 second")


def days_in_words(days: Sequence[date]) -> Text:
    """Days, neighbours joined, and how many they are."""
    many = tuple(days)
    return Text(
        f"{day_ranges(many, 'vi')} ({len(many)} ngày)",
        f"{day_ranges(many, 'en')} ({len(many)} {'day' if len(many) == 1 else 'days'})",
    )


def gap_in_words(gap: Gap) -> Text:
    """Which days are missing, and from whom."""
    days = days_in_words(gap.days)
    if gap.host:
        return Text(f"máy chủ {gap.host} không có dòng nào: {days.vi}", f"nothing from server {gap.host}: {days.en}")
    return Text(f"không có dòng nào: {days.vi}", f"no line at all: {days.en}")


def waiting_in_words(file: FileState) -> Text:
    """Why a file is not read to its end."""
    if file.problem is not None:
        return file.problem
    return Text(
        f"dòng cuối chưa trọn ({file.unread} byte), chờ phần còn lại",
        f"its last line has no end yet ({file.unread} bytes); waiting for the rest",
    )
