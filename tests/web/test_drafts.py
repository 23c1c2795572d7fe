"""Drafts as their authors live them: begun, written, mended, answered, compared, sent; without any script."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.permissions import Actor, Role
from core.settings import Settings
from eoffice.models import DraftRow, RevisionRow, RouteTemplate
from eoffice.queries import draft_page
from eoffice.services import remarking
from eoffice.services.rounds import Moment
from tests.eoffice.files.made import docx_of
from tests.web import town
from tests.web.conftest import Visitor
from web.views import search

Made = Callable[..., Visitor]
WORDS = {"kind": "cong_van", "title": "V/v kiểm tra công trình", "urgency": "normal", "due": ""}


@pytest.fixture
def author(account_of: Made) -> Visitor:
    """CB3, of the staff of Housing, below Construction whose leader is CB1."""
    return account_of(official_id="CB3", name="soan")


def now() -> Moment:
    return Moment(utc_now(), day_in("Asia/Ho_Chi_Minh", utc_now()))


def begun(author: Visitor, **more: object) -> str:
    """The address of a new draft's text."""
    answer = author.post("/drafts", "/drafts/new", **(WORDS | more))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def fields(author: Visitor, address: str) -> dict[str, object]:
    """The form of the text as a browser would send it."""
    page = author.get(address).text
    ids = re.findall(r'name="passage" value="([^"]+)"', page)
    texts = dict(re.findall(r'<textarea[^>]*name="text-([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL))
    base = re.search(r'name="base" value="(\d+)"', page)
    assert base
    roles = dict(re.findall(r'name="role-([^"]+)" value="([^"]+)"', page))
    sent: dict[str, object] = {"base": base[1], "passage": ids, "title": WORDS["title"]}
    return sent | {f"text-{key}": text for key, text in texts.items()} | {f"role-{k}": v for k, v in roles.items()}


def body_of(sent: dict[str, object]) -> str:
    return next(key.removeprefix("role-") for key, role in sent.items() if key.startswith("role-") and role == "body")


def written(author: Visitor, address: str, text: str, do: str = "save", **more: object) -> str:
    """Write the body and press a button; where it leads."""
    sent = fields(author, address)
    answer = author.post(address, address, **(sent | {f"text-{body_of(sent)}": text, "do": do} | more))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_begun_and_written(author: Visitor) -> None:
    address = begun(author)
    page = author.get(address).text
    assert "V/v kiểm tra công trình" in page
    assert town.HOUSING.upper() in page, "who issues it is known"
    written(author, address, "Kiểm tra lúc 8 giờ./.")
    page = author.get(address).text
    assert "Kiểm tra lúc 8 giờ./." in page
    assert "Đã lưu thành bản 2" in page
    assert "V/v kiểm tra công trình" in author.get("/drafts").text
    assert author.get("/search?q=kiem tra cong").text.count("/documents/1") == 1


def test_what_it_is_is_changed_later(author: Visitor) -> None:
    """What was typed is saved first; another type brings its parts, and the words stay."""
    address = begun(author)
    about = written(author, address, "Kiểm tra lúc 8 giờ./.", "about")
    page = author.get(about).text
    assert 'value="V/v kiểm tra công trình"' in page
    changed = {"kind": "ke_hoach", "title": "Kiểm tra công trình", "urgency": "urgent", "due": "2030-01-31"}
    assert author.post(about, about, **(changed | {"due": "mai"})).status_code == 422
    assert author.post(about, about, **(changed | {"title": "TỐI MẬT"})).status_code == 422
    assert author.post(about, about, **changed).status_code == 303
    page = author.get(address).text
    for words in ("KẾ HOẠCH", "Kiểm tra lúc 8 giờ./.", "Khẩn · hạn 31/01/2030", "Đã thay đổi"):
        assert words in page
    assert "Trích yếu công văn" not in page


def test_a_fault_is_mended_with_one_click(author: Visitor) -> None:
    address = begun(author)
    sent = fields(author, address)
    emblem = next(key[5:] for key, role in sent.items() if key.startswith("role-") and role == "emblem")
    author.post(address, address, **(sent | {f"text-{emblem}": "Cộng hòa xã hội chủ nghĩa Việt Nam", "do": "save"}))
    page = author.get(address).text
    button = re.search(rf'name="do" value="(mend:[^"]+:{emblem})"', page)
    assert button, "the finding stands beside its passage"
    author.post(address, address, **(fields(author, address) | {"do": button[1]}))
    page = author.get(address).text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page
    assert button[1] not in page


def test_passages_come_and_go(author: Visitor) -> None:
    address = begun(author)
    sent = fields(author, address)
    body = body_of(sent)
    assert f"#passage-{body}" in written(author, address, "Một", do=f"add:{body}")
    more = fields(author, address)
    ids = list(more["passage"])  # type: ignore[call-overload]
    new = ids[ids.index(body) + 1]
    assert new not in sent["passage"]  # type: ignore[operator]
    written(author, address, "Một", do=f"up:{new}", **{f"text-{new}": "Hai"})
    page = author.get(address).text
    assert page.index(">\nHai<") < page.index(">\nMột<")
    written(author, address, "Một", do=f"remove:{new}")
    assert ">\nHai<" not in author.get(address).text


def test_two_write_from_the_same_page(author: Visitor) -> None:
    """The same person on the telephone and at the desk: neither loses a word."""
    address = begun(author)
    written(author, address, "Họp lúc 8 giờ tại phòng A.")
    desk = fields(author, address)
    body = body_of(desk)
    for text in ("Họp lúc 9 giờ tại phòng A.", "Họp lúc 8 giờ tại phòng B."):
        author.post(address, address, **(desk | {f"text-{body}": text, "do": "save"}))
    page = author.get(address).text
    assert "Họp lúc 9 giờ tại phòng B." in page
    assert "người khác cũng sửa" in page


def test_two_change_the_subject_from_the_same_page(author: Visitor) -> None:
    """Whoever did not touch it takes nobody's change back; where both did, the words of both stand there."""
    address = begun(author)
    old = fields(author, address) | {"title-base": WORDS["title"], "do": "save"}
    author.post(address, address, **(old | {"title": "V/v kiểm tra công trình, nhà ở"}))
    author.post(address, address, **(old | {f"text-{body_of(old)}": "Kiểm tra lúc 8 giờ./."}))
    page = author.get(address).text
    assert 'name="title" value="V/v kiểm tra công trình, nhà ở"' in page
    assert "Kiểm tra lúc 8 giờ./." in page
    author.post(address, address, **(old | {"title": "V/v tổng kiểm tra công trình"}))
    assert 'name="title" value="V/v tổng kiểm tra công trình, nhà ở"' in author.get(address).text
    about = address.replace("/write", "/about")
    stale = WORDS | {"urgency": "urgent", "title-base": WORDS["title"]}
    assert author.post(about, about, **stale).status_code == 303
    page = author.get(about).text
    assert 'value="V/v tổng kiểm tra công trình, nhà ở"' in page
    assert "Khẩn" in author.get(address).text


def test_a_refused_page_keeps_the_subject_that_was_typed(author: Visitor) -> None:
    address = begun(author)
    sent = fields(author, address) | {"title-base": WORDS["title"], "title": "V/v kiểm tra nhà ở", "do": "save"}
    answer = author.post(address, address, **(sent | {f"text-{body_of(sent)}": "MẬT\nsố liệu"}))
    assert answer.status_code == 422
    assert 'name="title" value="V/v kiểm tra nhà ở"' in answer.text
    assert f'name="title-base" value="{WORDS["title"]}"' in answer.text


def test_saved_by_the_script(author: Visitor, settings: Settings) -> None:
    """The same form, the same address, answered in JSON."""
    address = begun(author)
    sent = fields(author, address)
    token = re.search(r'name="csrf_token" value="([^"]+)"', author.get(address).text)
    assert token
    data = sent | {"csrf_token": token[1], f"text-{body_of(sent)}": "Tự lưu", "do": "save"}
    answer = author.client.post(address, data=data, headers={"Accept": "application/json"})
    saved = answer.get_json()
    assert (saved["revision"], saved["merged"], saved["title"]) == (2, False, WORDS["title"])
    data |= {f"text-{body_of(sent)}": "TỐI MẬT"}
    answer = author.client.post(address, data=data, headers={"Accept": "application/json"})
    assert (answer.status_code, "29/2018" in answer.get_json()["refused"]) == (422, True)


def test_what_is_secret_stays_on_the_page_and_nowhere_else(author: Visitor, settings: Settings) -> None:
    answer = author.post("/drafts", "/drafts/new", **(WORDS | {"title": "[TUYỆT MẬT]"}))
    assert (answer.status_code, "29/2018" in answer.text) == (422, True)
    address = begun(author)
    sent = fields(author, address)
    answer = author.post(address, address, **(sent | {f"text-{body_of(sent)}": "MẬT\nsố liệu", "do": "save"}))
    assert (answer.status_code, "29/2018" in answer.text) == (422, True)
    with unit_of_work(settings) as session:
        assert session.scalar(select(func.count()).select_from(RevisionRow)) == 1
    assert (
        "Không tìm thấy" in author.get("/search?q=so lieu").text
        or "/documents/1" not in author.get("/search?q=so lieu").text
    )


def test_all_documents_that_are_found_can_be_reached(author: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their list goes on page by page, below the people of that name."""
    monkeypatch.setattr(search, "LIMIT", 2)
    for number in range(3):
        begun(author, title=f"Thu hoạch vụ {number}")
    found = author.get("/search?q=thu hoach").text
    assert found.count('href="/documents/') == 2
    assert 'href="/search?q=thu+hoach&amp;kind=documents"' in found
    rest = author.get("/search?q=thu hoach&kind=documents&offset=2").text
    assert rest.count('href="/documents/') == 1
    assert "Xem cả" not in rest


def upload(author: Visitor, page: str, address: str, name: str, content: bytes, **more: object) -> int:
    return author.post(address, page, file=(io.BytesIO(content), name), **more).status_code


def test_a_word_file(author: Visitor) -> None:
    first, second = docx_of("Kính gửi: Sở Y tế", "Họp lúc 8 giờ"), docx_of("Kính gửi: Sở Y tế", "Họp lúc 9 giờ")
    address = begun(author, file=(io.BytesIO(first), "Giấy mời.docx"))
    assert "Họp lúc 8 giờ" in author.get(address).text
    assert upload(author, address, "/drafts/1/file", "mới.docx", second, base="1") == 303
    assert author.get("/drafts/1/revisions/1/file").data == first
    assert "/drafts/1/revisions/2/file" in author.get("/documents/1").text
    answer = author.get("/drafts/1/revisions/2/file")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    page = author.get("/drafts/1/revisions/1..2").text
    assert '<del class="vt-removed">8</del><ins class="vt-added">9</ins>' in page
    assert upload(author, address, "/drafts/1/file", "x.docx", b"PK\3\4", base="2") == 303
    assert "DOCX" in author.get(address).text
    assert author.post("/drafts/1/file/mend", address, base="2").status_code == 303
    assert author.get("/drafts/1/revisions/3/file").status_code == 200


def test_attached_linked_and_undone(author: Visitor) -> None:
    begun(author)
    begun(author, title="Văn bản khác")
    page = "/drafts/1/enclosures"
    upload(author, page, "/drafts/1/attachments", "Số liệu.csv", b"a,b")
    assert "Số liệu.csv" in author.get(page).text
    assert author.get("/drafts/1/attachments/1").data == b"a,b"
    author.post("/drafts/1/attachments/1/remove", page)
    assert author.get("/drafts/1/attachments/1").status_code == 404
    author.post("/drafts/1/attachments/1/restore", page)
    author.post("/drafts/1/links", page, relation="replaces", named="77/QĐ-UBND")
    assert "Văn bản khác" in author.get(f"{page}?q=van ban khac").text
    assert 'name="other"' not in author.get(f"{page}?q=khong co").text
    author.post("/drafts/1/links", page, relation="related", other="2")
    shown = author.get(page).text
    assert "77/QĐ-UBND" in shown
    assert "Văn bản khác" in shown
    author.post("/drafts/1/links/1/remove", page)
    assert "77/QĐ-UBND" not in author.get(page).text
    upload(author, page, "/drafts/1/attachments", "TỐI MẬT.csv", b"a,b")
    assert "29/2018" in author.get(page).text


def test_a_remark_is_answered_and_settled(author: Visitor, account_of: Made) -> None:
    address = begun(author)
    written(author, address, "Họp lúc 8 giờ. Mời đúng giờ./.")
    sent = fields(author, address)
    body = body_of(sent)
    leader = account_of(official_id="CB1", name="truong")
    page = f"/drafts/1/remarks/new?passage={body}"
    assert "Họp lúc 8 giờ." in leader.get(page).text
    answer = leader.post("/drafts/1/remarks", page, passage=body, revision="2", about="Họp lúc 8 giờ.", text="Muộn quá")
    assert answer.status_code == 303
    assert "Muộn quá" in author.get(address).text
    author.post(address, address, **(fields(author, address) | {"do": "answer:1", "answer-1": "Đã đổi"}))
    assert "Đã đổi" in author.get(address).text
    author.post(address, address, **(fields(author, address) | {"do": "resolve:1"}))
    assert "Muộn quá" not in author.get(address).text
    author.post("/drafts/1/remarks/1/reopen", address)
    assert "Muộn quá" in author.get(address).text
    assert leader.post("/drafts/1/remarks", page, revision="2", text="").status_code == 422


def test_given_up_and_taken_up(author: Visitor) -> None:
    address = begun(author)
    author.post("/drafts/1/withdraw", "/drafts/1/enclosures")
    assert "thôi soạn" in author.get(address).text
    assert author.post("/drafts/1/take-up", address).status_code == 303
    assert "textarea" in author.get(address).text


def test_sent_off(author: Visitor, settings: Settings) -> None:
    """By the route that its unit has; a stale page sends nothing."""
    who = [{"unit": town.CONSTRUCTION, "rank": "leader"}]
    steps = [{"kind": "any", "purpose": "approval", "who": who}]
    with unit_of_work(settings) as session:
        session.add(RouteTemplate(name="Công văn", version=1, steps=steps, made_at=now().now, made_by="x"))
    address = begun(author)
    assert written(author, address, "Kiểm tra./.", do="send") == "/drafts/1/send"
    page = author.get("/drafts/1/send").text
    assert "Chưa viết: Kính gửi, Quyền hạn, chức vụ của người ký, Họ tên người ký." in page
    route = re.search(r'name="route" value="(\d+)"', page)
    assert route, "a route is offered"
    assert "Nguyễn Thị Ngọc Ánh" in page, "with whom it would have"
    assert author.post("/drafts/1/send", "/drafts/1/send", seen_revision="1", route=route[1]).status_code == 422
    assert author.post("/drafts/1/send", "/drafts/1/send", seen_revision="2", route="999").status_code == 422
    assert author.post("/drafts/1/send", "/drafts/1/send", seen_revision="2", route=route[1]).status_code == 303
    with unit_of_work(settings) as session:
        assert session.scalars(select(DraftRow.state)).one() == "on_route"
    assert author.get(address).status_code == 303, "it can only be read now"


def test_nobody_else_finds_it(author: Visitor, account_of: Made, admin: Visitor) -> None:
    begun(author)
    for visitor in (account_of(official_id="CB5", name="khac"), account_of(Role.ADMINISTRATOR), admin):
        for address in ("write", "revisions", "revisions/1..1", "enclosures", "send", "remarks/new"):
            assert visitor.get(f"/drafts/1/{address}").status_code == 404, address
        assert "/documents/1" not in visitor.get("/search?q=kiem tra cong").text
    assert account_of(official_id="CB1", name="truong").get("/drafts/1/revisions").status_code == 200


def test_the_last_look_is_where_the_difference_begins(author: Visitor, account_of: Made, settings: Settings) -> None:
    address = begun(author)
    leader = account_of(official_id="CB1", name="truong")
    leader.get("/documents/1")
    written(author, address, "Thêm./.")
    assert "/drafts/1/revisions/1..2" in leader.get("/drafts/1/revisions").text
    actor = Actor("x", frozenset({Role.OFFICIAL}), "CB1")
    with unit_of_work(settings) as session:
        remarking.remark(session, actor, draft_id=1, text="Được", moment=now())
        assert draft_page(session, actor, draft_id=1, today=now().today).seen == 1
