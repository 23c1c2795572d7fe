"""The report on a terminal of 80 columns, as plain text, and with nothing hostile getting through."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from core.words import LANGUAGES, Language
from mail_audit.report import terminal
from mail_audit.report.model import Report
from tests.mail_audit.report import examples


def _shown(report: Report, language: Language, *, tty: bool = False, width: int = 80) -> str:
    stream = io.StringIO()
    terminal.show(report, Console(file=stream, width=width, force_terminal=tty, color_system=None), language)
    return stream.getvalue()


PLAIN = """\
Use of official e-mail
Period: 1 October 2026 – 31 October 2026 (Asia/Ho_Chi_Minh), 22 working days

50% of leaders used official e-mail in October 2026; the figures cover 29 of 31
days.
Leaders: 12 of 24 using (50%); no data for 1.
Staff: 800 of 1,231 using (65%); no data for 3.

Findings
 - Nobody in Ủy ban nhân dân huyện Vùng Xa uses it.
 - #set page(fill: red)\ufffd#panic("x")
 - Half of the leaders use it.

By unit
Unit                         Leaders          Using  Staff                 Using
All units                    ███░░░ 50.0%  12/24 ?1  ████░░ 65.0%   800/1,231 ?3
Sở Xây dựng                  █░░░░░ 12.5%       1/8  ███░░░ 50.0%         60/120
 Phòng Quy hoạch             ███░░░ 50.0%       1/2  ░░░░░░ 0.0%            0/10
Ủy ban nhân dân huyện Vùng   ······ –          – ?1  ······ –               – ?3
Xa
<script>alert(1)</script>    0                       ██████ 100.0%           1/1
– means no data, not zero. (? n: no data for n people)

Coverage of the logs
 Lines read: 4,000,000
 Lines that are events: 1,234,567
 Lines not of interest: 2,765,430
 Lines that could not be read: 3 (<0.1%)
 Days covered: 29 of 31 days
 Days without logs: 12 October 2026–13 October 2026
 Servers: mail1.tp.example.gov.vn, <script>alert(1)</script>
 Log files: mail.log.1.gz (a copy, counted in mail.log), mail.log

What the logs cannot tell
 - Reading: no flag_change lines.

Mailboxes without an official
 - vanthu@tp.example.gov.vn (shared mailbox)
 - =cmd|' /C calc'!A0 (not in the directory)
"""


def _words(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_the_whole_of_it_in_english() -> None:
    shown = _shown(examples.report(), "en")
    assert [line.rstrip() for line in shown.splitlines()] == PLAIN.splitlines()


def test_vietnamese_words_and_numbers() -> None:
    text = _shown(examples.report(), "vi")
    for line in (
        "Tất cả các đơn vị ███░░░ 50,0 % 12/24 ?1 ████░░ 65,0 % 800/1.231 ?3",
        "Số dòng đã đọc: 4.000.000",
        "– nghĩa là không có dữ liệu, không phải là 0. (? n: n người không có dữ liệu)",
    ):
        assert line.split() in _words(text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tty", [True, False])
@pytest.mark.parametrize(
    "report", [examples.report(), examples.empty(), examples.large(10)], ids=["city", "empty", "big"]
)
def test_it_fits_eighty_columns(report: Report, language: Language, tty: bool) -> None:
    text = _shown(report, language, tty=tty, width=200)
    assert max(cell_len(line) for line in text.splitlines()) <= 80


def test_no_control_sequence_where_the_output_is_no_terminal() -> None:
    names = (examples.ESCAPE, examples.TURNED, "[bold red]not markup[/]")
    units = tuple(examples.unit(name, examples.rank_figures(1, 1), examples.rank_figures(0, 0)) for name in names)
    text = _shown(examples.report(units=units), "vi")
    assert [sign for sign in text if not sign.isprintable() and sign not in "\n\u00a0"] == []
    assert "[bold red]not" in text


@pytest.mark.parametrize(
    ("share", "bar"),
    [(None, "······"), (0.0, "░░░░░░"), (0.001, "█░░░░░"), (0.5, "███░░░"), (0.999, "█████░"), (1.0, "██████")],
)
def test_a_bar_never_hides_anybody(share: float | None, bar: str) -> None:
    assert terminal._bar(share) == bar
