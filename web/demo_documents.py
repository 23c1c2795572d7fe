"""The demonstration's documents: drafts in every state, so that everybody who logs in finds something to do.

Everything is done by the services that people's clicks call, with moments in the weeks before; a second start finds the
drafts of the first and makes none. `Truth` says what was done, and with it what every figure of use has to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.calendar import is_working_day
from core.directory import queries as directory
from core.directory.models import Account, OfficialRow
from core.directory.roster import Post, Roster
from core.directory.services import name_deputy
from core.permissions import Actor, Role
from eoffice.models import DraftRow
from eoffice.queries import draft_page
from eoffice.routing import plan_from_json
from eoffice.routing.templates import Template
from eoffice.services.deciding import approve, ask_opinion, give_opinion, return_to
from eoffice.services.drafting import create_draft, save
from eoffice.services.looking import look
from eoffice.services.remarking import remark
from eoffice.services.rounds import Moment
from eoffice.services.routes import add_first_routes, make_route
from eoffice.services.sending_round import pull_back, submit, withdraw
from eoffice.writing import Passage, Written
from web import demo_letters as letters
from web.demo_letters import Letter

OTHER_DEPARTMENTS = 4
"""So many departments besides write to each other, for figures to compare."""


@dataclass(frozen=True, slots=True)
class Office:
    """A department with whom it takes to approve something: numbers of officials."""

    unit: str
    head: Post
    second: Post
    clerk: Post
    writers: tuple[Post, ...]


@dataclass(slots=True)
class Truth:
    """What was done: state -> drafts; who answered the own turn, for whom a deputy did, who wrote or remarked."""

    drafts: dict[str, list[int]] = field(default_factory=dict)
    by_hand: Counter[str] = field(default_factory=Counter)
    by_deputy: Counter[str] = field(default_factory=Counter)
    acted: Counter[str] = field(default_factory=Counter)

    def add(self, state: str, draft_id: int) -> int:
        """Note a draft; returns its id."""
        self.drafts.setdefault(state, []).append(draft_id)
        return draft_id


class Desk:
    """Everybody's hands: each call is one click of one person, so many working days ago at some hour."""

    def __init__(self, session: Session, *, now: datetime, zone: str) -> None:
        self.session, self.now, self.zone = session, now, zone
        self.truth = Truth()
        self.names = {one.official_id: one.name for one in session.scalars(select(OfficialRow))}
        accounts = select(OfficialRow.official_id, Account.name).join(Account, Account.official == OfficialRow.id)
        self.accounts = {number: name for number, name in session.execute(accounts)}  # noqa: C416 - rows are no pairs

    def at(self, days: int, hour: int = 9, minute: int = 0) -> Moment:
        """A moment `days` working days ago."""
        day = self.now.astimezone(ZoneInfo(self.zone)).date()
        while days > 0:
            day -= timedelta(days=1)
            days -= is_working_day(day)
        here = datetime.combine(day, time(hour, minute), ZoneInfo(self.zone))
        return Moment(here.astimezone(UTC), day)

    def actor(self, official_id: str) -> Actor:
        """An official, by the account where there is one, else by name."""
        return Actor(self.accounts.get(official_id, self.names[official_id]), frozenset({Role.OFFICIAL}), official_id)

    def write(self, office: Office, author: str, letter: Letter, days: int) -> int:
        """A draft with the letter's words."""
        actor, moment = self.actor(author), self.at(days, 8, 40)
        draft_id = create_draft(
            self.session, actor, kind=letter.kind, title=letter.subject, urgency=letter.urgency, moment=moment
        )
        text = draft_page(self.session, actor, draft_id=draft_id, today=moment.today).text
        head = office.head
        signer = self.names[head.official_id]
        words = letters.filled(text, letter, issuer=office.unit, authority=head.title, signer=signer)
        self.save(author, draft_id, 1, words, self.at(days, 9, 20))
        self.truth.acted[author] += 1
        return draft_id

    def save(self, who: str, draft_id: int, base: int, words: Sequence[Passage], moment: Moment) -> int:
        """Save what somebody wrote; returns the revision."""
        self.truth.acted[who] += 1
        actor = self.actor(who)
        return save(self.session, actor, draft_id=draft_id, base=base, passages=tuple(words), moment=moment).revision

    def text(self, who: str, draft_id: int, moment: Moment) -> tuple[Written, int]:
        """What the person reads, and which revision."""
        page = draft_page(self.session, self.actor(who), draft_id=draft_id, today=moment.today)
        return page.text, page.revision

    def send(self, author: str, draft_id: int, route: int, moment: Moment) -> None:
        """Send it round as it stands."""
        _, revision = self.text(author, draft_id, moment)
        actor = self.actor(author)
        submit(self.session, actor, draft_id=draft_id, template_id=route, seen_revision=revision, moment=moment)

    def agree(self, who: str, draft_id: int, moment: Moment, said: str = "", *, principal: str | None = None) -> None:
        """Look at it and agree, in the own turn or for a principal."""
        revision = self._look(who, draft_id, moment)
        approve(self.session, self.actor(who), draft_id=draft_id, seen_revision=revision, moment=moment, comment=said)
        self._answered(who, principal)

    def opinion(self, who: str, draft_id: int, moment: Moment, said: str) -> None:
        """Give the opinion that was asked for."""
        revision = self._look(who, draft_id, moment)
        give_opinion(
            self.session, self.actor(who), draft_id=draft_id, seen_revision=revision, moment=moment, comment=said
        )
        self._answered(who, None)

    def send_back(self, who: str, draft_id: int, moment: Moment, said: str) -> None:
        """Return it to its author with remarks."""
        revision = self._look(who, draft_id, moment)
        return_to(self.session, self.actor(who), draft_id=draft_id, seen_revision=revision, moment=moment, comment=said)
        self._answered(who, None)

    def ask(self, who: str, draft_id: int, whom: Sequence[str], moment: Moment, question: str) -> None:
        """Ask others for their opinion beside the route."""
        self._look(who, draft_id, moment)
        ask_opinion(self.session, self.actor(who), draft_id=draft_id, whom=whom, moment=moment, question=question)
        self.truth.acted[who] += 1

    def note(self, who: str, draft_id: int, moment: Moment, words: str, said: str) -> None:
        """Remark on the passage that has these words."""
        text, revision = self.text(who, draft_id, moment)
        passage = next(one for one in text.passages if words in one.text)
        remark(
            self.session, self.actor(who), draft_id=draft_id, text=said, moment=moment, revision=revision,
            passage=passage.id, quote=words,
        )  # fmt: skip
        self.truth.acted[who] += 1

    def stand_in(self, official: str, deputy: str, scope: str, days: int, for_days: int = 40) -> None:
        """Name a deputy, in force since so many working days ago."""
        first = self.at(days).today
        name_deputy(
            self.session, self.actor(official), official_id=official, deputy_official_id=deputy, scope=scope,
            first=first, last=first + timedelta(days=for_days), today=first,
        )  # fmt: skip

    def _look(self, who: str, draft_id: int, moment: Moment) -> int:
        look(self.session, self.actor(who), draft_id=draft_id, moment=moment)
        return self.text(who, draft_id, moment)[1]

    def _answered(self, who: str, principal: str | None) -> None:
        self.truth.acted[who] += 1
        self.truth.by_hand[who] += 1
        if principal is not None:
            self.truth.by_deputy[principal] += 1


