"""A program with a service's token for SCIM, in the town."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.settings import Settings
from tests.web.api.conftest import service_token
from web.border import BorderedFlask
from web.scim.messages import CORE, ENTERPRISE


@dataclass(frozen=True, slots=True)
class Client:
    """An identity provider or a personnel system."""

    http: FlaskClient
    token: str | None

    def ask(self, method: str, address: str, body: Any = None, **headers: str) -> TestResponse:
        """The answer of an address below `/scim/v2`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            named.setdefault("Authorization", f"Bearer {self.token}")
        more: dict[str, Any] = (
            {} if body is None else {"data": json.dumps(body), "content_type": "application/scim+json"}
        )
        return self.http.open(f"/scim/v2{address}", method=method, headers=named, buffered=True, **more)

    def patch(self, address: str, *operations: dict[str, Any], **headers: str) -> TestResponse:
        """A PATCH of these operations."""
        body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": list(operations)}
        return self.ask("PATCH", address, body, **headers)

    def found(self, kind: str, filter_: str) -> list[Any]:
        """What a filter finds."""
        answer = self.http.get(
            f"/scim/v2/{kind}", query_string={"filter": filter_}, headers={"Authorization": f"Bearer {self.token}"}
        )
        assert answer.status_code == 200, answer.text
        assert answer.json is not None
        return list(answer.json["Resources"])


def user(number: str = "CB20", unit: str = "Sở Y tế", **more: Any) -> dict[str, Any]:
    """A User as an identity provider creates it."""
    name = f"{number.lower()}@tp.example.gov.vn"
    return {
        "schemas": [CORE, ENTERPRISE],
        "externalId": f"object-{number}",
        "userName": name,
        "displayName": "Người Mới",
        "title": "Chuyên viên",
        "active": True,
        "emails": [{"primary": True, "type": "work", "value": name}],
        ENTERPRISE: {"employeeNumber": number, "department": unit},
    } | more


@pytest.fixture
def client(app: BorderedFlask, settings: Settings, listed: None) -> Client:
    return Client(app.test_client(use_cookies=False), service_token(settings, ["scim"]))
