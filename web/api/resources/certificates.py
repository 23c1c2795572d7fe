"""Certificates: the own ones, those in reach of the personnel office, their papers, and whether one is true."""

from __future__ import annotations

from io import BytesIO
from typing import Annotated

from pydantic import Field

from core.permissions import Permission
from core.words import Language, Text
from training.queries import certificates as queries
from training.queries.certificates import Certificate, CertificateState, Verified
from training.services import certifying
from web import auth, pace, work
from web.api import reach
from web.api.operations import Download, Section
from web.api.parameters import AskedPart, Body, Line, Name, Part, part_of
from web.guards import needs, public
from web.views.certificates import written
from web.views.classes import PDF
from web.views.learning import moment

section = Section("certificates", Text("Giấy chứng nhận", "Certificates"))
READ, OWN = Permission.TRAINING_CERTIFICATE_READ, Permission.TRAINING_CLASS_ATTEND


class CertificatesAsked(AskedPart):
    """Of people or courses that `text` finds, in one state."""

    text: Annotated[Line, Field(max_length=100)] = ""
    state: CertificateState | None = None


class WhyRevoked(Body):
    """Why it holds no longer; its owner reads that."""

    why: Annotated[Line, Field(min_length=1)]


@section.get("/certificates", Text("Các giấy chứng nhận.", "The certificates, the newest first."))
@needs(READ)
def certificates(asked: CertificatesAsked) -> Part[Certificate]:
    """Those in reach."""
    rows, total = queries.certificates(
        work.session(), auth.required(), today=moment().today, text=asked.text.strip(), state=asked.state,
        offset=asked.offset, limit=asked.limit,
    )  # fmt: skip
    return part_of(rows, asked, total)


@section.get("/own/certificates", Text("Giấy chứng nhận của mình.", "One's own certificates, the newest first."))
@needs(OWN)
def own_certificates(asked: AskedPart) -> Part[Certificate]:
    """Expired and revoked ones too."""
    return part_of(queries.own_certificates(work.session(), reach.official(), today=moment().today), asked)


@section.get("/certificates/{code}", Text("Một giấy chứng nhận.", "A certificate, as its owner and the office see it."))
@needs(READ, OWN)
def certificate(code: Name) -> Certificate:
    """By its code."""
    return _one(code)


@section.get("/certificates/{code}/verified", Text("Kiểm tra giấy chứng nhận.", "Whether a certificate is true."))
@public("whoever is shown a certificate may see whether it is true; its code cannot be guessed")
def verify_certificate(code: Name) -> Verified:
    """Name, course, day, who certifies and state; the same for everybody."""
    pace.check_lookup()
    return queries.verified(work.session(), code, today=moment().today)


@section.get(
    "/certificates/{code}/paper/{language}", Text("Bản in giấy chứng nhận.", "The certificate as PDF/A."),
    media_types=(PDF,),
)  # fmt: skip
@needs(READ, OWN)
def certificate_paper(code: Name, language: Language) -> Download:
    """With the address where anybody may check it."""
    found = _one(code)
    return Download(BytesIO(written(found, language)), PDF, f"certificate-{found.code}-{language}.pdf")


@section.post("/certificates/{code}/revoke", Text("Thu hồi giấy chứng nhận.", "Revoke a certificate."))
@needs(Permission.TRAINING_CERTIFICATE_REVOKE)
def revoke_certificate(code: Name, wanted: WhyRevoked) -> Certificate:
    """Its owner is told; nobody revokes their own."""
    certifying.revoke(work.session(), auth.required(), code=code, why=wanted.why, moment=moment())
    return _one(code)


def _one(code: str) -> Certificate:
    return queries.certificate(work.session(), auth.required(), code=code, today=moment().today)
