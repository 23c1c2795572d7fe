"""What a program may send besides a resource: filters (RFC 7644, 3.4.2.2) and patches (3.5.2), as far as they go here.

A filter joins comparisons by `and`; `eq` and `sw` compare. Names of attributes may have any capitals and their schema
before them. Entra's ways are known: operations in capitals, `"False"` for false, paths like
`emails[type eq "work"].value` that make what they do not find, values whose names are paths.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.directory.queries.provisioned import Term
from web.scim.errors import bad

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
MOST_TERMS = 10
LONGEST_FILTER = 2_000
MOST_OPERATIONS = 200
_TERM = re.compile(
    r'\s*(emails\[type\s+eq\s+"work"\](?:\.value)?|\S+)\s+(eq|sw)\s+("(?:[^"\\]|\\.)*"|true|false)\s*', re.IGNORECASE
)
_EMAILS = re.compile(r"emails(\[.*\])?(\.value)?", re.IGNORECASE | re.DOTALL)
"""Ways to ask for an address; which of somebody's addresses it is does not matter to who looks for them."""
TRUTHS = frozenset({"active", "primary"})
"""Attributes that are true or false."""
_AND = re.compile(r"and\s", re.IGNORECASE)
_PATH = re.compile(r"([A-Za-z$][\w$-]*)(?:\[([^\[\]]*)\])?(?:\.([A-Za-z$][\w$-]*))?")
_PREFIXES = tuple(f"{urn.lower()}:" for urn in (CORE, ENTERPRISE, GROUP))
NAMES = {
    one.lower(): one
    for one in (
        "schemas", "id", "externalId", "userName", "displayName", "name", "title", "userType", "active", "emails",
        "employeeNumber", "department", "members", "formatted", "familyName", "givenName", "value", "type", "primary",
        "display", "meta", "groups", "$ref", "manager", ENTERPRISE,
    )
}  # fmt: skip


def terms_of(filter_: str, known: Sequence[str]) -> list[Term]:
    """The comparisons of a filter over the `known` attributes (in small letters). Raises 400 `invalidFilter`."""
    found: list[Term] = []
    at = 0
    while at < len(filter_) <= LONGEST_FILTER and len(found) < MOST_TERMS:
        match = _TERM.match(filter_, at)
        if match is None:
            break
        name, operator = _bare(match[1]), match[2].lower()
        name = "emails.value" if _EMAILS.fullmatch(name) else name
        value = _value(match[3])
        if name in TRUTHS and str(value).lower() in {"true", "false"}:
            value = str(value).lower() == "true"
        if name not in known or isinstance(value, bool) != (name in TRUTHS) or (name in TRUTHS and operator == "sw"):
            break
        found.append(Term(name, operator, value))
        at = match.end()
        if at == len(filter_):
            return found
        joined = _AND.match(filter_, at)
        if joined is None:
            break
        at = joined.end()
    raise bad("invalidFilter", "Bộ lọc này không dùng được ở đây.", "This filter cannot be used here.")


def patched(resource: Mapping[str, Any], operations: object) -> dict[str, Any]:
    """The resource after the operations, in their order. Raises 400 of the kinds of RFC 7644."""
    if not isinstance(operations, list) or not 0 < len(operations) <= MOST_OPERATIONS:
        raise _wrong_value()
    result = copy.deepcopy(dict(resource))
    for one in operations:
        if not isinstance(one, dict):
            raise _wrong_value()
        given = {str(name).lower(): value for name, value in one.items()}
        kind, path, value = str(given.get("op", "")).lower(), given.get("path"), given.get("value")
        if kind not in {"add", "replace", "remove"} or not isinstance(path, str | None):
            raise _wrong_value()
        if path:
            _apply(result, kind, path, value)
        elif kind == "remove":
            raise bad("noTarget", "Thiếu path.", "A path is missing.")
        elif isinstance(value, dict):
            for name, inner in value.items():
                _apply(result, kind, str(name), inner)
        else:
            raise _wrong_value()
    return result


def canonical(data: object, *, depth: int = 0) -> Any:
    """The JSON with the names of known attributes spelt as the RFC does, whatever their capitals were."""
    if depth > 8:
        raise _wrong_value()
    if isinstance(data, dict):
        return {NAMES.get(str(name).lower(), str(name)): canonical(one, depth=depth + 1) for name, one in data.items()}
    if isinstance(data, list):
        return [canonical(one, depth=depth + 1) for one in data]
    return data


