"""What xAPI demands of a statement (1.0.3, part two, and the same in IEEE 9274.1.1), of those kinds that are made here.

Written from the specification and not from the code that makes statements: a record store refuses whatever breaks it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

WHOLE = {"id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version"}
RESULT = {"score", "success", "completion", "response", "duration", "extensions"}
CONTEXT = {
    "registration", "instructor", "team", "contextActivities", "revision", "platform", "language", "statement",
    "extensions",
}  # fmt: skip
IDENTIFIERS = {"mbox", "mbox_sha1sum", "openid", "account"}
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


def faults(one: Mapping[str, Any]) -> list[str]:
    """Everything that is wrong with a statement; nothing where a store has to take it."""
    return list(_faults(one))


def _faults(one: Mapping[str, Any]) -> Iterator[str]:
    if not one.keys() <= WHOLE or not {"actor", "verb", "object"} <= one.keys():
        yield "properties of a statement (2.2)"
    if None in one.values():
        yield "null stands in no statement (2.2)"
        return
    if str(uuid.UUID(one["id"])) != one["id"]:
        yield "id is a UUID in its own spelling (2.4.1)"
    yield from _actor(one["actor"])
    if not _is_iri(one["verb"]["id"]) or not _is_map(one["verb"].get("display", {})):
        yield "verb (2.4.3)"
    yield from _thing(one["object"])
    if one["verb"]["id"] == VOIDED and one["object"].get("objectType") != "StatementRef":
        yield "what is voided is named by a StatementRef (2.3.2)"
    if not one.get("result", {}).keys() <= RESULT or not all(map(_is_iri, one.get("result", {}).get("extensions", {}))):
        yield "result (2.4.5)"
    yield from _score(one.get("result", {}).get("score"))
    yield from _context(one)
    at = datetime.fromisoformat(one["timestamp"])
    if at.tzinfo is None or one["timestamp"].endswith("-00:00"):
        yield "a timestamp has its offset (4.5; 2.4.7)"


def _actor(actor: Mapping[str, Any]) -> Iterator[str]:
    if actor.get("objectType", "Agent") != "Agent" or len(actor.keys() & IDENTIFIERS) != 1:
        yield "an agent has one identifier exactly (2.4.2.1)"
    account = actor.get("account", {})
    if account and (set(account) != {"homePage", "name"} or not _is_iri(account["homePage"]) or not account["name"]):
        yield "account (2.4.2.4)"


def _thing(thing: Mapping[str, Any]) -> Iterator[str]:
    if thing.get("objectType", "Activity") == "StatementRef":
        if set(thing) != {"objectType", "id"} or str(uuid.UUID(thing["id"])) != thing["id"]:
            yield "StatementRef (2.4.4.3)"
        return
    said = thing.get("definition", {})
    if not _is_iri(thing["id"]) or not _is_iri(said.get("type", "x:y")) or not _is_map(said.get("name", {})):
        yield "activity (2.4.4.1)"


def _score(score: Mapping[str, Any] | None) -> Iterator[str]:
    if score is not None and not (-1 <= score["scaled"] <= 1 and score["min"] <= score["raw"] <= score["max"]):
        yield "score (2.4.5.1)"


def _context(one: Mapping[str, Any]) -> Iterator[str]:
    context = one.get("context", {})
    if not context.keys() <= CONTEXT:
        yield "context (2.4.6)"
    if "platform" in context and one["object"].get("objectType", "Activity") != "Activity":
        yield "a platform is said of activities only (2.4.6)"
    if "registration" in context and str(uuid.UUID(context["registration"])) != context["registration"]:
        yield "registration (2.4.6.1)"
    for kind, named in context.get("contextActivities", {}).items():
        if kind not in {"parent", "grouping", "category", "other"} or any(
            fault for one in named for fault in _thing(one)
        ):
            yield "contextActivities (2.4.6.2)"


def _is_iri(text: object) -> bool:
    return isinstance(text, str) and bool(urlsplit(text).scheme) and not re.search(r"[\s<>\"{}|\\^`]", text)


def _is_map(words: Mapping[str, Any]) -> bool:
    return all(LANGUAGE.fullmatch(tag) and isinstance(said, str) for tag, said in words.items())
