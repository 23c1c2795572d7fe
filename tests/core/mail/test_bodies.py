"""Every message as it is sent, in both languages, held to files that were looked at."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.db import unit_of_work
from core.directory.services import create_account, links
from core.directory.services.inviting import invite
from core.mail import MailKind, preferences, tell
from core.mail.digests import make_digests
from core.mail.kinds import TOLD
from core.mail.outbox import post
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings
from core.words import LANGUAGES, Language, Text
from tests.core.mail.post_office import NOW, PostOffice, account_named, installed, send_at, text_of

SNAPSHOTS = Path(__file__).parent / "snapshots"
KEY = re.compile(r"(welcome\?key=)[A-Za-z0-9_-]+")
SAID = {
    MailKind.MAIL_AUDIT_CONTEST_ANSWERED: Text("Đề nghị số 7 đã có trả lời.", "Request no. 7 has an answer."),
    MailKind.MAIL_AUDIT_CONTEST_ASKED: Text("Đề nghị số 8 đang chờ.", "Request no. 8 waits."),
    MailKind.MAIL_AUDIT_EXCEPTION_RECORDED: Text("Một ngoại lệ <b>&</b>.", "An exception <b>&</b>."),
    MailKind.MAIL_AUDIT_SOURCE_GAP: Text("Nguồn thu1: thiếu 22/11/2026", "Source thu1: 22 November 2026 is missing"),
}


def _digest(settings: Settings, language: Language) -> None:
    with unit_of_work(settings) as session:
        create_account(
            session, command_line_actor(), name="can.bo", password="bốn từ chẳng liên quan", official_id="CB1"
        )
    with unit_of_work(settings) as session:
        actor = Actor("can.bo", frozenset({Role.OFFICIAL}), "CB1")
        preferences.choose(session, actor, every="day", language=language, wanted=list(TOLD))
        for number, (kind, said) in enumerate(SAID.items()):
            tell(session, accounts=[1], kind=kind, said=said, thing=f"contest:{number}", now=NOW)
    make_digests(settings, day=NOW.date(), now=NOW)


def _invited(settings: Settings, language: Language) -> None:
    with unit_of_work(settings) as session:
        invite(session, command_line_actor(), official_ids=["CB1"], now=NOW)


def _forgotten(settings: Settings, language: Language) -> None:
    with unit_of_work(settings) as session:
        create_account(
            session, command_line_actor(), name="can.bo", password="bốn từ chẳng liên quan", official_id="CB1"
        )
    account = account_named(settings, "can.bo").id
    with unit_of_work(settings) as session:
        assert links.ask_again(session, account_id=account, now=NOW)


def _head(settings: Settings, language: Language) -> None:
    facts = {"day": date(2026, 11, 23).isoformat(), "head": f"4711:{'9f' * 32}"}
    with unit_of_work(settings) as session:
        post(session, kind=MailKind.CORE_TRAIL_HEAD, address="giu@out.test", language=language, now=NOW, facts=facts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", [_digest, _invited, _forgotten, _head], ids=["digest", "invited", "forgotten", "head"])
def test_as_it_was_looked_at(
    settings: Settings,
    office: PostOffice,
    language: Language,
    made: object,
    request: pytest.FixtureRequest,
) -> None:
    """Changed on purpose only: remove the file, run again, and look at the new one."""
    here = installed(settings.home, office.port, language=language, forgotten=True)
    made(here, language)  # type: ignore[operator]
    assert send_at(here, NOW + timedelta(minutes=1)).sent == 1
    (message,) = office.taken
    name = request.node.callspec.id.split("-")[0]
    for kind, ending in (("plain", "txt"), ("html", "html")):
        said = f"{message['Subject']}\n\n" if kind == "plain" else ""
        said += KEY.sub(r"\1TOKEN", text_of(message, kind))
        kept = SNAPSHOTS / f"{name}.{language}.{ending}"
        if not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(said, "utf-8")
            pytest.fail(f"{kept.name} was written anew: look at it, then run again")
        assert said == kept.read_text("utf-8")
