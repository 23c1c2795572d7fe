"""`vanthu measure`, `vanthu rebuild`, `vanthu report`: facts from what was collected, and reports made of them."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli import say, settings
from core.errors import InputError, VanthuError
from core.words import Text, month_words
from mail_audit.cli.giving import give
from mail_audit.cli.options import first_day, last_day, report_files

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from mail_audit.months import Month
    from mail_audit.report.model import Report
    from mail_audit.services.standing import Outcome
    from mail_audit.standing.manifest import Manifest

_POLL_SECONDS = 0.2


@click.command()
def measure() -> None:
    """Đo lại những tháng có nhật ký mới / measures the months in which something was collected."""
    from core.db import utc_now
    from core.permissions import command_line_actor
    from mail_audit.services import standing
    from mail_audit.services.standing.mornings import today

    actor = command_line_actor().name
    _tell(standing.measure_marked(settings(), actor=actor, tell=_month))
    removed = standing.remove_old_events(settings(), actor=actor, today=today(settings(), utc_now()))
    if removed.closed or removed.segments:
        names = ", ".join(month.name for month in removed.closed) or "-"
        say(
            Text(
                f"Hết thời hạn giữ nhật ký: khóa số liệu {names}; đã xóa {removed.events:,} sự kiện.",
                f"Past the time that logs are kept: {names} closed; events removed: {removed.events:,}.",
            )
        )


@click.command()
def rebuild() -> None:
    """Lập lại số liệu từ kho sự kiện / makes the facts again from the event store.

    Months whose events were removed after their time keep the facts they have.
    """
    from core.permissions import command_line_actor
    from mail_audit.services import standing

    _tell(standing.rebuild(settings(), actor=command_line_actor().name, tell=_month))


def _month(month: Month) -> None:
    name = month_words(month.first)
    say(Text(f"Đang đo tháng {name.vi} …", f"Measuring {name.en} …"), err=True)


def _tell(outcome: Outcome) -> None:
    say(
        Text(
            f"Đã đo {len(outcome.measured)} tháng trong {f'{outcome.seconds:.1f}'.replace('.', ',')} giây; "
            f"{len(outcome.unchanged)} tháng không có gì mới.",
            f"Measured {len(outcome.measured)} months in {outcome.seconds:.1f} s; "
            f"nothing new in {len(outcome.unchanged)}.",
        )
    )
    _tell_late()


def _tell_late() -> None:
    from core.db import unit_of_work

    with unit_of_work(settings()) as session:
        late = late_words(session)
    for line in late:
        say(line)


def late_words(session: Session) -> list[Text]:
    """What came for months that are closed, a sentence a month."""
    from mail_audit.queries.held import late_lines

    late = []
    for month, lines in late_lines(session).items():
        vi, name = f"{lines:,}".replace(",", "."), month_words(month.first)
        late.append(
            Text(
                f"{vi} dòng của tháng {name.vi} đến quá muộn: số liệu tháng đó đã khóa và không đổi.",
                f"{lines:,} lines of {name.en} came too late: the facts of that month are closed and do not change.",
            )
        )
    return late


@click.command()
@first_day
@last_day
@click.option("--timezone", help="Múi giờ của ngày; phải là múi giờ của kho / must be that of the store.")
@report_files
@click.option("--manifest", "kept", type=click.Path(path_type=Path), help="Ghi bản kê / write the manifest.")
@click.option(
    "--again", type=click.Path(path_type=Path), help="Lập lại đúng báo cáo của một bản kê / make it again bit for bit."
)
def report(
    first: datetime | None,
    last: datetime | None,
    timezone: str | None,
    reports: tuple[Path, ...],
    kept: Path | None,
    again: Path | None,
) -> None:
    """Lập báo cáo từ nhật ký đã thu thập / makes a report from what was collected.

    It is the report that `vanthu audit` makes of the same logs, and it is kept: the pages show it too.
    """
    from mail_audit.report import render

    for path in reports:
        render.check_target(path)
    if again is not None:
        if first or last:
            raise InputError(Text("--again không đi cùng --from, --to.", "--again does not go with --from or --to."))
        made, manifest = _again(again)
    else:
        if first is None or last is None:
            raise InputError(
                Text("Hãy ghi --from và --to (hoặc --again).", "Please give --from and --to (or --again).")
            )
        check_zone(timezone)
        made, manifest = _made(first, last)
    give(made, reports, lambda: _write_manifest(kept, manifest) if kept is not None else None)


def check_zone(timezone: str | None) -> None:
    """InputError for another zone than that of the store."""
    zone = settings().timezone
    if timezone is not None and timezone != zone:
        raise InputError(
            Text(
                f"Kho đếm ngày theo múi giờ {zone}; múi giờ khác thì dùng vanthu audit trên tệp nhật ký.",
                f"The store counts days in {zone}; for another zone use vanthu audit on the log files.",
            )
        )


def _made(first: datetime, last: datetime) -> tuple[Report, Manifest]:
    """Ask for the report as a page does, and do the work here and now."""
    from core.db import unit_of_work
    from core.jobs import Job, run_job
    from core.permissions import command_line_actor
    from mail_audit import queries
    from mail_audit.queries.outlook import with_outlook
    from mail_audit.services import standing
    from mail_audit.standing.manifest import manifest_of

    chosen = settings()
    with unit_of_work(chosen) as session:
        audit_id, job_id = standing.ask_report(
            session, command_line_actor(), timezone=chosen.timezone, first=first.date(), last=last.date()
        )
    run_job(chosen, job_id)  # or a worker that was quicker has it
    while True:
        with unit_of_work(chosen) as session:
            job = session.get_one(Job, job_id)
            if job.state == "failed":
                raise VanthuError(Text(job.error_vi or "", job.error_en or ""))
            if job.state == "done":
                made = with_outlook(session, queries.report(session, audit_id), audit_id=audit_id)
                manifest = manifest_of(queries.manifest(session, audit_id))
                break
        time.sleep(_POLL_SECONDS)
    say(
        Text(
            f"Báo cáo được lưu là lần kiểm tra số {audit_id}; bản kê {manifest.sha256[:12]}….",
            f"The report is kept as audit {audit_id}; its manifest is {manifest.sha256[:12]}….",
        ),
        err=True,
    )
    return made, manifest


def _again(path: Path) -> tuple[Report, Manifest]:
    from mail_audit.archives.find import open_log
    from mail_audit.services import standing
    from mail_audit.standing.manifest import read_manifest

    try:
        with open_log(path) as file:  # a pipe would be waited for without end
            text = file.read().decode()
    except (OSError, UnicodeDecodeError) as unreadable:
        raise InputError(Text(f"Không đọc được bản kê {path}.", f"The manifest {path} cannot be read.")) from unreadable
    manifest = read_manifest(text)
    return standing.made_again(settings().store, manifest), manifest


def _write_manifest(path: Path, manifest: Manifest) -> None:
    try:
        path.write_text(manifest.text(), encoding="utf-8")
    except OSError as refused:
        raise InputError(
            Text(f"Không ghi được bản kê vào {path}.", f"The manifest cannot be written to {path}.")
        ) from refused
    say(Text(f"Đã ghi {path}.", f"Wrote {path}."), err=True)
