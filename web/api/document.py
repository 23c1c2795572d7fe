"""The OpenAPI 3.1 document, made of the operations: nothing of it is written by hand, so nothing of it can be wrong.

Schemas come from the types of arguments and answers, guards say which permission an operation needs and so which scopes
of a token let it through.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from core.directory.scopes import SCOPES
from core.words import Language, Text
from web.api import door, problems
from web.api.operations import JSON, MULTIPART, Operation
from web.api.problems import Problem
from web.api.service import operations
from web.guards import Guard

VERSION = "1.0.0"
"""Of the API, not of the program. It only grows; what would break a client becomes `/api/v2`."""
_TITLE = Text("API của Văn thư", "The API of Vanthu")
_TOLD = Text(
    "Những gì các trang web đọc và làm, dành cho chương trình. Mỗi yêu cầu gửi kèm một mã truy cập (Bearer).",
    "What the pages read and do, for programs. Every request comes with a token (Bearer).",
)
_SCOPES = Text("Mã truy cập cần một trong các quyền: ", "The token needs one of the scopes: ")
_SCHEME = "token"
_REFS = "#/components/schemas/{model}"
_LIMITS = ("RateLimit-Policy", "RateLimit")
Schemas = dict[tuple[str, str], dict[str, Any]]


@cache
def written(language: Language) -> bytes:
    """The document as JSON; made once a process and language."""
    return json.dumps(document(language), ensure_ascii=False, separators=(",", ":")).encode()


def document(language: Language) -> dict[str, Any]:
    """The document in one language."""
    from web.api.resources import SECTIONS

    every = operations()
    schemas, components = _schemas(every)
    paths: dict[str, dict[str, Any]] = {}
    for one in every:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, schemas, components, language)
    for key, schema in schemas.items():
        if key[1] == "query":  # a query stands in the parameters
            components.pop(schema["$ref"].rpartition("/")[2], None)
    return {
        "openapi": "3.1.0",
        "info": {"title": _TITLE.to(language), "description": _TOLD.to(language), "version": VERSION},
        "servers": [{"url": door.PREFIX}],
        "tags": [{"name": one.name, "description": one.says.to(language)} for one in SECTIONS],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {_SCHEME: {"type": "http", "scheme": "bearer"}},
            "headers": {name: {"schema": {"type": "string"}} for name in _LIMITS},
        },
    }


def _schemas(every: list[Operation]) -> tuple[Schemas, dict[str, Any]]:
    """The schema of every query, body and answer by operation and place, and the definitions they share."""
    inputs: list[tuple[tuple[str, str], JsonSchemaMode, TypeAdapter[Any]]] = [
        (("", "problem"), "serialization", TypeAdapter(Problem))
    ]
    for one in every:
        if one.asked is not None:
            inputs.append(((one.name, "query"), "validation", TypeAdapter(one.asked[1])))
        if one.body is not None:
            inputs.append(((one.name, "body"), "validation", TypeAdapter(one.body[1])))
        if one.answer is not None:
            inputs.append(((one.name, "answer"), "serialization", one.answer))
    found, shared = TypeAdapter.json_schemas(inputs, ref_template=_REFS)
    return _plainly_named({key: schema for (key, _), schema in found.items()}, dict(shared["$defs"]))


def _plainly_named(schemas: Schemas, components: dict[str, Any]) -> tuple[Schemas, dict[str, Any]]:
    """Where something that is sent and something that is told have one name, what is sent keeps it: it was promised."""
    names = {
        f"{one}-Input": one for one in (name.removesuffix("-Input") for name in components) if one not in components
    }
    names |= {f"{one}-Output": f"{one}Told" for one in names.values()}
    told = json.dumps([list(schemas.values()), components])
    for name, plain in names.items():
        told = told.replace(f'"{_REFS.format(model=name)}"', f'"{_REFS.format(model=plain)}"')
    renamed, models = json.loads(told)
    return dict(zip(schemas, renamed, strict=True)), {names.get(name, name): one for name, one in models.items()}


def _operation(one: Operation, schemas: Schemas, components: dict[str, Any], language: Language) -> dict[str, Any]:
    guard: Guard = one.view.guard  # type: ignore[attr-defined]
    said: dict[str, Any] = {
        "operationId": one.name,
        "tags": [one.section],
        "summary": one.says.to(language),
        "description": _needed(guard, language),
        "security": [{_SCHEME: []}] if guard.permission is not None else [],
        "parameters": [
            *(_placed(name, kind) for name, kind in one.places.items()),
            *(_asked(schemas[one.name, "query"], components) if one.asked is not None else ()),
        ],
        "responses": _responses(one, schemas, language, is_guarded=guard.permission is not None),
    }
    if one.body is not None:
        said["requestBody"] = {"required": True, "content": {JSON: {"schema": schemas[one.name, "body"]}}}
    if one.file is not None:
        file = {"type": "object", "required": [one.file], "additionalProperties": False}
        file["properties"] = {one.file: {"type": "string", "format": "binary"}}
        said["requestBody"] = {"required": True, "content": {MULTIPART: {"schema": file}}}
    return said


def _needed(guard: Guard, language: Language) -> str:
    wanted = {guard.permission, *guard.others} - {None}
    names = [f"`{scope.name}`" for scope in SCOPES.values() if scope.permissions & wanted]
    return _SCOPES.to(language) + ", ".join(names) if names else guard.reason


def _placed(name: str, kind: TypeAdapter[Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": kind.json_schema()}


def _asked(schema: dict[str, Any], components: dict[str, Any]) -> list[dict[str, Any]]:
    model = components[schema["$ref"].rpartition("/")[2]]
    required = set(model.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _not_null(one)}
        for name, one in model.get("properties", {}).items()
    ]


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query either names a value or does not name it: it has no null."""
    choices: list[dict[str, Any]] = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(choices) != 1:
        return schema
    return {name: value for name, value in schema.items() if name not in {"anyOf", "default"}} | choices[0]


def _responses(one: Operation, schemas: Schemas, language: Language, *, is_guarded: bool) -> dict[str, Any]:
    limits = {name: {"$ref": f"#/components/headers/{name}"} for name in _LIMITS} if is_guarded else {}
    done: dict[str, Any] = {"description": one.says.to(language), "headers": limits}
    if one.answer is not None:
        done["content"] = {JSON: {"schema": schemas[one.name, "answer"]}}
    elif one.is_download:
        done["content"] = {kind.partition(";")[0]: {} for kind in one.media_types}
    found = {str(one.status): done}
    for status in refusals(one, is_guarded=is_guarded):
        told = {"schema": schemas["", "problem"]}
        found[str(status)] = {
            "description": problems.TITLES[status].to(language),
            "content": {problems.MEDIA_TYPE: told},
        }
    return found


def refusals(one: Operation, *, is_guarded: bool) -> list[int]:
    """The statuses with which an operation may be refused."""
    sends = one.body is not None or one.file is not None
    statuses = {422, 503}
    if is_guarded:
        statuses |= {400, 401, 403, 404, 429}
    elif one.places:  # a look-up that is open to everybody, at a limited pace
        statuses |= {404, 429}
    if one.method != "GET":
        statuses |= {409}
    if sends:
        statuses |= {413, 415}
    return sorted(statuses)
