"""Certificates: the page where anybody may check one, the own ones with their papers, and the office's list."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from core.mail.options import MailOptions
from core.permissions import Permission
from core.words import Language
from training.errors import CertificateNotFoundError
from training.papers import certificate as paper
from training.queries import certificates as queries
from training.queries.certificates import STATES, Certificate, CertificateState
from training.services.certifying import revoke as revoke_certificate
from web import auth, pace, work
from web.forms.certificates import RevokeForm
from web.guards import needs, public
from web.views.asked import offset, optional
from web.views.classes import as_file
from web.views.learning import moment

pages = Blueprint("certificates", __name__)
own_pages = Blueprint("own_certificates", __name__)
LIMIT = 50
LONGEST_TEXT = 100
READ = Permission.TRAINING_CERTIFICATE_READ


@pages.get("/certificates/<code>")
@public("whoever is shown a certificate may see whether it is true; its code cannot be guessed")
def public_page(code: str) -> str | tuple[str, int] | Answer:
    """Name, course, day, who certifies, and whether it is valid; the same for everybody."""
    pace.check_lookup()
    kept = queries.canonical_code(code)
    if kept != code:  # typed from the paper
        return redirect(url_for("certificates.public_page", code=kept), 303)
    try:
        found = queries.verified(work.session(), code, today=moment().today)
    except CertificateNotFoundError:
        return render_template("certificate_unknown.html"), 404
    return render_template("certificate_public.html", found=found, code=code, state_words=state_words)


@pages.get("/certificates")
@needs(READ)
def certificates() -> str:
    """Those in reach, the newest first; of one state, or found by name."""
    state = cast("CertificateState | None", optional(request.args.get("state"), STATES))
    text, first = (request.args.get("text") or "").strip()[:LONGEST_TEXT], offset(request.args.get("offset"))
    found, total = queries.certificates(
        work.session(), auth.required(), today=moment().today, text=text, state=state, offset=first, limit=LIMIT
    )  # fmt: skip
    return render_template(
        "certificates.html",
        certificates=found,
        total=total,
        offset=first,
        limit=LIMIT,
        text=text,
        state=state,
        address=lambda **given: url_for(
            "certificates.certificates", **({"state": state, "text": text or None} | given)
        ),
        state_words=state_words,
        state_choices=[{"value": "", "text": _("all")}]
        + [{"value": one, "text": state_words(one)} for one in STATES],
    )  # fmt: skip


@pages.get("/certificates/<code>/<chosen>.pdf")
@needs(READ, Permission.TRAINING_CLASS_ATTEND)
def as_paper(code: str, chosen: str) -> Response:
    """The certificate as PDF/A, for its owner and the personnel office."""
    found = _one(code)
    wanted: Language = "en" if chosen == "en" else "vi"
    return as_file(written(found, wanted), f"certificate-{found.code}-{wanted}.pdf")


@pages.get("/certificates/<code>/revoke")
@needs(Permission.TRAINING_CERTIFICATE_REVOKE)
def revoke_page(code: str) -> str:
    """The form."""
    return render_template("certificate_revoke.html", one=_one(code), form=RevokeForm(formdata=None))


@pages.post("/certificates/<code>/revoke")
@needs(Permission.TRAINING_CERTIFICATE_REVOKE)
def revoke(code: str) -> Answer | tuple[str, int]:
    """Revoke it."""
    one, form = _one(code), RevokeForm()
    if not form.validate():
        return render_template("certificate_revoke.html", one=one, form=form), 422
    revoke_certificate(work.session(), auth.required(), code=code, why=form.why.data, moment=moment())
    flash(_("The certificate is revoked. Its owner is told, and whoever checks it is told so."))
    return redirect(url_for("certificates.certificates"), 303)


@own_pages.get("/learning/certificates")
@needs(Permission.TRAINING_CLASS_ATTEND)
def own() -> str:
    """The own ones, with their papers."""
    found = queries.own_certificates(work.session(), auth.required(), today=moment().today)
    return render_template("own_certificates.html", certificates=found, state_words=state_words)


def state_words(state: CertificateState) -> str:
    """Where a certificate stands."""
    words: dict[CertificateState, str] = {"valid": _("valid"), "expired": _("expired"), "revoked": _("revoked")}
    return words[state]


def written(one: Certificate, wanted: Language) -> bytes:
    """A certificate as PDF/A, with the address where anybody may check it."""
    return paper.render(
        paper.CertificatePaper(
            code=one.code,
            name=one.name,
            title=one.title.to(wanted),
            version=one.version,
            earned_on=one.earned_on,
            expires_on=one.expires_on,
            address=_public_address(one),
            issuer=one.issuer or "",
        ),
        language=wanted,
    )


def _one(code: str) -> Certificate:
    return queries.certificate(work.session(), auth.required(), code=code, today=moment().today)


def _public_address(one: Certificate) -> str:
    """Where strangers check it: at the site's own address, however this visitor came here."""
    site = MailOptions.of(work.settings()).site
    path = url_for("certificates.public_page", code=one.code)
    return f"{site}{path}" if site else url_for("certificates.public_page", code=one.code, _external=True)
