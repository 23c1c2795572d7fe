"""A report put in words and cells of one language: what the HTML page and the PDF both show.

Everything in it is text ready to be read (escaped by whoever draws it), so that the two cannot tell different things.
Units stand as a tree; officials stand by unit, leaders first, and are cut at a limit that is then stated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from core.words import Language, Text
from mail_audit.report.headline import covered_days, headline, rank_sentence
from mail_audit.report.model import (
    CLASSES,
    Coverage,
    OfficialFigures,
    RankFigures,
    Report,
    UnassignedMailbox,
    UnitFigures,
    UsageClass,
)
from mail_audit.report.numbers import count, day, day_ranges, days_of, percent_exact
from mail_audit.report.readable import readable
from mail_audit.report.terms import (
    CLASS_WORDS,
    COLUMNS,
    COVERAGE,
    DASH,
    HEADINGS,
    MAILBOX_KIND_WORDS,
    RANK_WORDS,
    RUNG_WORDS,
    a_copy,
)

MOST_OFFICIALS = 5_000
"""So many officials are listed in a page or a PDF; spreadsheets and JSON have them all."""
MOST_ROWS = 500
"""So many mailboxes without an official, and officials without a mailbox, are named; the rest is counted."""
MOST_NAMES = 30
"""So many hosts or files are named in the coverage; the rest is counted."""


@dataclass(frozen=True, slots=True)
class RankCell:
    """One rank of a unit: `figures` "12/24" of those that can be judged, `rate` "50,0 %", `share` 0 to 1 or None."""

    figures: str
    rate: str
    share: float | None
    unknown: str
    words: str
    raw: RankFigures


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A line of the table of units; `depth` is how far it stands below the top, `anchor` its number."""

    name: str
    anchor: int
    depth: int
    leaders: RankCell
    staff: RankCell
    classes: tuple[str, ...]
    no_mailbox: str
    listed: bool


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding and the number of the unit it is about (None: no unit of the table)."""

    text: str
    anchor: int | None


@dataclass(frozen=True, slots=True)
class OfficialRow:
    """One official in words."""

    official_id: str
    name: str
    title: str
    rank: str
    mailboxes: str
    usage_class: UsageClass
    class_words: str
    rung: str
    rung_words: str
    sent: str
    received: str
    opened: str
    logins: str
    days: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitOfficials:
    """The officials of one unit, its sub-units not included."""

    unit: str
    anchor: int | None
    rows: tuple[OfficialRow, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what is said under it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """A mailbox that no official owns."""

    mailbox: str
    kind: str
    sent: str
    received: str
    logins: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole report in one language."""

    language: Language
    title: str
    headline: str
    period: str
    sentences: tuple[str, ...]
    findings: tuple[FindingRow, ...]
    city: UnitRow | None
    units: tuple[UnitRow, ...]
    officials: tuple[UnitOfficials, ...]
    cut: str
    coverage: tuple[Row, ...]
    cannot_tell: tuple[str, ...]
    broken: tuple[Row, ...]
    unassigned: tuple[MailboxRow, ...]
    unassigned_more: str
    without_mailbox: tuple[str, ...]


