"""A directory file takes the place of the directory: what is not in it is gone, what is gone comes back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from core import audit
from core.db import utc_now
from core.directory import queries
from core.directory.changes import ImportChanges, changes, posts_by_official
from core.directory.errors import RemovalError
from core.directory.models import AliasRow, MailboxRow, OfficialRow, PostRow, UnitRow
from core.directory.permissions import can_import_directory
from core.directory.roster import Roster
from core.directory.services import leaving
from core.directory.services.taking_turns import take_turn
from core.directory.services.wording import put_words
from core.permissions import Actor, Permission, require
from core.words import Text

FEW = 10
"""So many officials may always leave with an import."""
SHARE = 0.2
"""More than this share of the officials leaving at once is taken for a file that holds only a part."""


class DirectoryAction(StrEnum):
    """What the trail says of the directory."""

    IMPORT = "core:directory:import"


def import_roster(
    session: Session,
    actor: Actor,
    *,
    roster: Roster,
    dry_run: bool = False,
    allow_removals: bool = False,
    source: str | None = None,
) -> ImportChanges:
    """Makes the directory equal to `roster` and tells what changes; with `dry_run` only tells.

    `source` names where the roster came from, for the trail, where that was no file.

    The same roster once more changes nothing and leaves nothing in the trail. Raises `RemovalError` when many
    officials would leave and `allow_removals` does not say that this is meant; `LastAdministratorError` where the last
    administrator would; `ForbiddenError`.
    """
    if not can_import_directory(actor):
        require(actor, Permission.CORE_DIRECTORY_IMPORT)
    take_turn(session)
    found = changes(queries.roster(session), roster)
    if dry_run or not found.changes:
        return found
    _refuse_parts(found, allow_removals=allow_removals)
    now = utc_now()
    units = _put_units(session, roster, now)
    officials = _put_officials(session, roster, now)
    _put_posts(session, roster, units, officials)
    _put_mailboxes(session, roster, units, officials, now)
    session.flush()
    left = [officials[one.key] for one in found.changes if (one.kind, one.thing) == ("removed", "official")]
    leaving.see_off(session, actor, left, now=now)
    put_words(session)
    facts = dict(found.counts) | ({} if source is None else {"source": source})
    audit.record(session, actor=actor.name, action=DirectoryAction.IMPORT, subject="directory", facts=facts)
    return found


def _refuse_parts(found: ImportChanges, *, allow_removals: bool) -> None:
    leaving = found.count("removed", "official")
    if leaving > max(FEW, SHARE * found.officials_before) and not allow_removals:
        raise RemovalError(
            Text(
                f"Tệp thiếu {leaving} trong {found.officials_before} cán bộ đang có; có lẽ chỉ là một phần danh bạ. "
                "Nếu đúng là họ đã nghỉ, hãy thêm --allow-removals.",
                f"The file lacks {leaving} of the {found.officials_before} officials; it may be only a part of the "
                "directory. If they have really left, add --allow-removals.",
            )
        )


def _put_units(session: Session, roster: Roster, now: datetime) -> dict[str, UnitRow]:
    rows = {row.key: row for row in session.scalars(select(UnitRow))}
    for unit in roster.units.values():
        if unit.key not in rows:
            rows[unit.key] = UnitRow(key=unit.key, name=unit.name)
            session.add(rows[unit.key])
    session.flush()
    for key, row in rows.items():
        unit_now = roster.units.get(key)
        if unit_now is None:
            row.gone_at = row.gone_at or now
        else:
            row.gone_at = None
            row.name = unit_now.name
            row.parent_id = rows[unit_now.parent_key].id if unit_now.parent_key is not None else None
    return rows


def _put_officials(session: Session, roster: Roster, now: datetime) -> dict[str, OfficialRow]:
    rows = {row.official_id: row for row in session.scalars(select(OfficialRow))}
    for official in roster.officials.values():
        row = rows.get(official.official_id)
        if row is None:
            row = rows[official.official_id] = OfficialRow(official_id=official.official_id, name=official.name)
            session.add(row)
        row.name, row.gone_at = official.name, None
    for number, row in rows.items():
        if number not in roster.officials:
            row.gone_at = row.gone_at or now
    session.flush()
    return rows


def _put_posts(session: Session, roster: Roster, units: dict[str, UnitRow], officials: dict[str, OfficialRow]) -> None:
    session.execute(delete(PostRow))
    rows = [
        {
            "official": officials[number].id,
            "position": position,
            "unit": units[post.unit_key].id,
            "title": post.title,
            "rank": post.rank,
            "since": post.since,
            "until": post.until,
        }
        for number, posts in posts_by_official(roster).items()
        for position, post in enumerate(posts)
    ]
    if rows:
        session.execute(insert(PostRow), rows)


def _put_mailboxes(
    session: Session, roster: Roster, units: dict[str, UnitRow], officials: dict[str, OfficialRow], now: datetime
) -> None:
    rows = {row.address: row for row in session.scalars(select(MailboxRow))}
    for box in roster.mailboxes.values():
        owner = officials[box.owner].id if box.owner is not None else None
        row = rows.get(box.address)
        if row is None:
            row = rows[box.address] = MailboxRow(address=box.address)
            session.add(row)
        row.kind, row.unit, row.owner, row.gone_at = box.kind, units[box.unit_key].id, owner, None
    for address, row in rows.items():
        if address not in roster.mailboxes:
            row.gone_at = row.gone_at or now
    session.flush()
    session.execute(delete(AliasRow))  # before the new ones: an alias may move from one mailbox to another
    aliases = [
        {"address": alias, "mailbox": rows[box.address].id}
        for box in roster.mailboxes.values()
        for alias in box.aliases
    ]
    if aliases:
        session.execute(insert(AliasRow), aliases)
