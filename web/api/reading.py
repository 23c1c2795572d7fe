"""The document turned into what a page shows: sections, operations, and of each what it takes and what it gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

BEGINS = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Field:
    """Something that is taken or given: its name, its kind in a few signs, whether it must be there."""

    name: str
    kind: str
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An operation as it is told."""

    name: str
    method: str
    path: str
    summary: str
    needs: str
    takes: tuple[Field, ...]
    gives: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """The operations of one noun."""

    name: str
    words: str
    operations: tuple[Told, ...]


def read(document: dict[str, Any]) -> list[Chapter]:
    """The chapters of an OpenAPI document, in its order."""
    told: dict[str, list[Told]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            told.setdefault(operation["tags"][0], []).append(_told(document, path, method, operation))
    return [Chapter(tag["name"], tag["description"], tuple(told[tag["name"]])) for tag in document["tags"]]


def _told(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Told:
    taken = [Field(one["name"], kind_of(one["schema"]), one["required"]) for one in operation["parameters"]]
    for sent in operation.get("requestBody", {}).get("content", {}).values():
        taken.extend(_fields(document, sent["schema"]))
    status, answer = next((status, one) for status, one in operation["responses"].items() if status.startswith("2"))
    content: dict[str, dict[str, Any]] = answer.get("content", {})
    schema = next((one.get("schema") for one in content.values()), None)
    return Told(
        name=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        needs=operation["description"],
        takes=tuple(taken),
        gives=f"{status} {', '.join(content)}".strip(),
        fields=tuple(_fields(document, schema)) if schema else (),
    )


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[Field]:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].removeprefix(BEGINS)]
    needed = set(schema.get("required", ()))
    for name, one in schema.get("properties", {}).items():
        yield Field(name, kind_of(one), name in needed)


def kind_of(schema: dict[str, Any]) -> str:
    """A schema in a few signs: `integer`, `"a" | "b"`, `[Text]`, `string (date) | null`."""
    if "$ref" in schema:
        return str(schema["$ref"].removeprefix(BEGINS))
    if "anyOf" in schema:
        return " | ".join(kind_of(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(f'"{one}"' for one in schema["enum"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    if schema.get("type") == "array":
        return f"[{kind_of(schema.get('items', {}))}]"
    kind = str(schema.get("type", "any"))
    return f"{kind} ({schema['format']})" if "format" in schema else kind
