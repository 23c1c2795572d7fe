"""What a telephone needs to install the suite and to read the pages of the day without a network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from core.permissions import Permission
from core.words import LANGUAGES
from web import ahead
from web.guards import needs, public
from web.headers import YEAR

pages = Blueprint("offline", __name__)
BUILT = Path(__file__).parent.parent / "static" / "built"
FONTS = ("latin-400", "latin-700", "vietnamese-400", "vietnamese-700")
BRAND = "#0b4f6c"


@pages.get("/manifest/<chosen>.webmanifest")
@public("browsers ask for it before anybody logs in; it holds the name and the icons")
def manifest(chosen: str) -> Response:
    """The manifest (W3C Web Application Manifest) in one of the languages."""
    if chosen not in LANGUAGES:
        abort(404)
    with force_locale(chosen):
        said = {
            "name": str(_("Vanthu: official e-mail and the office")),
            "description": str(_("Vanthu: who uses official e-mail, and how it becomes easier.")),
        }
    icons: list[dict[str, str]] = [{"src": _asset("icon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    for pixels in (192, 512):
        size = f"{pixels}x{pixels}"
        icons.append({"src": _asset(f"built/icon-{pixels}.png"), "sizes": size, "type": "image/png"})
    full = {"src": _asset("built/icon-full-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"}
    manifest: dict[str, Any] = {
        **said,
        "short_name": "Vanthu",
        "lang": chosen,
        "dir": "ltr",
        "id": "/",
        "start_url": url_for("home.home"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": BRAND,
        "icons": [*icons, full],
    }
    return Response(json.dumps(manifest, ensure_ascii=False), mimetype="application/manifest+json")


@pages.get("/service-worker.js")
@public("a script like those of the static files; at the root, because it works for every page")
def worker() -> Response:
    """The service worker, with the addresses of the files it keeps; another version of a file is another worker."""
    named = [_asset("icon.svg"), _asset("built/app.css"), _asset("built/app.js")]
    named.append(url_for("static", filename="built/govuk-frontend.min.js"))
    named += [url_for("static", filename=f"built/fonts/be-vietnam-pro-{font}-normal.woff2") for font in FONTS]
    offline = url_for("offline.offline")
    assets = {"version": _asset("built/service-worker.js").partition("v=")[2], "offline": offline}
    script = (BUILT / "service-worker.js").read_text("utf-8")
    assets_line = json.dumps({**assets, "addresses": [*named, offline]})
    return Response(f"const ASSETS = {assets_line};\n{script}", mimetype="text/javascript")


@pages.get("/off-line")
@public("shown without a network, when nobody can ask who is there; the same for everybody, in both languages")
def offline() -> str:
    """What stands in place of a page that cannot be fetched and was not kept."""
    return render_template("offline.html")


@pages.post("/keep/<chosen>")
@needs(Permission.CORE_ACCOUNT_OWN)
def keep(chosen: str) -> BaseResponse:
    """Keep the pages of the day on this device from now on (`on`), or keep none (`off`: the browser drops them)."""
    if chosen not in {"on", "off"}:
        abort(404)
    answer = make_response(redirect(url_for("home.home", _anchor="keep"), 303))
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    if chosen == "on":
        answer.set_cookie(ahead.kept_cookie(), "1", max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    else:
        answer.delete_cookie(ahead.kept_cookie(), httponly=True, samesite="Lax", secure=secure)
    return answer


def _asset(name: str) -> str:
    return str(current_app.jinja_env.globals["asset"](name))  # type: ignore[operator]
