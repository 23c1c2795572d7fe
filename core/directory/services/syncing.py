"""What a directory server says is put into the directory: joiners, movers with the days of their posts, leavers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory import queries
from core.directory.changes import ImportChanges
from core.directory.doors.ldap.listing import Listing
from core.directory.errors import RemovalError
from core.directory.feeds.counting import Tally, people_of
from core.directory.feeds.merging import LeftOut, Merged, merge
from core.directory.feeds.options import Feed
from core.directory.models import FedOfficial, OfficialRow
from core.directory.permissions import can_import_directory
from core.directory.roster import Roster
from core.directory.services.importing import import_roster
from core.directory.services.taking_turns import take_turn
from core.permissions import Actor, Permission, require
from core.words import Text

FEW = 2
"""So many officials may always leave with a run, in offices so small that they are more than the share."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What a run changed or would change; with a `refusal` nothing was done."""

    changes: ImportChanges
    tally: Tally
    left_out: tuple[LeftOut, ...]
    refusal: RemovalError | None = None


def sync_roster(
    session: Session,
    actor: Actor,
    *,
    feed: Feed,
    answer: Listing,
    today: date,
    dry_run: bool = False,
    force: bool = False,
) -> Synced:
    """Put what the server answered into the directory, or with `dry_run` only tell what would change.

    An answer without anybody, and (but with `force`) one without more of those whom this server named before than the
    settings let leave at once, is refused: it is told and not done. Goes through the import of a file, with its one
    entry in the trail; an answer that changes nothing leaves none. Raises `RosterError` where the answer does not go
    with the directory, `LastAdministratorError`, `ForbiddenError`.
    """
    if not can_import_directory(actor):
        require(actor, Permission.CORE_DIRECTORY_IMPORT)
    take_turn(session)
    before = queries.roster(session)
    own, others = _fed(session, feed.options.key)
    merged = merge(before, answer.entries, feed, own=own, others=others, today=today)
    refusal = _refusal(before, merged, own, feed, force=force)
    changes = import_roster(
        session,
        actor,
        roster=merged.roster,
        dry_run=dry_run or refusal is not None,
        allow_removals=True,
        source=feed.options.where,
    )
    if not dry_run and refusal is None:
        _remember(session, feed.options.key, merged, own)
    tally = Tally(
        found=len(answer.entries),
        left_out=len(merged.left_out),
        without_number=merged.without_number,
        references=answer.references,
        unknown_there=len(before.officials.keys() - merged.fed.keys() - own.keys()),
        **people_of(changes),
    )
    return Synced(changes, tally, tuple(merged.left_out), refusal)


def _fed(session: Session, source: str) -> tuple[dict[str, str], set[str]]:
    """Numbers that this source named, with the ids of their entries; and those that another did."""
    wanted = select(OfficialRow.official_id, FedOfficial.source, FedOfficial.subject).join(
        OfficialRow, OfficialRow.id == FedOfficial.official
    )
    rows = session.execute(wanted.where(OfficialRow.gone_at.is_(None))).all()
    own = {number: subject for number, of, subject in rows if of == source}
    return own, {number for number, of, _ in rows if of != source}


def _refusal(before: Roster, merged: Merged, own: dict[str, str], feed: Feed, *, force: bool) -> RemovalError | None:
    if not merged.fed:
        return RemovalError(
            Text(
                "Máy chủ danh bạ không nêu được cán bộ nào dùng được; không có gì thay đổi.",
                "The directory server named no official that can be used; nothing is changed.",
            )
        )
    known = len(own.keys() & before.officials.keys())
    most = max(FEW, int(known * feed.options.most_leaving_percent / 100))
    if len(merged.leavers) <= most or force:
        return None
    leaving = len(merged.leavers)
    return RemovalError(
        Text(
            f"{leaving} trong {known} cán bộ không còn trên máy chủ danh bạ, nhiều hơn {most} người được phép nghỉ "
            "cùng lúc; chưa thay đổi gì. Nếu đúng là họ đã nghỉ, hãy chạy lại với --force.",
            f"{leaving} of {known} officials are not on the directory server any more, over the {most} who may leave "
            "at once; nothing is changed. If they have really left, run it again with --force.",
        )
    )


def _remember(session: Session, source: str, merged: Merged, own: dict[str, str]) -> None:
    """Who is the server's from now on; written only where it differs."""
    stays = {number: subject for number, subject in own.items() if number not in merged.leavers}
    wanted = stays | merged.fed
    if wanted == own:
        return
    ids = {row.official_id: row.id for row in session.scalars(select(OfficialRow))}
    there = {row.official: row for row in session.scalars(select(FedOfficial))}
    for number in merged.leavers:
        session.delete(there[ids[number]])
    for number, subject in wanted.items():
        row = there.get(ids[number])
        if row is None:
            session.add(FedOfficial(official=ids[number], source=source, subject=subject))
        else:  # also of somebody who left another server's care and is named by this one
            row.source, row.subject = source, subject
    session.flush()
