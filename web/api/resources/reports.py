"""Files to take away: reports as they were rendered, what one was made from, tables of figures."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path
from typing import Literal

from core.permissions import Permission
from core.words import Language, Text
from mail_audit import queries, services
from mail_audit.services.looking import take_report
from mail_audit.standing.manifest import manifest_of
from web import auth, work
from web.api.operations import JSON, Download, Section
from web.api.parameters import Body, Day, Id
from web.guards import needs
from web.views.exports import TYPES as TABLE_TYPES
from web.views.reports import TYPES as REPORT_TYPES

section = Section("reports", Text("Tệp báo cáo và bảng số liệu", "Reports and tables"))
Ending = Literal["csv", "html", "json", "pdf", "xlsx"]


class WantedTable(Body):
    """A table of the days from `first` to `last`, both included."""

    what: Literal["days", "officials", "units", "coverage"]
    first: Day
    last: Day
    ending: Literal["csv", "parquet"] = "csv"


@section.get(
    "/audits/{audit_id}/reports/{language}/{ending}",
    Text("Tệp báo cáo.", "A report as a file."),
    media_types=tuple(REPORT_TYPES.values()),
)
@needs(Permission.MAIL_AUDIT_REPORT_READ)
def report_file(audit_id: Id, language: Language, ending: Ending) -> Download:
    """One rendered report."""
    path = take_report(
        work.session(),
        auth.required(),
        audit_id=audit_id,
        language=language,
        ending=ending,
        store=work.settings().store,
    )
    return Download(path, REPORT_TYPES[ending], f"vanthu-{audit_id}-{language}.{ending}")


@section.get(
    "/audits/{audit_id}/manifest",
    Text("Báo cáo được lập từ những gì.", "What a report of collected logs was made from, to make it again."),
    media_types=(JSON,),
)
@needs(Permission.MAIL_AUDIT_REPORT_READ)
def manifest(audit_id: Id) -> Download:
    """The manifest; 404 for an audit of files."""
    text = manifest_of(queries.manifest(work.session(), audit_id)).text()
    return Download(BytesIO(text.encode()), JSON, f"vanthu-manifest-{audit_id}.json")


@section.post(
    "/exports", Text("Lấy một bảng số liệu.", "Take a table of figures away."), media_types=tuple(TABLE_TYPES.values())
)
@needs(Permission.MAIL_AUDIT_FACTS_EXPORT)
def export(wanted: WantedTable) -> Download:
    """The table as a file."""
    with tempfile.TemporaryDirectory(prefix="vanthu-") as folder:
        path = Path(folder) / f"table.{wanted.ending}"
        services.export(
            work.session(), auth.required(), what=wanted.what, first=wanted.first, last=wanted.last, path=path
        )
        stream = path.open("rb")  # outlives the folder: the file is gone when it has been sent
    name = f"vanthu-{wanted.what}-{wanted.first.isoformat()}-{wanted.last.isoformat()}.{wanted.ending}"
    return Download(stream, TABLE_TYPES[wanted.ending], name)
