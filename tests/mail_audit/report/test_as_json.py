"""The JSON report: every one written validates, nothing in it is undescribed, unknown is null."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from core.words import LANGUAGES, Language
from mail_audit.report import as_json
from mail_audit.report.model import Report
from tests.mail_audit.report import examples

VALIDATOR = jsonschema.Draft202012Validator(
    as_json.schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


def test_the_schema_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(as_json.schema())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("report", [examples.report(), examples.empty()], ids=["city", "empty"])
def test_what_is_written_validates_and_is_the_same_as_the_dict(
    report: Report, language: Language, tmp_path: Path
) -> None:
    path = tmp_path / "r.json"
    as_json.write(report, path, language)
    read = json.loads(path.read_text(encoding="utf-8"))
    assert [error.message for error in VALIDATOR.iter_errors(read)] == []
    assert read == as_json.as_dict(report, language)


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    return as_json.schema()["$defs"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema


def _undescribed(value: Any, schema: dict[str, Any], where: str) -> list[str]:
    """Keys of objects that the schema does not name."""
    schema = _described(schema)
    if "anyOf" in schema:
        schema = _described(schema["anyOf"][0])
    if isinstance(value, list):
        return [found for item in value for found in _undescribed(item, schema["items"], where)]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    found = [f"{where}.{key}" for key in value.keys() ^ schema["properties"].keys()]
    return found + [
        more
        for key in value.keys() & schema["properties"].keys()
        for more in _undescribed(value[key], schema["properties"][key], f"{where}.{key}")
    ]


def test_every_key_is_described_and_every_described_key_is_written() -> None:
    whole = examples.report(outlook=examples.findings()[:1])
    assert _undescribed(as_json.as_dict(whole), as_json.schema(), "report") == []


def test_what_is_said_beside_the_figures_is_left_out_where_there_is_nothing() -> None:
    assert "outlook" not in as_json.as_dict(examples.report())


def test_an_official_has_the_published_keys_and_unknown_is_null() -> None:
    unknown = as_json.as_dict(examples.report())["officials"][-1]
    assert unknown == {
        "official_id": "CB4000",
        "name": "Đỗ Thị Quỳnh",
        "unit": examples.UNKNOWN_DISTRICT,
        "title": "Giám đốc",
        "rank": "leader",
        "mailboxes": ["cb4000@tp.example.gov.vn"],
        "sent": None,
        "sent_recipients": None,
        "sent_external": None,
        "received": None,
        "logins": None,
        "failed_logins": None,
        "opened": None,
        "active_days": 0,
        "active_working_days": 0,
        "covered_working_days": 0,
        "active_last": {"7": None, "30": None, "90": None, "180": None},
        "class": "unknown",
        "rung": "U",
        "reasons": ["Không có nhật ký của máy chủ."],
        "reasons_en": ["There are no logs of the server."],
    }


def test_period_and_coverage_stand_as_published() -> None:
    said = as_json.as_dict(examples.report(), "en")
    assert said["period"] == {
        "from": "2026-10-01",
        "to": "2026-10-31",
        "timezone": "Asia/Ho_Chi_Minh",
        "working_days": 22,
    }
    assert said["coverage"]["missing_days"] == ["2026-10-12", "2026-10-13"]
    assert len(said["coverage"]["covered_days"]) == 29
    assert said["coverage"]["cannot_tell"] == ["Reading: no flag_change lines."]
    assert said["headline"]["vi"] == (
        "50\u00a0% lãnh đạo có dùng thư điện tử công vụ trong tháng 10/2026; số liệu phủ 29/31 ngày."
    )


@pytest.mark.parametrize(
    ("where", "wrong"),
    [
        (("officials", 0, "sent"), -1),
        (("officials", 0, "class"), "sometimes"),
        (("officials", 0, "rung"), "E"),
        (("officials", 0, "reasons"), [{"vi": "a"}]),
        (("units", 0, "leaders", "rate"), 50),
        (("period", "from"), "01/10/2026"),
        (("findings", 0, "text"), "x"),
        (("vanthu_report",), 2),
    ],
)
def test_the_schema_refuses_what_is_not_a_report(where: tuple[Any, ...], wrong: Any) -> None:
    said = as_json.as_dict(examples.report())
    inside: Any = said
    for step in where[:-1]:
        inside = inside[step]
    inside[where[-1]] = wrong
    assert len(list(VALIDATOR.iter_errors(said))) >= 1


def test_a_figure_that_is_no_number_is_not_written(tmp_path: Path) -> None:
    finding = examples.findings()[0]
    broken = examples.report(findings=(type(finding)("x", None, finding.text, {"rate": float("nan")}),))
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_json.write(broken, tmp_path / "r.json")
