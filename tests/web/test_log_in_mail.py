"""The log-in mail in the browser's words: from the link to the first task, and what a link that has ended says."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core import jobs, log
from core.db import forget, unit_of_work, utc_now
from core.directory.models import Account, AccountSession
from core.directory.services import import_roster
from core.directory.services.inviting import invite
from core.mail.models import LogInLink
from core.permissions import command_line_actor
from core.settings import Settings
from tests.core.mail.post_office import PostOffice, hash_cheaply, installed, open_office, text_of
from tests.web import town
from tests.web.conftest import NAME, PASSWORD, Visitor
from web.border import BorderedFlask

CHOSEN = "một câu hoàn toàn khác hẳn"
LINK = re.compile(r"/welcome\?key=[A-Za-z0-9_-]+")
CB1 = "cb1@tp.example.gov.vn"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_office() as opened:
        yield opened


@pytest.fixture
def settings(
    tmp_path: Path, prepared_home: Path, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """The town with one administrator, and mail on."""
    hash_cheaply(monkeypatch)
    log.configure("info", io.StringIO())
    shutil.copytree(prepared_home, tmp_path / "home")
    made = installed(tmp_path / "home", office.port)
    with unit_of_work(made) as session:
        import_roster(session, command_line_actor(), roster=town.roster())
    yield made
    forget(made)


def _invited(settings: Settings, office: PostOffice, number: str = "CB1") -> str:
    """The address of the link that was mailed."""
    with unit_of_work(settings) as session:
        invite(session, command_line_actor(), official_ids=[number], now=utc_now())
    jobs.run_waiting(settings)
    found = LINK.search(text_of(office.taken[-1]))
    assert found
    return found[0]


def _end(settings: Settings) -> None:
    """The link's time is over."""
    with unit_of_work(settings) as session:
        past = utc_now() - timedelta(days=4)
        session.execute(update(LogInLink).values(created_at=past, ends_at=past + timedelta(days=3)))


def test_from_the_link_to_the_first_task_in_three_steps(
    settings: Settings, office: PostOffice, stranger: Visitor, audit_id: int
) -> None:
    """Open the link; choose a password; the own figures are there. The address never shows the token again."""
    link = _invited(settings, office)
    moved = stranger.get(link)
    assert (moved.status_code, moved.location) == (302, "/welcome")
    page = stranger.get("/welcome")
    assert CB1 in page.text
    assert link.partition("key=")[2] not in page.text
    done = stranger.post("/welcome", "/welcome", new=CHOSEN, again=CHOSEN)
    assert (done.status_code, done.location) == (303, "/mine")
    assert "Nguyễn Thị Ngọc Ánh" in stranger.get("/mine").text
    stranger.post("/log-out", "/mine")
    assert stranger.log_in(name=CB1, password=CHOSEN).status_code == 303


def test_opening_the_link_changes_nothing(settings: Settings, office: PostOffice, app: BorderedFlask) -> None:
    """A mail scanner opens every link, some of them twice."""
    link = _invited(settings, office)
    for _ in range(2):
        scanner = Visitor(app.test_client())
        scanner.get(link)
        assert scanner.get("/welcome").status_code == 200
    reader = Visitor(app.test_client())
    reader.get(link)
    assert reader.post("/welcome", "/welcome", new=CHOSEN, again=CHOSEN).status_code == 303


@pytest.mark.parametrize(("new", "again"), [("", ""), (CHOSEN, "khác"), ("123456789012", "123456789012")])
def test_a_password_that_will_not_do_keeps_the_link(
    settings: Settings, office: PostOffice, stranger: Visitor, new: str, again: str
) -> None:
    stranger.get(_invited(settings, office))
    refused = stranger.post("/welcome", "/welcome", new=new, again=again)
    assert refused.status_code == 422
    assert 'id="new-error"' in refused.text or 'id="again-error"' in refused.text
    assert stranger.post("/welcome", "/welcome", new=CHOSEN, again=CHOSEN).status_code == 303


def test_a_link_that_has_ended_leads_to_a_new_one(settings: Settings, office: PostOffice, stranger: Visitor) -> None:
    link = _invited(settings, office)
    _end(settings)
    stranger.get(link)
    page = stranger.get("/welcome")
    assert "không còn dùng được" in page.text
    assert CB1 not in page.text  # whose it was is not told
    assert stranger.post("/welcome/again", "/welcome").status_code == 303
    jobs.run_waiting(settings)
    assert office.addresses == [CB1, CB1]
    new = LINK.search(text_of(office.taken[-1]))
    assert new
    assert new[0] != link
    stranger.get(new[0])
    assert stranger.post("/welcome", "/welcome", new=CHOSEN, again=CHOSEN).status_code == 303


@pytest.mark.parametrize("link", ["/welcome", "/welcome?key=", "/welcome?key=abc", f"/welcome?key={'x' * 5000}"])
def test_links_that_never_were(settings: Settings, office: PostOffice, stranger: Visitor, link: str) -> None:
    """The same page as for one that has ended."""
    stranger.get(link)
    assert "không còn dùng được" in stranger.get("/welcome").text


def test_the_answer_is_the_same_for_anybody(settings: Settings, office: PostOffice, app: BorderedFlask) -> None:
    _invited(settings, office)
    answers = set()
    for name in (CB1, NAME, "nobody", "cb2@tp.example.gov.vn"):
        visitor = Visitor(app.test_client())
        asked = visitor.post("/welcome/again", "/welcome/again", name=name)
        page = re.sub(r'value="[^"]+"', "", visitor.get("/welcome/again").text)
        answers.add((asked.status_code, asked.location, page))
    assert len(answers) == 1
    assert "Nếu có tài khoản này" in next(iter(answers))[2]


