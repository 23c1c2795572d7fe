"""The documentation is complete and true as far as a machine can tell."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from core import settings
from core.cli import vanthu
from core.directory.doors.ldap.options import LdapOptions
from core.directory.doors.oidc.options import OidcOptions
from core.directory.feeds.options import SyncOptions
from core.mail.options import MailOptions
from core.store.options import BucketOptions
from eoffice.replying.options import InboundOptions
from mail_audit.collectors.census.options import Options as CensusOptions
from mail_audit.journaling.options import JournalOptions
from mail_audit.report.model import CLASSES
from mail_audit.report.terms import CLASS_WORDS, RUNG_WORDS
from mail_audit.services.collecting.options import CollectingOptions
from mail_audit.standing.options import StandingOptions
from mail_audit.thresholds import Thresholds
from tests.house.tree import ROOT, files
from training.papers.options import CertificateOptions
from training.recordstore.options import StoreOptions
from training.scorm import ScormOptions
from web.options import Options

LINK = re.compile(r"(?<!\\)!?\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?(vanthu .*)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?$(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = sorted(path for path in files() if path.suffix == ".md" and (path.parts[0] == "docs" or len(path.parts) == 1))


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link inside the project resolves, its anchor included."""
    broken = []
    for target in LINK.findall((ROOT / page).read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        found = (ROOT / page.parent / name).resolve() if name else ROOT / page
        if not found.exists() or (anchor and anchor not in _anchors(found.relative_to(ROOT))):
            broken.append(target)
    assert broken == []


def test_tests_that_are_named_are_there() -> None:
    """Where a page names the test that holds a sentence, there is that test."""
    written = "\n".join((ROOT / page).read_text("utf-8") for page in PAGES)
    named = set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", written))
    assert named
    missing = {
        f"{path}::{test}" if test else path
        for path, test in named
        if not (ROOT / path).is_file() or (test and f"def {test}(" not in (ROOT / path).read_text("utf-8"))
    }
    assert missing == set()


def test_every_page_is_reached_from_the_readme() -> None:
    """No page is an orphan."""
    seen: set[Path] = set()
    waiting = [Path("README.md")]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        targets = (target.partition("#")[0] for target in LINK.findall((ROOT / page).read_text("utf-8")))
        inside = ((ROOT / page.parent / target).resolve() for target in targets if target.endswith(".md"))
        waiting += [target.relative_to(ROOT) for target in inside if target.exists()]
    assert set(PAGES) - seen == set()


def test_every_setting_is_documented() -> None:
    """`docs/settings.md` has a row for each setting, and none for what is no setting."""
    documented = re.findall(r"^\| `(VANTHU_[A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(documented) == sorted("VANTHU_" + key.name.upper() for key in settings.KEYS)


def _as_written(default: object) -> str:
    """A default as it would stand in the file."""
    if default is dataclasses.MISSING:
        return "needed"
    return json.dumps(list(default) if isinstance(default, tuple) else default)


@pytest.mark.parametrize(
    ("page", "heading", "options"),
    [
        ("settings.md", "S3", BucketOptions),
        ("settings.md", "Pages", Options),
        ("settings.md", "Mail", MailOptions),
        ("settings.md", "Answers by e-mail", InboundOptions),
        ("settings.md", "Learning record store", StoreOptions),
        ("settings.md", "SCORM packages", ScormOptions),
        ("settings.md", "Log-in by OpenID Connect", OidcOptions),
        ("settings.md", "Log-in by a directory server", LdapOptions),
        ("settings.md", "Sync with a directory server", SyncOptions),
        ("settings.md", "Collecting", CollectingOptions),
        ("settings.md", "Standing facts", StandingOptions),
        ("settings.md", "Journal", JournalOptions),
        ("settings.md", "Census", CensusOptions),
        ("settings.md", "Certificates", CertificateOptions),
        ("measurement.md", "Thresholds", Thresholds),
    ],
)
def test_every_option_is_documented(page: str, heading: str, options: type[Any]) -> None:
    """The tables of `vanthu.toml` stand in the documentation, each entry with its default as it would be written."""
    section = (ROOT / "docs" / page).read_text("utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    documented = dict(re.findall(r"^\| `([a-z_]+)` \|.*\| `?([^|`]+)`? \|$", section, re.MULTILINE))
    fields = {one.name: _as_written(one.default) for one in dataclasses.fields(options)}
    if fields.get("key") == "needed":  # a table for each of several: its key is its name
        del fields["key"]
    assert documented == fields


def test_glossary_has_the_words_of_the_report() -> None:
    """Every class and rung stands in the glossary with the words that the report prints."""
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    rows = {
        tuple(cell.strip(" `") for cell in row.strip("|").split("|"))
        for row in re.findall(r"^\|.*\|$", page, re.MULTILINE)
    }
    classes = {(name, CLASS_WORDS[name].en, CLASS_WORDS[name].vi) for name in CLASSES}
    rungs = {(rung, words.en, words.vi) for rung, words in RUNG_WORDS.items()}
    assert (classes | rungs) - rows == set()


def _commands() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for block in FENCE.findall((ROOT / page).read_text("utf-8")):
            for line in COMMAND.findall(block.replace("\\\n", " ")):
                yield str(page), line


@pytest.mark.parametrize(("page", "line"), list(_commands()))
def test_commands_shown_are_commands(page: str, line: str) -> None:
    """Each `vanthu …` in a code block names a command and options that exist."""
    words = shlex.split(line, comments=True)[1:]
    command: click.Command = vanthu
    context = click.Context(vanthu)
    while words and isinstance(command, click.Group) and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found is not None, f"{page}: {line}"
        command, words = found, words[1:]
    options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    shown = {word.partition("=")[0].rstrip("].…").lstrip("[") for word in words if word.lstrip("[").startswith("--")}
    assert shown - options - {"--help"} == set(), f"{page}: {line}"


@pytest.mark.parametrize(
    "target", sorted(set(re.findall(r"`make ([a-z-]+)", "".join((ROOT / page).read_text("utf-8") for page in PAGES))))
)
def test_make_targets_shown_exist(target: str) -> None:
    """Each `make …` in the documentation is a target."""
    assert re.search(rf"^{re.escape(target)}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
