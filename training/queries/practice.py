"""Readers of practice: what the page of an exercise says, and what is known of all that are open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import settings_of
from core.directory.coded import practice_addresses
from core.directory.models import Account, DeputyRow, MailboxRow, OfficialRow
from core.directory.queries import official_row
from core.mail.models import OutgoingMail
from core.mail.options import MailOptions
from core.permissions import Actor
from core.words import Text
from eoffice.queries.practice import practice_deeds, practice_draft, practice_mark
from mail_audit.queries.practice import Asked, collected_at, practice_acts
from training.errors import AssignmentNotFoundError, ExerciseNotFoundError
from training.models import AssignmentRow, CourseRow, ExerciseProofRow, ExerciseRow
from training.moments import Moment
from training.practice.evidence import Evidence, Exercise, Learner, MailAct, OfficeAct
from training.practice.kinds import KINDS, Kind
from training.practice.words import REASONS

BEFORE = timedelta(hours=1)
"""So much earlier than the exercise lines are looked at: what was too early is said to be."""


@dataclass(frozen=True, slots=True)
class ExercisePage:
    """An exercise of an assigned course as its learner sees it.

    `state`: "" before it was begun, else as `models.practice` has it. `address` and `second` are what a message goes to
    (None where the page does not tell, or e-mail cannot be practised); `can_begin`: the course is open, and nothing is
    missing that the exercise needs (else `missing` says what). `draft_id` is the practice document.
    """

    assignment_id: int
    kind: Kind
    course: Text
    state: str
    why: Text | None
    address: str | None
    second: str | None
    draft_id: int | None
    mark: str | None
    """Of the practice document, where an open exercise has one."""
    issued_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None
    looked_at: datetime | None
    logs_at: datetime | None
    number: int
    can_begin: bool
    missing: Text | None
    proofs: tuple[str, ...]


def exercise_page(session: Session, actor: Actor, *, assignment_id: int, kind: str, moment: Moment) -> ExercisePage:
    """The page of an exercise. Raises `AssignmentNotFoundError` for anybody else's course and `ExerciseNotFoundError`
    for what the course does not ask for. A fixed number of queries.
    """
    assignment, course = own_assignment(session, actor, assignment_id)
    needed = needed_kind(course, kind)
    row = latest(session, assignment_id, kind)
    addresses = practice_addresses(settings_of(session))
    tells = needed.told and needed.place in {"mail", "letter"} and needed.act == "sent"
    shown = row is not None and tells and addresses is not None
    missing = missing_for(session, assignment.official, needed)
    return ExercisePage(
        assignment_id=assignment_id,
        kind=needed,
        course=Text(course.title_vi, course.title_en),
        state="" if row is None else row.state,
        why=_why(row),
        address=addresses.address(row.code) if shown and row and addresses else None,
        second=addresses.address(row.second_code) if shown and row and addresses and row.second_code else None,
        draft_id=None if row is None else draft_of(session, row),
        mark=row.code if row is not None and row.state == "open" and needed.document else None,
        issued_at=None if row is None else row.issued_at,
        expires_at=None if row is None else row.expires_at,
        ended_at=None if row is None else row.ended_at,
        looked_at=None if row is None else row.looked_at,
        logs_at=collected_at(session) if needed.place in {"mail", "letter"} else moment.now,
        number=0 if row is None else row.number,
        can_begin=assignment.state == "open" and missing is None,
        missing=missing if assignment.state == "open" else None,
        proofs=() if row is None else tuple(str(one) for one in row.evidence),
    )


def _why(row: ExerciseRow | None) -> Text | None:
    if row is None:
        return None
    if row.why is None or row.why_vi is None or row.why_en is None:
        return REASONS["not_looked"]
    return REASONS.get(row.why) or Text(row.why_vi, row.why_en)


def own_assignment(session: Session, actor: Actor, assignment_id: int) -> tuple[AssignmentRow, CourseRow]:
    """The actor's own assignment and its course. Raises `AssignmentNotFoundError` for anybody else's."""
    own = official_row(session, actor.official_id) if actor.official_id is not None else None
    assignment = session.get(AssignmentRow, assignment_id)
    if own is None or assignment is None or assignment.official != own.id:
        raise AssignmentNotFoundError(assignment_id)
    return assignment, session.scalars(select(CourseRow).where(CourseRow.key == assignment.course_key)).one()


def needed_kind(course: CourseRow, kind: str) -> Kind:
    """The kind of exercise with this key, where the course asks for it. Raises `ExerciseNotFoundError`."""
    if kind not in KINDS or {"kind": "exercise", "key": kind} not in course.needs:
        raise ExerciseNotFoundError(f"{course.key}/{kind}")
    return KINDS[kind]


def latest(session: Session, assignment_id: int, kind: str) -> ExerciseRow | None:
    """The last try of an exercise."""
    wanted = select(ExerciseRow).where(ExerciseRow.assignment == assignment_id, ExerciseRow.kind == kind)
    return session.scalars(wanted.order_by(ExerciseRow.number.desc()).limit(1)).first()


def missing_for(session: Session, official: int, kind: Kind) -> Text | None:
    """What keeps this exercise from being done here; None where nothing does."""
    if kind.place not in {"mail", "letter"}:
        return None
    if not own_mailboxes(session, official):
        return REASONS["no_mailbox"]
    settings = settings_of(session)
    if practice_addresses(settings) is None or (kind.place == "letter" and not MailOptions.of(settings).is_on):
        return REASONS["no_practice"] if practice_addresses(settings) is None else REASONS["no_mail"]
    return None


def own_mailboxes(session: Session, official: int) -> frozenset[str]:
    """The personal mailboxes of an official (row) that the directory has now."""
    wanted = select(MailboxRow.address).where(
        MailboxRow.owner == official, MailboxRow.kind == "personal", MailboxRow.gone_at.is_(None)
    )
    return frozenset(session.scalars(wanted))


def evidence_of(session: Session, rows: Sequence[ExerciseRow], *, moment: Moment) -> dict[int, Evidence]:
    """All that is known of these exercises: key -> evidence. The event store is read once for all of them."""
    mail, until = _mail(session, rows, moment)
    office = _office(session, rows, moment)
    ids = {one.id for acts in mail.values() for one in acts} | {one.id for acts in office.values() for one in acts}
    proofs = select(ExerciseProofRow.evidence, ExerciseProofRow.exercise).where(ExerciseProofRow.evidence.in_(ids))
    used: dict[str, int] = dict(session.execute(proofs).all())
    return {
        row.id: Evidence(
            mail.get(row.id, ()),
            office.get(row.id, ()),
            frozenset(one for one, exercise in used.items() if exercise != row.id),
            until,
        )
        for row in rows
    }


def _mail(
    session: Session, rows: Iterable[ExerciseRow], moment: Moment
) -> tuple[dict[int, tuple[MailAct, ...]], datetime | None]:
    """Key of an exercise -> what concerns its code or its letter; and the newest moment that logs tell of."""
    settings = settings_of(session)
    addresses = practice_addresses(settings)
    chosen = [row for row in rows if KINDS[row.kind].place in {"mail", "letter"}]
    if addresses is None or not chosen:
        return {}, None
    sent = select(OutgoingMail.id, OutgoingMail.message_id).where(OutgoingMail.id.in_({row.mail for row in chosen}))
    letters: dict[int, str] = dict(session.execute(sent).all())
    known = practice_acts(
        session,
        Asked(
            addresses=addresses,
            codes=frozenset(row.code for row in chosen),
            letters=frozenset(letters.values()),
            since=min(row.issued_at for row in chosen) - BEFORE,
            until=moment.now + BEFORE,
            webmail=frozenset(MailOptions.of(settings).webmail.split()),
        ),
        store=settings.store,
    )
    about: dict[str, list[MailAct]] = {}
    for one in known.acts:
        act = MailAct(
            id=one.id, kind=one.kind, at=one.at, learned_at=one.learned_at, mailbox=one.mailbox, proved=one.proved,
            automatic=one.automatic, codes=one.codes, letter=one.letter, client=one.client, network=one.network,
            usual=one.usual, server=one.server, station_of=one.station_of, stranger=one.stranger,
        )  # fmt: skip
        for name in (*one.codes, *([one.letter] if one.letter else ())):
            about.setdefault(name, []).append(act)
    names = {row.id: (row.code, letters.get(row.mail or 0, "")) for row in chosen}
    return {key: tuple(act for name in both for act in about.get(name, ())) for key, both in names.items()}, known.until


def _office(session: Session, rows: Iterable[ExerciseRow], moment: Moment) -> dict[int, tuple[OfficeAct, ...]]:
    drafts = {draft: row.id for row in rows if (draft := draft_of(session, row)) is not None}
    found: dict[int, list[OfficeAct]] = {}
    for one in practice_deeds(session, drafts, today=moment.today) if drafts else ():
        act = OfficeAct(one.id, one.did, one.at, one.by, one.acting_for, one.draft, words=one.words, clean=one.clean)
        found.setdefault(drafts[one.draft], []).append(act)
    for row in rows:
        if KINDS[row.kind].place == "deputies":
            found.setdefault(row.id, []).extend(_deputies(session, row.official))
    return {key: tuple(acts) for key, acts in found.items()}


def _deputies(session: Session, official: int) -> list[OfficeAct]:
    """Deputies of an official, each by whom it was named: the official of the account, 0 for anybody else's."""
    wanted = (
        select(DeputyRow.id, DeputyRow.named_at, Account.official)
        .outerjoin(Account, Account.name == DeputyRow.named_by)
        .where(DeputyRow.official == official)
    )
    return [OfficeAct(f"deputy:{key}", "named", at, by or 0) for key, at, by in session.execute(wanted)]


