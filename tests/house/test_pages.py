"""Templates compile, and every word of a page is in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment

from core import settings
from tests.house.tree import ROOT, files
from web.app import create_app

TEMPLATES = sorted(path for path in files() if path.parts[:2] == ("web", "templates"))
CATALOGUES = sorted(path for path in files() if path.suffix == ".po")
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The template environment of an application in an empty home."""
    return create_app(settings.load({"VANTHU_HOME": str(tmp_path_factory.mktemp("home"))})).jinja_env


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: Path(path).name)
def test_templates_compile(environment: Environment, template: Path) -> None:
    """Each template is right in itself, and so is every template it names."""
    environment.get_template(template.relative_to("web/templates").as_posix())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: Path(path).name)
def test_templates_keep_the_content_security_policy(template: Path) -> None:
    """No inline script, style or handler: the policy would refuse it."""
    assert INLINE.findall((ROOT / template).read_text("utf-8")) == []


def _asked_for() -> Catalog:
    """Every message of the pages, as extraction finds them now."""
    catalogue = Catalog()
    found = extract_from_dir(
        str(ROOT / "web"), METHODS, keywords=KEYWORDS, options_map={"templates/**.html": {"silent": "false"}}
    )
    for name, line, message, _comments, context in found:
        catalogue.add(message, None, [(name, line)], context=context)
    return catalogue


def _translated(message: Message) -> bool:
    words = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return not message.fuzzy and bool(words) and all(words)


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=str)
def test_translations_are_complete(catalogue: Path) -> None:
    """Every message that a page asks for has its translation, none of them a guess, and none is left over."""
    with (ROOT / catalogue).open("rb") as source:
        translations = read_po(source)
    asked = {message.id for message in _asked_for() if message.id}
    translated = {message.id for message in translations if message.id and _translated(message)}
    assert asked
    assert asked ^ translated == set()


def test_there_is_a_vietnamese_catalogue() -> None:
    """Pages are written in English; Vietnamese is what most people see."""
    assert [path.as_posix() for path in CATALOGUES] == ["web/translations/vi/LC_MESSAGES/messages.po"]
