"""The line to a record store: to that host and no other, encrypted, bounded in time and size, following nothing.

Statements are offered together. A store takes all of them or none; where it refuses because of one of them, halves are
offered until that one stands alone. Offering a statement again does no harm: stores know it by its id.

It speaks xAPI 1.0.3. A store that only knows 2.0 (IEEE 9274.1.1) says so with its refusal, and is asked again by that
version: what is told is right by both.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import requests
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import HTTPError

from core.directory.doors.places import forbidden_address
from core.errors import UnavailableError
from core.words import Text, showable
from training.recordstore.options import StoreOptions
from training.statements.building import VERSION

MOST_BYTES = 64 * 1024
"""Of an answer that are read."""
CHUNK = 8_192
LONGEST_ANSWER = 200
REFUSED = frozenset({400, 413, 422})
"""Something about the statements themselves."""
SECOND = "2.0.0"
"""The version that a store is spoken to in which refuses the first one, and tells that this is its own."""
VERSION_HEADER = "X-Experience-API-Version"
KNOWN = 409
"""A statement of that id is there already, told in other words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one statement: taken, or (with what the store said) refused for good."""

    statement_id: str
    refused: str | None = None


def offer(
    options: StoreOptions, password: str, statements: Sequence[dict[str, Any]], *, version: str = VERSION
) -> list[Answer]:  # fmt: skip
    """Offer statements to the store; what became of each, in order.

    Raises `UnavailableError` where the store is away, busy, lets nobody in, or answers what no store would.
    """
    if not statements:
        return []
    status, said, theirs = _ask(options, password, statements, version)
    if status == 400 and version != SECOND and theirs.startswith("2."):
        return offer(options, password, statements, version=SECOND)
    if status in {200, 204}:
        return [Answer(one["id"]) for one in statements]
    if status not in REFUSED | {KNOWN}:
        raise _away(f"{status} {said}")
    if len(statements) == 1:
        return [Answer(statements[0]["id"], None if status == KNOWN else f"{status} {said}".strip())]
    half = len(statements) // 2
    parts = (statements[:half], statements[half:])
    return [one for part in parts for one in offer(options, password, part, version=version)]


def _ask(
    options: StoreOptions, password: str, statements: Sequence[dict[str, Any]], version: str
) -> tuple[int, str, str]:  # fmt: skip
    """Status of the answer, how it begins, and the version that the store says it speaks."""
    host, port = options.place
    end = time.monotonic() + 2 * options.timeout_seconds
    try:
        forbidden = forbidden_address(host, port, loopback=options.loopback)
        if forbidden is not None:
            raise _away(f"{host} stands for {forbidden}, which no store may have")
        with requests.Session() as session:
            session.trust_env = False  # no proxy, certificate or password that the settings do not name
            session.verify = options.ca_file or True
            with session.post(
                f"{options.endpoint}/statements",
                data=json.dumps(statements, ensure_ascii=False).encode(),
                headers={"Content-Type": "application/json", VERSION_HEADER: version},
                auth=HTTPBasicAuth(options.user.encode(), password.encode()),
                timeout=options.timeout_seconds,
                allow_redirects=False,
                stream=True,
            ) as answer:
                return answer.status_code, _beginning(answer, end), answer.headers.get(VERSION_HEADER, "")
    except (requests.RequestException, HTTPError, OSError, ValueError) as failed:
        raise _away(f"{type(failed).__name__}: {str(failed)[:LONGEST_ANSWER]}") from None


def _beginning(answer: requests.Response, end: float) -> str:
    """The first words of an answer. Raises `OSError` for one that is too long or too slow."""
    held = bytearray()
    # What has come, not so much as was asked for: else one byte a time-out would hold this thread for hours.
    while chunk := answer.raw.read1(CHUNK, decode_content=True):
        held += chunk
        if len(held) > MOST_BYTES or time.monotonic() > end:
            raise OSError("the answer is too long, or too slow")
    words = " ".join(bytes(held[: 4 * LONGEST_ANSWER]).decode("utf-8", "replace").split())
    return showable(words)[:LONGEST_ANSWER]


def _away(detail: str) -> UnavailableError:
    return UnavailableError(
        Text(
            "Kho bản ghi học tập không nhận bản ghi lúc này; sẽ gửi lại sau.",
            "The record store takes no statements at the moment; they are told again later.",
        ),
        detail=detail,
    )
