"""SCIM as identity providers send it: who joins, moves, leaves, and what is refused in the form of RFC 7644."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.audit import AuditEntry
from core.calendar import day_in
from core.db import unit_of_work, utc_now
from core.directory import queries
from core.directory.services import create_account
from core.permissions import Actor, Role, command_line_actor
from core.settings import Settings
from tests.web.api.conftest import personal_token, service_token
from tests.web.conftest import NAME, PASSWORD
from tests.web.scim.conftest import Client, user
from web.border import BorderedFlask
from web.scim.messages import ENTERPRISE

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def actions(settings: Settings) -> list[str]:
    with unit_of_work(settings) as session:
        found = session.query(AuditEntry).filter(AuditEntry.actor == "service:hr-system").order_by(AuditEntry.id)
        return [one.action for one in found]


def refused(answer: Any, status: int, kind: str | None = None) -> None:
    assert (answer.status_code, answer.mimetype) == (status, "application/scim+json"), answer.text
    assert (answer.json["schemas"], answer.json["status"], answer.json.get("scimType")) == ([ERROR], str(status), kind)


def test_as_entra_does_it(client: Client, settings: Settings) -> None:
    """Looks for the user, makes it, moves it by paths, switches it off by a text, and on again, and deletes it."""
    assert client.found("Users", 'userName eq "cb20@tp.example.gov.vn"') == []
    made = client.ask("POST", "/Users", user())
    assert made.status_code == 201, made.text
    assert made.json is not None
    number, place = made.json["id"], f"/Users/{made.json['id']}"
    assert made.headers["Location"].endswith(f"/scim/v2{place}")
    assert [one["id"] for one in client.found("Users", 'userName eq "CB20@tp.example.gov.vn"')] == [number]
    assert [one["id"] for one in client.found("Users", 'externalId eq "object-CB20"')] == [number]
    moved = client.patch(
        place,
        {"op": "Replace", "path": f"{ENTERPRISE}:department", "value": "Sở Xây dựng"},
        {"op": "Add", "path": "title", "value": "Trưởng phòng"},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "moi@tp.example.gov.vn"},
    )
    assert moved.status_code == 200, moved.text
    assert moved.json is not None
    assert (moved.json[ENTERPRISE]["department"], moved.json["userType"]) == ("Sở Xây dựng", "leader")
    assert [one["value"] for one in moved.json["emails"]] == ["moi@tp.example.gov.vn"]
    with unit_of_work(settings) as session:
        roster = queries.roster(session)
    assert [one.unit_key for one in roster.posts if one.official_id == "CB20"] == ["Sở Xây dựng"]
    assert roster.mailboxes["moi@tp.example.gov.vn"].owner == "CB20"
    off = client.patch(place, {"op": "Replace", "path": "active", "value": "False"})
    assert off.json is not None
    assert (off.json["active"], off.json[ENTERPRISE]["department"]) == (False, "Sở Xây dựng")
    with unit_of_work(settings) as session:
        assert "CB20" not in queries.roster(session).officials
    on = client.patch(place, {"op": "Replace", "path": "active", "value": "True"})
    assert on.json is not None
    assert (on.json["active"], on.json["emails"][0]["value"]) == (True, "moi@tp.example.gov.vn")
    assert client.ask("DELETE", place).status_code == 204
    refused(client.ask("GET", place), 404)
    assert client.found("Users", f'{ENTERPRISE}:employeeNumber eq "CB20"') == []
    again = client.ask("POST", "/Users", user())
    assert again.status_code == 201, again.text
    put, removed = "core:official:put", "core:official:remove"
    assert actions(settings) == [put, put, removed, put, removed, put]


def test_as_okta_does_it(client: Client, settings: Settings) -> None:
    """Imports everybody by pages, replaces whole users, and deactivates without a path."""
    first = client.ask("GET", "/Users?startIndex=1&count=4")
    rest = client.ask("GET", "/Users?startIndex=5&count=100")
    assert first.json is not None
    assert rest.json is not None
    assert (first.json["totalResults"], first.json["itemsPerPage"], rest.json["itemsPerPage"]) == (9, 4, 5)
    known = client.found("Users", 'userName eq "cb4@tp.example.gov.vn"')[0]
    place = f"/Users/{known['id']}"
    with unit_of_work(settings) as session:
        create_account(session, command_line_actor(), name="cb4", password=PASSWORD, official_id="CB4")
    same = client.ask("PUT", place, known)
    assert same.status_code == 200, same.text
    replaced = client.ask("PUT", place, known | {"displayName": "Phạm Đức Long Hải"})
    assert replaced.json is not None
    assert replaced.json["displayName"] == "Phạm Đức Long Hải"
    off = client.patch(place, {"op": "replace", "value": {"active": False}})
    assert off.json is not None
    assert off.json["active"] is False
    with unit_of_work(settings) as session:
        account = queries.account_by_name(session, "cb4")
    assert account is not None
    assert account.closed_at is not None
    assert "core:official:leave" in actions(settings)


@pytest.mark.parametrize(
    ("operations", "name"),
    [
        ([{"op": "Replace", "path": "name.formatted", "value": "Lê Thị Mới"}], "Lê Thị Mới"),
        ([{"op": "replace", "value": {"name": {"formatted": "Lê Thị Mới"}}}], "Lê Thị Mới"),
        ([{"op": "Add", "path": "name.familyName", "value": "Lê"},
          {"op": "Add", "path": "name.givenName", "value": "Thị Mới"}], "Lê Thị Mới"),
        ([{"op": "replace", "value": {"name.familyName": "Lê", "name.givenName": "Thị Mới"}}], "Lê Thị Mới"),
        ([{"op": "Replace", "path": "displayName", "value": "Lê Thị Mới"},
          {"op": "Replace", "path": "name.familyName", "value": "Lê"}], "Lê Thị Mới"),
        ([{"op": "Replace", "path": "name.familyName", "value": "Lê"}], None),
    ],
)  # fmt: skip
def test_a_new_name_is_taken_however_it_is_said(
    client: Client, operations: list[dict[str, Any]], name: str | None
) -> None:
    known = client.found("Users", 'employeeNumber eq "CB4"')[0]
    changed = client.patch(f"/Users/{known['id']}", *operations)
    assert changed.status_code == 200, changed.text
    assert changed.json is not None
    wanted = name or known["displayName"]
    assert (changed.json["displayName"], changed.json["name"]["formatted"]) == (wanted, wanted)


@pytest.mark.parametrize(
    "path",
    ['emails[type eq "work"].value', "emails[primary eq true].value", 'emails[primary eq "True"].value'],
)
def test_the_mailbox_is_found_by_whatever_a_provider_calls_it(client: Client, path: str) -> None:
    known = client.found("Users", 'employeeNumber eq "CB4"')[0]
    changed = client.patch(f"/Users/{known['id']}", {"op": "Replace", "path": path, "value": "moi@tp.example.gov.vn"})
    assert changed.status_code == 200, changed.text
    for asked in ("emails.value", 'emails[type eq "work"].value', "emails"):
        for address in ("moi@tp.example.gov.vn", "MOI@tp.example.gov.vn"):
            found = client.found("Users", f'{asked} eq "{address}" and active eq "True"')
            assert [one["id"] for one in found] == [known["id"]], asked
    assert client.found("Users", f'emails.value eq "{known["emails"][0]["value"]}"') == []


@pytest.mark.parametrize("written", ["01", "1 ", "x", "99999999999", "٣"])
def test_an_id_is_written_as_we_write_it(client: Client, written: str) -> None:
    assert client.found("Users", f'id eq "{written}"') == []
    assert client.found("Groups", f'id eq "{written}"') == []


def test_a_move_keeps_what_was_held_before(client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    known = client.found("Users", 'employeeNumber eq "CB4"')[0]
    today = day_in(settings.timezone, utc_now())
    moved = client.patch(f"/Users/{known['id']}", {"op": "replace", "value": {f"{ENTERPRISE}:department": "Sở Y tế"}})
    assert moved.status_code == 200, moved.text
    with unit_of_work(settings) as session:
        posts = [one for one in queries.roster(session).posts if one.official_id == "CB4"]
    assert [(one.unit_key, one.since, one.until) for one in posts] == [
        ("Sở Y tế", today, None), (known[ENTERPRISE]["department"], None, today - timedelta(days=1)),
    ]  # fmt: skip


def test_groups_are_units(client: Client) -> None:
    made = client.ask("POST", "/Groups", {"displayName": "Tổ công tác", "externalId": "g1"})
    assert made.status_code == 201, made.text
    assert made.json is not None
    place = f"/Groups/{made.json['id']}"
    one, two = (client.found("Users", f'employeeNumber eq "{number}"')[0]["id"] for number in ("CB3", "CB6"))
    added = client.patch(place, {"op": "Add", "path": "members", "value": [{"value": one}, {"value": two}]})
    assert added.json is not None
    assert [member["value"] for member in added.json["members"]] == [one, two]
    less = client.patch(place, {"op": "remove", "path": f'members[value eq "{one}"]'})
    assert less.json is not None
    assert [member["value"] for member in less.json["members"]] == [two]
    listed = client.http.get(
        "/scim/v2/Groups?excludedAttributes=members", headers={"Authorization": f"Bearer {client.token}"}
    )
    assert listed.json is not None
    assert all("members" not in row for row in listed.json["Resources"])
    assert [row["id"] for row in client.found("Groups", 'displayName eq "Tổ công tác"')] == [made.json["id"]]
    refused(client.patch(place, {"op": "replace", "path": "displayName", "value": "Khác"}), 400, "mutability")
    refused(client.ask("DELETE", place), 409, "uniqueness")
    housing = client.found("Groups", 'displayName sw "Phòng"')[0]
    refused(client.patch(f"/Groups/{housing['id']}", {"op": "remove", "path": "members"}), 400, "mutability")


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (user("CB1"), 409, "uniqueness"),
        (user(userName="CB1@tp.example.gov.vn", emails=[{"value": "cb1@tp.example.gov.vn"}]), 409, "uniqueness"),
        (user(unit="Sở Không Có"), 400, "invalidValue"),
        (user(number=" "), 400, "invalidValue"),
        (user(emails=[{"value": "khong phai"}]), 400, "invalidValue"),
        (user(active="maybe"), 400, "invalidValue"),
        (user(displayName=7), 400, "invalidValue"),
        ([], 400, "invalidSyntax"),
    ],
)
def test_what_cannot_be(client: Client, settings: Settings, body: Any, status: int, kind: str) -> None:
    refused(client.ask("POST", "/Users", body), status, kind)
    assert actions(settings) == []


def test_versions(client: Client) -> None:
    known = client.found("Users", 'employeeNumber eq "CB4"')[0]
    place, tag = f"/Users/{known['id']}", known["meta"]["version"]
    assert client.ask("GET", place).headers["ETag"] == tag
    assert client.ask("GET", place, If_None_Match=tag).status_code == 304
    title = {"op": "replace", "path": "title", "value": "Khác"}
    assert client.patch(place, title, If_Match=tag).status_code == 200
    refused(client.patch(place, title, If_Match=tag), 412)
    refused(client.ask("DELETE", place, If_Match=tag), 412)


def test_only_a_services_token_with_the_scope(app: BorderedFlask, settings: Settings, listed: None) -> None:
    http = app.test_client(use_cookies=False)
    refused(Client(http, None).ask("GET", "/Users"), 401)
    refused(Client(http, "vanthu_s_nothing").ask("GET", "/Users"), 401)
    refused(Client(http, service_token(settings, ["directory", "directory.read"])).ask("GET", "/Users"), 403)
    own = personal_token(settings, Actor(NAME, frozenset({Role.ADMINISTRATOR})))
    refused(Client(http, own).ask("GET", "/Users"), 403)
    scim = Client(http, service_token(settings, ["scim"]))
    answer = scim.ask("GET", "/ServiceProviderConfig")
    assert answer.status_code == 200
    assert "RateLimit" in answer.headers
    assert http.get("/api/v1/directory/units", headers={"Authorization": f"Bearer {scim.token}"}).status_code >= 403
    refused(scim.ask("GET", "/Nothing"), 404)


@pytest.mark.parametrize("place", ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/ResourceTypes/User"])
def test_what_there_is(client: Client, place: str) -> None:
    answer = client.ask("GET", place)
    assert (answer.status_code, answer.mimetype) == (200, "application/scim+json")
