"""The e-office by programs: two people's scripts take a draft from its first word to the approval, and no further than
their owners may; nothing that bears a level of secrecy gets in by this door either.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select, update

from core.audit import AuditEntry
from core.db import unit_of_work
from core.permissions import Actor, Role
from core.settings import Settings
from eoffice.models import AttachmentRow, DraftRow, RemarkRow, RevisionRow, StepRow, TaskRow
from tests.web.api.conftest import Program, personal_token
from tests.web.conftest import Visitor
from web.border import BorderedFlask

AUTHOR, HEAD, STRANGER = "CB2", "CB1", "CB5"
STEPS = [{"kind": "any", "purpose": "approval", "who": [{"unit": "own", "rank": "leader"}], "days": 2}]
SECRET = "TUYỆT MẬT"
Own = Callable[..., Program]


@pytest.fixture
def own(account_of: Callable[..., Visitor], app: BorderedFlask, settings: Settings) -> Own:
    """Makes a script with a token of an official's own account, of these scopes (or of all)."""

    def made(official_id: str, *scopes: str) -> Program:
        name = official_id.lower()
        with unit_of_work(settings) as session:
            known = session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.subject == f"account:{name}"))
        if not known:
            account_of(official_id=official_id, name=name)
        actor = Actor(name, frozenset({Role.OFFICIAL}), official_id)
        token = personal_token(settings, actor, scopes) if scopes else personal_token(settings, actor)
        return Program(app.test_client(use_cookies=False), token)

    return made


@pytest.fixture
def route(administrator: Program, listed: None) -> int:
    """A short route, made by a script too."""
    made = administrator.post("/routes", {"name": "Ngắn", "steps": STEPS})
    assert made.status_code == 201, made.text
    return int(_json(made)["template_id"])


def _json(answer: Any, status: int | None = None) -> Any:
    assert answer.status_code == (status or answer.status_code), answer.text
    assert answer.json is not None
    return answer.json


def _begun(author: Program, title: str = "V/v họp giao ban") -> int:
    return int(_json(author.post("/drafts", {"kind": "cong_van", "title": title}), 201)["draft_id"])


def _sent(author: Program, route: int) -> int:
    draft = _begun(author)
    page = _json(author.get(f"/documents/{draft}"))
    sending = {"template_id": route, "seen_revision": page["revision"]}
    assert _json(author.post(f"/drafts/{draft}/send", sending), 200)["state"] == "on_route"
    return draft


def test_from_the_first_word_to_the_approval(own: Own, route: int, settings: Settings) -> None:
    author, head = own(AUTHOR), own(HEAD)
    draft = _begun(author)
    page = _json(author.get(f"/documents/{draft}"))
    passages = page["text"]["passages"]
    passages[-1]["text"] = "Kính mời các đơn vị."
    saved = _json(author.post(f"/drafts/{draft}/revisions", {"base": page["revision"], "passages": passages}), 200)
    assert saved == {"revision": 2, "both": [], "merged": False, "title": "V/v họp giao ban"}
    assert [one["number"] for one in _json(author.get(f"/drafts/{draft}/revisions"))["rows"]] == [2, 1]
    long = [{**passages[0], "text": "x" * 100_001}]
    refused = author.post(f"/drafts/{draft}/revisions", {"base": 2, "passages": long})
    assert (refused.status_code, "100" in _json(refused)["detail"]) == (400, True)
    marks = {one["id"]: one["mark"] for one in _json(author.get(f"/drafts/{draft}/difference?old=1&new=2"))}
    assert marks[passages[-1]["id"]] == "changed"
    assert all(one["rule"] for one in _json(author.get(f"/drafts/{draft}/form-check"), 200))
    file = {"data": {"file": (BytesIO(b"xin chao"), "phu-luc.txt")}, "content_type": "multipart/form-data"}
    enclosed = _json(author.ask("POST", f"/drafts/{draft}/attachments", **file), 201)
    assert [one["name"] for one in enclosed["attachments"]] == ["phu-luc.txt"]
    taken = author.get(f"/drafts/{draft}/attachments/{enclosed['attachments'][0]['attachment_id']}")
    assert (taken.data, taken.mimetype) == (b"xin chao", "text/plain")
    ways = _json(author.get(f"/drafts/{draft}/ways"))
    assert any(way["template_id"] == route for way in ways)
    _json(author.post(f"/drafts/{draft}/send", {"template_id": route, "seen_revision": 2}), 200)

    (waits,) = _json(head.get("/documents/waiting"))["rows"]
    assert (waits["draft_id"], waits["title"], waits["by"]) == (draft, "V/v họp giao ban", "Trần Văn Ửng")
    seen = _json(head.get(f"/documents/{draft}"))["revision"]
    done = _json(head.post(f"/documents/{draft}/agree", {"seen_revision": seen, "comment": "Được."}), 200)
    assert (done["position"], done["document"]["state"]) == (0, "approved")
    happened = _json(author.get(f"/documents/{draft}/story"))["happenings"]
    assert [(one["action"], one["who"]["name"]) for one in happened[-2:]] == [
        ("eoffice:draft:look", "Nguyễn Thị Ngọc Ánh"), ("eoffice:draft:approve", "Nguyễn Thị Ngọc Ánh"),
    ]  # fmt: skip
    paper = author.get(f"/documents/{draft}/story/vi")
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")
    with unit_of_work(settings) as session:
        assert session.scalars(select(TaskRow.via).where(TaskRow.state == "decided")).all() == ["api"]
        assert session.scalars(select(RemarkRow.via)).all() == ["api"]


