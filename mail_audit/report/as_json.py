"""A report as JSON for other programs; its keys are published in `report.schema.json` (JSON Schema 2020-12).

Sentences stand in the report's language under the plain name and in English under the name with `_en`, findings
always in both. Officials are written one a line, so that a whole province needs no second copy in memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from typing import Any

from core.words import Language, Text
from mail_audit.report import model
from mail_audit.report.headline import headline
from mail_audit.report.readable import readable

FIGURES = ("sent", "sent_recipients", "sent_external", "received", "logins", "failed_logins", "opened")
DAYS = ("active_days", "active_working_days", "covered_working_days")
_COUNTED = (*FIGURES, *DAYS)
_counts = attrgetter(*_COUNTED)


@cache
def schema() -> dict[str, Any]:
    """The published schema of the JSON report."""
    text = files("mail_audit.report").joinpath("report.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _texts(name: str, texts: Iterable[Text], language: Language) -> dict[str, list[str]]:
    said = tuple(texts)
    return {name: [one.to(language) for one in said], f"{name}_en": [one.en for one in said]}


def _period(period: model.Period) -> dict[str, Any]:
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "timezone": period.timezone,
        "working_days": period.working_days,
    }


def _coverage(coverage: model.Coverage, language: Language) -> dict[str, Any]:
    copies = [{"file": one.file, "same_as": one.same_as} for one in coverage.copies]
    return {
        "lines": coverage.lines,
        "events": coverage.events,
        "not_of_interest": coverage.not_of_interest,
        "broken": coverage.broken,
        "broken_samples": [
            {
                "file": sample.file,
                "offset": sample.offset,
                "reason": sample.reason.to(language),
                "reason_en": sample.reason.en,
            }
            for sample in coverage.broken_samples
        ],
        "covered_days": [day.isoformat() for day in coverage.covered_days],
        "missing_days": [day.isoformat() for day in coverage.missing_days],
        "hosts": list(coverage.hosts),
        "files": list(coverage.files),
        **({"copies": copies} if copies else {}),
        **_texts("cannot_tell", coverage.cannot_tell, language),
    }


def _official(official: model.OfficialFigures, language: Language) -> dict[str, Any]:
    return {
        "official_id": official.official_id,
        "name": official.name,
        "unit": official.unit,
        "title": official.title,
        "rank": official.rank,
        "mailboxes": list(official.mailboxes),
        **dict(zip(_COUNTED, _counts(official), strict=True)),
        "active_last": {str(days): acted for days, acted in official.active_last.items()},
        "class": official.usage_class,
        "rung": official.rung,
        **_texts("reasons", official.reasons, language),
    }


def _rank(figures: model.RankFigures) -> dict[str, Any]:
    return {"total": figures.total, "using": figures.using, "unknown": figures.unknown, "rate": figures.rate}


def _unit(unit: model.UnitFigures) -> dict[str, Any]:
    return {
        "unit": unit.unit,
        "parent": unit.parent,
        "leaders": _rank(unit.leaders),
        "staff": _rank(unit.staff),
        "classes": {name: unit.classes.get(name, 0) for name in model.CLASSES},
        "no_mailbox": unit.no_mailbox,
        "using_last": {str(days): using for days, using in unit.using_last.items()},
    }


def _finding(finding: model.Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "unit": finding.unit,
        "text": {"vi": finding.text.vi, "en": finding.text.en},
        "figures": dict(finding.figures),
    }


def _unassigned(mailbox: model.UnassignedMailbox) -> dict[str, Any]:
    return {
        "mailbox": mailbox.mailbox,
        "kind": mailbox.kind,
        "sent": mailbox.sent,
        "received": mailbox.received,
        "logins": mailbox.logins,
    }


def _parts(report: model.Report, language: Language) -> Iterator[tuple[str, Any]]:
    """Key and value of the whole document, in its order; a list that may be long comes as an iterator."""
    yield "vanthu_report", report.vanthu_report
    yield "language", language
    yield "headline", {"vi": headline(report).vi, "en": headline(report).en}
    yield "period", _period(report.period)
    yield "coverage", _coverage(report.coverage, language)
    yield "city", None if report.city is None else _unit(report.city)
    yield "units", map(_unit, report.units)
    yield "findings", map(_finding, report.findings)
    if report.outlook:
        yield "outlook", map(_finding, report.outlook)
    yield "officials", (_official(official, language) for official in report.officials)
    yield "unassigned", map(_unassigned, report.unassigned)
    yield "without_mailbox", list(report.without_mailbox)


def as_dict(report: model.Report, language: Language = "vi") -> dict[str, Any]:
    """The whole report as the published JSON's plain values."""
    return {
        key: list(value) if isinstance(value, Iterator) else value for key, value in _parts(readable(report), language)
    }


_dumped = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def chunks(report: model.Report, language: Language = "vi") -> Iterator[str]:
    """The same document as text, piece by piece: a line a key, and a line an item in the long lists."""
    lead = "{\n"
    for key, value in _parts(readable(report), language):
        yield f"{lead}{_dumped(key)}: "
        lead = ",\n"
        if not isinstance(value, Iterator):
            yield _dumped(value)
            continue
        inner = "["
        for item in value:
            yield f"{inner}\n  {_dumped(item)}"
            inner = ","
        yield "[]" if inner == "[" else "\n]"
    yield "\n}\n"


def write(report: model.Report, path: Path, language: Language = "vi") -> None:
    """Writes the report to `path` as UTF-8."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(chunks(report, language))
