"""A personnel system reads who uses official e-mail every morning, and records who is on leave."""

from __future__ import annotations

from collections.abc import Callable

from core.db import unit_of_work
from core.settings import Settings
from tests.web import town
from tests.web.api.conftest import Program
from tests.web.conftest import Visitor

Service = Callable[..., Program]


def test_a_personnel_system_reads_figures_and_records_leave(
    service: Service, settings: Settings, listed: None, audit_id: int
) -> None:
    program = service("figures", "reviews.read", "reviews")
    latest = program.get("/audits/latest").json
    assert latest is not None
    assert (latest["audit_id"], latest["period"]["first"]) == (audit_id, town.FIRST.isoformat())
    unused = program.get(f"/audits/{audit_id}/officials?usage_class=none").json
    assert unused is not None
    assert [(one["official_id"], one["name"]) for one in unused["rows"]] == [("CB2", "Trần Văn Ửng")]

    leave = {"official_id": "CB2", "kind": "leave", "first": "2026-10-05", "last": "2026-10-20"}
    recorded = program.post("/exceptions", leave)
    assert recorded.status_code == 201
    assert recorded.json is not None
    number = recorded.json["exception_id"]
    assert recorded.json["recorded_by"] == "service:hr-system"
    ended = program.post(f"/exceptions/{number}/end", {"last": "2026-10-12"})
    assert ended.json is not None
    assert ended.json["last"] == "2026-10-12"


def test_a_script_that_asks_again_is_told_that_nothing_changed(administrator: Program, audit_id: int) -> None:
    first = administrator.get(f"/audits/{audit_id}/units")
    again = administrator.get(f"/audits/{audit_id}/units", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_the_trail_names_the_service(service: Service, settings: Settings, audit_id: int, listed: None) -> None:
    program = service("evidence", "trail")
    assert program.get(f"/audits/{audit_id}/officials/CB1").status_code == 200
    trail = program.get("/trail?limit=1").json
    assert trail is not None
    (last,) = trail["entries"]["rows"]
    assert (last["actor"], last["subject"]) == ("service:hr-system", "official:CB1")


def test_errors_are_problems_in_the_language_that_was_asked_for(administrator: Program, audit_id: int) -> None:
    for language, title in (("en", "Not found"), ("vi", "Không tìm thấy")):
        refused = Program(administrator.client, administrator.token, language).get("/audits/99")
        assert refused.status_code == 404
        assert refused.mimetype == "application/problem+json"
        assert refused.headers["Content-Language"] == language
        assert refused.json is not None
        assert (refused.json["title"], refused.json["status"]) == (title, 404)
        assert refused.json["detail"]


def test_what_does_not_fit_is_told_field_by_field(administrator: Program) -> None:
    refused = administrator.get("/audits?offset=-1&limit=many&colour=red")
    assert refused.status_code == 422
    assert refused.json is not None
    assert refused.json["wrong"] == [
        {"place": "query/offset", "said": "is at least 0"},
        {"place": "query/limit", "said": "is a whole number"},
        {"place": "query/colour", "said": "there is nothing of this name"},
    ]


def test_a_cookie_opens_nothing(admin: Visitor, audit_id: int) -> None:
    """Somebody who is logged in at the pages is a stranger here: no other site can make a browser ask."""
    assert admin.get("/audits").status_code == 200
    refused = admin.get("/api/v1/audits")
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer realm=vanthu")
    assert admin.client.post("/api/v1/sources/collect").status_code == 401
    assert "Set-Cookie" not in refused.headers


def test_a_broken_request_changes_nothing(administrator: Program, settings: Settings, listed: None) -> None:
    """One commit at the border: what a refused request did before it was refused is gone."""
    targets = [
        {"unit": town.HEALTH, "rank": "leader", "share": 0.5, "due": "2026-12-31"},
        {"unit": "Sở Không Có", "rank": "leader", "share": 0.5, "due": "2026-12-31"},
    ]
    assert administrator.post("/targets", {"targets": targets}).status_code == 400
    assert administrator.get("/targets").json == {"rows": [], "total": 0, "offset": 0, "limit": 50}
    assert administrator.post("/targets", {"targets": targets[:1]}).json == {"added": 1, "changed": 0, "same": 0}
    with unit_of_work(settings) as session:
        assert session.is_active
