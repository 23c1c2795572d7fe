"""Readers of certificates: what anybody may check, one's own, and those in reach of the personnel office."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from core.directory.models import OfficialRow, PostRow, UnitRow
from core.directory.queries import unit_keys_of
from core.directory.queries.search import officials_with
from core.directory.spelling import Word, terms_of, words_of
from core.permissions import Actor, Permission
from core.words import Text
from training.errors import CertificateNotFoundError
from training.models import CertificateRow
from training.models.certificates import CODE_ALPHABET, CODE_LENGTH
from training.permissions import can_read_certificate, can_revoke_certificate
from training.queries.issuers import issuers
from training.queries.names import course_names

CertificateState = Literal["valid", "expired", "revoked"]
LONGEST_WRITTEN = 60
_TAKEN_FOR = str.maketrans("OIL", "011")
"""Letters that Crockford's base 32 leaves out, and what they are read as."""
STATES: tuple[CertificateState, ...] = ("valid", "expired", "revoked")


@dataclass(frozen=True, slots=True)
class Verified:
    """All that a stranger is told of a certificate."""

    name: str
    title: Text
    earned_on: date
    state: CertificateState
    issuer: str | None
    """Who certifies, as it is called today; None where nobody can be named."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as its owner and the personnel office see it."""

    certificate_id: int
    code: str
    official_id: str
    name: str
    title: Text
    version: int
    earned_on: date
    expires_on: date | None
    state: CertificateState
    issuer: str | None
    """Who certifies, as it is called today."""
    renewed: bool
    """Whether the course was assigned again."""
    revoked_at: datetime | None
    revoked_by: str | None
    revoked_why: str | None
    may_revoke: bool


def canonical_code(written: str) -> str:
    """A code as it is kept, from how somebody copied it by hand: in small letters, in groups, O for 0, I or L for 1.

    What cannot be a code stays as it was written.
    """
    signs = (one for one in written[:LONGEST_WRITTEN].upper() if not one.isspace() and one not in "-.")
    said = "".join(signs).translate(_TAKEN_FOR)
    return said if len(said) == CODE_LENGTH and all(one in CODE_ALPHABET for one in said) else written


def verified(session: Session, code: str, *, today: date) -> Verified:
    """What stands behind a code on that day. Raises `CertificateNotFoundError`; a row tampered with is none."""
    row = _by_code(session, code)
    if row is None or row.computed_digest() != row.digest:
        raise CertificateNotFoundError
    issuer = issuers(session, [row.official]).get(row.official)
    return Verified(row.name, Text(row.title_vi, row.title_en), row.earned_on, state_of(row, today), issuer)


def own_certificates(session: Session, actor: Actor, *, today: date) -> list[Certificate]:
    """The official's own, the newest first. Three SQL queries at most."""
    if actor.official_id is None:
        return []
    wanted = _wanted().where(OfficialRow.official_id == actor.official_id).order_by(CertificateRow.id.desc())
    rows = session.execute(wanted).all()
    by = issuers(session, {row.official for row, _number in rows})
    return [_certificate(row, number, today, by.get(row.official), may_revoke=False) for row, number in rows]


def certificates(
    session: Session,
    actor: Actor,
    *,
    today: date,
    text: str = "",
    state: CertificateState | None = None,
    offset: int = 0,
    limit: int = 50,
) -> tuple[list[Certificate], int]:
    """Those in the actor's reach, the newest first, by state, and by words of `text`; and how many there are.

    Each word must begin like a word of the person's name, number or mailbox, or else each like one of the course's
    title, written with or without marks.
    """
    inside = _in_reach(actor)
    if text:
        inside.append(_said(session, text))
    if state is not None:
        inside.append(_is(state, today))
    wanted = _wanted().where(*inside)
    total = session.scalar(select(func.count(CertificateRow.id)).where(*inside)) or 0
    may_revoke = actor.may(Permission.TRAINING_CERTIFICATE_REVOKE)
    rows = session.execute(wanted.order_by(CertificateRow.id.desc()).offset(offset).limit(limit)).all()
    by = issuers(session, {row.official for row, _number in rows})
    return [
        _certificate(row, number, today, by.get(row.official), may_revoke=may_revoke and number != actor.official_id)
        for row, number in rows
    ], total


def certificate(session: Session, actor: Actor, *, code: str, today: date) -> Certificate:
    """One, for its owner and whoever may see it. Raises `CertificateNotFoundError`."""
    row = _by_code(session, code)
    if row is None:
        raise CertificateNotFoundError
    number = session.get_one(OfficialRow, row.official).official_id
    units = unit_keys_of(session, row.official)
    if not can_read_certificate(actor, number, units):
        raise CertificateNotFoundError
    issuer = issuers(session, [row.official]).get(row.official)
    return _certificate(row, number, today, issuer, may_revoke=can_revoke_certificate(actor, number, units))


def state_of(row: CertificateRow, today: date) -> CertificateState:
    """Where a certificate stands on that day."""
    if row.revoked_at is not None:
        return "revoked"
    return "expired" if row.expires_on is not None and row.expires_on <= today else "valid"


def _is(state: CertificateState, today: date) -> ColumnElement[bool]:
    """`state_of` as a condition."""
    if state == "revoked":
        return CertificateRow.revoked_at.is_not(None)
    over = and_(CertificateRow.expires_on.is_not(None), CertificateRow.expires_on <= today)
    return and_(CertificateRow.revoked_at.is_(None), over if state == "expired" else ~over)


def _by_code(session: Session, code: str) -> CertificateRow | None:
    """The row of a code in its canonical spelling."""
    if len(code) != CODE_LENGTH or any(sign not in CODE_ALPHABET for sign in code):
        return None
    return session.scalars(select(CertificateRow).where(CertificateRow.code == code)).first()


def _wanted() -> Select[CertificateRow, str]:
    return select(CertificateRow, OfficialRow.official_id).join(OfficialRow, OfficialRow.id == CertificateRow.official)


def _in_reach(actor: Actor) -> list[ColumnElement[bool]]:
    reach = actor.reach(Permission.TRAINING_CERTIFICATE_READ)
    if reach.whole:
        return []
    posts = select(PostRow.official).join(UnitRow, UnitRow.id == PostRow.unit).where(UnitRow.key.in_(reach.units or ()))
    return [CertificateRow.official.in_(posts)]


def _said(session: Session, text: str) -> ColumnElement[bool]:
    """That the person is found by the words of `text`, or the course by its title; neither for what holds no word."""
    terms = terms_of(text)
    if not terms:
        return false()
    titled = [key for key, title in course_names(session).items() if _begin(terms, words_of(title.vi, title.en))]
    return or_(CertificateRow.official.in_(officials_with(terms)), CertificateRow.course_key.in_(titled))


def _begin(terms: Iterable[Word], words: Collection[Word]) -> bool:
    return all(any(word.bare.startswith(term.bare) for word in words) for term in terms)


def _certificate(
    row: CertificateRow, number: str, today: date, issuer: str | None, *, may_revoke: bool
) -> Certificate:  # fmt: skip
    state = state_of(row, today)
    return Certificate(
        certificate_id=row.id,
        code=row.code,
        official_id=number,
        name=row.name,
        title=Text(row.title_vi, row.title_en),
        version=row.version,
        earned_on=row.earned_on,
        expires_on=row.expires_on,
        state=state,
        issuer=issuer,
        renewed=row.renewal is not None,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
        revoked_why=row.revoked_why,
        may_revoke=may_revoke and state != "revoked",
    )