def prepared(session: Session, actor: Actor, *, unit: str, now: datetime, zone: str, audited: date) -> Truth:
    """The documents of the sample city, where there are none yet.

    `unit` is the department of the demonstration's leader; whoever else has an account is asked for an opinion.
    What was done in the days before `audited`, the last that the sample's logs tell of, stands beside those figures.
    """
    if session.scalars(select(DraftRow.id).limit(1)).first() is not None:
        return Truth()
    desk = Desk(session, now=now, zone=zone)
    before = Desk(session, now=datetime.combine(audited, time(17), ZoneInfo(zone)), zone=zone)
    before.truth = desk.truth
    add_first_routes(session, moment=before.at(30, 8))
    found = offices(directory.roster(session), unit)
    if not found:
        return desk.truth
    routes = [_route(before, actor, one) for one in found]
    own = {found[0].head.official_id, found[0].clerk.official_id}
    _scenes(desk, found[0], routes[0], sorted(desk.accounts.keys() - own))
    for number, (office, route) in enumerate(zip(found, routes, strict=True)):
        _everyday(before, office, route, number)
        _on_its_way(desk, office, route, number)
    return desk.truth


def offices(roster: Roster, first: str) -> list[Office]:
    """The departments that write: the leader's own first, then some others."""
    above = {one.parent_key for one in roster.units.values()}
    inner = [key for key, one in roster.units.items() if key in above and one.parent_key is not None]
    order = [first, *(key for key in inner if key != first)]
    found = [one for one in (office_of(roster, key) for key in order) if one is not None]
    return found[: OTHER_DEPARTMENTS + 1]


