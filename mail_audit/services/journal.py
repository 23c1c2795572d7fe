"""What the journal writes: its runs with their signs of life, the copies it took, and what it forgets.

A copy is no entry in the audit trail: there is one for every letter of a government, and it holds nothing that an actor
decided. A run's start and end are, and so is what is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.audit import record
from core.errors import ConflictError
from core.permissions import Actor
from core.words import Text
from mail_audit.actions import AuditAction
from mail_audit.journaling.entry import Entry, heard, merged
from mail_audit.journaling.received import PROOFS
from mail_audit.models import JournalHour, JournalMessage, JournalRecipient, JournalRun

AT_ONCE = 500
"""Rows of one question, well below what any database takes."""


def begin_run(session: Session, actor: Actor, *, listen: str, protocol: str, at: datetime) -> int:
    """A run of the journal begins: its number."""
    run = JournalRun(listen=listen, protocol=protocol, started_at=at, beat_at=at, taken=0, refused=0)
    session.add(run)
    session.flush()
    facts = {"listen": listen, "protocol": protocol}
    record(session, actor=actor.name, action=AuditAction.JOURNAL_STARTED, subject=f"journal:{run.id}", facts=facts)
    return run.id


def beat(session: Session, *, run_id: int, at: datetime, taken: int, refused: int) -> None:
    """The run is alive at `at`, and has answered so many copies with yes and with no."""
    session.execute(update(JournalRun).where(JournalRun.id == run_id).values(beat_at=at, taken=taken, refused=refused))


def end_run(session: Session, actor: Actor, *, run_id: int, at: datetime, taken: int, refused: int) -> None:
    """The run ends as it was asked to; a run that was killed stays open, and its last beat says until when it was."""
    beat(session, run_id=run_id, at=at, taken=taken, refused=refused)
    session.execute(update(JournalRun).where(JournalRun.id == run_id).values(ended_at=at))
    facts = {"taken": taken, "refused": refused}
    record(session, actor=actor.name, action=AuditAction.JOURNAL_ENDED, subject=f"journal:{run_id}", facts=facts)


def keep_copies(session: Session, *, entries: Iterable[Entry], at: datetime) -> int:
    """Keeps what copies prove, each message once however often it comes; the number of messages not known before.

    A further copy adds recipients, an earlier moment, and a better proven sender. Raises `ConflictError` when another
    journal kept one of the messages in the same moment: then the same call once more merges into what that one kept.
    """
    given = list(entries)
    fresh = dict(sorted(merged(given).items()))  # two journals that write the same rows wait for each other in order
    known = _known(session, list(fresh))
    new = [entry for key, entry in fresh.items() if key not in known]
    _insert(session, JournalMessage, [_message(entry, at) for entry in new], whole=True)
    for key, row in known.items():
        _improve(row, fresh[key])
    session.flush()
    _insert(session, JournalRecipient, [row for entry in fresh.values() for row in _people(entry)])
    _insert(session, JournalHour, [{"server": server, "hour": hour} for server, hour in sorted(set(map(heard, given)))])
    return len(new)


def forget_copies(session: Session, actor: Actor, *, before: datetime) -> int:
    """Removes all that was kept of messages before `before`, and that servers were heard then; how many messages.

    The hours go too: days whose messages are gone must not look like days on which nobody wrote.
    """
    gone = session.scalar(select(func.count()).select_from(JournalMessage).where(JournalMessage.at < before)) or 0
    hours = session.scalar(select(func.count()).select_from(JournalHour).where(JournalHour.hour < before)) or 0
    if not gone and not hours:
        return 0
    old = select(JournalMessage.key).where(JournalMessage.at < before)
    session.execute(delete(JournalRecipient).where(JournalRecipient.message.in_(old)))
    session.execute(delete(JournalMessage).where(JournalMessage.at < before))
    session.execute(delete(JournalHour).where(JournalHour.hour < before))
    facts = {"before": before.isoformat(), "messages": gone}
    record(session, actor=actor.name, action=AuditAction.JOURNAL_THINNED, subject="journal", facts=facts)
    return gone


def _known(session: Session, keys: Sequence[str]) -> dict[str, JournalMessage]:
    found: dict[str, JournalMessage] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        some = ordered[start : start + AT_ONCE]
        question = select(JournalMessage).where(JournalMessage.key.in_(some)).order_by(JournalMessage.key)
        found |= {row.key: row for row in session.scalars(question.with_for_update())}
    return found


def _message(entry: Entry, at: datetime) -> dict[str, Any]:
    return {
        "key": entry.key, "at": entry.at, "dated_at": entry.dated_at, "taken_at": at, "server": entry.server,
        "sender": entry.sender, "log_in": entry.log_in, "proof": entry.proof, "automatic": entry.automatic,
        "size": entry.size,
    }  # fmt: skip


def _people(entry: Entry) -> Iterable[dict[str, Any]]:
    for one in entry.recipients:
        yield {
            "message": entry.key, "address": one.address, "kind": one.kind,
            "redirected": one.redirected or None, "source": one.source or None,
        }  # fmt: skip


def _improve(known: JournalMessage, entry: Entry) -> None:
    """What a further copy says more than what is kept."""
    if PROOFS.index(entry.proof) > PROOFS.index(known.proof):
        known.proof, known.log_in, known.sender = entry.proof, entry.log_in, entry.sender
        known.automatic = entry.automatic
    known.at = min(known.at, entry.at)


def _insert(session: Session, model: type[Any], rows: list[dict[str, Any]], *, whole: bool = False) -> None:
    """Adds the rows that are not there yet; with `whole`, one that is there is a conflict."""
    if not rows:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    table: Table = model.__table__
    done = session.connection().execute(insert(table).on_conflict_do_nothing(), rows)
    if whole and 0 <= done.rowcount < len(rows):
        raise ConflictError(
            Text("Có bản sao vừa được ghi bởi nơi khác.", "A copy has just been kept by somebody else.")
        )
