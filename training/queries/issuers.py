"""Who certifies: the office that the settings name, else the topmost unit above the official."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import settings_of
from core.directory.models import PostRow, UnitRow
from training.papers.options import CertificateOptions


def issuers(session: Session, officials: Collection[int]) -> dict[int, str]:
    """Official (key of the table) -> who certifies what they learnt; nobody for who has no post below several tops.

    As the office is called today. Two SQL queries at most, however many officials. Raises `SettingsError`.
    """
    named = CertificateOptions.of(settings_of(session)).issuer
    if named or not officials:
        return dict.fromkeys(officials, named)
    is_top = UnitRow.parent_id.is_(None) & UnitRow.gone_at.is_(None)
    tops = session.scalars(select(UnitRow.name).where(is_top).order_by(UnitRow.id).limit(2)).all()
    if len(tops) < 2:
        return dict.fromkeys(officials, tops[0]) if tops else {}
    return _above(session, officials)


def _above(session: Session, officials: Collection[int]) -> dict[int, str]:
    """The same where the directory has several tops: the one above the main post. A ring of units ends by UNION."""
    begin = select(PostRow.official, PostRow.position, UnitRow.id, UnitRow.parent_id, UnitRow.name)
    begin = begin.join(UnitRow, UnitRow.id == PostRow.unit).where(PostRow.official.in_(officials))
    tree = begin.cte("above", recursive=True)
    tree = tree.union(
        select(tree.c.official, tree.c.position, UnitRow.id, UnitRow.parent_id, UnitRow.name).where(
            UnitRow.id == tree.c.parent_id
        )
    )
    wanted = select(tree.c.official, tree.c.name).where(tree.c.parent_id.is_(None)).order_by(tree.c.position.desc())
    return {row.official: row.name for row in session.execute(wanted)}
