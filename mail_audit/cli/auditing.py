"""`vanthu audit` and `vanthu explain`: the audit of real logs, without a database and with nothing to configure."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import date, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from core.cli import language, settings
from core.errors import InputError
from core.words import Text, showable
from mail_audit.cli.giving import give
from mail_audit.cli.options import LogPath, first_day, last_day, report_files

if TYPE_CHECKING:
    from core.directory.coded import CodedAddresses
    from core.directory.roster import Roster
    from mail_audit.explain import Explainable
    from mail_audit.measure import Rules
    from mail_audit.pipeline import Measured, Progress
    from mail_audit.thresholds import Thresholds
    from mail_audit.usage.exceptions import Exemption
    from mail_audit.zones import Zone

_Command = TypeVar("_Command", bound=Callable[..., Any])
LINES_SHOWN = 200
_TURN = 0.0002
"""Seconds."""


def _shared_options(command: _Command) -> _Command:
    """The options of both commands; whether logs and a directory must be given is for the command to say."""
    options = (
        click.argument("logs", nargs=-1, type=LogPath()),
        click.option(
            "--directory",
            type=click.Path(path_type=Path),
            help="Danh bạ cán bộ (CSV, XLSX) / directory of officials (CSV, XLSX).",
        ),
        first_day,
        last_day,
        click.option("--timezone", help="Múi giờ của ngày và của nhật ký không ghi múi giờ / time zone."),
        click.option(
            "--exceptions",
            "exceptions_file",
            type=click.Path(path_type=Path),
            help="Ngoại lệ: nghỉ phép, máy dùng chung… (CSV, XLSX) / exceptions such as leave (CSV, XLSX).",
        ),
        click.option("--skip-wrong-rows", is_flag=True, help="Bỏ qua dòng sai trong danh bạ / skip wrong rows."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@_shared_options
@report_files
def audit(
    logs: tuple[Path, ...],
    directory: Path | None,
    first: datetime | None,
    last: datetime | None,
    timezone: str | None,
    exceptions_file: Path | None,
    skip_wrong_rows: bool,
    reports: tuple[Path, ...],
) -> None:
    """Kiểm tra việc sử dụng thư điện tử công vụ / audits the use of official e-mail.

    LOGS are log files of Postfix and Dovecot, or folders of them, packed or not.
    """
    from mail_audit.report import render
    from mail_audit.zones import Zone

    if not logs:
        raise click.MissingParameter(param_hint="'LOGS...'", param_type="argument")
    people = _required(directory)
    for report in reports:
        render.check_target(report)
    zone, limits = Zone.named(timezone or settings().timezone), _limits()
    practice = _practice()

    def rules() -> Rules:
        """Called in another thread, where the command and its settings are not known."""
        from mail_audit.measure import Rules

        roster = _roster(people, skip_wrong_rows)
        _load_what_follows()
        return Rules(roster, zone, limits, _exemptions(exceptions_file, roster), practice)

    measured = _run(logs, rules, zone, _day(first), _day(last), with_lines=False)
    give(measured.report, reports)


@click.command()
@click.argument("address")
@_shared_options
@click.option("--all", "everything", is_flag=True, help="Mọi dòng, không chỉ các dòng đầu / every line.")
def explain(
    address: str,
    logs: tuple[Path, ...],
    directory: Path | None,
    first: datetime | None,
    last: datetime | None,
    timezone: str | None,
    exceptions_file: Path | None,
    skip_wrong_rows: bool,
    everything: bool,
) -> None:
    """Giải thích từng con số về một hộp thư / explains each figure of one mailbox by its log lines.

    ADDRESS is an address of the directory; LOGS are as for `vanthu audit`. Without LOGS it explains what the store
    says of the days from --from to --to.
    """
    from mail_audit.explain import explain as explained
    from mail_audit.explain import mailbox_meant, of_audit
    from mail_audit.explain_text import text_of
    from mail_audit.measure import Rules
    from mail_audit.zones import Zone

    zone = timezone or settings().timezone
    if logs:
        roster = _roster(_required(directory), skip_wrong_rows)
        mailbox = mailbox_meant(roster, address)
        days = Zone.named(zone)
        rules = Rules(roster, days, _limits(), _exemptions(exceptions_file, roster), _practice())
        whole = of_audit(_run(logs, lambda: rules, days, _day(first), _day(last)), zone)
    else:
        mailbox, whole = _of_store(address, _day(first), _day(last), timezone)
    figures = explained(whole, mailbox, zone)
    for line in text_of(whole.report, mailbox, figures, language(), None if everything else LINES_SHOWN):
        click.echo(line)


def _of_store(address: str, first: date | None, last: date | None, timezone: str | None) -> tuple[str, Explainable]:
    """The mailbox that is meant, and what the store can explain."""
    from core.permissions import command_line_actor
    from mail_audit.cli.standing import check_zone
    from mail_audit.services import standing

    if first is None or last is None:
        raise InputError(
            Text(
                "Hãy nêu nhật ký cần đọc, hoặc --from và --to để giải thích số liệu trong kho.",
                "Please name the logs to read, or give --from and --to to explain what the store says.",
            )
        )
    check_zone(timezone)
    return standing.explainable(settings(), address, first, last, actor=command_line_actor().name)


def _required(directory: Path | None) -> Path:
    """As click says it, for an option that only some uses of a command need."""
    if directory is None:
        raise click.MissingParameter(param_hint="'--directory'", param_type="option")
    return directory


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _roster(directory: Path, skip_wrong_rows: bool) -> Roster:
    from core.directory.rosterfile import read_roster

    return read_roster(directory, skip_wrong_rows=skip_wrong_rows)


def _exemptions(file: Path | None, roster: Roster) -> tuple[Exemption, ...]:
    """The exceptions of a file; none without one."""
    if file is None:
        return ()
    from mail_audit.exception_file import exemptions_in

    return exemptions_in(file, roster.officials)


def _limits() -> Thresholds:
    from mail_audit.thresholds import Thresholds

    return Thresholds.of(settings().thresholds)


def _practice() -> CodedAddresses | None:
    """The addresses of the settings whose messages are practice."""
    from core.directory.coded import practice_addresses

    return practice_addresses(settings())


def _run(
    logs: tuple[Path, ...],
    rules: Callable[[], Rules],
    zone: Zone,
    first: date | None,
    last: date | None,
    *,
    with_lines: bool = True,
) -> Measured:
    """Audit the logs while another thread finds out by what to measure; a mistake in that ends the reading."""
    from mail_audit.pipeline import audit_logs

    shown = _progress_bar() if sys.stderr.isatty() else nullcontext(lambda _: None)
    with ThreadPoolExecutor(1) as beside, shown as tell, _no_search_for_garbage(), _short_turns():
        known = cache(lambda: beside.submit(rules))  # asked for when somebody reads: what it loads would be in the way

        def tell_or_stop(progress: Progress) -> None:
            if known().done():
                known().result()
            tell(progress)

        return audit_logs(
            logs, lambda: known().result(), zone, first=first, last=last, progress=tell_or_stop, with_lines=with_lines
        )


def _load_what_follows() -> None:
    """Load what comes after the reading while the logs are read: the calendar of holidays, the terminal's tables."""
    public_holidays = import_module("core.calendar").public_holidays
    public_holidays(date.min.year + 1)  # no such year has any; what takes the time is the library behind it
    for name in ("mail_audit.measure", "mail_audit.reporting", "mail_audit.evidence", "mail_audit.report.terminal"):
        import_module(name)


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """What an audit makes it needs to its end; looking through it for garbage takes a twentieth of the time.

    What there is by then is not looked through when the program ends, either.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def _short_turns() -> Iterator[None]:
    """Whoever reads mostly computes outside of Python and comes back for a moment, again and again: it must not wait
    for the whole turn of the one beside, which reads the directory.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


class _progress_bar:  # noqa: N801 - used as a context manager
    """Shows on a terminal which file is read, how far and how fast."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
        )
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Callable[[Progress], None]:
        self._bar.start()
        return self._tell

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _tell(self, progress: Progress) -> None:
        measuring = Text("đang tính toán", "measuring").to(language())
        name = showable(progress.file) if progress.stage == "reading" else measuring
        self._bar.update(self._task, description=name, completed=progress.bytes_done, total=progress.bytes_total)
