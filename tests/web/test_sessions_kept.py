"""Sessions kept in the database: listed, ended one by one or all, by their owner or an administrator; time-outs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.audit import AuditEntry
from core.db import unit_of_work, utc_now
from core.directory.models import AccountSession
from core.settings import Settings
from tests.web.conftest import NAME, PASSWORD, Visitor
from web import browsers
from web.app import create_app
from web.border import BorderedFlask
from web.language import COOKIE

PAGE = "/account"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
ENDING = re.compile(r'action="(/account/sessions/\d+/end)"')


def _visitor(app: BorderedFlask, name: str = NAME, **environ: str) -> Visitor:
    client = app.test_client()
    client.environ_base.update(environ)
    visitor = Visitor(client)
    assert visitor.log_in(name=name).status_code == 303
    return visitor


def _earlier(settings: Settings, *, seen: timedelta, created: timedelta | None = None) -> None:
    """As if every session had begun and been seen so long ago."""
    now = utc_now()
    with unit_of_work(settings) as session:
        session.execute(update(AccountSession).values(seen_at=now - seen, created_at=now - (created or seen)))


def _trail(settings: Settings) -> list[tuple[str, str, str, object]]:
    with unit_of_work(settings) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        return [(entry.actor, entry.action, entry.subject, entry.facts) for entry in entries]


def test_the_page_lists_them_in_plain_words(app: BorderedFlask, admin: Visitor) -> None:
    _visitor(app, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.77")
    page = admin.get(PAGE).text
    assert "Firefox, Windows" in page
    assert "192.0.2.x" in page
    assert "192.0.2.77" not in page
    assert "trình duyệt không rõ (phiên này)" in page
    assert len(ENDING.findall(page)) == 2


def test_one_is_ended(app: BorderedFlask, admin: Visitor, settings: Settings) -> None:
    other = _visitor(app)
    ends_other = ENDING.findall(other.get(PAGE).text)[0]
    assert admin.post(ends_other, PAGE).status_code == 303
    assert other.get(PAGE).status_code == 302
    assert "Phiên làm việc đó đã kết thúc" in admin.get(PAGE).text
    assert _trail(settings)[-1] == (NAME, "core:session:end", f"account:{NAME}", {"sessions": 1})
    before = len(_trail(settings))
    assert admin.post(ends_other, PAGE).status_code == 303
    assert len(_trail(settings)) == before


def test_all_others_are_ended(app: BorderedFlask, admin: Visitor, settings: Settings) -> None:
    others = [_visitor(app), _visitor(app)]
    assert admin.post("/account/sessions/end", PAGE).status_code == 303
    assert [one.get(PAGE).status_code for one in (admin, *others)] == [200, 302, 302]
    assert _trail(settings)[-1] == (NAME, "core:session:end", f"account:{NAME}", {"sessions": 2})


def test_another_s_session_is_not_there(app: BorderedFlask, admin: Visitor, official: Visitor) -> None:
    ends_admins = ENDING.findall(admin.get(PAGE).text)[0]
    assert official.post(ends_admins, PAGE).status_code == 404
    assert official.post(f"/accounts/{NAME}/sessions/end", PAGE).status_code == 404
    assert admin.get(PAGE).status_code == 200
    assert NAME not in official.get(PAGE).text


def test_the_administrator_ends_an_official_s(admin: Visitor, official: Visitor, settings: Settings) -> None:
    assert official.get(PAGE).status_code == 200
    assert 'action="/accounts/can.bo/sessions/end"' in admin.get("/accounts").text
    assert admin.post("/accounts/can.bo/sessions/end", "/accounts").status_code == 303
    assert official.get(PAGE).status_code == 302
    assert 'action="/accounts/can.bo/sessions/end"' not in admin.get("/accounts").text
    assert _trail(settings)[-1] == (NAME, "core:session:end", "account:can.bo", {"sessions": 1})


def test_logging_out_is_in_the_trail_and_a_kept_cookie_worth_nothing(admin: Visitor, settings: Settings) -> None:
    cookie = admin.client.get_cookie("vanthu")
    assert cookie is not None
    assert admin.post("/log-out", PAGE).status_code == 303
    assert _trail(settings)[-1] == (NAME, "core:session:log_out", f"account:{NAME}", {})
    admin.client.set_cookie("vanthu", cookie.value)
    assert admin.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("seen", "created", "status"), [(59, 719, 200), (61, 61, 302), (1, 721, 302)], ids=["busy", "idle", "too old"]
)
def test_a_session_ends_by_itself(admin: Visitor, settings: Settings, seen: int, created: int, status: int) -> None:
    _earlier(settings, seen=timedelta(minutes=seen), created=timedelta(minutes=created))
    assert admin.get(PAGE).status_code == status


def test_the_time_outs_are_settings(settings: Settings) -> None:
    (settings.home / "vanthu.toml").write_text("[web]\nidle_minutes = 5\nsession_hours = 1\n", "utf-8")
    from core.settings import load

    app = create_app(load({"VANTHU_HOME": str(settings.home)}))
    visitor = _visitor(app)
    assert "sau 5 phút" in visitor.get(PAGE).text
    _earlier(settings, seen=timedelta(minutes=4), created=timedelta(minutes=59))
    assert visitor.get(PAGE).status_code == 200
    _earlier(settings, seen=timedelta(minutes=6))
    assert visitor.get(PAGE).status_code == 302


def test_a_page_is_a_sign_of_life(admin: Visitor, settings: Settings) -> None:
    _earlier(settings, seen=timedelta(minutes=50))
    assert admin.get(PAGE).status_code == 200
    with unit_of_work(settings) as session:
        seen = session.scalars(select(AccountSession.seen_at)).one()
    assert utc_now() - seen < timedelta(minutes=1)


def test_the_database_holds_no_token(admin: Visitor, settings: Settings) -> None:
    with admin.client.session_transaction() as cookie:
        token = cookie["token"]
    with unit_of_work(settings) as session:
        row = session.scalars(select(AccountSession)).one()
        assert token not in {str(value) for value in vars(row).values()}
    assert PASSWORD not in row.token_digest


def test_old_rows_go_with_the_next_log_in(app: BorderedFlask, admin: Visitor, settings: Settings) -> None:
    _earlier(settings, seen=timedelta(days=31))
    _visitor(app)
    with unit_of_work(settings) as session:
        assert len(session.scalars(select(AccountSession)).all()) == 1


@pytest.mark.parametrize(
    ("language", "heading", "sentence"),
    [
        ("vi", "Nơi tài khoản này đang đăng nhập", "Mở trang gần nhất"),
        ("en", "Where this account is logged in", "Last page"),
    ],
)
def test_both_languages(admin: Visitor, language: str, heading: str, sentence: str) -> None:
    admin.client.set_cookie(COOKIE, language)
    page = admin.get(PAGE).text
    assert (f">{heading}</h2>" in page, sentence in page) == (True, True)


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0", "Edge, Windows"),
        ("Mozilla/5.0 (Windows NT 6.1) coc_coc_browser/120 Chrome/114 Safari/537.36", "Cốc Cốc, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/142 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("curl/8.5 <script>", ""),
        ("", ""),
    ],
)
def test_browsers_in_words(named: str, words: str) -> None:
    assert browsers.in_words(named) == words
