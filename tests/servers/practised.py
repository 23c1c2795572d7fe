"""Officials who practise on a real mail server: their installation, the practice address, and what is seen of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import select

from core import db
from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.directory.coded import CodedAddresses
from core.directory.models import Account, OfficialRow
from core.directory.queries import roster
from core.directory.roster import Mailbox, Official, Post, Roster, Unit
from core.directory.services import import_roster
from core.mail.sending import send_waiting
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings, load
from mail_audit.services.collecting import add_source, collect, sources_for
from tests.core.mail.post_office import read
from tests.servers import mail_clients as clients
from tests.servers.mail_server import MailServer, until
from tests.servers.mail_settings import DOMAIN
from training.models import AssignmentRow, CourseRow, ExerciseRow
from training.moments import Moment
from training.practice.kinds import MAIL_KINDS
from training.queries.practice import evidence_of
from training.services import practising

LEARNER, COLLEAGUE = "tc.gd", "tc.cv1"
DESK, CLERKS_DESK, PHONE, WEBMAIL = "127.0.0.21", "127.0.0.22", "127.0.9.7", "127.0.0.80"
UNIT = "Sở Tài chính"
KINDS = tuple(one.key for one in MAIL_KINDS)
SPELLING = f"thuchanh+{{code}}@{DOMAIN}"
ADDRESSES = CodedAddresses.of(SPELLING)


def with_practice_address(server: MailServer) -> None:
    """What docs/practice.md tells an administrator to do: the address is taken, and what comes for it thrown away."""
    root = server.place.root
    (root / "practice").write_text(f"/^thuchanh(\\+[0-9a-z]+)?@{DOMAIN.replace('.', '[.]')}$/ discard:practice\n")
    with (root / "mailboxes").open("a") as file:
        file.write(f"thuchanh@{DOMAIN} thuchanh\n")
    with (root / "etc" / "main.cf").open("a") as file:
        file.write(f"transport_maps = regexp:{root}/practice\n")


def actor(name: str) -> Actor:
    """An official's account."""
    return Actor(name, frozenset({Role.OFFICIAL}), name)


@dataclass
class Practised:
    """An installation that follows the log of a server, and two officials with a course that asks for everything."""

    settings: Settings
    server: MailServer

    def moment(self) -> Moment:
        now = utc_now()
        return Moment(now, day_in(self.settings.timezone, now))

    def begin(self, name: str, kinds: Sequence[str] = KINDS) -> dict[str, ExerciseRow]:
        """Begin these exercises, and send the messages that they need; kind -> row."""
        with unit_of_work(self.settings) as session:
            assignment = self._assignment(name)
            for kind in kinds:
                practising.begin(session, actor(name), assignment_id=assignment, kind=kind, moment=self.moment())
        send_waiting(self.settings, tell=lambda _: None)
        until(self.server.queue_empty, "our messages have arrived", 60)
        return self.exercises(name)

    def exercises(self, name: str) -> dict[str, ExerciseRow]:
        with unit_of_work(self.settings) as session:
            wanted = select(ExerciseRow).where(ExerciseRow.assignment == self._assignment(name))
            found = {row.kind: row for row in session.scalars(wanted.order_by(ExerciseRow.number))}
            session.expunge_all()
        return found

    def _assignment(self, name: str) -> int:
        return (LEARNER, COLLEAGUE).index(name) + 1

    def forward(self, seconds: float) -> None:
        """Move the servers' clock, so that what follows is done so much later."""
        before = float(self.server.place.clock.read_text())
        self.server.place.clock.write_text(f"{before + seconds:+.3f}")

    def look(self) -> None:
        """Collect what the servers wrote, and judge every open exercise."""
        until(self.server.queue_empty, "everything was delivered", 60)
        with unit_of_work(self.settings) as session:
            ids = sources_for(session, command_line_actor())
        collect(self.settings, command_line_actor(), source_ids=ids)
        with unit_of_work(self.settings) as session:
            rows = list(session.scalars(select(ExerciseRow).where(ExerciseRow.state == "open")))
            known = evidence_of(session, rows, moment=self.moment())
            for row in rows:
                practising.judge(session, exercise_id=row.id, known=known[row.id], moment=self.moment())

    def whys(self, name: str) -> dict[str, str]:
        """Kind -> the reason of the last verdict."""
        return {kind: row.why or "" for kind, row in self.exercises(name).items()}

    def letters(self, name: str) -> dict[str, tuple[int, EmailMessage]]:
        """Kind -> number in the inbox and content of our message for it."""
        codes = {row.code: kind for kind, row in self.exercises(name).items()}
        with clients.imap(self.server.ports.imap, DESK, name) as client:
            client.select_folder("INBOX", readonly=True)
            found = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
        read_here = {uid: read(data[b"BODY[]"]) for uid, data in found.items()}
        coded = {uid: ADDRESSES.code_in(str(one["Reply-To"])) or "" for uid, one in read_here.items()}
        return {codes[code]: (uid, read_here[uid]) for uid, code in coded.items() if code in codes}

    def roster(self) -> Roster:
        with unit_of_work(self.settings) as session:
            return roster(session)


