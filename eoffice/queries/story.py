"""The whole story of a draft, out of the trail: every entry about it, with people instead of accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.directory.models import Account, OfficialRow, UnitRow
from core.permissions import SCHEDULER, Actor
from eoffice.errors import DraftNotFoundError
from eoffice.models import DraftRow, RemarkRow
from eoffice.permissions import can_read
from eoffice.queries.titles import titles
from eoffice.story import Happening, Somebody, Story

_DEPUTY = re.compile(r"(.*) \(for (.*)\)", re.DOTALL)
"""`Actor.in_trail` of a deputy: the account, and the number of whom they act for."""
WHOM = ("whom", "to", "official")
"""Facts that hold the numbers of officials."""


def story(session: Session, actor: Actor, *, draft_id: int, today: date) -> Story:
    """Everything that happened to a draft, the first first. Raises `DraftNotFoundError` for whoever may not see it.

    A fixed number of SQL queries, however long it is.
    """
    draft = session.get(DraftRow, draft_id)
    if draft is None or not can_read(session, actor, draft, today=today):
        raise DraftNotFoundError(draft_id)
    wanted = select(AuditEntry).where(AuditEntry.subject == f"draft:{draft_id}").order_by(AuditEntry.id)
    entries = list(session.scalars(wanted))
    said = select(RemarkRow.id, RemarkRow.text).where(RemarkRow.draft == draft_id)
    remarks = dict(session.execute(said).all())
    people = _People(session, draft, entries, today)
    unit = session.scalars(select(UnitRow.name).where(UnitRow.id == draft.unit)).one()
    return Story(
        draft_id=draft.id,
        type=draft.type,
        title=draft.title,
        unit=unit,
        state=draft.state,
        drafter=people.of_key(draft.drafter) or Somebody(""),
        content_by=people.of_key(draft.content_by),
        form_by=people.of_key(draft.form_by),
        approved_by=people.of_key(draft.approved_by),
        approved_at=draft.approved_at,
        happenings=tuple(_happening(one, people, remarks) for one in entries),
    )


def _happening(entry: AuditEntry, people: _People, remarks: Mapping[int, str]) -> Happening:
    facts, (account, principal) = entry.facts, _parties(entry.actor)
    return Happening(
        at=entry.at,
        action=entry.action,
        who=people.of_account(account),
        acting_for=None if principal is None else people.of_number(principal),
        revision=facts.get("revision"),
        purpose=facts.get("purpose"),
        said=remarks.get(facts.get("remark") or 0, ""),
        whom=tuple(people.of_number(one) for one in _numbers(facts)),
        by_mail=facts.get("via") == "mail",
    )


def _parties(actor: str) -> tuple[str, str | None]:
    found = _DEPUTY.fullmatch(actor)
    return (actor, None) if found is None else (found[1], found[2])


def _numbers(facts: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for name in WHOM:
        value = facts.get(name)
        found += value if isinstance(value, list) else [value] if isinstance(value, str) else []
    return found


class _People:
    """Everybody whom the entries name, by the name of their account, their number and their key: two queries."""

    def __init__(self, session: Session, draft: DraftRow, entries: Iterable[AuditEntry], today: date) -> None:
        parties = [_parties(one.actor) for one in entries]
        numbers = {one for _, one in parties if one is not None} | {
            number for one in entries for number in _numbers(one.facts)
        }
        names = {one for one, _ in parties}
        keys = {draft.drafter, draft.content_by, draft.form_by, draft.approved_by} - {None}
        wanted = (
            select(OfficialRow, Account.name)
            .outerjoin(Account, Account.official == OfficialRow.id)
            .where(or_(Account.name.in_(names), OfficialRow.official_id.in_(numbers), OfficialRow.id.in_(keys)))
        )
        self._accounts: dict[str, Somebody] = {}
        self._numbers: dict[str, Somebody] = {}
        self._keys: dict[int, Somebody] = {}
        rows = [(row, name) for row, name in session.execute(wanted)]
        said = titles(session, [row.id for row, _ in rows], unit=draft.unit, today=today)
        for row, name in rows:
            somebody = Somebody(row.name, said.get(row.id, ""))
            self._keys[row.id] = self._numbers[row.official_id] = somebody
            if name is not None:
                self._accounts[name] = somebody

    def of_key(self, key: int | None) -> Somebody | None:
        """By the directory's key."""
        return None if key is None else self._keys.get(key)

    def of_number(self, number: str) -> Somebody:
        """By the number that the personnel office gave; the number itself where the directory does not know it."""
        return self._numbers.get(number, Somebody(number))

    def of_account(self, name: str) -> Somebody | None:
        """By the account; the account's name where it is tied to nobody, None for the program's own acts."""
        return None if name == SCHEDULER.name else self._accounts.get(name, Somebody(name))
