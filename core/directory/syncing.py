"""A run of the sync from beginning to end: the server is asked, its answer is put in, and the run is kept.

The server is asked before any transaction is open. A run that was refused or failed is kept as well, in a transaction
of its own: whoever looks sees why nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.calendar import day_in
from core.db import settings_of, unit_of_work, utc_now
from core.directory.doors.ldap.listing import listed
from core.directory.feeds.counting import Tally
from core.directory.feeds.options import Feed, feed_named, feeds
from core.directory.models import SyncRun, SyncState
from core.directory.services.syncing import Synced, sync_roster
from core.errors import UnavailableError, VanthuError
from core.jobs import LostClaimError
from core.permissions import Actor
from core.settings import Settings
from core.words import Text, showable

MOST_TOLD = 200
"""So many changes and entries left out are kept in words with a run."""
KEPT = timedelta(days=90)
"""So long runs are kept; what they changed stands in the trail for ever."""
Confirm = Callable[[Session], None]


def run_sync(
    settings: Settings,
    actor: Actor,
    *,
    key: str,
    dry_run: bool = False,
    force: bool = False,
    confirm: Confirm | None = None,
) -> Synced:
    """Ask the server of `[sync.KEY]` and put what it says into the directory; with `dry_run` only tell.

    Of a dry run nothing is kept. `confirm` is called in the transaction of the change (a job makes sure that it is
    still its own). Raises `RemovalError` when too many would leave and `force` does not say that this is meant,
    `ProviderAwayError` without a whole answer, what `sync_roster` raises, `NotFoundError` and `SettingsError` for the
    settings.
    """
    feed = feed_named(settings, key)
    begun = utc_now()
    try:
        answer = listed(
            feed.door, base=feed.base, wanted=feed.options.filter, attributes=feed.options.attributes(feed.door)
        )
        with unit_of_work(settings) as session:
            if confirm is not None:
                confirm(session)
            today = day_in(settings.timezone, begun)
            synced = sync_roster(session, actor, feed=feed, answer=answer, today=today, dry_run=dry_run, force=force)
            if not dry_run:
                _keep(session, actor, key, begun, synced)
    except LostClaimError:
        raise  # the copy that has the job now keeps the run
    except VanthuError as wrong:
        if not dry_run:
            state = SyncState.FAILED if isinstance(wrong, UnavailableError) else SyncState.REFUSED
            with unit_of_work(settings) as session:
                session.add(_run(actor, key, begun, state, Tally(), wrong.message))
        raise
    if synced.refusal is not None and not dry_run:
        raise synced.refusal
    return synced


def due_feeds(session: Session, now: datetime) -> list[str]:
    """The keys of the servers whose turn it is by the settings, by when each was asked last. Raises `SettingsError`."""
    found = []
    for key, feed in feeds(settings_of(session)).items():
        last = session.scalars(
            select(SyncRun.begun_at).where(SyncRun.source == key).order_by(SyncRun.id.desc()).limit(1)
        ).first()
        if feed.options.scheduled and (last is None or last + _every(feed) <= now):
            found.append(key)
    return found


def _every(feed: Feed) -> timedelta:
    return timedelta(minutes=feed.options.every_minutes)


def _keep(session: Session, actor: Actor, key: str, begun: datetime, synced: Synced) -> None:
    refusal = synced.refusal
    state = SyncState.DONE if refusal is None else SyncState.REFUSED
    run = _run(actor, key, begun, state, synced.tally, None if refusal is None else refusal.message)
    run.changes = [_both(change.words) for change in synced.changes.changes[:MOST_TOLD]]
    run.left_out = [{"dn": showable(one.dn)[:300], **_both(one.words)} for one in synced.left_out[:MOST_TOLD]]
    session.add(run)
    session.execute(delete(SyncRun).where(SyncRun.source == key, SyncRun.ended_at < begun - KEPT))


def _run(actor: Actor, key: str, begun: datetime, state: SyncState, tally: Tally, error: Text | None) -> SyncRun:
    return SyncRun(
        source=key,
        begun_by=actor.name,
        begun_at=begun,
        ended_at=max(utc_now(), begun),
        state=state.value,
        counts=tally.by_name(),
        changes=[],
        left_out=[],
        error_vi=None if error is None else error.vi,
        error_en=None if error is None else error.en,
    )


def _both(words: Text) -> dict[str, str]:
    return {"vi": showable(words.vi), "en": showable(words.en)}