def letter_of(session: Session, row: ExerciseRow) -> str | None:
    """The Message-ID of the message that was sent for an exercise; None where there is none."""
    return (
        None if row.mail is None else session.scalar(select(OutgoingMail.message_id).where(OutgoingMail.id == row.mail))
    )


def draft_of(session: Session, row: ExerciseRow) -> int | None:
    """The practice document of an exercise, known by its code; None before it is made, and where it needs none."""
    if row.draft is not None or not KINDS[row.kind].document:
        return row.draft
    return practice_draft(session, row.code)


def exercise_with(session: Session, actor: Actor, draft_id: int) -> tuple[int, str] | None:
    """The assignment and the kind of the actor's own exercise that a document is practice for; None for any other."""
    mark = practice_mark(session, draft_id)
    if mark is None or actor.official_id is None:
        return None
    wanted = (
        select(ExerciseRow.assignment, ExerciseRow.kind)
        .join(AssignmentRow, AssignmentRow.id == ExerciseRow.assignment)
        .join(OfficialRow, OfficialRow.id == AssignmentRow.official)
        .where(ExerciseRow.code == mark, OfficialRow.official_id == actor.official_id)
    )
    found = session.execute(wanted).first()
    return None if found is None else (found.assignment, found.kind)


def as_asked(session: Session, row: ExerciseRow) -> tuple[Exercise, Learner]:
    """An exercise and its learner as verdicts are made of."""
    exercise = Exercise(
        kind=row.kind, code=row.code, issued_at=row.issued_at, expires_at=row.expires_at, second_code=row.second_code,
        letter=letter_of(session, row), draft=draft_of(session, row),
    )  # fmt: skip
    return exercise, Learner(row.official, own_mailboxes(session, row.official))
