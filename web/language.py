"""Which language a page is in, and the catalogue its words come from.

Sources are written in English; `translations/vi/LC_MESSAGES/messages.po` holds the Vietnamese. The catalogue is read
from the .po file itself once a process: there is no compiled file that could be missing or stale.
"""

from __future__ import annotations

from functools import cache, cached_property, lru_cache
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from core.words import LANGUAGES, Language
from web.api import door
from web.headers import cookie_name

COOKIE = "vanthu_language"
CATALOGUE = Path(__file__).parent / "translations" / "vi" / "LC_MESSAGES" / "messages.po"


class SourceDomain(Domain):  # type: ignore[misc]
    """Translations taken from the .po file instead of a compiled one."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the request's language; English is the language of the sources."""
        return _catalogue(language())


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
    """The language in use, as the rest of the suite spells it.

    Asked a thousand times a page: so where Flask-Babel has settled it, it is read from where it keeps it.
    """
    try:
        locale = g._flask_babel.babel_locale  # noqa: SLF001 - there is no other way to it that is shorter
    except (AttributeError, RuntimeError):
        locale = None
    if locale is None:
        locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "vi"


@pass_eval_context
def _said(surroundings: EvalContext, message: str, /, **values: object) -> str:
    """What `_` says in templates: the same as Jinja's own, by a shorter way, for a page says hundreds of words."""
    if not values:
        return _alone(message, language(), surroundings.autoescape)
    said = _catalogue(language()).gettext(message)
    return (Markup(said) if surroundings.autoescape else said) % values  # noqa: S704 - of the sources, not of visitors


@lru_cache(maxsize=8_192)
def _alone(message: str, chosen: Language, marked: bool) -> str:
    said = _catalogue(chosen).gettext(message)
    return (Markup(said) if marked else said) % {}  # noqa: S704 - of the sources, not of visitors


def _catalogue(chosen: Language) -> NullTranslations:
    return vietnamese() if chosen == "vi" else _english()


def install(app: Flask) -> None:
    """Give `app` its translations."""
    SourceBabel(app, locale_selector=choose)
    app.jinja_env.globals["_"] = _said
