"""`vanthu exceptions`: what the office knows of people and no log says: list, bring in a file, end, withdraw."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from core.cli import DAY, ListingGroup, say, settings
from core.permissions import WHOLE
from core.words import Text, day_words

if TYPE_CHECKING:
    from mail_audit.queries.exceptions import RecordedException

SHOWN = 200
KIND_WORDS = {
    "leave": Text("nghỉ phép", "leave"),
    "sickness": Text("nghỉ ốm", "sickness"),
    "shared_station": Text("máy dùng chung", "shared station"),
    "agreed_delegate": Text("làm thay theo thống nhất", "agreed delegate"),
}


@click.group(cls=ListingGroup, invoke_without_command=True)
@click.pass_context
def exceptions(ctx: click.Context) -> None:
    """Ngoại lệ: nghỉ phép, nghỉ ốm, máy dùng chung, làm thay / exceptions on record; without a command: list them."""
    if ctx.invoked_subcommand is None:
        _list()


@exceptions.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Nhập danh sách nghỉ (CSV, XLSX) / brings in a leave list; the same file again changes nothing.

    Columns: official_id, kind (leave, sickness, shared_station, agreed_delegate), first, last; optional: note, address,
    delegate.
    """
    from core.db import unit_of_work
    from core.permissions import command_line_actor
    from mail_audit.exception_file import read_exceptions
    from mail_audit.services.exceptions import import_exceptions

    rows = read_exceptions(file)
    with unit_of_work(settings()) as session:
        came = import_exceptions(session, command_line_actor(), rows=rows, file=file.name)
    say(
        Text(
            f"Ghi nhận mới {came.recorded}, đổi ngày cuối {came.changed}, đã có {came.known}.",
            f"{came.recorded} recorded, {came.changed} with another last day, {came.known} known already.",
        )
    )
    if came.left:
        say(
            Text(
                f"Giữ nguyên {came.left} ngoại lệ đã được kết thúc hoặc rút tại đây.",
                f"{came.left} left as they are: somebody ended or withdrew them here.",
            )
        )


@exceptions.command("end")
@click.argument("number", type=int)
@click.argument("last", type=DAY)
def end(number: int, last: datetime) -> None:
    """Đặt ngày cuối của một ngoại lệ / sets the last day of an exception."""
    from core.db import unit_of_work
    from core.permissions import command_line_actor
    from mail_audit.services.exceptions import end_exception

    with unit_of_work(settings()) as session:
        end_exception(session, command_line_actor(), exception_id=number, last=last.date())
    say(Text("Đã đặt ngày cuối.", "The last day is set."))


@exceptions.command("withdraw")
@click.argument("number", type=int)
@click.option("--why", required=True, help="Lý do rút / why it is withdrawn.")
def withdraw(number: int, why: str) -> None:
    """Rút một ngoại lệ ghi nhầm / withdraws an exception that should not have been recorded; it stays readable."""
    from core.db import unit_of_work
    from core.permissions import command_line_actor
    from mail_audit.services.exceptions import withdraw_exception

    with unit_of_work(settings()) as session:
        withdraw_exception(session, command_line_actor(), exception_id=number, why=why)
    say(Text("Đã rút.", "It is withdrawn."))


def _list() -> None:
    from core.db import unit_of_work
    from mail_audit.queries import exceptions as reading

    chosen = settings()
    today = datetime.now(ZoneInfo(chosen.timezone)).date()
    with unit_of_work(chosen) as session:
        found = reading.exceptions(session, today=today, limit=SHOWN, reach=WHOLE)
    for one in found.rows:
        say(_line(one))
    more = found.total - len(found.rows)
    if not found.total:
        say(Text("Chưa có ngoại lệ nào.", "There is no exception on record."))
    elif more > 0:
        say(Text(f"… và {more} ngoại lệ nữa.", f"… and {more} more."))


def _line(one: RecordedException) -> Text:
    first, last = day_words(one.first), day_words(one.last) if one.last else Text("…", "…")
    extra = f" {one.address or one.delegate_name or ''}".rstrip()
    state = {"standing": Text("", ""), "ended": Text(" (đã kết thúc)", " (ended)")}
    shown = state.get(one.state, Text(" (đã rút)", " (withdrawn)"))
    kind = KIND_WORDS[one.kind]
    head = f"{one.exception_id}  {one.official_id} {one.name}:"
    return Text(
        f"{head} {kind.vi}{extra}, {first.vi}–{last.vi}{shown.vi}",
        f"{head} {kind.en}{extra}, {first.en}–{last.en}{shown.en}",
    )