def office_of(roster: Roster, unit: str) -> Office | None:
    """Who it takes to approve something in a department; None where somebody is missing."""
    below = {unit, *(key for key, one in roster.units.items() if one.parent_key == unit)}
    leaders = [one for one in roster.posts if one.unit_key == unit and one.rank == "leader"]
    staff = [one for one in roster.posts if one.unit_key in below and one.rank == "staff"]
    clerks = [one for one in staff if one.title == "Văn thư"]
    writers = tuple(one for one in staff if one not in clerks)
    seconds = [one for one in leaders[1:] if one.title != leaders[0].title]
    if not (seconds and clerks and len(writers) > 1):
        return None
    return Office(unit, leaders[0], seconds[0], clerks[0], writers)


def _route(desk: Desk, actor: Actor, office: Office) -> int:
    """The department's own route: a deputy head for the content, the records clerk for the form, the head approves."""

    def post(one: Post) -> dict[str, str]:
        return {"unit": one.unit_key, "title": one.title}

    plan = plan_from_json(
        [
            {"kind": "any", "purpose": "content", "who": [post(office.second)], "days": 2},
            {"kind": "any", "purpose": "form", "who": [post(office.clerk)], "days": 1},
            {"kind": "any", "purpose": "approval", "who": [post(office.head)], "days": 2},
        ]
    )
    template = Template(f"Trình {office.head.title}: {office.unit}", None, office.unit, plan)
    return make_route(desk.session, actor, template=template, moment=desk.at(30, 8))


def _to_head(desk: Desk, office: Office, route: int, author: str, letter: Letter, days: int) -> int:
    """A draft that has come as far as the head, `days` working days ago."""
    draft_id = desk.write(office, author, letter, days + 3)
    desk.send(author, draft_id, route, desk.at(days + 3, 10))
    desk.agree(office.second.official_id, draft_id, desk.at(days + 2, 14), "Nội dung đã đầy đủ, đề nghị trình.")
    desk.agree(office.clerk.official_id, draft_id, desk.at(days, 8, 30), "Thể thức đúng quy định.")
    return draft_id


def _scenes(desk: Desk, office: Office, route: int, guests: Sequence[str]) -> None:
    """One draft in each state there is, in the department of the demonstration's leader."""
    an, binh = office.writers[0].official_id, office.writers[1].official_id
    truth = desk.truth
    truth.add("drafting", desk.write(office, an, letters.RECEPTION, 2))
    truth.add("written_by_two", _by_two(desk, office, an, binh))
    content = desk.write(office, binh, letters.MEETING, 1)
    desk.send(binh, truth.add("at_content", content), route, desk.at(1, 15))
    form = desk.write(office, an, letters.HOLIDAY, 2)
    desk.send(an, truth.add("at_form", form), route, desk.at(2, 10))
    desk.agree(office.second.official_id, form, desk.at(1, 16))
    _at_head(desk, office, route, guests)
    pulled = desk.write(office, binh, letters.PORT_VISIT, 3)
    desk.send(binh, truth.add("pulled_back", pulled), route, desk.at(3, 14))
    pull_back(desk.session, desk.actor(binh), draft_id=pulled, moment=desk.at(3, 14, 5))
    gone = truth.add("withdrawn", desk.write(office, an, letters.ROADS, 12))
    withdraw(desk.session, desk.actor(an), draft_id=gone, moment=desk.at(11, 9))
    _decided(desk, office, route, an, binh)


def _by_two(desk: Desk, office: Office, first: str, second: str) -> int:
    """Two people write at once, from the same revision; the text has the words of both."""
    desk.stand_in(first, second, "everything", 6)
    draft_id = desk.write(office, first, letters.EMAIL, 4)
    text, base = desk.text(first, draft_id, desk.at(3))
    body = [one for one in text.passages if one.role == "body"]
    for who, passage, more, minute in (
        (first, body[0], "; lãnh đạo nêu gương", 0),
        (second, body[1], "; văn thư hỗ trợ", 2),
    ):
        changed = [
            Passage(one.id, one.role, f"{one.text[:-1]}{more}.") if one.id == passage.id else one
            for one in text.passages
        ]
        desk.save(who, draft_id, base, changed, desk.at(3, 10, minute))
    return draft_id


