"""A document for decision, without scripts: opened, agreed to, returned, asked about, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.directory.models import OfficialRow
from core.permissions import Actor, Role
from core.settings import Settings
from eoffice.actions import EofficeAction
from eoffice.models import DraftRow, LookRow, RevisionRow, RouteTemplate, TaskRow
from eoffice.services import drafting, sending_round
from eoffice.services.rounds import Moment
from eoffice.writing import Passage, Written
from tests.web.conftest import Visitor
from web import ahead, sittings

AUTHOR, HEAD, STRANGER = "CB2", "CB1", "CB3"
Making = Callable[..., Visitor]


def moment(settings: Settings) -> Moment:
    now = utc_now()
    return Moment(now, day_in(settings.timezone, now))


def actor(official_id: str) -> Actor:
    return Actor(official_id, frozenset({Role.OFFICIAL}), official_id)


@pytest.fixture
def sent(settings: Settings, listed: None) -> int:
    """A draft that waits for the head's approval, and one more."""
    with unit_of_work(settings) as session:
        head = session.scalars(select(OfficialRow).where(OfficialRow.official_id == HEAD)).one()
        steps = [{"kind": "any", "purpose": "approval", "who": [{"unit": "own", "rank": "leader"}], "days": 2}]
        session.add(RouteTemplate(name="Ngắn", version=1, steps=steps, made_at=moment(settings).now, made_by="x"))
        session.flush()
        assert head.gone_at is None
        template = session.scalars(select(RouteTemplate.id).where(RouteTemplate.name == "Ngắn")).one()
        first, _ = (_sent(session, settings, title, template) for title in ("V/v họp <giao ban>", "V/v báo cáo"))
        return first


def _sent(session: Session, settings: Settings, title: str, template: int) -> int:
    draft = drafting.create_draft(session, actor(AUTHOR), kind="cong_van", title=title, moment=moment(settings))
    sending_round.submit(
        session, actor(AUTHOR), draft_id=draft, template_id=template, seen_revision=1, moment=moment(settings)
    )
    return draft


def test_what_was_fetched_ahead_is_in_the_trail_and_not_seen(account_of: Making, settings: Settings, sent: int) -> None:
    """The header is the browser's word: with it somebody could read all their unit's drafts and leave no entry."""
    head = account_of(official_id=HEAD)
    for _ in range(2):
        assert head.client.get(f"/documents/{sent}", headers={ahead.AHEAD: "1"}).status_code == 200
    with unit_of_work(settings) as session:
        looked = select(AuditEntry.facts).where(AuditEntry.action == EofficeAction.DRAFT_LOOKED_AT.value)
        assert session.scalars(looked).all() == [{"revision": 1, "kept": True}]
        drafter = session.get_one(DraftRow, sent).drafter
        assert set(session.scalars(select(LookRow.official).where(LookRow.draft == sent))) <= {drafter}


def test_from_the_home_page_to_the_decision(account_of: Making, settings: Settings, sent: int) -> None:
    """Two taps: the card, then agree; afterwards it says with whom it is, offers the way back and the next document."""
    head = account_of(official_id=HEAD)
    home = head.get("/").text
    assert f"/documents/{sent}" in home
    assert "V/v họp &lt;giao ban&gt;" in home
    page = head.get(f"/documents/{sent}")
    assert page.status_code == 200
    answer = head.post(f"/documents/{sent}/agree", f"/documents/{sent}", seen_revision=1, position=0)
    assert answer.status_code == 303
    after = head.get(answer.location).text
    assert "Đã đồng ý." in after
    assert after.count(f'action="/documents/{sent}/undo"') == 1
    assert head.get(answer.location).text.count(f'action="/documents/{sent}/undo"') == 1, "for a minute, not once"
    assert "Văn bản tiếp theo" in after
    assert "đã duyệt" in after
    back = head.post(f"/documents/{sent}/undo", "/account", position=0)
    assert back.status_code == 303
    with unit_of_work(settings) as session:
        draft = session.get(DraftRow, sent)
        assert draft is not None
        assert (draft.state, draft.approved_by) == ("on_route", None)


def test_nobody_else_learns_of_it(account_of: Making, admin: Visitor, sent: int) -> None:
    stranger = account_of(official_id=STRANGER)
    for visitor in (stranger, admin):
        assert visitor.get(f"/documents/{sent}").status_code == 404
        assert visitor.get(f"/documents/{sent}/ask").status_code == 404
        answer = visitor.post(f"/documents/{sent}/agree", "/account", seen_revision=1, position=0)
        assert answer.status_code == 404