def _apply(result: dict[str, Any], kind: str, path: str, value: Any) -> None:
    place, rest = _holder(result, path)
    if not rest:  # the path is a schema: its attributes are the value's
        if not isinstance(value, dict):
            raise _wrong_value()
        place.update(canonical(value))
        return
    match = _PATH.fullmatch(rest)
    if match is None:
        raise bad("invalidPath", f"Đường dẫn {path[:80]} không dùng được.", f"The path {path[:80]} cannot be used.")
    name = NAMES.get(match[1].lower(), match[1])
    sub = NAMES.get(match[3].lower(), match[3]) if match[3] else None
    if match[2] is not None:
        _apply_where(place, kind, name, terms_in(match[2]), sub, value)
    elif sub is not None:
        inner = place.setdefault(name, {})
        if not isinstance(inner, dict):
            raise bad("invalidPath", "Đường dẫn không dùng được.", "The path cannot be used.")
        _set(inner, kind, sub, value)
    else:
        _set(place, kind, name, value)


def _holder(result: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    low = path.lower()
    if low == ENTERPRISE.lower() or low.startswith(f"{ENTERPRISE.lower()}:"):
        inner = result.setdefault(ENTERPRISE, {})
        if not isinstance(inner, dict):
            raise _wrong_value()
        return inner, path[len(ENTERPRISE) + 1 :]
    prefix = next((one for one in _PREFIXES if low.startswith(one)), "")
    return result, path[len(prefix) :]


def _set(place: dict[str, Any], kind: str, name: str, value: Any) -> None:
    value = canonical(value)
    present = place.get(name)
    if kind == "remove" and isinstance(present, list) and isinstance(value, list):
        gone = [one.get("value") for one in value if isinstance(one, dict)]
        place[name] = [one for one in present if not (isinstance(one, dict) and one.get("value") in gone)]
    elif kind == "remove":
        place.pop(name, None)
    elif kind == "add" and isinstance(present, list):
        added = value if isinstance(value, list) else [value]
        place[name] = [*present, *(one for one in added if one not in present)]
    elif isinstance(present, dict) and isinstance(value, dict):
        place[name] = present | value
    else:
        place[name] = value


def _apply_where(
    place: dict[str, Any], kind: str, name: str, terms: Mapping[str, Any], sub: str | None, value: Any
) -> None:
    """Do it to the values that the filter in the path finds; where it finds none, make one."""
    items = place.get(name) or []
    if not isinstance(items, list):
        raise bad("invalidPath", "Đường dẫn không dùng được.", "The path cannot be used.")
    found = [one for one in items if isinstance(one, dict) and all(one.get(key) == it for key, it in terms.items())]
    if kind == "remove" and sub is None:
        place[name] = [one for one in items if one not in found]
        return
    if not found and kind != "remove":
        found = [dict(terms)]
        items = [*items, *found]
    for one in found:
        if sub is not None:
            _set(one, kind, sub, value)
        elif isinstance(value, dict):
            one.update(canonical(value))
        else:
            raise _wrong_value()
    place[name] = items


def terms_in(filter_: str) -> dict[str, Any]:
    """The comparisons of a filter inside a path: sub-attribute -> value, all by `eq`. Raises 400 `invalidFilter`."""
    terms = terms_of(filter_.strip(), ("type", "value", "display", "primary"))
    if any(one.operator != "eq" for one in terms):
        raise bad("invalidFilter", "Bộ lọc này không dùng được ở đây.", "This filter cannot be used here.")
    return {one.attribute: one.value for one in terms}


def _bare(name: str) -> str:
    low = name.lower()
    prefix = next((one for one in _PREFIXES if low.startswith(one)), "")
    return low[len(prefix) :]


def _value(text: str) -> str | bool:
    try:
        found = json.loads(text.lower() if text[0] != '"' else text)
    except ValueError as wrong:
        raise bad("invalidFilter", "Bộ lọc này không dùng được ở đây.", "This filter cannot be used here.") from wrong
    return found if isinstance(found, bool) else str(found).replace("\x00", "\ufffd")


def _wrong_value() -> Exception:
    return bad("invalidSyntax", "Dữ liệu gửi lên không đúng dạng.", "What was sent is not of the right form.")
