"""Errors as RFC 7644 (3.12) has them."""

from __future__ import annotations

import json

from flask import Response

from core.words import Language, Text

MEDIA_TYPE = "application/scim+json"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


class ScimError(Exception):
    """What was sent cannot be done: status, the kind of RFC 7644's table 9 (or none), and a sentence."""

    def __init__(self, status: int, kind: str | None, words: Text) -> None:
        super().__init__(words.en)
        self.status = status
        self.kind = kind
        self.words = words


def answer(status: int, sentence: str, language: Language, *, kind: str | None = None) -> Response:
    """The error as an answer."""
    told: dict[str, object] = {"schemas": [ERROR], "status": str(status), "detail": sentence}
    if kind is not None:
        told["scimType"] = kind
    made = Response(json.dumps(told, ensure_ascii=False), status, mimetype=MEDIA_TYPE)
    made.headers["Content-Language"] = language
    return made


def bad(kind: str, vi: str, en: str) -> ScimError:
    """400 of that kind."""
    return ScimError(400, kind, Text(vi, en))
