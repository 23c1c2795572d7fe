"""Figures, sizes, progress and languages in words; what a visitor asks for, made safe."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import render_template_string
from flask_babel import force_locale

from core.db import unit_of_work
from core.permissions import WHOLE
from core.settings import Settings
from mail_audit import queries
from mail_audit.queries import AuditDetail, Progress
from web import formats
from web.border import BorderedFlask
from web.language import COOKIE, SourceBabel
from web.views import asked
from web.views.progress import progress_of

MOMENT = datetime(2026, 10, 5, 18, 30, 15, tzinfo=UTC)
SHOWN: tuple[tuple[object, str, str], ...] = (
    (lambda: formats.count(1234567), "1.234.567", "1,234,567"),
    (lambda: formats.count(None), "–", "–"),
    (lambda: formats.percent(0.13), "13\u00a0%", "13%"),
    (lambda: formats.points(0.104), "+10", "+10"),
    (lambda: formats.points(-0.03), "−3", "−3"),
    (lambda: formats.points(0.001), "0", "0"),
    (lambda: formats.points(None), "–", "–"),
    (lambda: formats.day(date(2026, 10, 5)), "05/10/2026", "5 October 2026"),
    (lambda: formats.moment(MOMENT), "01:30 06/10/2026", "01:30 on 6 October 2026"),
    (lambda: formats.moment(MOMENT.replace(tzinfo=None), "UTC"), "18:30 05/10/2026", "18:30 on 5 October 2026"),
    (lambda: formats.clock(MOMENT), "01:30:15", "01:30:15"),
    (lambda: formats.who("cli:root"), "lệnh trên máy chủ (root)", "a command on the server (root)"),
    (lambda: formats.who("thanh.tra"), "thanh.tra", "thanh.tra"),
    (lambda: formats.size(999), "999\u00a0B", "999\u00a0B"),
    (lambda: formats.size(1_500), "2\u00a0kB", "2\u00a0kB"),
    (lambda: formats.size(2_250_000_000), "2,2\u00a0GB", "2.2\u00a0GB"),
)


@pytest.mark.parametrize(("shown", "vi", "en"), SHOWN)
def test_words_of_both_languages(app: BorderedFlask, shown: object, vi: str, en: str) -> None:
    for language, words in (("vi", vi), ("en", en)):
        with app.test_request_context(headers={"Cookie": f"{COOKIE}={language}"}):
            assert shown() == words  # type: ignore[operator]


@pytest.mark.parametrize(("language", "due"), [("vi", "Hạn Đợt"), ("en", "Due Wave")])
def test_templates_say_words_as_jinja_does(app: BorderedFlask, language: str, due: str) -> None:
    """In the visitor's language; what is put in is escaped, a percentage sign written twice is one."""
    said = "|".join("{{ " + name + "('Due') }} {{ " + name + "('Wave %(number)s', number='<b>') }} {{ " + name
                    + "('100%%') }}" for name in ("_", "gettext"))  # fmt: skip
    with app.test_request_context(headers={"Cookie": f"{COOKIE}={language}"}):
        ours, jinjas = app.jinja_env.from_string(said).render().split("|")
        assert ours == jinjas == f"{due} &lt;b&gt; 100%"
        with force_locale("en"):
            assert render_template_string("{{ _('Due') }}") == "Due"


@pytest.mark.parametrize(("cookie", "language"), [("en", "en"), ("vi", "vi"), ("fr", "vi"), ("", "vi")])
def test_the_language_is_the_visitors_choice(app: BorderedFlask, cookie: str, language: str) -> None:
    client = app.test_client()
    client.set_cookie(COOKIE, cookie)
    page = client.get("/log-in")
    assert f'<html lang="{language}"' in page.text


def test_translations_are_of_our_own_domain(app: BorderedFlask) -> None:
    assert isinstance(app.extensions["babel"].instance, SourceBabel)


@pytest.fixture
def detail(app: BorderedFlask, settings: Settings, audit_id: int) -> AuditDetail:
    with unit_of_work(settings) as session:
        return queries.audit(session, audit_id, reach=WHOLE)


@pytest.mark.parametrize(
    ("done", "total", "speed", "bar", "left"),
    [
        (0, None, None, None, ""),
        (0, 100, None, 0.0, ""),
        (50_000_000, 200_000_000, 1_000_000.0, 0.25, "about 2 minutes left"),
        (150_000_000, 200_000_000, 1_000_000.0, 0.75, "less than a minute left"),
        (200, 200, 5.0, 1.0, ""),
    ],
)
def test_progress_in_words(
    app: BorderedFlask,
    detail: AuditDetail,
    done: int,
    total: int | None,
    speed: float | None,
    bar: float | None,
    left: str,
) -> None:
    running = replace(detail, progress=Progress("collecting", done, total, 7, "mail.log", speed))
    with app.test_request_context(headers={"Cookie": f"{COOKIE}=en"}):
        shown = progress_of(running)
    assert (shown.bar, shown.words["left"], shown.words["lines"], shown.words["file"]) == (
        bar,
        left,
        "7 lines",
        "mail.log",
    )


@pytest.mark.parametrize(
    ("given", "offset"), [(None, 0), ("50", 50), ("-1", 0), ("x", 0), ("1e3", 0), ("9" * 30, 0), ("²", 0)]
)
def test_offsets(given: str | None, offset: int) -> None:
    assert asked.offset(given) == offset


def test_what_nobody_knows_is_as_if_it_were_not_there() -> None:
    assert asked.one_of("drop table", ("name", "unit"), "name") == "name"
    assert asked.optional("drop table", ("regular",)) is None
    assert [asked.flag(one) for one in ("1", "0", "yes", None)] == [True, False, False, False]
