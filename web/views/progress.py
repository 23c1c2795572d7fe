"""How far a running audit is, in words, for its page and for the script that keeps the page fresh."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from mail_audit.queries import AuditDetail, AuditState
from web import formats

MOVING: frozenset[AuditState] = frozenset({"waiting", "collecting", "rolling_up", "rendering"})


@dataclass(frozen=True, slots=True)
class Shown:
    """Words by the names of their places on the page, and where the bar stands (0 to 1; None: not known)."""

    words: dict[str, str]
    bar: float | None


def state_words(state: AuditState) -> str:
    """The state of an audit in a few words."""
    words: dict[AuditState, str] = {
        "waiting": _("waiting to start"),
        "collecting": _("reading the logs"),
        "rolling_up": _("working out the figures"),
        "rendering": _("writing the reports"),
        "finished": _("finished"),
        "failed": _("stopped by an error"),
        "cancelled": _("cancelled"),
    }
    return words[state]


def progress_of(audit: AuditDetail) -> Shown:
    """The progress of `audit`; empty words where nothing is known (yet)."""
    now = audit.progress
    words = {"state": state_words(audit.summary.state), "done": "", "lines": "", "rate": "", "left": "", "file": ""}
    if now is None:
        return Shown(words, None)
    if now.total is not None:
        words["done"] = _("%(done)s of %(total)s read", done=formats.size(now.done), total=formats.size(now.total))
    if now.lines:
        words["lines"] = _("%(lines)s lines", lines=formats.count(now.lines))
    if now.file:
        words["file"] = now.file
    if now.stage == "collecting" and now.bytes_per_second and now.total is not None and now.done < now.total:
        words["rate"] = _("%(size)s a second", size=formats.size(now.bytes_per_second))
        words["left"] = _left(max(0.0, (now.total - now.done) / now.bytes_per_second))
    return Shown(words, now.share)


def _left(seconds: float) -> str:
    if seconds < 60:
        return str(_("less than a minute left"))
    return str(_("about %(minutes)s minutes left", minutes=round(seconds / 60)))
