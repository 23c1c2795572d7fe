"""The document: whole, in both languages, true to the tables it repeats, and never smaller than what was promised."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, get_args

import pytest

from mail_audit.figure_lines import FIGURES
from mail_audit.models.contests import ABOUT
from tests.web.conftest import Visitor
from web.api import problems
from web.api.document import document
from web.api.resources.contests import About
from web.api.resources.officials import Figure
from web.api.service import operations

PROMISED = Path(__file__).parent / "promised.json"


def test_it_is_in_the_language_that_is_asked_for(stranger: Visitor) -> None:
    found = {
        language: stranger.get("/api/v1/openapi.json", headers={"Accept-Language": language}).json
        for language in ("vi", "en", "fr, en;q=0.5", "fr")
    }
    titles = [one["info"]["title"] for one in found.values() if one is not None]
    assert titles == ["API của Văn thư", "The API of Vanthu", "The API of Vanthu", "API của Văn thư"]


def test_every_operation_says_what_it_does_in_both_languages() -> None:
    for language in ("vi", "en"):
        said = document(language)
        summaries = [one["summary"] for methods in said["paths"].values() for one in methods.values()]
        assert len(summaries) == len(operations())
        assert all(one.endswith(".") for one in summaries)
    assert {one.says.vi for one in operations()} & {one.says.en for one in operations()} == set()
    assert len({one.name for one in operations()}) == len(operations())


def test_every_reference_leads_somewhere() -> None:
    said = document("en")
    written = json.dumps(said)
    for kind in ("schemas", "headers"):
        for name in said["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in written, f"{name} is used by nothing"


def test_what_it_repeats_is_what_there_is() -> None:
    assert set(get_args(Figure)) == set(FIGURES)
    assert set(get_args(About)) == set(ABOUT)


def test_every_status_has_its_words() -> None:
    said = document("en")
    statuses = {
        int(one) for methods in said["paths"].values() for each in methods.values() for one in each["responses"]
    }
    assert {one for one in statuses if one >= 400} <= set(problems.TITLES)


def promises() -> dict[str, Any]:
    """What programs may count on: operations with what they take and must be given, and the fields of answers."""
    said = document("en")
    found: dict[str, Any] = {"operations": {}, "fields": {}}
    for path, methods in said["paths"].items():
        for method, one in methods.items():
            needed = sorted(each["name"] for each in one["parameters"] if each["required"])
            taken = sorted(each["name"] for each in one["parameters"])
            found["operations"][f"{method.upper()} {path}"] = {"takes": taken, "needs": needed}
    for name, schema in said["components"]["schemas"].items():
        found["fields"][name] = sorted(schema.get("properties", {}))
    return found


def test_it_only_grows() -> None:
    """Nothing that was promised is gone, and nothing more has to be given. New: `VANTHU_PROMISE=1 pytest` adds it."""
    now = promises()
    if os.environ.get("VANTHU_PROMISE"):
        PROMISED.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n", "utf-8")
        pytest.skip("promised")
    promised = json.loads(PROMISED.read_text("utf-8"))
    broken = [one for one in promised["operations"] if one not in now["operations"]]
    for one, was in promised["operations"].items():
        if one not in broken:
            then = now["operations"][one]
            if set(was["takes"]) - set(then["takes"]) or set(then["needs"]) - set(was["needs"]):
                broken.append(one)
    for name, fields in promised["fields"].items():
        broken += [f"{name}.{field}" for field in fields if field not in now["fields"].get(name, ())]
    assert broken == []
