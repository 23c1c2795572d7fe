"""What was new to a reader stays marked as new while they are at it.

A document counts as seen when its page was shown. The page is loaded more than once before a decision, though: after
asking somebody, with a mistake in the form, when a telephone has thrown it away. So the browser's session keeps, for a
while, what its reader had seen before the page was opened first.
"""

from __future__ import annotations

from datetime import timedelta

from flask import session

from core.db import utc_now
from eoffice.queries import DraftPage

LASTS = timedelta(minutes=30)
MOST = 10
"""Documents that are kept in the cookie, the latest of them."""
_ENTRY = "sittings"


def seen_before(draft_id: int) -> tuple[int, int] | None:
    """The revision and the remark that were seen before this sitting; None where none goes on, or nothing was new."""
    return next((kept[1:3] for kept in _going_on() if kept[0] == draft_id), None)


def note(page: DraftPage) -> None:
    """Keep what was seen before, where the page shows anything that is new since."""
    is_new = bool(page.since) or any(one.is_new for one in page.opinions)
    going_on = _going_on()
    if page.since is None or not is_new or any(kept[0] == page.draft_id for kept in going_on):
        return
    remark = max((one.remark_id for one in page.opinions if not one.is_new), default=0)
    entry = (page.draft_id, page.seen, remark, int(utc_now().timestamp()))
    session[_ENTRY] = [*going_on, entry][-MOST:]


def _going_on() -> list[tuple[int, int, int, int]]:
    now = utc_now().timestamp()
    kept = [tuple(one) for one in session.get(_ENTRY, ())]
    return [one for one in kept if 0 <= now - one[3] <= LASTS.total_seconds()]