@contextmanager
def practised(folder: Path, server: MailServer) -> Iterator[Practised]:
    """The installation, with the course assigned to both."""
    home = folder / "home"
    home.mkdir(parents=True)
    (home / "vanthu.toml").write_text(
        f'log_folders = "{server.logs[0].parent}"\n[mail]\nserver = "127.0.0.1:{server.ports.mx}"\n'
        f'security = "none"\nsender = "vanthu@{DOMAIN}"\nsite = "https://vanthu.{DOMAIN}"\n'
        f'practice = "{SPELLING}"\nwebmail = "{WEBMAIL}"\n'
    )
    made = load({"VANTHU_HOME": str(home)})
    with unit_of_work(made) as session:
        import_roster(session, command_line_actor(), roster=_officials())
        for name in (LEARNER, COLLEAGUE):
            official = session.scalars(select(OfficialRow.id).where(OfficialRow.official_id == name)).one()
            now = utc_now()
            session.add(Account(name=name, password_hash="", official=official, created_at=now,
                                password_changed_at=now, failed=0))  # fmt: skip
        session.add(_course())
        session.flush()
        for name in (LEARNER, COLLEAGUE):
            session.add(
                _assignment(session.scalars(select(OfficialRow.id).where(OfficialRow.official_id == name)).one())
            )
        add_source(session, command_line_actor(), name="thư", paths=list(server.logs))
    yield Practised(made, server)
    db.forget(made)


def _officials() -> Roster:
    unit = Unit(UNIT, UNIT, None)
    boxes = [Mailbox(f"{name}@{DOMAIN}", "personal", unit.key, name, ()) for name in (LEARNER, COLLEAGUE)]
    boxes.append(Mailbox(f"vp.chung@{DOMAIN}", "shared", unit.key, None, ()))
    return Roster(
        {unit.key: unit},
        {name: Official(name, name) for name in (LEARNER, COLLEAGUE)},
        tuple(Post(name, unit.key, "Giám đốc", "leader", None, None) for name in (LEARNER, COLLEAGUE)),
        {box.address: box for box in boxes},
    )


def _course() -> CourseRow:
    return CourseRow(
        key="practice", version=1, title_vi="Thực hành", title_en="Practice", summary_vi="", summary_en="",
        audience="everybody", minutes=30, valid_months=None, pass_mark=80, digest="0",
        needs=[{"kind": "exercise", "key": kind} for kind in KINDS],
    )  # fmt: skip


def _assignment(official: int) -> AssignmentRow:
    today = date.today()  # noqa: DTZ011 - the servers' own day
    return AssignmentRow(
        official=official, course_key="practice", reason_vi="Thử", reason_en="Trial", assigned_at=utc_now(),
        assigned_by="x", starts_on=today, due_on=today + timedelta(days=30), state="open",
    )  # fmt: skip