def test_returned_asked_and_taken_back(own: Own, route: int) -> None:
    """The other decisions, and remarks on words of the text."""
    author, head, other = own(AUTHOR), own(HEAD), own(STRANGER)
    draft = _sent(author, route)
    place = f"/documents/{draft}"
    assert _json(head.get("/documents/colleagues?text=hoang"))[0]["official_id"] == STRANGER
    asked = {"whom": [STRANGER], "question": "Đủ chưa?"}
    assert _json(head.post(f"{place}/ask", asked), 200)["document"]["state"] == "on_route"
    assert head.post(f"{place}/return", {"seen_revision": 1}).status_code == 400  # without a word
    assert _json(other.post(f"{place}/opinion", {"seen_revision": 1, "comment": "Đủ."}), 200)["position"] == 1
    passage = _json(other.get(place))["text"]["passages"][0]["id"]
    remark = _json(other.post(f"{place}/remarks", {"text": "Sai.", "passage": passage, "revision": 1}), 201)[
        "remark_id"
    ]
    _json(author.post(f"{place}/remarks/{remark}/answer", {"text": "Đã sửa."}), 201)
    assert [author.post(f"{place}/remarks/{remark}/{verb}").status_code for verb in ("resolve", "reopen")] == [200, 200]
    heard = {one["text"]: one["parent"] for one in _json(head.get(f"{place}/remarks"))["rows"]}
    assert heard == {"Đủ chưa?": None, "Đủ.": None, "Sai.": None, "Đã sửa.": remark}
    returned = _json(head.post(f"{place}/return", {"seen_revision": 1, "comment": "Sửa."}), 200)
    assert returned["document"]["state"] == "returned"
    again = _json(head.post(f"{place}/undo", {"position": returned["position"]}), 200)
    assert again["document"]["state"] == "on_route"
    assert author.post(f"{place}/pull-back").status_code == 409  # it was opened
    assert _json(author.post(f"/drafts/{draft}/withdraw"), 200)["state"] == "withdrawn"
    assert _json(author.post(f"/drafts/{draft}/take-up"), 200)["state"] == "drafting"


def test_nobody_decides_twice_nor_on_what_they_have_not_seen(own: Own, route: int) -> None:
    author, head = own(AUTHOR), own(HEAD)
    draft = _sent(author, route)
    decided = [head.post(f"/documents/{draft}/agree", {"seen_revision": seen}).status_code for seen in (9, 1, 1)]
    assert decided == [409, 200, 409]
    assert author.post(f"/drafts/{draft}/revisions", {"base": 1, "passages": []}).status_code == 400  # approved


@pytest.mark.parametrize(
    ("scope", "statuses"),
    [
        ("documents.read", (200, 404, 404)),
        ("documents", (200, 200, 404)),
        ("drafts", (200, 404, 201)),
        ("own", (404, 404, 404)),
    ],
)
def test_a_token_does_what_its_scope_says(own: Own, route: int, scope: str, statuses: tuple[int, int, int]) -> None:
    """Read it, agree to it, begin another. Somebody who lent a token for reading has not lent their word."""
    draft = _sent(own(AUTHOR), route)
    lent = own(HEAD, scope)
    answers = (
        lent.get(f"/documents/{draft}"),
        lent.post(f"/documents/{draft}/agree", {"seen_revision": 1}),
        lent.post("/drafts", {"kind": "cong_van", "title": "V/v"}),
    )
    assert tuple(one.status_code for one in answers) == statuses


def test_what_is_anothers_is_not_there(own: Own, route: int, administrator: Program) -> None:
    """Nor for whoever runs the servers."""
    draft = _sent(own(AUTHOR), route)
    for program in (own(STRANGER), administrator):
        reads = ("documents/{}", "documents/{}/story", "documents/{}/remarks", "drafts/{}/revisions")
        assert {program.get("/" + one.format(draft)).status_code for one in (*reads, "drafts/{}/enclosures")} == {404}
        writes = {
            f"/documents/{draft}/agree": {"seen_revision": 1}, f"/documents/{draft}/ask": {"whom": ["CB1"]},
            f"/documents/{draft}/undo": {"position": 0}, f"/documents/{draft}/remarks": {"text": "x"},
            f"/drafts/{draft}/revisions": {"base": 1, "passages": []}, f"/drafts/{draft}/withdraw": None,
            f"/drafts/{draft}/links": {"relation": "related", "named": "1/CV"},
        }  # fmt: skip
        assert {place: program.post(place, body).status_code for place, body in writes.items()} == dict.fromkeys(
            writes, 404
        )
        assert _json(program.get("/documents?text=giao ban"))["rows"] == []


