"""A published JSON report as the report it was written from, for comparing two of them without a database.

A sentence that the file has in one language only is given in that language for both.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, cast, get_args

from core.errors import InputError
from core.words import LANGUAGES, Text
from mail_audit.report import model
from mail_audit.report.as_json import DAYS, FIGURES

MOST_BYTES = 2_000_000_000
"""No report of a country is larger; whatever is, is something else."""
VERSION = 1


class ReportFileError(InputError):
    """A file that is not a report of this program in the form that is read here."""


def read(path: Path) -> model.Report:
    """The report in the JSON file `path`. Raises `ReportFileError`, with what would be right."""
    document = _document(path)
    version = document.get("vanthu_report")
    if version is None:
        raise _no_report(path, "no vanthu_report")
    if version != VERSION:
        raise ReportFileError(
            Text(
                f"“{path.name}” là báo cáo dạng {version}; chương trình này đọc dạng {VERSION}. Hãy cập nhật chương "
                "trình hoặc lập lại báo cáo.",
                f"“{path.name}” is a report of form {version}; this program reads form {VERSION}. Update the program, "
                "or make the report again.",
            )
        )
    try:
        return _report(document)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise ReportFileError(
            Text(
                f"“{path.name}” là báo cáo của Vanthu nhưng thiếu hoặc sai một mục; tệp có thể đã bị sửa hay bị cắt.",
                f"“{path.name}” is a report of Vanthu, but an entry is missing or wrong; it may have been edited or "
                "cut off.",
            ),
            detail=f"{type(wrong).__name__}: {wrong}",
        ) from wrong


def _document(path: Path) -> dict[str, Any]:
    try:
        if path.is_file() and path.stat().st_size > MOST_BYTES:
            raise _no_report(path, "too large")
        if path.exists() and not path.is_file() and not path.is_dir():  # a pipe would be waited for without end
            raise _no_report(path, "not a regular file")
        with path.open("r", encoding="utf-8-sig") as stream:
            document = json.load(stream)
    except FileNotFoundError as missing:
        raise ReportFileError(Text(f"Không có tệp “{path}”.", f"There is no file “{path}”.")) from missing
    except IsADirectoryError as folder:
        raise ReportFileError(
            Text(f"“{path}” là thư mục, không phải tệp báo cáo.", f"“{path}” is a folder, not a report file.")
        ) from folder
    except OSError as refused:
        raise ReportFileError(
            Text(f"Không đọc được tệp “{path}”.", f"The file “{path}” cannot be read."), detail=str(refused)
        ) from refused
    except (ValueError, RecursionError) as wrong:  # not JSON, not UTF-8, or nested without end
        raise _no_report(path, type(wrong).__name__) from wrong
    if not isinstance(document, dict):
        raise _no_report(path, "no object")
    return document


def _no_report(path: Path, detail: str) -> ReportFileError:
    return ReportFileError(
        Text(
            f"“{path.name}” không phải là báo cáo JSON của Vanthu; hãy chọn tệp .json do “vanthu audit --report” hoặc "
            "trang báo cáo tạo ra.",
            f"“{path.name}” is not a JSON report of Vanthu; choose a .json file made by “vanthu audit --report” or "
            "downloaded from a report's page.",
        ),
        detail=detail,
    )


def _report(document: dict[str, Any]) -> model.Report:
    language = document["language"]
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}")
    period, city = document["period"], document["city"]
    return model.Report(
        period=model.Period(
            date.fromisoformat(period["from"]),
            date.fromisoformat(period["to"]),
            _text(period["timezone"]),
            _count(period["working_days"]),
        ),
        coverage=_coverage(document["coverage"], language),
        officials=tuple(_official(one, language) for one in document["officials"]),
        units=tuple(_unit(one) for one in document["units"]),
        findings=tuple(_finding(one) for one in document["findings"]),
        outlook=tuple(_finding(one) for one in document.get("outlook", ())),
        unassigned=tuple(
            model.UnassignedMailbox(one["mailbox"], one["kind"], one["sent"], one["received"], one["logins"])
            for one in document["unassigned"]
        ),
        without_mailbox=tuple(document["without_mailbox"]),
        city=None if city is None else _unit(city),
        vanthu_report=VERSION,
    )


def _texts(entry: dict[str, Any], name: str, language: str) -> tuple[Text, ...]:
    """Sentences in the file's language and in English."""
    said, english = entry[name], entry[f"{name}_en"]
    return tuple(
        Text(_text(one), _text(en)) if language == "vi" else Text(_text(one), _text(one))
        for one, en in zip(said, english, strict=True)
    )


