"""What `vanthu status` says, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from core.words import Text, month_words
from mail_audit.cli.sources import joined, stamp
from mail_audit.queries.census import CensusRun
from mail_audit.queries.source_words import NO_FILE, ago, gap_in_words, waiting_in_words
from mail_audit.queries.sources import JobsState, MonthState, SourceState
from mail_audit.zones import Zone

_FILES, _MONTHS = 10, 12


def lines_of(
    sources: Sequence[SourceState], months: Sequence[MonthState], jobs: JobsState, now: datetime, zone: Zone
) -> Iterator[Text]:
    """The state of all sources, of the jobs and of the months, in sentences."""
    if not sources:
        yield Text(
            "Chưa có nguồn nhật ký nào. Thêm: vanthu sources add TÊN THƯ_MỤC",
            "There is no source of logs yet. To add one: vanthu sources add NAME FOLDER",
        )
    for source in sources:
        yield from _source(source, now, zone)
    yield from _jobs(jobs, zone)
    measured = [month_words(month.month) for month in months if not month.is_marked and month.measured_at]
    marked = [month_words(month.month) for month in months if month.is_marked]
    if measured:
        text = joined(measured, _MONTHS)
        yield Text(f"Đã đo: {text.vi}", f"Measured: {text.en}")
    if marked:
        text = joined(marked, _MONTHS)
        yield Text(f"Chờ đo (có nhật ký mới): {text.vi}", f"To be measured (something new was collected): {text.en}")


def _source(source: SourceState, now: datetime, zone: Zone) -> Iterator[Text]:
    when = stamp(source.collected_at, zone.name) if source.collected_at else None
    yield Text(
        f"{source.name}: " + (f"thu thập lần cuối {when.vi}" if when else "chưa thu thập lần nào"),
        f"{source.name}: " + (f"last collected {when.en}" if when else "never collected yet"),
    )
    if source.has_nothing:
        paths = ", ".join(source.paths)
        yield Text(f"  {paths}: {NO_FILE.vi}", f"  {paths}: {NO_FILE.en}")
    share = source.broken_share
    if share is not None:
        number, broken = f"{source.lines:,}", _percent(share)
        broken_vi = broken.replace(".", ",").replace("%", " %")
        yield Text(
            f"  {number.replace(',', '.')} dòng trong {source.files} tệp, hỏng {broken_vi}"
            + (f", {_whole(source.rate).replace(',', '.')} dòng/giây" if source.rate else ""),
            f"  {number} lines in {source.files} file{'s'[: source.files != 1]}, {broken} broken"
            + (f", {_whole(source.rate)} lines/s" if source.rate else ""),
        )
    lag = source.lag(now)
    if lag is not None and source.newest_at is not None:
        age, at = ago(lag), stamp(source.newest_at, zone.name)
        yield Text(f"  dòng mới nhất: {at.vi}, {age.vi} trước", f"  newest line: {at.en}, {age.en} ago")
    for gap in source.gaps:
        words = gap_in_words(gap)
        yield Text(f"  THIẾU NHẬT KÝ: {words.vi}", f"  GAP: {words.en}")
    for file in source.waiting[:_FILES]:
        words = waiting_in_words(file)
        yield Text(f"  {file.path}: {words.vi}", f"  {file.path}: {words.en}")
    if len(source.waiting) > _FILES:
        more = len(source.waiting) - _FILES
        yield Text(f"  … và {more} tệp khác đang chờ", f"  … and {more} more files that wait")


def census_lines(run: CensusRun, timezone: str) -> Iterator[Text]:
    """How the latest census went, and why it does not know some mailboxes."""
    first, *reasons = run.said(timezone)
    yield Text(f"Kiểm đếm hộp thư: {first.vi}", f"Census: {first.en}")
    yield from (Text(f"  {one.vi}", f"  {one.en}") for one in reasons)


def _jobs(jobs: JobsState, zone: Zone) -> Iterator[Text]:
    yield Text(
        f"Công việc: {jobs.running} đang chạy, {jobs.waiting} đang chờ, {jobs.failed} hỏng trong 24 giờ qua",
        f"Jobs: {jobs.running} running, {jobs.waiting} waiting, {jobs.failed} failed in the last 24 hours",
    )
    if jobs.last_failure is not None and jobs.failed_at is not None:
        at = stamp(jobs.failed_at, zone.name)
        yield Text(f"  lỗi gần nhất {at.vi}: {jobs.last_failure.vi}", f"  last failure {at.en}: {jobs.last_failure.en}")


def _percent(share: float) -> str:
    """With two decimals; never nothing where there is something."""
    return "<0.01%" if 0 < share < 0.000_05 else f"{share * 100:.2f}%"


def _whole(rate: float | None) -> str:
    return f"{rate or 0:,.0f}"
