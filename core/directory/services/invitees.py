"""Whom an invitation is for: the officials of a unit and below it, or those that a file names."""

from __future__ import annotations

import csv
import io

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.queries import units_below
from core.errors import InputError, NotFoundError
from core.permissions import Actor, Permission
from core.words import Text

LARGEST = 1_000_000
"""Bytes of a file of invitations."""


def of_unit(session: Session, actor: Actor, unit_key: str) -> list[str]:
    """The numbers of the officials with a post in the unit or below it, in order.

    Raises `NotFoundError`, also for a unit whose officials are not the actor's to invite: who is in it is not told.
    """
    unit = session.scalars(select(UnitRow).where(UnitRow.key == unit_key.strip(), UnitRow.gone_at.is_(None))).first()
    if unit is None or not actor.may_in(Permission.CORE_ACCOUNT_CREATE, unit.key):
        raise NotFoundError(Text(f"Không có đơn vị {unit_key}.", f"There is no unit {unit_key}."))
    keys = units_below(session, [unit.id])[unit.id]
    wanted = (
        select(OfficialRow.official_id)
        .join(PostRow, PostRow.official == OfficialRow.id)
        .join(UnitRow, UnitRow.id == PostRow.unit)
        .where(UnitRow.key.in_(keys), OfficialRow.gone_at.is_(None))
    )
    return list(session.scalars(wanted.distinct().order_by(OfficialRow.official_id)))


def of_file(content: bytes) -> list[str]:
    """The numbers in a text file: its column `official_id`, or, without such a head, the first word of each line.

    Raises `InputError` for what is no text or too large.
    """
    if len(content) > LARGEST:
        raise InputError(Text("Tệp quá lớn.", "The file is too large."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as strange:
        raise InputError(Text("Tệp phải là văn bản UTF-8 (CSV).", "The file must be text in UTF-8 (CSV).")) from strange
    head = text.partition("\n")[0]
    apart = max(",;\t", key=head.count)
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=apart)]
    except csv.Error as wrong:
        raise InputError(Text("Không đọc được tệp CSV.", "The CSV file cannot be read.")) from wrong
    names = [cell.lower() for cell in rows[0]] if rows else []
    column = names.index("official_id") if "official_id" in names else 0
    body = rows[1:] if "official_id" in names else rows
    return [row[column] for row in body if len(row) > column and row[column]]
