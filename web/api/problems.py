"""Errors as RFC 9457 has them (`application/problem+json`), in the language that was asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from flask import Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import ErrorDetails

from core.words import Text
from web.language import language

MEDIA_TYPE = "application/problem+json"
TITLES: Mapping[int, Text] = MappingProxyType(
    {
        400: Text("Yêu cầu không dùng được", "The request cannot be used"),
        401: Text("Cần mã truy cập", "A token is needed"),
        403: Text("Không được phép", "Not allowed"),
        404: Text("Không tìm thấy", "Not found"),
        405: Text("Không làm được việc đó ở địa chỉ này", "That cannot be done at this address"),
        409: Text("Không còn khớp với dữ liệu hiện có", "It clashes with what is there"),
        413: Text("Quá lớn", "Too large"),
        415: Text("Không đọc được kiểu dữ liệu này", "This kind of content is not read"),
        422: Text("Dữ liệu gửi lên chưa đúng mẫu", "What was sent does not fit the schema"),
        429: Text("Quá nhiều yêu cầu", "Too many requests"),
        500: Text("Lỗi của chương trình", "A defect of the program"),
        503: Text("Tạm thời chưa làm được", "Not possible for the moment"),
    }
)
"""Status -> what it means, as far as that can be said without the request."""
_OTHER = Text("Yêu cầu bị từ chối", "The request was refused")
MOST_TOLD = 50


class Wrong(BaseModel):
    """One thing that does not fit the schema: where it stands, and what would be right."""

    model_config = ConfigDict(frozen=True)

    place: str = Field(description="query, body or file, then the names on the way, with slashes")
    said: str


class Problem(BaseModel):
    """What went wrong. `number` is found again in the installation's log."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    number: str
    wrong: tuple[Wrong, ...] = ()


class UnfitError(Exception):
    """What was sent does not fit the operation's schema."""

    def __init__(self, place: str, errors: Sequence[ErrorDetails]) -> None:
        super().__init__(place)
        self.wrong = tuple(Wrong(place="/".join((place, *map(str, one["loc"]))), said=_said(one)) for one in errors)


def title_of(status: int) -> Text:
    """What a status means, as far as that can be said without the request."""
    return TITLES.get(status, _OTHER)


def answer(status: int, sentence: str, number: str, *, wrong: Sequence[Wrong] = ()) -> Response:
    """The problem as an answer."""
    told = Problem(
        type="about:blank",
        title=title_of(status).to(language()),
        status=status,
        detail=sentence,
        number=number,
        wrong=tuple(wrong[:MOST_TOLD]),
    )
    made = Response(json.dumps(told.model_dump(), ensure_ascii=False), status, mimetype=MEDIA_TYPE)
    made.headers["Content-Language"] = language()
    return made


_SAID: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "missing": ("còn thiếu", "is missing"),
        "extra_forbidden": ("không có mục này", "there is nothing of this name"),
        "greater_than_equal": ("nhỏ nhất là {ge}", "is at least {ge}"),
        "greater_than": ("phải lớn hơn {gt}", "is greater than {gt}"),
        "less_than_equal": ("lớn nhất là {le}", "is at most {le}"),
        "less_than": ("phải nhỏ hơn {lt}", "is less than {lt}"),
        "string_too_long": ("nhiều nhất {max_length} ký tự", "has at most {max_length} signs"),
        "string_too_short": ("ít nhất {min_length} ký tự", "has at least {min_length} signs"),
        "string_pattern_mismatch": ("có ký tự không dùng được", "has signs that cannot be used"),
        "too_long": ("nhiều nhất {max_length} mục", "has at most {max_length} entries"),
        "too_short": ("ít nhất {min_length} mục", "has at least {min_length} entries"),
        "literal_error": ("là một trong: {expected}", "is one of: {expected}"),
        "whole": ("là một số nguyên", "is a whole number"),
        "flag": ("là true hoặc false", "is true or false"),
        "clock": ("là giờ như 08:30", "is a time like 08:30"),
        "day": ("là một ngày như 2026-10-31", "is a day like 2026-10-31"),
    }
)
"""Kind of an error of pydantic (or of `parameters`) -> what would be right, with its numbers."""


def _said(error: ErrorDetails) -> str:
    vi, en = _SAID.get(error["type"], ("không đúng kiểu hoặc giá trị", "is not of the right kind or value"))
    return Text(vi, en).to(language()).format_map(error.get("ctx", {}))