def _at_head(desk: Desk, office: Office, route: int, guests: Sequence[str]) -> None:
    """What waits for the head: in time, urgent, in English, overdue, and with others asked for their opinion."""
    an, binh, head = office.writers[0].official_id, office.writers[1].official_id, office.head.official_id
    for letter, days in ((letters.STORM, 1), (letters.SISTER_CITY, 1)):
        draft_id = desk.truth.add("at_approval", _to_head(desk, office, route, an, letter, days))
        words = letter.body[0].split(";")[0].split(",")[0]
        desk.note(office.clerk.official_id, draft_id, desk.at(days, 8, 40), words, "Đã thống nhất với các phòng.")
    desk.truth.add("overdue", _to_head(desk, office, route, binh, letters.SCHOOL, 7))
    asked = desk.truth.add("opinion_asked", _to_head(desk, office, route, an, letters.ARCHIVE, 3))
    whom = [one for one in dict.fromkeys(guests) if one not in {an, head}]
    desk.ask(head, asked, whom, desk.at(2, 15), "Đề nghị cho ý kiến về thời hạn nộp hồ sơ.")
    answering = office.second.official_id
    more = desk.truth.add("opinion_given", _to_head(desk, office, route, binh, letters.REPORT, 5))
    desk.ask(head, more, [answering], desk.at(4, 9), "Số liệu đã đối chiếu chưa?")
    desk.opinion(answering, more, desk.at(3, 10), "Đã đối chiếu với sổ theo dõi, số liệu khớp.")


def _decided(desk: Desk, office: Office, route: int, an: str, binh: str) -> None:
    """Returned; corrected and sent again; approved by the head, and by the head's deputy."""
    head, second = office.head.official_id, office.second.official_id
    back = desk.truth.add("returned", _to_head(desk, office, route, an, letters.ROADS, 5))
    desk.send_back(head, back, desk.at(4, 9), "Bổ sung dự toán và ảnh hiện trạng rồi trình lại.")
    again = _to_head(desk, office, route, binh, letters.ARCHIVE, 14)
    desk.send_back(head, again, desk.at(13, 9), "Nêu rõ thời hạn góp ý.")
    text, base = desk.text(binh, again, desk.at(12))
    more = [Passage(one.id, one.role, one.text.replace("dự thảo;", "dự thảo trước thứ Sáu;")) for one in text.passages]
    desk.save(binh, again, base, more, desk.at(12, 10))
    desk.send(binh, again, route, desk.at(12, 11))
    desk.agree(second, again, desk.at(11, 9))
    desk.agree(office.clerk.official_id, again, desk.at(11, 14))
    desk.agree(head, desk.truth.add("approved", again), desk.at(10, 8, 45), "Đồng ý ban hành.")
    desk.stand_in(head, office.writers[-1].official_id, "decisions", 9)
    for_head = _to_head(desk, office, route, binh, letters.HOLIDAY, 9)
    deputy = office.writers[-1].official_id
    desk.agree(deputy, desk.truth.add("approved_by_deputy", for_head), desk.at(8, 9), "Đồng ý.", principal=head)


def _everyday(desk: Desk, office: Office, route: int, number: int) -> None:
    """A draft of a department: approved by its head, by the head's deputy, or left with the head."""
    writer, head = office.writers[0].official_id, office.head.official_id
    done = _to_head(desk, office, route, writer, letters.EVERYDAY[number % len(letters.EVERYDAY)], 3 + number)
    if number % 3 == 0:
        desk.agree(head, desk.truth.add("approved", done), desk.at(2 + number, 10))
    elif number % 3 == 1:
        deputy = office.writers[1].official_id
        desk.stand_in(head, deputy, "decisions", 3 + number)
        desk.agree(deputy, desk.truth.add("approved_by_deputy", done), desk.at(2 + number, 10), principal=head)
    else:
        desk.truth.add("overdue", done)


def _on_its_way(desk: Desk, office: Office, route: int, number: int) -> None:
    """A draft of a department that came to its deputy head yesterday."""
    writer = office.writers[0].official_id
    on_way = desk.write(office, writer, letters.EVERYDAY[(number + 2) % len(letters.EVERYDAY)], 1)
    desk.send(writer, desk.truth.add("at_content", on_way), route, desk.at(1, 11))
