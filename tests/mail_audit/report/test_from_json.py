"""A report that was written is read again as it was; anything else is refused with a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.words import Text
from mail_audit.report import as_json, from_json
from mail_audit.report.readable import readable
from tests.mail_audit.report import examples


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    as_json.write(examples.report(), path, "vi")
    assert from_json.read(path) == readable(examples.report())


def test_what_is_said_beside_the_figures_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    whole = readable(examples.report(outlook=examples.findings()[:1]))
    as_json.write(whole, path, "vi")
    assert from_json.read(path) == whole


def test_sentences_of_one_language_stand_for_both(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    as_json.write(examples.report(), path, "en")
    assert from_json.read(path).officials[0].reasons == (
        Text("Sent messages on 18 working days.", "Sent messages on 18 working days."),
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"not JSON", b"[]", b"{}", b'{"officials": []}', b"\xff\xfe\x00", b"[" * 100_000, b"\x00" * 100, b"null"],
    ids=lambda content: repr(content[:12]),
)
def test_another_file_is_no_report(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tệp.json"
    path.write_bytes(content)
    with pytest.raises(from_json.ReportFileError) as refused:
        from_json.read(path)
    assert "“tệp.json” không phải là báo cáo JSON của Vanthu" in refused.value.message.vi
    assert "is not a JSON report of Vanthu" in refused.value.message.en


def _put(*places: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def spoil(document: dict[str, Any]) -> None:
        inside: Any = document
        for place in places[:-1]:
            inside = inside[place]
        inside[places[-1]] = value

    return spoil


SPOILT: dict[str, Callable[[dict[str, Any]], None]] = {
    "no officials": lambda document: document.pop("officials") and None,
    "a class nobody knows": _put("officials", 0, "class", value="keen"),
    "a count that is text": _put("officials", 0, "active_days", value="20"),
    "a count below zero": _put("units", 0, "leaders", "total", value=-1),
    "more using than there are": _put("units", 0, "leaders", "using", value=99),
    "a rate of two": _put("units", 0, "leaders", "rate", value=2.0),
    "a day that is none": _put("period", "from", value="2026-13-01"),
    "units that are a number": _put("units", value=7),
    "an official that is a list": _put("officials", 0, value=[1]),
    "a language nobody speaks": _put("language", value="fr"),
    "no reason in English": _put("officials", 0, "reasons_en", value=[]),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_report_says_so(tmp_path: Path, name: str) -> None:
    document = as_json.as_dict(examples.report())
    SPOILT[name](document)
    path = tmp_path / "report.json"
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(from_json.ReportFileError, match="an entry is missing or wrong"):
        from_json.read(path)


def test_a_later_form_is_named(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text('{"vanthu_report": 9}', "utf-8")
    with pytest.raises(from_json.ReportFileError, match="is a report of form 9; this program reads form 1"):
        from_json.read(path)


def test_what_is_not_there_or_a_folder(tmp_path: Path) -> None:
    with pytest.raises(from_json.ReportFileError, match="There is no file"):
        from_json.read(tmp_path / "none.json")
    with pytest.raises(from_json.ReportFileError, match="is a folder"):
        from_json.read(tmp_path)
