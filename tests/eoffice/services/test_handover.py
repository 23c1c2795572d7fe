"""Somebody leaves: what waits for them, or will, passes on; nothing is approved by leaving."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.directory.models import OfficialRow, PostRow
from core.directory.services import leaving
from core.permissions import Actor, Role
from eoffice.actions import EofficeAction
from eoffice.errors import NotYourTurnError
from eoffice.models import DraftRow, RouteTemplate
from eoffice.services import deciding, rounds, sending_round
from eoffice.services.handover import hand_over
from tests.eoffice.services.conftest import actor, moment

AN, BINH, CHI, DUNG, EM = range(1, 6)


def submit(session: Session) -> None:
    sending_round.submit(session, actor("an"), draft_id=1, template_id=1, seen_revision=1, moment=moment())


def leave(session: Session, name: str, to: str | None) -> Mapping[str, int]:
    """As the directory does it: marked as gone, without posts, then what waits is passed on."""
    row = session.scalars(select(OfficialRow).where(OfficialRow.official_id == name)).one()
    row.gone_at = moment().now
    for post in session.scalars(select(PostRow).where(PostRow.official == row.id)):
        session.delete(post)
    session.flush()
    clerk = Actor("cli:x", frozenset({Role.ADMINISTRATOR}))
    found = hand_over(session, clerk, official_id=name, to=to, day=moment().today)
    return {one: count for one, count in found.items() if count}


def waits_for(session: Session) -> frozenset[int]:
    draft = rounds.locked(session, 1)
    row = rounds.latest(session, 1)
    assert row is not None
    return rounds.load(session, draft, row).waiting_for()


def handed(session: Session) -> list[dict[str, object]]:
    wanted = select(AuditEntry.facts).where(AuditEntry.action == EofficeAction.TASK_HANDED_OVER)
    return list(session.scalars(wanted.order_by(AuditEntry.id)))


def test_a_turn_passes_to_the_deputy_and_is_decided_there(session: Session) -> None:
    submit(session)
    assert leave(session, "binh", "em") == {"turns": 1}
    assert waits_for(session) == {EM}
    assert handed(session) == [{"what": "turn", "from": "binh", "to": "em"}]
    deciding.approve(session, actor("em"), draft_id=1, seen_revision=1, moment=moment())
    assert waits_for(session) == {DUNG}
    with pytest.raises(NotYourTurnError):
        deciding.approve(session, actor("binh"), draft_id=1, seen_revision=1, moment=moment())


def test_a_turn_to_come_passes_too(session: Session) -> None:
    submit(session)
    assert leave(session, "chi", "em") == {"turns": 1}
    for name in ("binh", "dung"):
        deciding.approve(session, actor(name), draft_id=1, seen_revision=1, moment=moment())
    assert waits_for(session) == {EM}


def test_without_a_deputy_it_is_the_head_s(session: Session) -> None:
    submit(session)
    assert leave(session, "binh", None) == {"turns": 1}
    assert waits_for(session) == {CHI}


def test_whoever_may_not_have_it_is_passed_over(session: Session) -> None:
    """The drafter decides nothing, and content and form are answered for by two."""
    submit(session)
    assert leave(session, "dung", "an") == {"turns": 1}
    assert handed(session)[-1]["to"] == "chi", "binh answers for the content"


def test_leaving_approves_nothing(session: Session) -> None:
    """Two must approve, one has, the other leaves: it passes to another, or stays, but is not approved."""
    session.add(
        RouteTemplate(name="Hai", version=1, made_at=moment().now, made_by="x", steps=[
            {"kind": "all", "purpose": "approval", "who": [
                {"unit": "own", "title": "Phó Giám đốc"}, {"unit": "own", "title": "Giám đốc"}]}])
    )  # fmt: skip
    session.flush()
    sending_round.submit(session, actor("an"), draft_id=1, template_id=2, seen_revision=1, moment=moment())
    deciding.approve(session, actor("binh"), draft_id=1, seen_revision=1, moment=moment())
    assert leave(session, "chi", "binh") == {"turns": 1}
    assert waits_for(session) == {DUNG}
    draft = session.get(DraftRow, 1)
    assert draft is not None
    assert draft.state == "on_route"


def test_nobody_is_left(session: Session) -> None:
    submit(session)
    for name in ("chi", "dung"):
        leave(session, name, None)
    assert leave(session, "binh", None) == {"left": 1}
    assert waits_for(session) == {BINH}


def test_a_draft_goes_on_with_another(session: Session) -> None:
    assert leave(session, "an", "em") == {"drafts": 1}
    sending_round.submit(session, actor("em"), draft_id=1, template_id=1, seen_revision=1, moment=moment())
    assert handed(session) == [{"what": "draft", "from": "an", "to": "em"}]


def test_a_draft_on_its_way_goes_to_nobody_who_decides_about_it(session: Session) -> None:
    submit(session)
    assert leave(session, "an", "binh") == {"left": 1}, "all three heads have a part in it"
    draft = session.get(DraftRow, 1)
    assert draft is not None
    assert draft.drafter == AN


def test_the_directory_finds_it() -> None:
    assert dict(leaving._hand_overs())["eoffice"] is hand_over


def test_nothing_waits(session: Session) -> None:
    submit(session)
    assert leave(session, "em", "binh") == {}
    assert hand_over(session, actor("an"), official_id="nobody", to=None, day=moment().today) == {}
