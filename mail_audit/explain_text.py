"""The explanation of one mailbox as lines of text, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.words import Language, Text
from mail_audit.explain import ExplainedFigure, official_of
from mail_audit.report.model import Report
from mail_audit.report.readable import readable_text
from mail_audit.report.terms import CLASS_WORDS, RUNG_WORDS

_NO_DATA = Text("không có dữ liệu", "no data")
_COUNTS_AS = Text("được tính là", "counts as")


def text_of(
    report: Report, mailbox: str, figures: Sequence[ExplainedFigure], language: Language, limit: int | None
) -> Iterator[str]:
    """The explanation, line by line; at most `limit` log lines a figure, and it says so where there are more."""
    return map(readable_text, _text_of(report, mailbox, figures, language, limit))


def _text_of(
    report: Report, mailbox: str, figures: Sequence[ExplainedFigure], language: Language, limit: int | None
) -> Iterator[str]:
    owner = official_of(report, mailbox)
    yield mailbox
    if owner is None:
        yield Text("Không có cán bộ nào đứng tên hộp thư này.", "No official owns this mailbox.").to(language)
    else:
        said = CLASS_WORDS[owner.usage_class].to(language)
        # of a mailbox that others work in, a rung of its owner would read as one of what the others do
        known = owner.rung if owner.usage_class != "delegated" else None
        rung = f" ({known}: {RUNG_WORDS[known].to(language)})" if known else ""
        yield f"{owner.name}, {owner.title}, {owner.unit}: {said}{rung}"
        for reason in owner.reasons:
            yield f"  - {reason.to(language)}"
    for figure in figures:
        yield ""
        yield f"{figure.title.to(language)}: {_NO_DATA.to(language) if figure.value is None else figure.value}"
        if figure.meaning is not None and figure.lines:
            yield f"  {figure.meaning.to(language)}"
        yield from _lines(figure, language, limit)


def _lines(figure: ExplainedFigure, language: Language, limit: int | None) -> Iterator[str]:
    for one in figure.lines[:limit]:
        place = f"{one.file}:{one.offset}"
        yield f"  {one.at:%Y-%m-%d %H:%M:%S} {one.words.to(language)}"
        yield f"    {place} {one.host}: {one.line}"
        if figure.counted and one.stands_for > 1:
            yield f"    {_COUNTS_AS.to(language)} {one.stands_for}"
    left = len(figure.lines) - (limit if limit is not None else len(figure.lines))
    if left > 0:
        more = Text(f"  … còn {left} dòng; thêm --all để xem hết", f"  … {left} more lines; add --all to see them")
        yield more.to(language)
