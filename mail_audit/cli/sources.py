"""`vanthu sources`, `vanthu collect`, `vanthu status`: where logs come from, what is new in them, how far it all is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli import ListingGroup, say, settings
from core.words import Text, moment_words, month_words, showable
from mail_audit.cli.options import LogPath

if TYPE_CHECKING:
    from mail_audit.months import Month
    from mail_audit.services.collecting import Collected, Progress

PROBLEMS_SHOWN = 20


@click.group(cls=ListingGroup, invoke_without_command=True)
@click.pass_context
def sources(ctx: click.Context) -> None:
    """Các nguồn nhật ký được theo dõi / the sources of logs that are followed; without a command: list them."""
    if ctx.invoked_subcommand is None:
        _list()


@sources.command("add")
@click.argument("name")
@click.argument("paths", nargs=-1, required=True, type=LogPath())
@click.option(
    "--pattern", "patterns", multiple=True, help="Tên tệp trong thư mục, ví dụ mail.log* / names in a folder."
)
@click.option("--host", help="Máy chủ của những dòng không ghi máy chủ / server of lines that name none.")
@click.option("--timezone", help="Múi giờ của nhật ký không ghi múi giờ / time zone of stamps that name none.")
def add(name: str, paths: tuple[Path, ...], patterns: tuple[str, ...], host: str | None, timezone: str | None) -> None:
    """Theo dõi thêm một nguồn / follows one more source.

    PATHS are log files (with the rotated ones beside them) or folders.
    """
    from core.db import unit_of_work
    from core.permissions import command_line_actor
    from mail_audit.services.collecting import add_source

    with unit_of_work(settings()) as session:
        add_source(
            session, command_line_actor(), name=name, paths=paths, patterns=patterns, host=host, timezone=timezone
        )
    say(Text(f"Đã thêm nguồn “{name}”. Đọc ngay: vanthu collect", f"Source “{name}” added. To read it: vanthu collect"))
    for path in paths:
        if not path.exists():
            say(Text(f"Chưa có {path}; sẽ đọc khi có.", f"There is no {path} yet; it is read once it is there."))


@sources.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Thôi theo dõi một nguồn / follows a source no more; what was read stays."""
    from core.db import unit_of_work
    from core.permissions import command_line_actor
    from mail_audit.services.collecting import remove_source

    with unit_of_work(settings()) as session:
        remove_source(session, command_line_actor(), name=name)
    say(Text(f"Đã thôi theo dõi “{name}”.", f"“{name}” is followed no more."))


def _list() -> None:
    from core.db import unit_of_work, utc_now
    from mail_audit.queries.sources import sources as states
    from mail_audit.zones import Zone

    with unit_of_work(settings()) as session:
        rows = states(session, zone=Zone(settings().timezone), now=utc_now())
    if not rows:
        say(
            Text(
                "Chưa có nguồn nào. Thêm: vanthu sources add TÊN THƯ_MỤC",
                "There is no source yet. To add one: vanthu sources add NAME FOLDER",
            )
        )
    for row in rows:
        click.echo(showable(row.name))
        for path in row.paths:
            click.echo(f"  {showable(path)}")
        if row.patterns:
            names = showable(" ".join(row.patterns))
            say(Text(f"  tên tệp: {names}", f"  patterns: {names}"))
        if row.host:
            host = showable(row.host)
            say(Text(f"  máy chủ: {host}", f"  server: {host}"))
        if row.timezone:
            say(Text(f"  múi giờ: {row.timezone}", f"  time zone: {row.timezone}"))


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--no-measure", is_flag=True, help="Chỉ thu thập, chưa đo / collect only; measure later.")
def collect(sources: tuple[str, ...], no_measure: bool) -> int:
    """Thu thập phần mới của nhật ký / reads what is new in the logs, and measures it.

    SOURCES are names of sources, or paths; without any, all sources. A path that is not followed yet becomes a source.
    """
    from core.db import unit_of_work
    from core.permissions import command_line_actor
    from mail_audit.services import standing
    from mail_audit.services.collecting import collect as collected
    from mail_audit.services.collecting import sources_for

    actor = command_line_actor()
    with unit_of_work(settings()) as session:
        ids = sources_for(session, actor, asked=sources)
    if not ids:
        _list()
        return 0
    with _Bar() as tell:
        done = collected(settings(), actor, source_ids=ids, tell=tell)
    for one in done:
        _tell(one)
    if not no_measure:
        outcome = standing.measure_marked(settings(), actor=actor.name, tell=_measuring)
        if outcome.measured:
            names = joined([month_words(month.first) for month in outcome.measured])
            say(Text(f"Đã đo các tháng: {names.vi}.", f"Months measured: {names.en}."))
        else:
            say(Text("Không có tháng nào phải đo lại.", "No month had to be measured again."))
    return 0