def test_returned_with_remarks_only(account_of: Making, sent: int) -> None:
    head, author = account_of(official_id=HEAD), account_of(official_id=AUTHOR)
    address = f"/documents/{sent}"
    empty = head.post(f"{address}/return", address, seen_revision=1, position=0, comment=" ")
    assert empty.status_code == 422
    assert "Hãy ghi ý kiến" in empty.text
    answer = head.post(f"{address}/return", address, seen_revision=1, position=0, comment="Nêu rõ <hạn>.")
    assert answer.status_code == 303
    page = author.get(address).text
    assert "Nêu rõ &lt;hạn&gt;." in page
    assert "đã trả lại người soạn" in page


def test_a_stale_page_changes_nothing(account_of: Making, settings: Settings, sent: int) -> None:
    head = account_of(official_id=HEAD)
    address = f"/documents/{sent}"
    for wrong in ({"seen_revision": 9, "position": 0}, {"seen_revision": 1, "position": 5}):
        assert head.post(f"{address}/agree", address, **wrong).status_code == 409
    assert head.post(f"{address}/agree", address, seen_revision="x", position=0).status_code == 422
    assert head.post(f"{address}/agree", address, seen_revision=1, position=0).status_code == 303
    again = head.post(f"{address}/agree", "/account", seen_revision=1, position=0)
    assert again.status_code == 409
    with unit_of_work(settings) as session:
        assert len(list(session.scalars(select(TaskRow).where(TaskRow.state == "decided")))) == 1


def test_what_changed_since_one_looked(
    account_of: Making, settings: Settings, sent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, author = account_of(official_id=HEAD), actor(AUTHOR)
    address = f"/documents/{sent}"
    head.get(address)
    head.post(f"{address}/return", address, seen_revision=1, position=0, comment="Sửa lại.")
    with unit_of_work(settings) as session:
        wanted = select(RevisionRow).where(RevisionRow.draft == sent)
        passages = Written.of_json(session.scalars(wanted).one().content).passages
        written = tuple(
            Passage(one.id, one.role, f"{one.text} mới" if one.role == "body" else one.text) for one in passages
        )
        later = Moment(moment(settings).now + timedelta(seconds=1), moment(settings).today)
        drafting.save(session, author, draft_id=sent, base=1, passages=written, moment=later)
        template = session.scalars(select(RouteTemplate.id).where(RouteTemplate.name == "Ngắn")).one()
        sending_round.submit(session, author, draft_id=sent, template_id=template, seen_revision=2, moment=later)
    shown = [head.get(address), head.get(address)]
    shown.append(head.post(f"{address}/return", address, seen_revision=2, position=0, comment=" "))
    for page in shown:  # loaded again, or with a mistake in the form: what changed does not vanish under the reader
        assert "1 đoạn thay đổi từ lần xem trước" in page.text
        assert '<ins class="vt-added">' in page.text
    monkeypatch.setattr(sittings, "LASTS", timedelta(seconds=-1))
    assert "Không có thay đổi từ lần xem trước" in head.get(address).text


def test_somebody_is_asked_and_answers(account_of: Making, sent: int) -> None:
    head, other = account_of(official_id=HEAD), account_of(official_id=STRANGER)
    address = f"/documents/{sent}"
    asked = head.post(f"{address}/ask", f"{address}/ask", position=0, whom=[STRANGER], comment="Đủ chưa?")
    assert asked.status_code == 303
    page = other.get(address).text
    assert "Gửi ý kiến" in page
    assert "Đủ chưa?" in page
    assert other.post(f"{address}/opinion", address, seen_revision=1, position=1, comment="Đủ").status_code == 303
    assert "Đủ" in head.get(address).text
    assert head.post(f"{address}/ask", f"{address}/ask", position=0).status_code == 422


def test_the_routine_is_agreed_to_together(account_of: Making, sent: int) -> None:
    """Only what was read in its present version can be ticked; what moved on meanwhile stays as it is."""
    head = account_of(official_id=HEAD)
    assert 'name="tick"' not in head.get("/documents").text
    for draft in (sent, sent + 1):
        head.get(f"/documents/{draft}")
    assert head.get("/documents").text.count('name="tick"') == 2
    ticks = [f"{sent}-0-1", f"{sent + 1}-0-9", "x-1", "1-2-3-4"]
    assert head.post("/documents", "/documents", tick=ticks).status_code == 303
    assert "Đã đồng ý: 1. Giữ nguyên: 1." in head.get("/documents").text
    page = head.get(f"/documents/{sent}").text
    assert page.count(f'action="/documents/{sent}/undo"') == 1, "what was agreed to with others can be taken back too"
    assert "Rút lại quyết định của tôi" in page


def test_the_author_pulls_it_back_unless_it_was_opened(account_of: Making, sent: int) -> None:
    author, head = account_of(official_id=AUTHOR), account_of(official_id=HEAD)
    assert author.post(f"/documents/{sent}/pull-back", f"/documents/{sent}").status_code == 303
    head.get(f"/documents/{sent + 1}")
    assert author.post(f"/documents/{sent + 1}/pull-back", f"/documents/{sent + 1}").status_code == 409
