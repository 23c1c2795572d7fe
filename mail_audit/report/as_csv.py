"""The officials of a report as CSV (RFC 4180, UTF-8 with a byte order mark, so that Excel reads Vietnamese).

No cell can become a formula: text that begins like one gets an apostrophe in front, as OWASP's page on CSV injection
advises. Counts are plain digits; what the logs cannot tell is said in words, never left empty or zero.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from core.words import Language, inert
from mail_audit.report.model import OfficialFigures, Report
from mail_audit.report.readable import readable
from mail_audit.report.terms import CLASS_WORDS, COLUMNS, NO_DATA, RANK_WORDS

TEXT_COLUMNS = ("official_id", "name", "unit", "title", "rank", "mailboxes", "class", "rung")
COUNT_COLUMNS = (
    "sent",
    "sent_recipients",
    "sent_external",
    "received",
    "logins",
    "failed_logins",
    "opened",
    "active_days",
    "active_working_days",
    "covered_working_days",
)


def official_texts(official: OfficialFigures, language: Language) -> tuple[str, ...]:
    """The cells of `TEXT_COLUMNS` in words."""
    return (
        official.official_id,
        official.name,
        official.unit,
        official.title,
        RANK_WORDS[official.rank].to(language),
        ", ".join(official.mailboxes),
        CLASS_WORDS[official.usage_class].to(language),
        official.rung or "",
    )


def _rows(report: Report, language: Language) -> Iterator[list[str]]:
    yield [COLUMNS[name].to(language) for name in (*TEXT_COLUMNS, *COUNT_COLUMNS, "reasons")]
    unknown = NO_DATA.to(language)
    for official in report.officials:
        counts = (getattr(official, name) for name in COUNT_COLUMNS)
        yield [
            *(inert(text) for text in official_texts(official, language)),
            *(unknown if number is None else str(number) for number in counts),
            inert("; ".join(reason.to(language) for reason in official.reasons)),
        ]


def write(report: Report, path: Path, language: Language = "vi") -> None:
    """Writes a row per official to `path`, with headings in `language`."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(_rows(readable(report), language))
