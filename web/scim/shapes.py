"""Officials and units as SCIM shows them, and what a program sends as plain values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.directory.feeds.ranks import rank_of
from core.directory.queries.provisioned import ProvisionedGroup, ProvisionedPerson
from core.directory.services.provisioning import Person
from web.scim.errors import bad
from web.scim.messages import CORE, ENTERPRISE, GROUP

BASE = "/scim/v2"
MOST_MEMBERS = 20_000


def user(person: ProvisionedPerson, root: str) -> dict[str, Any]:
    """The official as a User."""
    place = f"{root}{BASE}/Users/{person.row_id}"
    shown: dict[str, Any] = {
        "schemas": [CORE, ENTERPRISE],
        "id": str(person.row_id),
        "externalId": person.external_id,
        "userName": person.user_name,
        "name": {"formatted": person.name},
        "displayName": person.name,
        "title": person.title,
        "userType": person.rank,
        "active": person.active,
        "emails": [
            {"value": one, "type": "other" if at else "work", "primary": not at}
            for at, one in enumerate(person.addresses)
        ],
        "groups": [
            {"value": str(number), "display": key, "$ref": f"{root}{BASE}/Groups/{number}", "type": "direct"}
            for number, key in person.units
        ],
        ENTERPRISE: {"employeeNumber": person.official_id, "department": person.unit},
    }
    return _whole(shown, "User", place, person.created_at, person.changed_at)


def group(unit: ProvisionedGroup, root: str, *, with_members: bool = True) -> dict[str, Any]:
    """The unit as a Group."""
    place = f"{root}{BASE}/Groups/{unit.row_id}"
    shown: dict[str, Any] = {
        "schemas": [GROUP],
        "id": str(unit.row_id),
        "externalId": unit.external_id,
        "displayName": unit.key,
    }
    if with_members:
        shown["members"] = [
            {"value": str(number), "display": name, "$ref": f"{root}{BASE}/Users/{number}", "type": "User"}
            for number, name in unit.members
        ]
    return _whole(shown, "Group", place, None, None)


def etag(resource: Mapping[str, Any]) -> str:
    """The weak tag of a resource as it is shown (RFC 7644, 3.14)."""
    return str(resource["meta"]["version"])


def person_of(data: Mapping[str, Any]) -> tuple[Person, bool]:
    """What a User says, and whether it is active. Raises 400 `invalidValue` and `invalidSyntax`."""
    extension = _dict(data.get(ENTERPRISE))
    name = _dict(data.get("name"))
    parts = " ".join(part for part in (_text(name, "familyName"), _text(name, "givenName")) if part)
    title = _text(data, "title")
    person = Person(
        official_id=_text(extension, "employeeNumber"),
        name=_text(data, "displayName") or _text(name, "formatted") or parts,
        unit=" ".join(_text(extension, "department").split()),
        title=title,
        rank=rank_of(title, said=_text(data, "userType")),
        addresses=_addresses(data.get("emails")),
        user_name=_text(data, "userName"),
        external_id=_text(data, "externalId") or None,
    )
    return person, _flag(data.get("active", True))


def without_rule(shown: dict[str, Any]) -> dict[str, Any]:
    """The User without a rank that only follows from the title, so that it follows a new title too."""
    by_title = rank_of(shown.get("title", "")) == shown["userType"]
    return {name: value for name, value in shown.items() if name != "userType" or not by_title}


def named_anew(shown: Mapping[str, Any], patched: Mapping[str, Any]) -> dict[str, Any]:
    """What was patched, so that `person_of` finds the new name: displayName and name are two sayings of one name here.

    A part of it alone (a family name without the given one) does not say what the whole is, and changes nothing.
    """
    name, before = _dict(patched.get("name")), _dict(shown.get("name"))
    if name == before or patched.get("displayName") != shown.get("displayName"):
        return dict(patched)
    both = bool(_text(name, "familyName") and _text(name, "givenName"))
    if both and name.get("formatted") == before.get("formatted"):
        name = {part: value for part, value in name.items() if part != "formatted"}
    return {key: value for key, value in patched.items() if key != "displayName"} | {"name": name}


def members_of(data: Mapping[str, Any]) -> set[int]:
    """The ids that a Group names. Raises 400."""
    members = data.get("members") or []
    if not isinstance(members, list) or len(members) > MOST_MEMBERS:
        raise _unfit("members")
    found = set()
    for one in members:
        value = _text(_dict(one), "value")
        if not value.isascii() or not value.isdecimal() or len(value) > 9:
            raise _unfit("members")
        found.add(int(value))
    return found


def text_of(data: Mapping[str, Any], name: str) -> str:
    """An attribute's text; empty where it is missing. Raises 400."""
    return _text(data, name)


def _whole(
    shown: dict[str, Any], kind: str, place: str, created: datetime | None, changed: datetime | None
) -> dict[str, Any]:
    told = {name: value for name, value in shown.items() if value is not None}
    content = json.dumps(told, sort_keys=True, ensure_ascii=False).encode()
    meta = {"resourceType": kind, "location": place, "version": f'W/"{hashlib.sha256(content).hexdigest()[:24]}"'}
    if created is not None and changed is not None:
        meta |= {"created": _moment(created), "lastModified": _moment(changed)}
    return told | {"meta": meta}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _addresses(given: object) -> tuple[str, ...]:
    """The primary one first, then in their order."""
    if given is None:
        return ()
    if not isinstance(given, list) or len(given) > 50:
        raise _unfit("emails")
    rows = [(not _flag(_dict(one).get("primary", False)), _text(_dict(one), "value")) for one in given]
    return tuple(dict.fromkeys(value.lower() for _, value in sorted(rows, key=lambda row: row[0]) if value))


def _dict(given: object) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise _unfit("object")
    return given


def _text(data: Mapping[str, Any], name: str) -> str:
    given = data.get(name)
    if given is None:
        return ""
    if not isinstance(given, str) or len(given) > 1_000 or any(0xD800 <= ord(sign) < 0xE000 for sign in given):
        raise _unfit(name)
    if not given.replace(" ", "").isprintable():
        raise _unfit(name)
    return given.strip()


def _flag(given: object) -> bool:
    """True or false; Entra sends them as texts."""
    if isinstance(given, str) and given.lower() in {"true", "false"}:
        return given.lower() == "true"
    if not isinstance(given, bool):
        raise _unfit("active")
    return given


def _unfit(name: str) -> Exception:
    return bad("invalidValue", f"{name} không dùng được.", f"{name} cannot be used.")
