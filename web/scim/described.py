"""What there is: ServiceProviderConfig, ResourceTypes and Schemas (RFC 7643, 5 to 7)."""

from __future__ import annotations

from typing import Any

from web.scim.messages import CORE, ENTERPRISE, GROUP
from web.scim.shapes import BASE

MOST_ON_A_PAGE = 200
_CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
_TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"


def config(root: str) -> dict[str, Any]:
    """What this server can do."""
    return {
        "schemas": [_CONFIG],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST_ON_A_PAGE},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "A service's token with the scope scim (RFC 6750)",
            }
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{root}{BASE}/ServiceProviderConfig"},
    }


def types(root: str) -> list[dict[str, Any]]:
    """The kinds of resources."""
    extension = [{"schema": ENTERPRISE, "required": True}]
    rows: tuple[tuple[str, str, str, list[dict[str, object]]], ...] = (
        ("User", "/Users", CORE, extension),
        ("Group", "/Groups", GROUP, []),
    )
    return [
        {
            "schemas": [_TYPE],
            "id": name,
            "name": name,
            "endpoint": endpoint,
            "schema": schema,
            "schemaExtensions": extensions,
            "meta": {"resourceType": "ResourceType", "location": f"{root}{BASE}/ResourceTypes/{name}"},
        }
        for name, endpoint, schema, extensions in rows
    ]


def schemas(root: str) -> list[dict[str, Any]]:
    """The attributes of each."""
    value, primary, kind = _one("value"), _one("primary", kind="boolean"), _one("type")
    shown = (
        (CORE, "User", [
            _one("userName", required=True, uniqueness="server"), _one("displayName"), _one("title"), _one("userType"),
            _one("active", kind="boolean"), _one("name", kind="complex", inner=[
                _one("formatted"), _one("familyName"), _one("givenName")]),
            _one("emails", kind="complex", many=True, inner=[value, kind, primary]),
            _one("groups", kind="complex", many=True, mutability="readOnly", inner=[value, _one("display"), kind]),
        ]),
        (ENTERPRISE, "EnterpriseUser", [
            _one("employeeNumber", required=True, exact=True, uniqueness="server", mutability="immutable"),
            _one("department", required=True, exact=True),
        ]),
        (GROUP, "Group", [
            _one("displayName", required=True, exact=True, uniqueness="server", mutability="immutable"),
            _one("members", kind="complex", many=True, inner=[value, _one("display"), kind]),
        ]),
    )  # fmt: skip
    return [
        {
            "schemas": [_SCHEMA],
            "id": urn,
            "name": name,
            "attributes": attributes,
            "meta": {"resourceType": "Schema", "location": f"{root}{BASE}/Schemas/{urn}"},
        }
        for urn, name, attributes in shown
    ]


def _one(
    name: str,
    *,
    kind: str = "string",
    many: bool = False,
    required: bool = False,
    exact: bool = False,
    mutability: str = "readWrite",
    uniqueness: str = "none",
    inner: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": name,
        "type": kind,
        "multiValued": many,
        "required": required,
        "caseExact": exact,
        "mutability": mutability,
        "returned": "default",
        "uniqueness": uniqueness,
    }
    return found if inner is None else found | {"subAttributes": inner}