def _measuring(month: Month) -> None:
    name = month_words(month.first)
    say(Text(f"Đang đo tháng {name.vi} …", f"Measuring {name.en} …"), err=True)


def _tell(one: Collected) -> None:
    from core.db import utc_now
    from mail_audit.queries.source_words import ago

    counts = one.counts
    rate = counts.lines / one.seconds if counts.lines and one.seconds else 0
    seconds = f"{one.seconds:.1f}"
    say(
        Text(
            f"{one.name}: {_vi(counts.lines)} dòng mới, {_vi(counts.events)} sự kiện, {_vi(counts.broken)} dòng hỏng, "
            f"{_vi(counts.repeated)} dòng đã đọc trước đây; {one.files} tệp, {seconds.replace('.', ',')} giây"
            + (f", {_vi(round(rate))} dòng/giây" if rate else ""),
            f"{one.name}: {counts.lines:,} new lines, {counts.events:,} events, {counts.broken:,} broken, "
            f"{counts.repeated:,} read before; {one.files} file{'s'[: one.files != 1]}, {seconds} s"
            + (f", {rate:,.0f} lines/s" if rate else ""),
        )
    )
    if one.newest_at is not None:
        age = ago(utc_now() - one.newest_at)
        say(Text(f"  dòng mới nhất: {age.vi} trước", f"  newest line: {age.en} ago"))
    for path, why in one.problems[:PROBLEMS_SHOWN]:
        say(Text(f"  {path}: {why.vi}", f"  {path}: {why.en}"), err=True)
    if len(one.problems) > PROBLEMS_SHOWN:
        more = len(one.problems) - PROBLEMS_SHOWN
        say(Text(f"  … và {more} tệp khác; xem vanthu status", f"  … and {more} more; see vanthu status"), err=True)


def _vi(number: int) -> str:
    return f"{number:,}".replace(",", ".")


class _Bar:
    """Shows on a terminal which file is read, how far and how fast."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TransferSpeedColumn())
        self._bar = Bar(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Callable[[Progress], None] | None:
        if not sys.stderr.isatty():
            return None
        self._bar.start()
        return self._tell

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _tell(self, progress: Progress) -> None:
        name = showable(f"{progress.source}: {Path(progress.file).name}")
        self._bar.update(self._task, description=name, completed=progress.bytes_done, total=progress.bytes_total)


@click.command()
def status() -> int:
    """Mọi nguồn đang tới đâu / how far every source is; gaps in the logs, jobs, months measured."""
    from core.db import unit_of_work, utc_now
    from mail_audit.cli.standing import late_words
    from mail_audit.cli.status import census_lines, lines_of
    from mail_audit.queries.census import latest_census
    from mail_audit.queries.journal import journal_status
    from mail_audit.queries.sources import jobs_state, months
    from mail_audit.queries.sources import sources as states
    from mail_audit.zones import Zone

    now = utc_now()
    with unit_of_work(settings()) as session:
        rows = states(session, zone=Zone(settings().timezone), now=now)
        said = [
            *lines_of(rows, months(session), jobs_state(session), now, Zone(settings().timezone)),
            *late_words(session),
        ]
        journal = journal_status(session, now=now)
        census = latest_census(session)
    for line in said:
        say(line)
    if journal.beat_at is not None:
        say(journal.line(settings().timezone))
    for line in census_lines(census, settings().timezone) if census is not None else ():
        say(line)
    return 0


def stamp(moment: datetime, zone: str) -> Text:
    """A moment on the offices' clock."""
    from zoneinfo import ZoneInfo

    return moment_words(moment.astimezone(ZoneInfo(zone)))


def joined(texts: Sequence[Text], most: int | None = None) -> Text:
    """Some texts, and how many more there are."""
    more = f" … (+{len(texts) - most})" if most is not None and len(texts) > most else ""
    return Text(", ".join(one.vi for one in texts[:most]) + more, ", ".join(one.en for one in texts[:most]) + more)