def test_a_level_of_secrecy_is_refused_on_every_path(own: Own, route: int, settings: Settings) -> None:
    """As on the pages: 400 with the sentence, and nothing of it is kept."""
    author, head = own(AUTHOR), own(HEAD)
    draft, open_ = _sent(author, route), _begun(author, "V/v thứ hai")
    page = _json(author.get(f"/documents/{open_}"))
    passages = [one | {"text": SECRET} if one["role"] == "body" else one for one in page["text"]["passages"]]

    def sent(name: str, content: bytes) -> dict[str, Any]:
        return {"data": {"file": (BytesIO(content), name)}, "content_type": "multipart/form-data"}

    with unit_of_work(settings) as session:
        before = [session.scalar(select(func.count()).select_from(one)) for one in _KEPT]
    refused = {
        "title": author.post("/drafts", {"kind": "cong_van", "title": SECRET}),
        "text": author.post(f"/drafts/{open_}/revisions", {"base": 1, "passages": passages}),
        "retitled": author.post(
            f"/drafts/{open_}/revisions", {"base": 1, "passages": page["text"]["passages"], "title": SECRET}
        ),
        "attached": author.ask("POST", f"/drafts/{open_}/attachments", **sent("a.txt", SECRET.encode())),
        "named": author.ask("POST", f"/drafts/{open_}/attachments", **sent(f"{SECRET}.txt", b"x")),
        "linked": author.post(f"/drafts/{open_}/links", {"relation": "related", "named": SECRET}),
        "remark": head.post(f"/documents/{draft}/remarks", {"text": SECRET}),
        "comment": head.post(f"/documents/{draft}/agree", {"seen_revision": 1, "comment": SECRET}),
        "returned": head.post(f"/documents/{draft}/return", {"seen_revision": 1, "comment": SECRET}),
        "asked": head.post(f"/documents/{draft}/ask", {"whom": [STRANGER], "question": SECRET}),
    }
    assert {name: answer.status_code for name, answer in refused.items()} == dict.fromkeys(refused, 400)
    assert all("Law 29/2018/QH14" in answer.text for answer in refused.values())
    with unit_of_work(settings) as session:
        assert [session.scalar(select(func.count()).select_from(one)) for one in _KEPT] == before
        states = session.scalars(select(DraftRow.state).order_by(DraftRow.id)).all()
    assert states == ["on_route", "drafting"]


_KEPT = (AttachmentRow, DraftRow, RemarkRow, RevisionRow)


def test_routes_are_made_and_retired(administrator: Program, route: int) -> None:
    one = _json(administrator.get(f"/routes/{route}"))
    assert (one["name"], one["plan"]["steps"][0]["purpose"]) == ("Ngắn", "approval")
    assert _json(administrator.post(f"/routes/{route}/retire"), 200)["retired_by"] == "admin"
    assert route not in {each["template_id"] for each in _json(administrator.get("/routes"))["rows"]}
    assert route in {each["template_id"] for each in _json(administrator.get("/routes?retired=true"))["rows"]}
    assert _json(administrator.post(f"/routes/{route}/bring-back"), 200)["retired_by"] is None
    wrong = administrator.post("/routes", {"name": "Sai", "steps": [{"kind": "nobody"}]})
    assert (wrong.status_code, "step 1" in wrong.text) == (400, True)


def test_what_is_overdue_names_people_to_their_head(own: Own, route: int, settings: Settings) -> None:
    """And that the head was shown whom is in the trail, once."""
    draft, head = _sent(own(AUTHOR), route), own(HEAD)
    (unit,) = _json(head.get("/documents/overdue"))["rows"]
    assert (unit["waiting"], unit["late"], unit["lines"]) == (1, 0, [])
    with unit_of_work(settings) as session:
        session.execute(update(StepRow).values(due=date(2020, 1, 2)))
    for _ in range(2):
        (unit,) = _json(head.get("/documents/overdue"))["rows"]
    assert [(one["official"], one["draft_id"]) for one in unit["lines"]] == [("Nguyễn Thị Ngọc Ánh", draft)]
    with unit_of_work(settings) as session:
        looked = select(AuditEntry.actor).where(AuditEntry.action == "eoffice:board:look")
        assert session.scalars(looked).all() == ["cb1"]
