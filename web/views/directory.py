"""The directory of officials: what is in it, and a new file in two steps (look at what would change, then import)."""

from __future__ import annotations

import re
import secrets
import time
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.directory import queries, rosterfile, services
from core.directory.errors import RemovalError, RosterError
from core.permissions import Permission
from web import auth, work
from web.forms.directory import DirectoryForm, ImportForm
from web.guards import needs
from web.intake import takes_files
from web.language import language

pages = Blueprint("directory", __name__)
SHOWN = 200
SHOWN_WRONG = 50
KEPT_SECONDS = 24 * 3600
ENDING = re.compile(r"\.(csv|xlsx)\Z", re.IGNORECASE)


@pages.get("/directory")
@needs(Permission.CORE_DIRECTORY_READ)
def directory() -> str:
    """How many units, officials and mailboxes there are in reach; for whoever may import, the form for a new file."""
    return _page(DirectoryForm())


@pages.post("/directory")
@needs(Permission.CORE_DIRECTORY_IMPORT)
@takes_files
def look_at() -> str | tuple[str, int]:
    """Read the file that was sent and say what an import would change; nothing is changed."""
    form = DirectoryForm()
    if not form.validate():
        return _page(form), 422
    ending = ENDING.search(form.file.data.filename)
    if ending is None:
        form.file.errors = [_("The file must be a CSV file or an Excel workbook (.xlsx)")]
        return _page(form), 422
    token = f"{secrets.token_hex(16)}{ending[0].lower()}"
    path = _kept(token)
    _remove_old(path.parent)
    form.file.data.save(path)
    path.chmod(0o600)
    try:
        read = rosterfile.read(path)
    except RosterError as unusable:
        return _refused(form, path, [unusable.message.to(language()).replace(token, form.file.data.filename)])
    if read.left_out and not form.skip_wrong_rows.data:
        return _refused(form, path, [one.sentence().to(language()) for one in read.left_out])
    if not read.roster.units:
        return _refused(form, path, [_("There is no row that can be used")])
    changes = services.import_roster(work.session(), auth.required(), roster=read.roster, dry_run=True)
    return render_template(
        "directory_changes.html",
        changes=changes,
        shown=changes.changes[:SHOWN],
        left_out=[one.sentence() for one in read.left_out],
        leaving=changes.count("removed", "official"),
        token=token,
        skip_wrong_rows=form.skip_wrong_rows.data,
        form=ImportForm(formdata=None),
    )


@pages.post("/directory/import")
@needs(Permission.CORE_DIRECTORY_IMPORT)
def import_() -> Response | tuple[str, int]:
    """Import the file that was looked at."""
    form = ImportForm()
    path = _kept(form.token.data) if form.validate() else None
    if path is None or not path.is_file():
        flash(_("The file is no longer here. Please send it again."))
        return redirect(url_for("directory.directory"), 303)
    roster = rosterfile.read_roster(path, skip_wrong_rows=bool(form.skip_wrong_rows.data))
    try:
        changes = services.import_roster(
            work.session(), auth.required(), roster=roster, allow_removals=bool(form.allow_removals.data)
        )
    except RemovalError:
        flash(_("Nothing was imported: tick that the officials who are missing in the file have really left."))
        return redirect(url_for("directory.directory"), 303)
    path.unlink()
    flash(
        _(
            "Imported: %(added)s added, %(changed)s changed, %(removed)s removed.",
            added=changes.count("added"),
            changed=changes.count("changed"),
            removed=changes.count("removed"),
        )
    )
    return redirect(url_for("directory.directory"), 303)


def _refused(form: DirectoryForm, path: Path, problems: list[str]) -> tuple[str, int]:
    """The form again, with what is wrong in the file; the file is not kept."""
    path.unlink()
    form.file.errors = [problems[0]]
    return _page(form, problems=problems), 422


def _page(form: DirectoryForm, problems: Any = ()) -> str:
    actor = auth.required()
    return render_template(
        "directory.html",
        form=form,
        counts=queries.counts(work.session(), reach=actor.reach(Permission.CORE_DIRECTORY_READ)),
        may_import=actor.may(Permission.CORE_DIRECTORY_IMPORT),
        problems=problems[:SHOWN_WRONG],
    )


def _kept(token: str) -> Path:
    """Where a file waits between the two steps; the form has checked what a token looks like."""
    folder = work.settings().home / "directory"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if "/" in token or token.startswith("."):
        abort(404)
    return folder / token


def _remove_old(folder: Path) -> None:
    """Files that nobody came back for."""
    for path in folder.iterdir():
        if time.time() - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)
