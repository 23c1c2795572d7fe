"""The application: settings in, a WSGI application out. Nothing is read or opened while this module is imported."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, request, url_for
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from core.db import utc_now
from core.directory.doors.installed import Doors
from core.permissions import Permission
from core.settings import Settings
from mail_audit import queries, targets
from mail_audit.queries.contests import Contested, contested
from mail_audit.queries.exceptions import changed_since
from mail_audit.report import charts, terms
from training.papers.options import CertificateOptions
from web import ahead, auth, border, formats, guards, headers, intake, language, navigation, offers, pace, undo, work
from web import sandbox as second_origin
from web.api import service
from web.compiled import COMPILED
from web.options import Options
from web.scim import service as scim
from web.views import BLUEPRINTS, look
from web.views.pictures import finding_address

STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings) -> border.BorderedFlask:
    """The application for one installation. Raises `UndeclaredRouteError` when a route is open by oversight."""
    options = Options.of(settings)
    app = border.BorderedFlask(__name__)
    app.config.update(
        SETTINGS=settings,
        LANGUAGE=settings.language,
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=headers.cookie_name("vanthu", secure=options.https),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=options.https,
        MAX_CONTENT_LENGTH=options.upload_megabytes * 1_000_000,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=options.upload_files + 50,
        WTF_CSRF_TIME_LIMIT=options.session_hours * 3600,
        OPTIONS=options,
        DOORS=Doors.of(settings),
        OFFERS=offers.OFFERS,
    )
    if options.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=options.proxies, x_proto=options.proxies)  # type: ignore[method-assign]
    intake.install(app, hosts=options.hosts)
    csrf = CSRFProtect(app)
    _templates(app)
    for pages in BLUEPRINTS:
        app.register_blueprint(pages)
    service.install(app, csrf)
    scim.install(app, csrf)
    language.install(app)
    formats.install(app)
    headers.install(app, secure=options.https)
    ahead.install(app)
    border.install(app)
    pace.install(app)
    CertificateOptions.of(settings)  # a wrong entry stops the start, and not the first paper
    second_origin.install(app)
    guards.verify(app)
    return app


def _templates(app: Flask) -> None:
    """Our templates, GOV.UK's macros beside them, and what every page needs to know."""
    own = FileSystemLoader(Path(__file__).parent / "templates")
    kit = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([own, kit])
    app.jinja_env.bytecode_cache = COMPILED
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=_asset_of(app),
        charts=charts,
        contact=lambda: work.options().contact,
        contested_since=_contested_since,
        finding_address=finding_address,
        look=look.look,
        now_here=utc_now,
        kept_here=ahead.is_kept_here,
        latest_audit_id=_latest_audit_id,
        navigation=navigation.main_menu,
        outcome_signs=targets.OUTCOME_SIGNS,
        sub_navigation=navigation.sub_menu,
        target_words=targets.said,
        terms=terms,
        undo=undo,
    )

    @app.context_processor
    def frame() -> dict[str, Any]:
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        return {"language": language.language(), "actor": auth.known(), "here": here}


def _latest_audit_id() -> int | None:
    """The audit the first page shows, so that a page of an older one can say that it is older."""
    return queries.latest_audit_id(work.session()) if auth.known() is not None else None


def _contested_since(audit_id: int) -> tuple[Contested, int]:
    """What was contested of a report, and how many exceptions for its days changed, since it was made."""
    session, actor = work.session(), auth.required()
    reach = actor.reach(Permission.MAIL_AUDIT_EXCEPTION_READ)
    return contested(session, actor, audit_id), changed_since(session, audit_id, reach=reach)


def _asset_of(app: Flask) -> Any:
    """Addresses of static files that change when the file does, so that browsers may keep them for ever."""
    marks: dict[str, str] = {}

    def asset(name: str) -> str:
        if name not in marks or app.debug:
            marks[name] = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
        return url_for("static", filename=name, v=marks[name])

    return asset
