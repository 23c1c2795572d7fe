"""Which language a page is in, and the catalogue its words come from.

Sources are written in English; `translations/vi/LC_MESSAGES/messages.po` holds the Vietnamese. The catalogue is read
from the .po file itself once a process: there is no compiled file that could be missing or stale.
"""

from __future__ import annotations

from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel, Domain, get_locale

from core.words import LANGUAGES, Language
from web.api import door
from web.headers import cookie_name

COOKIE = "vanthu_language"
CATALOGUE = Path(__file__).parent / "translations" / "vi" / "LC_MESSAGES" / "messages.po"


class SourceDomain(Domain):  # type: ignore[misc]
    """Translations taken from the .po file instead of a compiled one."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the request's language; English is the language of the sources."""
        return vietnamese() if language() == "vi" else _english()


class SourceBabel(Babel):  # type: ignore[misc]
    """Flask-Babel with `SourceDomain`."""

    @cached_property
    def domain_instance(self) -> SourceDomain:
        """The one domain there is."""
        return SourceDomain()


@cache
def vietnamese() -> Translations:
    """The Vietnamese catalogue."""
    with CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale="vi")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


@cache
def _english() -> NullTranslations:
    return NullTranslations()


def choose() -> Language:
    """The language of this request: as chosen (by cookie, `Accept-Language` for the API), else the installation's."""
    if has_request_context() and door.is_asked():
        asked = cast("Language | None", request.accept_languages.best_match(LANGUAGES))
        return asked or cast("Language", current_app.config["LANGUAGE"])
    name = cookie_name(COOKIE, secure=bool(current_app.config["SESSION_COOKIE_SECURE"]))
    chosen = request.cookies.get(name, "") if has_request_context() else ""
    return chosen if chosen in LANGUAGES else current_app.config["LANGUAGE"]


def language() -> Language:
    """The language in use, as the rest of the suite spells it."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "vi"


def install(app: Flask) -> None:
    """Give `app` its translations."""
    SourceBabel(app, locale_selector=choose)