def _coverage(entry: dict[str, Any], language: str) -> model.Coverage:
    return model.Coverage(
        lines=_count(entry["lines"]),
        events=_count(entry["events"]),
        not_of_interest=_count(entry["not_of_interest"]),
        broken=_count(entry["broken"]),
        covered_days=tuple(date.fromisoformat(day) for day in entry["covered_days"]),
        missing_days=tuple(date.fromisoformat(day) for day in entry["missing_days"]),
        hosts=tuple(entry["hosts"]),
        files=tuple(entry["files"]),
        cannot_tell=_texts(entry, "cannot_tell", language),
        broken_samples=tuple(
            model.BrokenSample(
                one["file"], one["offset"], Text(one["reason"], one["reason_en"] if language == "vi" else one["reason"])
            )
            for one in entry["broken_samples"]
        ),
        copies=tuple(model.CopiedFile(_text(one["file"]), _text(one["same_as"])) for one in entry.get("copies", ())),
    )


def _official(entry: dict[str, Any], language: str) -> model.OfficialFigures:
    return model.OfficialFigures(
        official_id=_text(entry["official_id"]),
        name=_text(entry["name"]),
        unit=_text(entry["unit"]),
        title=_text(entry["title"]),
        rank=cast("model.Rank", _one_of(entry["rank"], model.Rank)),
        mailboxes=tuple(entry["mailboxes"]),
        **_counts(entry),
        usage_class=cast("model.UsageClass", _one_of(entry["class"], model.UsageClass)),
        rung=None if entry["rung"] is None else cast("model.Rung", _one_of(entry["rung"], model.Rung)),
        reasons=_texts(entry, "reasons", language),
        active_last={int(days): acted for days, acted in entry["active_last"].items()},
    )


def _counts(entry: dict[str, Any]) -> dict[str, Any]:
    """Counts that may be unknown, and days, which never are."""
    known = {name: _count(entry[name]) for name in DAYS}
    return known | {name: None if entry[name] is None else _count(entry[name]) for name in FIGURES}


def _rank(entry: dict[str, Any]) -> model.RankFigures:
    rate = entry["rate"]
    figures = model.RankFigures(
        _count(entry["total"]), _count(entry["using"]), _count(entry["unknown"]), None if rate is None else float(rate)
    )
    if figures.using + figures.unknown > figures.total or not (rate is None or 0 <= rate <= 1):
        raise ValueError(f"rank {entry!r}")
    return figures


def _unit(entry: dict[str, Any]) -> model.UnitFigures:
    return model.UnitFigures(
        unit=_text(entry["unit"]),
        parent=None if entry["parent"] is None else _text(entry["parent"]),
        leaders=_rank(entry["leaders"]),
        staff=_rank(entry["staff"]),
        classes={cast("model.UsageClass", name): _count(number) for name, number in entry["classes"].items()},
        no_mailbox=_count(entry["no_mailbox"]),
        using_last={int(days): using for days, using in entry["using_last"].items()},
    )


def _finding(entry: dict[str, Any]) -> model.Finding:
    said = entry["text"]
    return model.Finding(
        _text(entry["kind"]), entry["unit"], Text(_text(said["vi"]), _text(said["en"])), dict(entry["figures"])
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text {value!r}")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"count {value!r}")
    return value


def _one_of(value: Any, names: Any) -> str:
    if value not in get_args(names):
        raise ValueError(f"name {value!r}")
    return cast("str", value)
