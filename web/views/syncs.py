"""What feeds the directory besides files: the runs of the sync with directory servers, and programs that speak SCIM."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _

from core.db import utc_now
from core.directory import queries
from core.directory.models import SyncState
from core.permissions import Permission
from web import auth, work
from web.guards import needs
from web.views.asked import offset

pages = Blueprint("syncs", __name__)
LIMIT = 50


def state_words(state: str) -> str:
    """How a run ended, in a word or two."""
    words: dict[SyncState, str] = {
        SyncState.DONE: _("done"),
        SyncState.REFUSED: _("not done"),
        SyncState.FAILED: _("no answer"),
    }
    return words[SyncState(state)]


def count_words() -> dict[str, str]:
    """What is counted of a run, in the order it is told in."""
    return {
        "found": _("People the server named"),
        "joined": _("Join"),
        "moved": _("Move"),
        "left": _("Leave"),
        "changes": _("All changes of the directory"),
        "left_out": _("Entries that could not be used"),
        "without_number": _("Entries without a number"),
        "references": _("References to other servers, not followed"),
        "unknown_there": _("Officials that only the directory knows"),
    }


@pages.get("/directory/sync")
@needs(Permission.CORE_DIRECTORY_IMPORT)
def syncs() -> str:
    """The newest runs, and the programs that may put officials one at a time."""
    first = offset(request.args.get("offset"))

    def address(**changed: Any) -> str:
        return url_for("syncs.syncs", **changed)

    return render_template(
        "syncs.html",
        runs=queries.sync_runs(work.session(), offset=first, limit=LIMIT),
        total=queries.count_runs(work.session()),
        offset=first,
        limit=LIMIT,
        address=address,
        programs=queries.programs(work.session(), now=utc_now()),
        state_words=state_words,
        may_see_trail=auth.required().may(Permission.CORE_TRAIL_READ),
    )


@pages.get("/directory/sync/<int:run_id>")
@needs(Permission.CORE_DIRECTORY_IMPORT)
def run(run_id: int) -> str:
    """One run: what it changed, what it left out, and why it was not done."""
    found = queries.sync_run(work.session(), run_id) if run_id < 1 << 31 else None
    if found is None:
        abort(404)
    return render_template("sync.html", run=found, state_words=state_words, count_words=count_words())