def picture(
    report: Report, language: Language, *, most_officials: int = MOST_OFFICIALS, most_rows: int = MOST_ROWS
) -> Picture:
    """The report in the words of `language`, with at most `most_officials` officials listed.

    `most_rows` bounds the two lists of mailboxes without an official and officials without a mailbox.
    """
    report = readable(report)
    ordered = list(_tree(report.units))
    anchors = {unit.unit: number for number, (unit, _) in enumerate(ordered, start=1)}
    listed = _by_unit(report, list(anchors))[:most_officials]
    with_officials = {official.unit for official in listed}
    city = report.city
    sentences = (
        ()
        if city is None
        else tuple(
            rank_sentence(COLUMNS[side], figures).to(language)
            for side, figures in (("leaders", city.leaders), ("staff", city.staff))
        )
    )
    return Picture(
        language=language,
        title=HEADINGS["report"].to(language),
        headline=headline(report).to(language),
        period=_period(report, language),
        sentences=sentences,
        findings=tuple(
            FindingRow(one.text.to(language), anchors.get(one.unit or ""))
            for one in (*report.findings, *report.outlook)
        ),
        city=None if city is None else _unit_row(city, HEADINGS["city"].to(language), 0, 0, language, listed=False),
        units=tuple(
            _unit_row(unit, unit.unit, anchors[unit.unit], depth, language, listed=unit.unit in with_officials)
            for unit, depth in ordered
        ),
        officials=tuple(_groups(listed, anchors, language)),
        cut=_cut(len(listed), len(report.officials), language),
        coverage=_coverage(report, language),
        cannot_tell=tuple(one.to(language) for one in report.coverage.cannot_tell),
        broken=tuple(
            Row(f"{one.file} +{count(one.offset, language)}", one.reason.to(language))
            for one in report.coverage.broken_samples
        ),
        unassigned=tuple(_mailbox_row(one, language) for one in report.unassigned[:most_rows]),
        unassigned_more=_more(len(report.unassigned) - most_rows, language),
        without_mailbox=_without_mailbox(report, language, most_rows),
    )


def _tree(units: tuple[UnitFigures, ...]) -> Iterator[tuple[UnitFigures, int]]:
    """Units with their depth, each below its parent, in the given order; a ring of parents is laid out flat."""
    known = {unit.unit for unit in units}
    children: dict[str | None, list[UnitFigures]] = {}
    for unit in units:
        children.setdefault(unit.parent if unit.parent in known else None, []).append(unit)
    seen: set[str] = set()

    def below(parent: str | None, depth: int) -> Iterator[tuple[UnitFigures, int]]:
        for unit in children.get(parent, ()):
            if unit.unit not in seen:
                seen.add(unit.unit)
                yield unit, depth
                yield from below(unit.unit, depth + 1)

    yield from below(None, 0)
    yield from ((unit, 0) for unit in units if unit.unit not in seen)


def _by_unit(report: Report, units: list[str]) -> list[OfficialFigures]:
    place = {unit: number for number, unit in enumerate(units)}
    return sorted(report.officials, key=lambda one: (place.get(one.unit, len(place)), one.unit, one.rank != "leader"))


def _groups(officials: list[OfficialFigures], anchors: dict[str, int], language: Language) -> Iterator[UnitOfficials]:
    groups: dict[str, list[OfficialRow]] = {}
    for one in officials:
        groups.setdefault(one.unit, []).append(_official_row(one, language))
    for unit, rows in groups.items():
        yield UnitOfficials(unit, anchors.get(unit), tuple(rows))


def _rank_cell(side: str, figures: RankFigures, language: Language) -> RankCell:
    judged = figures.total - figures.unknown
    nobody = figures.total == 0
    return RankCell(
        figures="0" if nobody else f"{count(figures.using, language)}/{count(judged, language)}" if judged else DASH,
        rate=percent_exact(figures.rate, language) if not nobody else "",
        share=figures.rate,
        unknown=count(figures.unknown, language) if figures.unknown else "",
        words=rank_sentence(COLUMNS[side], figures).to(language),
        raw=figures,
    )


def _unit_row(unit: UnitFigures, name: str, anchor: int, depth: int, language: Language, *, listed: bool) -> UnitRow:
    return UnitRow(
        name=name,
        anchor=anchor,
        depth=min(depth, 4),
        leaders=_rank_cell("leaders", unit.leaders, language),
        staff=_rank_cell("staff", unit.staff, language),
        classes=tuple(count(unit.classes.get(one, 0), language) for one in CLASSES),
        no_mailbox=count(unit.no_mailbox, language),
        listed=listed,
    )


