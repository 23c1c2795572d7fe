"""The addresses of SCIM, behind the guards, the border and the door of the API."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, request
from flask_wtf.csrf import CSRFProtect

from core.db import utc_now
from core.directory.errors import FixedError, TakenError, UnfitPersonError
from core.directory.models import OfficialRow, UnitRow
from core.directory.queries.provisioned import Term, groups, people
from core.directory.services import provisioning, provisioning_units
from core.errors import VanthuError
from core.permissions import Permission
from core.words import Text
from web import auth, work
from web.api import door
from web.border import BorderedFlask
from web.guards import needs
from web.language import language
from web.scim import described, errors, shapes
from web.scim.errors import ScimError, bad
from web.scim.messages import canonical, patched, terms_of

NAME = "scim"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
OF_USERS = ("id", "username", "externalid", "employeenumber", "active", "emails.value")
OF_GROUPS = ("id", "displayname", "externalid")
JSON = frozenset({errors.MEDIA_TYPE, "application/json"})
KINDS: dict[type[VanthuError], tuple[int, str]] = {
    UnfitPersonError: (400, "invalidValue"),
    FixedError: (400, "mutability"),
    TakenError: (409, "uniqueness"),
}
pages = Blueprint(NAME, __name__, url_prefix=shapes.BASE)
put = needs(Permission.CORE_DIRECTORY_PROVISION)
Page = tuple[int, list[dict[str, Any]]]


def install(app: BorderedFlask, csrf: CSRFProtect) -> None:
    """Give `app` SCIM. It takes no cookies, so no other site can make a browser ask for anything here."""
    app.register_blueprint(pages)
    csrf.exempt(pages)


pages.after_request(door.tell_what_is_left)


@pages.errorhandler(ScimError)
def _refused(error: ScimError) -> Response:
    return errors.answer(error.status, error.words.to(language()), language(), kind=error.kind)


def _ours(error: VanthuError) -> Response:
    status, kind = KINDS[type(error)]
    return errors.answer(status, error.message.to(language()), language(), kind=kind)


for _kind in KINDS:
    pages.register_error_handler(_kind, _ours)


@pages.get("/ServiceProviderConfig")
@put
def config() -> Response:
    """What this server can do."""
    return _answer(described.config(_root()))


@pages.get("/ResourceTypes")
@put
def resource_types() -> Response:
    """The kinds of resources."""
    return _listed(described.types(_root()))


@pages.get("/ResourceTypes/<name>")
@put
def resource_type(name: str) -> Response:
    """One kind of resource."""
    return _answer(_named(described.types(_root()), name))


@pages.get("/Schemas")
@put
def schemas() -> Response:
    """The attributes of each kind."""
    return _listed(described.schemas(_root()))


@pages.get("/Schemas/<name>")
@put
def schema(name: str) -> Response:
    """The attributes of one kind."""
    return _answer(_named(described.schemas(_root()), name))


@pages.get("/Users")
@put
def users() -> Response:
    """Officials, a page at a time."""

    def page(terms: Sequence[Term], first: int, count: int) -> Page:
        total, found = people(work.session(), terms, first=first, count=count, today=work.today())
        return total, [shapes.user(one, _root()) for one in found]

    return _page(page, OF_USERS)


@pages.post("/Users")
@put
def create_user() -> Response:
    """Somebody joins."""
    person, active = shapes.person_of(_sent())
    row = provisioning.put_person(
        work.session(), auth.required(), person=person, active=active, row=None, today=work.today(), now=utc_now()
    )
    return _answer(_user(row.id), 201)


@pages.get("/Users/<int(max=2147483647):number>")
@put
def user(number: int) -> Response:
    """One official."""
    return _answer(_user(number))


@pages.put("/Users/<int(max=2147483647):number>")
@put
def replace_user(number: int) -> Response:
    """The official as the program says."""
    return _put_user(number, lambda _shown: _sent())


@pages.patch("/Users/<int(max=2147483647):number>")
@put
def change_user(number: int) -> Response:
    """Some of what the program says of an official."""

    def said(shown: dict[str, Any]) -> dict[str, Any]:
        return shapes.named_anew(shown, patched(shapes.without_rule(shown), _sent().get("Operations")))

    return _put_user(number, said)


@pages.delete("/Users/<int(max=2147483647):number>")
@put
def delete_user(number: int) -> Response:
    """The official leaves."""
    provisioning.begin(work.session(), auth.required())
    _unchanged(_user(number))
    row = work.session().get_one(OfficialRow, number)
    provisioning.remove_person(work.session(), auth.required(), row=row, now=utc_now())
    return Response(status=204)


@pages.get("/Groups")
@put
def all_groups() -> Response:
    """Units, a page at a time."""
    with_members = "members" not in _names("excludedAttributes")

    def page(terms: Sequence[Term], first: int, count: int) -> Page:
        total, found = groups(
            work.session(), terms, first=first, count=count, today=work.today(), with_members=with_members
        )
        return total, [shapes.group(one, _root(), with_members=with_members) for one in found]

    return _page(page, OF_GROUPS)


@pages.post("/Groups")
@put
def create_group() -> Response:
    """A new unit."""
    return _answer(_group(_put_group(_sent(), None).id), 201)


@pages.get("/Groups/<int(max=2147483647):number>")
@put
def group(number: int) -> Response:
    """One unit."""
    return _answer(_group(number))


@pages.put("/Groups/<int(max=2147483647):number>")
@put
def replace_group(number: int) -> Response:
    """The unit as the program says."""
    return _change_group(number, lambda _shown: _sent())


@pages.patch("/Groups/<int(max=2147483647):number>")
@put
def change_group(number: int) -> Response:
    """Some of what the program says of a unit."""
    return _change_group(number, lambda shown: patched(shown, _sent().get("Operations")))


@pages.delete("/Groups/<int(max=2147483647):number>")
@put
def delete_group(number: int) -> Response:
    """The unit goes."""
    provisioning.begin(work.session(), auth.required())
    _unchanged(_group(number))
    row = work.session().get_one(UnitRow, number)
    provisioning_units.remove_unit(work.session(), auth.required(), row=row, now=utc_now())
    return Response(status=204)


def _put_user(number: int, said: Callable[[dict[str, Any]], dict[str, Any]]) -> Response:
    provisioning.begin(work.session(), auth.required())
    shown = _user(number)
    _unchanged(shown)
    person, active = shapes.person_of(said(shown))
    row = work.session().get_one(OfficialRow, number)
    provisioning.put_person(
        work.session(), auth.required(), person=person, active=active, row=row, today=work.today(), now=utc_now()
    )
    return _answer(_user(number))


def _change_group(number: int, said: Callable[[dict[str, Any]], dict[str, Any]]) -> Response:
    provisioning.begin(work.session(), auth.required())
    shown = _group(number)
    _unchanged(shown)
    _put_group(said(shown), work.session().get_one(UnitRow, number))
    return _answer(_group(number))


def _put_group(data: dict[str, Any], row: UnitRow | None) -> UnitRow:
    return provisioning_units.put_unit(
        work.session(),
        auth.required(),
        name=shapes.text_of(data, "displayName"),
        external_id=shapes.text_of(data, "externalId") or None,
        members=shapes.members_of(data),
        row=row,
        today=work.today(),
    )


def _user(number: int) -> dict[str, Any]:
    _, found = people(work.session(), [Term("id", "eq", str(number))], first=0, count=1, today=work.today())
    return _only([shapes.user(one, _root()) for one in found])


def _group(number: int) -> dict[str, Any]:
    _, found = groups(work.session(), [Term("id", "eq", str(number))], first=0, count=1, today=work.today())
    return _only([shapes.group(one, _root()) for one in found])


def _only(found: list[dict[str, Any]]) -> dict[str, Any]:
    if not found:
        raise ScimError(404, None, Text("Không tìm thấy.", "There is no such resource."))
    return found[0]


def _named(found: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return _only([one for one in found if one["id"] == name])


def _unchanged(shown: dict[str, Any]) -> None:
    """Raises 412 where the program speaks of a version that is no more."""
    wanted = request.headers.get("If-Match")
    if wanted is not None and wanted.strip() != "*" and shapes.etag(shown) not in [*map(str.strip, wanted.split(","))]:
        raise ScimError(412, None, Text("Dữ liệu đã thay đổi.", "The resource has changed."))


def _page(page: Callable[[Sequence[Term], int, int], Page], known: Sequence[str]) -> Response:
    asked = request.args.get("filter")
    terms = [] if asked is None else terms_of(asked.strip(), known)
    first = max(_number("startIndex", 1), 1)
    count = min(max(_number("count", 100), 0), described.MOST_ON_A_PAGE)
    total, found = page(terms, first - 1, count)
    return _answer(
        {
            "schemas": [LIST],
            "totalResults": total,
            "startIndex": first,
            "itemsPerPage": len(found),
            "Resources": [_chosen(one) for one in found],
        }
    )


def _listed(found: list[dict[str, Any]]) -> Response:
    if "filter" in request.args:  # RFC 7644, 4
        raise ScimError(403, None, Text("Không lọc được ở đây.", "Nothing is filtered here."))
    told = {"schemas": [LIST], "totalResults": len(found), "startIndex": 1, "itemsPerPage": len(found)}
    return _answer(told | {"Resources": found})


def _number(name: str, otherwise: int) -> int:
    given = request.args.get(name, "").strip()
    if not given:
        return otherwise
    digits = given.removeprefix("-")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 9:
        raise bad("invalidValue", f"{name} là một số nguyên.", f"{name} is a whole number.")
    return int(given)


def _names(parameter: str) -> set[str]:
    names = (one.strip().lower() for one in request.args.get(parameter, "").split(","))
    return {one.partition(".")[0] if not one.startswith("urn:") else one for one in names if one}


def _chosen(resource: dict[str, Any]) -> dict[str, Any]:
    """The attributes that were asked for (RFC 7644, 3.9)."""
    only, without = _names("attributes"), _names("excludedAttributes")
    always = {"schemas", "id"}
    return {
        name: value
        for name, value in resource.items()
        if name in always or ((not only or name.lower() in only) and name.lower() not in without)
    }


def _answer(resource: dict[str, Any], status: int = 200) -> Response:
    meta = resource.get("meta", {})
    shown = _chosen(resource) if "version" in meta else resource
    made = Response(json.dumps(shown, ensure_ascii=False), status, mimetype=errors.MEDIA_TYPE)
    if "version" in meta:
        made.headers["ETag"] = meta["version"]
        if request.method == "GET" and request.headers.get("If-None-Match", "").strip() == meta["version"]:
            made = Response(status=304, headers={"ETag": meta["version"]})
    if status == 201:
        made.headers["Location"] = meta["location"]
    return made


def _sent() -> dict[str, Any]:
    """The JSON that was sent. Raises 400 `invalidSyntax`."""
    wrong = bad("invalidSyntax", "Dữ liệu gửi lên không phải là JSON đúng dạng.", "What was sent is not such JSON.")
    if request.mimetype not in JSON:
        raise ScimError(415, None, Text("Cần application/scim+json.", "application/scim+json is read here."))
    try:
        data = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError) as broken:
        raise wrong from broken
    if not isinstance(data, dict):
        raise wrong
    found = canonical({"Operations" if str(name).lower() == "operations" else name: one for name, one in data.items()})
    return dict(found)


def _root() -> str:
    return request.host_url.rstrip("/")
