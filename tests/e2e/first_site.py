"""The town with people who have only a log-in mail: one of each role, and what waits for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core import jobs
from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.directory.services.granting import grant_role
from core.directory.services.inviting import invite
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings
from core.words import Language
from eoffice.models import RouteTemplate
from eoffice.services import drafting, sending_round
from eoffice.services.rounds import Moment
from tests.core.mail.post_office import PostOffice, hash_cheaply, installed, open_office, text_of
from tests.e2e.site import Site, serving
from tests.servers.loopback import free_port
from tests.web import town

HOLDERS = {
    Role.OFFICIAL: "CB4",
    Role.LEADER: "CB5",
    Role.AUDITOR: "CB9",
    Role.ADMINISTRATOR: "CB8",
    Role.HR: "CB3",
    Role.CLERK: "CB7",
    Role.INSPECTOR: "CB2",
}
"""Role -> number of the official who has it."""
COLLEAGUE = "CB6"
"""Who has no account yet."""
AUTHOR = "CB7"
TITLE = "V/v tăng cường sử dụng thư điện tử công vụ"
"""The draft that waits for the leader."""
LINK = re.compile(r"^http://127\.0\.0\.1:\d+/welcome\?key=\S+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FirstSite:
    """The pages, in one language, and the mail server that took the log-in mails."""

    site: Site
    office: PostOffice
    language: Language

    def letter(self, role: Role) -> str:
        """The log-in mail of who has the role, as HTML."""
        address = f"{HOLDERS[role].lower()}@tp.example.gov.vn"
        (found,) = [one for one in self.office.taken if address in str(one["To"])]
        assert LINK.search(text_of(found))
        return text_of(found, "html")


@contextmanager
def first_site(folder: Path, language: Language) -> Iterator[FirstSite]:
    """Serve the town until the block ends; everybody of `HOLDERS` was sent the log-in mail by SMTP."""
    with pytest.MonkeyPatch.context() as patched, open_office() as office:
        hash_cheaply(patched)
        port = free_port()
        installed(folder / "home", office.port, site=f"http://127.0.0.1:{port}")
        settings_file = folder / "home" / "vanthu.toml"
        settings_file.write_text(f'language = "{language}"\n{settings_file.read_text("utf-8")}', "utf-8")
        with serving(folder, port) as site:
            with unit_of_work(site.settings) as session:
                _let_in(session, site.settings)
                _send_round(session, site.settings)
            jobs.run_waiting(site.settings)
            yield FirstSite(site, office, language)


def _let_in(session: Session, settings: Settings) -> None:
    now, actor = utc_now(), command_line_actor()
    done = invite(session, actor, official_ids=list(HOLDERS.values()), now=now)
    assert (done.made, done.left) == (len(HOLDERS), ())
    for role, number in HOLDERS.items():
        if role != Role.OFFICIAL:  # that one everybody has who is tied to an official
            name = f"{number.lower()}@tp.example.gov.vn"
            unit = town.HEALTH if role in {Role.LEADER, Role.CLERK} else None
            today = day_in(settings.timezone, now)
            grant_role(session, actor, name=name, role=role, unit_key=unit, today=today)


def _send_round(session: Session, settings: Settings) -> None:
    """A draft of the leader's own unit, on its way for approval."""
    now, author = utc_now(), Actor(AUTHOR, frozenset({Role.OFFICIAL}), AUTHOR)
    moment = Moment(now, day_in(settings.timezone, now))
    steps = [{"kind": "any", "purpose": "approval", "who": [{"unit": "own", "rank": "leader"}], "days": 2}]
    template = RouteTemplate(name="Ngắn", version=1, steps=steps, made_at=now, made_by="quantri")
    session.add(template)
    session.flush()
    draft = drafting.create_draft(session, author, kind="cong_van", title=TITLE, moment=moment)
    sending_round.submit(session, author, draft_id=draft, template_id=template.id, seen_revision=1, moment=moment)
