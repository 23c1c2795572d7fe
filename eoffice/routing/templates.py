"""Templates of routes as data: those that are there on the first day, and the file that carries them elsewhere."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eoffice.errors import PlanError
from eoffice.routing.plan import Plan, plan_from_json, plan_to_json

DEFAULTS = Path(__file__).with_name("data") / "vietnam-routes.toml"
LONGEST_NAME = 200
MOST_TEMPLATES = 1_000


@dataclass(frozen=True, slots=True)
class Template:
    """A route by name: for a document type (None: any), in a unit and below it (by key; None: everywhere)."""

    name: str
    type: str | None
    unit: str | None
    plan: Plan


def defaults(type_names: Mapping[str, str]) -> tuple[Template, ...]:
    """The routes of the first day; `type_names` are the document types there are, by key, with their names."""
    found = []
    for row in tomllib.loads(DEFAULTS.read_text("utf-8"))["route"]:
        plan = plan_from_json(row["steps"])
        found += [Template(f"{row['name']}: {type_names[key]}", key, None, plan) for key in row["types"]]
        found += [] if row["types"] else [Template(row["name"], None, None, plan)]
    return tuple(found)


def to_file(templates: Iterable[Template]) -> str:
    """Templates as the JSON text that `from_file` reads."""
    rows = [
        {"name": one.name, "type": one.type, "unit": one.unit, "steps": plan_to_json(one.plan)} for one in templates
    ]
    return json.dumps({"vanthu_routes": 1, "routes": rows}, ensure_ascii=False, indent=1) + "\n"


def from_file(text: str) -> tuple[Template, ...]:
    """The templates in such a text. Raises `PlanError` naming the route that is wrong."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise PlanError("", "tệp không phải là JSON đúng", "the file is not right JSON") from wrong
    rows = value.get("routes") if isinstance(value, dict) and value.get("vanthu_routes") == 1 else None
    if not isinstance(rows, list) or len(rows) > MOST_TEMPLATES:
        raise PlanError("", "tệp không phải là tệp quy trình", "the file is no file of routes")
    found = tuple(_template(row) for row in rows)
    if len({one.name for one in found}) < len(found):
        raise PlanError("", "tệp có hai quy trình cùng tên", "the file has two routes of one name")
    return found


def checked_name(name: str) -> str:
    """A name on one line. Raises `PlanError` where there is none, or one that no page can show."""
    said = " ".join(name.split())
    if not said or len(said) > LONGEST_NAME or not said.isprintable():
        raise PlanError("", f"tên cần từ 1 đến {LONGEST_NAME} ký tự", f"the name needs from 1 to {LONGEST_NAME} signs")
    return said


def _template(row: Any) -> Template:
    if not isinstance(row, dict) or row.keys() - {"name", "type", "unit", "steps"}:
        raise PlanError("", "mỗi quy trình gồm name, type, unit, steps", "a route has name, type, unit, steps")
    name, kind, unit = row.get("name"), row.get("type"), row.get("unit")
    if not isinstance(name, str) or not all(one is None or (isinstance(one, str) and one) for one in (kind, unit)):
        raise PlanError("", "tên, loại hoặc đơn vị không đúng", "its name, type or unit is not right")
    return Template(checked_name(name), kind, unit, plan_from_json(row.get("steps")))
