"""A year of documents: one for every other official, each decided by the head of a unit; some wait, some are late."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import cast

from sqlalchemy import Table, delete
from sqlalchemy.orm import Session

from core.db import Base
from eoffice.models import DraftRow, LookRow, RemarkRow, RevisionRow, RoundRow, RouteTemplate, StepRow, TaskRow
from eoffice.routing import Plan, Step, Who, plan_to_json
from eoffice.writing.text import Passage, Written
from tests.bench.around import NOW, Numbered, Rows, back
from tests.bench.rows import put

EVERY = 2
"""So many officials to one document a year."""
WAITING = 50
"""Of so many documents one waits for its decision, and one is still being written."""
OF_LEADER = 40
"""So many wait for the leader who asks."""
TITLES = ("Về việc kiểm tra sử dụng thư điện tử", "Báo cáo công tác tháng", "Kế hoạch tập huấn", "Trả lời kiến nghị")


def _state(place: int) -> str:
    return "on_route" if place % WAITING == 0 else "drafting" if place % WAITING == 1 else "approved"


def _all(people: Sequence[Numbered]) -> Iterator[tuple[int, int, int]]:
    """Number, drafter and who decides, of each document."""
    for place in range(len(people) // EVERY):
        leader = place % WAITING == 0 and place < WAITING * OF_LEADER
        yield place, people[place * EVERY][0], 2 if leader else people[place * EVERY + 1][0]


def _drafts(people: Sequence[Numbered]) -> Rows:
    for place, drafter, head in _all(people):
        approved, since = _state(place) == "approved", back(360 - 359 * place * EVERY / len(people))
        yield {
            "id": place + 1, "type": "cong_van", "title": f"{TITLES[place % len(TITLES)]} số {place}",
            "unit": 2 + place % 4000 % max(1, min(4000, len(people) // 40)), "drafter": drafter, "source": "text",
            "state": _state(place), "urgency": "normal", "due": (NOW - timedelta(days=place % 9 - 2)).date(),
            "created_at": since, "changed_at": since, "changes": 1, "content_by": None, "form_by": None,
            "approved_at": since if approved else None, "approved_by": head if approved else None,
            "approved_for": None, "approved_revision": 1 if approved else None, "withdrawn_at": None,
        }  # fmt: skip


def _revisions(people: Sequence[Numbered]) -> Rows:
    text = Written("cong_van", (Passage("p1", "paragraph", "Kính gửi các đơn vị. Đề nghị báo cáo trước ngày 15."),))
    for place, drafter, _ in _all(people):
        yield {
            "draft": place + 1, "number": 1, "base": None, "author": drafter, "acting_for": None, "at": back(1),
            "content": text.as_json(), "content_digest": "0" * 64, "file_digest": None, "file_name": None,
            "merged": False,
        }  # fmt: skip


def _sent(people: Sequence[Numbered]) -> Iterator[tuple[int, int, int]]:
    return (one for one in _all(people) if _state(one[0]) != "drafting")


def _rounds(people: Sequence[Numbered]) -> Rows:
    for place, drafter, _ in _sent(people):
        ended = _state(place) == "approved"
        since = back(360 - 359 * place * EVERY / len(people))
        yield {
            "id": place + 1, "draft": place + 1, "number": 1, "template": None, "revision": 1, "begun_at": since,
            "begun_by": drafter, "ended_at": since + timedelta(hours=20) if ended else None,
            "outcome": "approved" if ended else None, "returned_to": None,
        }  # fmt: skip


def _steps(people: Sequence[Numbered]) -> Rows:
    for place, _, _ in _sent(people):
        ended = _state(place) == "approved"
        since = back(360 - 359 * place * EVERY / len(people))
        yield {
            "id": place + 1, "round": place + 1, "position": 0, "plan": {}, "coming": [], "kind": "serial",
            "purpose": "approval", "needed": 1, "state": "done" if ended else "open", "asked_by": None,
            "asked_at": None, "opened_at": since, "due": (since + timedelta(days=3)).date(),
            "closed_at": since + timedelta(hours=20) if ended else None,
        }  # fmt: skip


def _tasks(people: Sequence[Numbered]) -> Rows:
    for place, _, head in _sent(people):
        ended = _state(place) == "approved"
        since = back(360 - 359 * place * EVERY / len(people))
        yield {
            "step": place + 1, "official": head, "post": "Giám đốc", "state": "decided" if ended else "open",
            "opened_at": since, "looked_at": since, "decision": "agree" if ended else None,
            "decided_at": since + timedelta(hours=20) if ended else None, "decided_by": head if ended else None,
            "via": "web" if ended else None, "remark": None, "seen_revision": 1 if ended else None,
            "reminded_at": None, "escalated_at": None, "handed_to": None,
        }  # fmt: skip


def _routes(people: Sequence[Numbered]) -> Rows:
    """One of every department and ward, in its second version."""
    steps = (
        Step("serial", "content", (Who("own", None, "leader"),), days=2),
        Step("any", "form", (Who("nearest", "Chánh Văn phòng"),), days=1),
        Step("serial", "approval", (Who("parent", None, "leader"),), days=3),
    )
    for unit in range(2, 2 + max(2, 190 * len(people) // 140_000)):
        for version in (1, 2):
            old = version == 1
            yield {
                "name": f"Đường đi của đơn vị {unit}", "version": version, "type": None, "unit": unit,
                "steps": plan_to_json(Plan(steps)), "made_at": back(360), "made_by": "quantri",
                "retired_at": back(200) if old else None, "retired_by": "quantri" if old else None,
            }  # fmt: skip


def _remarks(people: Sequence[Numbered]) -> Rows:
    for place, _, head in _sent(people):
        if place % 3 == 0:
            yield {
                "draft": place + 1, "revision": 1, "author": head, "acting_for": None, "at": back(1),
                "text": "Đề nghị nêu rõ thời hạn.", "block_id": None, "begin_at": None, "end_at": None, "quote": None,
                "parent": None, "via": "web", "resolved_at": None, "resolved_by": None,
            }  # fmt: skip


def _looks(people: Sequence[Numbered]) -> Rows:
    for place, drafter, head in _sent(people):
        for who in {drafter, head} if _state(place) == "approved" else {drafter}:
            yield {"draft": place + 1, "official": who, "revision": 1, "remark": 0, "at": back(1)}


STEPS: tuple[tuple[type[Base], Callable[[Sequence[Numbered]], Rows]], ...] = (
    (DraftRow, _drafts), (RevisionRow, _revisions), (RoundRow, _rounds), (StepRow, _steps), (TaskRow, _tasks),
    (RouteTemplate, _routes), (RemarkRow, _remarks), (LookRow, _looks),
)  # fmt: skip


def fill(session: Session, people: Sequence[Numbered]) -> None:
    """All of them, in place of what there is."""
    for model, _ in reversed(STEPS):
        session.execute(delete(model))
    for model, rows in STEPS:
        put(session, cast("Table", model.__table__), rows(people))