def _official_row(one: OfficialFigures, language: Language) -> OfficialRow:
    covered = one.covered_working_days
    return OfficialRow(
        official_id=one.official_id,
        name=one.name,
        title=one.title,
        rank=RANK_WORDS[one.rank].to(language),
        mailboxes=", ".join(one.mailboxes) or Text("chưa có hộp thư", "no mailbox").to(language),
        usage_class=one.usage_class,
        class_words=CLASS_WORDS[one.usage_class].to(language),
        rung=one.rung or "",
        rung_words=RUNG_WORDS[one.rung].to(language) if one.rung else "",
        sent=count(one.sent, language),
        received=count(one.received, language),
        opened=count(one.opened, language),
        logins=count(one.logins, language),
        days=f"{one.active_working_days}/{covered}" if covered else DASH,
        reasons=tuple(reason.to(language) for reason in one.reasons),
    )


def _mailbox_row(one: UnassignedMailbox, language: Language) -> MailboxRow:
    return MailboxRow(
        mailbox=one.mailbox,
        kind=MAILBOX_KIND_WORDS[one.kind].to(language),
        sent=count(one.sent, language),
        received=count(one.received, language),
        logins=count(one.logins, language),
    )


def _without_mailbox(report: Report, language: Language, most: int) -> tuple[str, ...]:
    wanted = report.without_mailbox[:most]
    keys = set(wanted)
    known = {one.official_id: one for one in report.officials if one.official_id in keys}
    named = tuple(f"{known[key].name} ({key}), {known[key].unit}" if key in known else key for key in wanted)
    more = _more(len(report.without_mailbox) - most, language)
    return (*named, more) if more else named


def _more(number: int, language: Language) -> str:
    """How many are not named; nothing where all are."""
    if number <= 0:
        return ""
    return Text(f"và {count(number, 'vi')} nữa", f"and {count(number, 'en')} more").to(language)


def _cut(listed: int, total: int, language: Language) -> str:
    if listed == total:
        return ""
    vi, en = (f"{count(listed, 'vi')} trên {count(total, 'vi')}", f"{count(listed, 'en')} of {count(total, 'en')}")
    return Text(
        f"Chỉ liệt kê {vi} người; báo cáo XLSX, CSV và JSON có đủ mọi người.",
        f"Only {en} people are listed; the XLSX, CSV and JSON reports have all.",
    ).to(language)


def _period(report: Report, language: Language) -> str:
    period = report.period
    first, last = day(period.first, language), day(period.last, language)
    return Text(
        f"{first} – {last} ({period.timezone}), {period.working_days} ngày làm việc",
        f"{first} – {last} ({period.timezone}), {period.working_days} working days",
    ).to(language)


def _named(names: tuple[str, ...], language: Language) -> str:
    shown = ", ".join(names[:MOST_NAMES]) or DASH
    more = _more(len(names) - MOST_NAMES, language)
    return f"{shown} {more}" if more else shown


def _files(said: Coverage, language: Language) -> tuple[str, ...]:
    """The files, and of a copy in which its lines are counted."""
    shown: list[str] = []
    for name, many in Counter(said.files).items():
        copies = [a_copy(one.same_as).to(language) for one in said.copies if one.file == name]
        shown += [name] * (many - len(copies)) + [f"{name} ({words})" for words in copies]
    return tuple(shown)


def _coverage(report: Report, language: Language) -> tuple[Row, ...]:
    """The coverage as rows; the share of lines that could not be read is always among them."""
    said = report.coverage
    days = Text(
        f"{covered_days(report)}/{days_of(report.period)} ngày",
        f"{covered_days(report)} of {days_of(report.period)} days",
    )
    share = percent_exact(said.broken / said.lines if said.lines else None, language)
    values = {
        "lines": count(said.lines, language),
        "events": count(said.events, language),
        "not_of_interest": count(said.not_of_interest, language),
        "broken": f"{count(said.broken, language)} ({share})",
        "covered_days": days.to(language),
        "missing_days": day_ranges(said.missing_days, language) or Text("không thiếu ngày nào", "none").to(language),
        "hosts": _named(said.hosts, language),
        "files": _named(_files(said, language), language),
    }
    return tuple(Row(COVERAGE[key].to(language), value) for key, value in values.items())
