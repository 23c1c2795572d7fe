"""The directory of officials: units, officials, mailboxes; and a new file, tried first."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from flask import abort
from pydantic import Field

from core.db import utc_now
from core.directory import queries, rosterfile, services
from core.directory.changes import Change
from core.directory.errors import RosterError
from core.directory.queries import listed
from core.directory.queries.deputies import Deputy
from core.directory.queries.listed import Listed
from core.directory.queries.search import FoundOfficial, FoundUnits, find_officials, find_units
from core.directory.queries.sync import Programs, Run, RunLine
from core.directory.roster import Mailbox, Unit
from core.errors import InputError
from core.permissions import Permission
from core.words import Text
from web import auth, work
from web.api.operations import Section
from web.api.parameters import Asked, AskedPart, Flag, Id, Line, Part, Sent, part_of
from web.guards import needs
from web.intake import takes_files

section = Section("directory", Text("Danh bạ", "Directory"))
ENDING = re.compile(r"\.(csv|xlsx)\Z", re.IGNORECASE)
MOST_CHANGES = 1_000
Row = TypeVar("Row")


class ImportAsked(Asked):
    """Only tell what would change (unless `dry_run` is false); leave wrong rows out; let many officials leave."""

    dry_run: Flag = True
    skip_wrong_rows: Flag = False
    allow_removals: Flag = False


class SearchAsked(AskedPart):
    """The words, or how they begin."""

    text: Annotated[Line, Field(min_length=1, max_length=100)]


@dataclass(frozen=True, slots=True)
class Found:
    """The first units, and a part of the officials."""

    units: FoundUnits
    officials: Part[FoundOfficial]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changes or would change: how many of each thing, the first thousand, the rows left out."""

    dry_run: bool
    added: int
    changed: int
    removed: int
    officials_before: int
    counts: dict[str, int]
    changes: tuple[Change, ...]
    left_out: tuple[Text, ...]


@section.get("/directory/units", Text("Các đơn vị trong danh bạ.", "The units."))
@needs(Permission.CORE_DIRECTORY_READ)
def directory_units(asked: AskedPart) -> Part[Unit]:
    """In the order of the file."""
    return _part(listed.units_part, asked)


@section.get("/directory/officials", Text("Các cán bộ trong danh bạ.", "The officials with their posts."))
@needs(Permission.CORE_DIRECTORY_READ)
def directory_officials(asked: AskedPart) -> Part[Listed]:
    """In the order of the file."""
    return _part(listed.officials_part, asked)


@section.get("/directory/mailboxes", Text("Các hộp thư trong danh bạ.", "The mailboxes with their owners."))
@needs(Permission.CORE_DIRECTORY_READ)
def directory_mailboxes(asked: AskedPart) -> Part[Mailbox]:
    """In the order of the file."""
    return _part(listed.mailboxes_part, asked)


@section.get("/search", Text("Tìm đơn vị và cán bộ.", "Units and officials that hold the words."))
@needs(Permission.CORE_DIRECTORY_READ)
def search(asked: SearchAsked) -> Found:
    """With and without diacritics, whole words first; `offset` is of the officials."""
    session, actor = work.session(), auth.required()
    people = find_officials(session, actor, question=asked.text, offset=asked.offset, limit=asked.limit)
    return Found(
        find_units(session, actor, question=asked.text, limit=asked.limit),
        part_of(people.rows, asked, people.total),
    )


@section.get(
    "/directory/sync-runs", Text("Các lần đồng bộ với máy chủ danh bạ.", "Runs of the sync with directory servers.")
)
@needs(Permission.CORE_DIRECTORY_IMPORT)
def sync_runs(asked: AskedPart) -> Part[RunLine]:
    """The newest first; `counts` is null where the server gave no whole answer."""
    rows = queries.sync_runs(work.session(), offset=asked.offset, limit=asked.limit)
    return part_of(rows, asked, queries.count_runs(work.session()))


@section.get(
    "/directory/sync-runs/{run_id}",
    Text("Một lần đồng bộ: đã làm gì, bỏ qua gì.", "One run: the first of what it changed and left out."),
)
@needs(Permission.CORE_DIRECTORY_IMPORT)
def sync_run(run_id: Id) -> Run:
    """One of them."""
    found = queries.sync_run(work.session(), run_id)
    if found is None:
        abort(404)
    return found


@section.get(
    "/directory/programs", Text("Các chương trình dùng SCIM.", "The programs that put officials and units by SCIM.")
)
@needs(Permission.CORE_DIRECTORY_IMPORT)
def directory_programs() -> Programs:
    """Their tokens, without what opens anything."""
    return queries.programs(work.session(), now=utc_now())


@section.get("/deputies", Text("Những người được ủy quyền.", "Who acts for whom, the newest first."))
@needs(Permission.CORE_DEPUTY_READ)
def deputies(asked: AskedPart) -> Part[Deputy]:
    """Of officials in reach, the own ones, and for whom the own official acts."""
    found = queries.deputies(work.session(), auth.required(), day=work.today(), offset=asked.offset, limit=asked.limit)
    return part_of(found.rows, asked, found.total)


@section.post(
    "/directory/import",
    Text("Nhập danh bạ từ tệp CSV, Excel; mặc định chỉ chạy thử.", "Import a CSV or XLSX file; only tried by default."),
)
@needs(Permission.CORE_DIRECTORY_IMPORT)
@takes_files
def import_directory(file: Sent, asked: ImportAsked) -> Imported:
    """The file takes the place of the directory: what is not in it has left."""
    ending = ENDING.search(file.filename or "")
    if ending is None:
        raise InputError(
            Text("Tệp phải là CSV hoặc Excel (.xlsx).", "The file must be a CSV file or an Excel workbook (.xlsx).")
        )
    with tempfile.TemporaryDirectory(prefix="vanthu-") as folder:
        path = Path(folder) / f"directory{ending[0].lower()}"
        file.save(path)
        read = rosterfile.read(path)
        roster = rosterfile.read_roster(path, skip_wrong_rows=asked.skip_wrong_rows)
    if not roster.units:
        raise RosterError(Text("Không có dòng nào dùng được.", "There is no row that can be used."))
    changes = services.import_roster(
        work.session(), auth.required(), roster=roster, dry_run=asked.dry_run, allow_removals=asked.allow_removals
    )
    return Imported(
        dry_run=asked.dry_run,
        added=changes.count("added"),
        changed=changes.count("changed"),
        removed=changes.count("removed"),
        officials_before=changes.officials_before,
        counts=changes.counts,
        changes=changes.changes[:MOST_CHANGES],
        left_out=tuple(one.sentence() for one in read.left_out),
    )


def _part(reader: Callable[..., listed.Rows[Row]], asked: AskedPart) -> Part[Row]:
    """The part that was asked for, of what the actor reaches."""
    reach = auth.required().reach(Permission.CORE_DIRECTORY_READ)
    found = reader(work.session(), reach=reach, offset=asked.offset, limit=asked.limit)
    return part_of(found.rows, asked, found.total)