def test_the_link_ends_a_session_of_somebody_else(settings: Settings, office: PostOffice, app: BorderedFlask) -> None:
    """On a shared computer: what the link leads to is never in the name of who was logged in there.

    Opening it logs nobody out, for a link is opened by a scanner's preview or by a picture of another site as well.
    """
    other = Visitor(app.test_client())
    other.log_in()
    link = _invited(settings, office)
    other.get(link)
    assert other.get("/accounts").status_code == 200
    page = other.get("/welcome").text
    assert f"Trình duyệt này đang đăng nhập bằng tài khoản {NAME}" in page
    assert other.post("/welcome", "/welcome", new="ngắn", again="ngắn").status_code == 422
    assert other.get("/accounts").status_code == 200
    other.post("/welcome", "/welcome", new=CHOSEN, again=CHOSEN)
    assert CB1 in other.get("/account").text
    with unit_of_work(settings) as session:
        of_admin = select(AccountSession.ended_by).join(Account).where(Account.name == NAME)
        assert session.scalars(of_admin).all() == [NAME]


def test_nothing_secret_is_in_the_log(settings: Settings, office: PostOffice, app: BorderedFlask) -> None:
    written = io.StringIO()
    log.configure("debug", written)
    link = _invited(settings, office)
    visitor = Visitor(app.test_client())
    visitor.get(link)
    visitor.post("/welcome", "/welcome", new="123456789012", again="123456789012")
    visitor.client.post("/welcome", data={"new": CHOSEN})  # without the form's token: refused and logged
    said = written.getvalue()
    assert "stale form" in said
    assert link.partition("key=")[2] not in said
    assert CHOSEN not in said


def test_invitations_by_the_page(settings: Settings, office: PostOffice, admin: Visitor) -> None:
    done = admin.post("/invitations", "/invitations", numbers="CB1, CB2\nCB99")
    assert done.status_code == 200
    assert "CB99" in done.text
    assert "Đã mời: 2." in done.text
    file = (io.BytesIO(b"official_id\nCB3\n"), "ca-phong.csv")
    assert admin.post("/invitations", "/invitations", unit=town.HEALTH, file=file).status_code == 303
    jobs.run_waiting(settings)
    assert sorted(office.addresses) == [f"cb{number}@tp.example.gov.vn" for number in (1, 2, 3, 5, 6, 7)]
    assert admin.post("/invitations", "/invitations", unit="Sở Không Có").status_code == 422


def test_what_was_refused_is_listed_and_tried_again(settings: Settings, office: PostOffice, admin: Visitor) -> None:
    office.rcpt_says = ["550 5.1.1 <script>no such user</script>"]
    admin.post("/invitations", "/invitations", numbers="CB1")
    jobs.run_waiting(settings)
    page = admin.get("/mail").text
    assert "550 5.1.1 &lt;script&gt;no such user" in page
    assert "Thư mời" in page
    assert admin.post("/mail/retry", "/mail").status_code == 303
    jobs.run_waiting(settings)
    assert office.addresses == [CB1]
    assert "550" not in admin.get("/mail?state=sent").text


def test_an_administrator_chooses_the_own_mail(settings: Settings, admin: Visitor) -> None:
    assert "Chưa có địa chỉ" in admin.get("/account/mail").text
    sent = {"every": "once", "language": "en", "wanted": ["mail_audit:source:gap"], "address": "it@tp.example.gov.vn"}
    assert admin.post("/account/mail", "/account/mail", **sent).status_code == 303
    page = admin.get("/account/mail").text
    assert "it@tp.example.gov.vn" in page
    assert page.count(" checked") == 1
    for wrong in ({"every": "hourly"}, {"address": "it@\nx"}, {"wanted": ["x"]}, {"language": "fr"}):
        assert admin.post("/account/mail", "/account/mail", **{**sent, **wrong}).status_code == 422


def test_an_official_is_written_to_at_the_official_mailbox_only(
    settings: Settings, office: PostOffice, stranger: Visitor
) -> None:
    stranger.get(_invited(settings, office))
    stranger.post("/welcome", "/welcome", new=CHOSEN, again=CHOSEN)
    page = stranger.get("/account/mail").text
    assert CB1 in page
    assert 'name="address"' not in page
    sent = {"every": "day", "language": "vi", "wanted": [], "address": "rieng@out.test"}
    assert stranger.post("/account/mail", "/account/mail", **sent).status_code == 403


def test_lines_lead_their_reader_and_nobody_else(
    settings: Settings, office: PostOffice, stranger: Visitor, admin: Visitor, audit_id: int
) -> None:
    stranger.get(_invited(settings, office))
    stranger.post("/welcome", "/welcome", new=CHOSEN, again=CHOSEN)
    page = f"/audits/{audit_id}/contests/sent/CB1"
    assert stranger.post(page, page, reason="Nghỉ phép").status_code == 303
    admin.post("/contests/1/answer", "/contests/1", verdict="accepted", answer="Đúng")
    with unit_of_work(settings) as session:
        from core.mail.models import MailNotice

        notice = session.scalars(select(MailNotice.id)).one()
    assert stranger.get(f"/told/{notice}").location == "/contests/1"
    assert admin.get(f"/told/{notice}").status_code == 404
    assert PASSWORD not in stranger.get("/contests/1").text
