"""Whether it runs, and the document that says what there is."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from sqlalchemy import text

from core.words import Text
from web import work
from web.api.operations import JSON, Download, Section
from web.guards import public
from web.language import language

section = Section("state", Text("Tình trạng và tài liệu", "State and document"))


@dataclass(frozen=True, slots=True)
class Status:
    """It runs, and its database answers."""

    status: Literal["ok"]


@section.get("/status", Text("Hệ thống có đang chạy không.", "Whether it runs and its database answers."))
@public("monitors have no token; it says nothing but that it runs")
def status() -> Status:
    """503 where the database does not answer."""
    work.session().execute(text("SELECT 1"))
    return Status("ok")


@section.get("/openapi.json", Text("Tài liệu OpenAPI này.", "This OpenAPI document."), media_types=(JSON,))
@public("the same in every installation; it says nothing of this one")
def openapi() -> Download:
    """In the language that is asked for (`Accept-Language`)."""
    from web.api.document import written

    return Download(BytesIO(written(language())), JSON, "openapi.json")
