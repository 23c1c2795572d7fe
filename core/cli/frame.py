"""What click says by itself, in the user's language: the frame of `--help`, and what is wrong with a command line.

Click has these words in English only. Its translations by gettext go by the machine's locale, and a Vietnamese office's
servers are set to English, so the words are put in here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from core.cli.speaking import language
from core.words import Text

DAY_FORMAT = "%Y-%m-%d"
AS_WRITTEN = "YYYY-MM-DD"

_FRAME: tuple[tuple[str, str], ...] = (
    (r"Show this message and exit\.", "Hiện hướng dẫn này."),
    (r"Show the version and exit\.", "Hiện số phiên bản."),
    (r"\[OPTIONS\]", "[TÙY CHỌN]"),
    (r"\[?COMMAND\]? \[ARGS\]\.\.\.", "LỆNH [THAM SỐ]..."),
    (r"\[required\]", "[bắt buộc]"),
    (r"\[default: ", "[mặc định: "),
    (r"\b(INTEGER RANGE|INTEGER)\b", "SỐ"),
    (r"\bTEXT\b", "CHỮ"),
    (rf"\b{AS_WRITTEN}\b", "NĂM-THÁNG-NGÀY"),
)
_HEADS = {"Usage": "Cách dùng", "Options": "Tùy chọn", "Commands": "Lệnh"}

_WRONG: tuple[tuple[str, str], ...] = (
    (r"^No such command '(.*?)'\.", r"Không có lệnh “\1”."),
    (r"^No such option '(\S+?)'\.", r"Không có tùy chọn \1."),
    (r"\(Did you mean one of: (.+)\?\)$", r"Có phải là một trong \1?"),
    (r"Did you mean (.+)\?$", r"Có phải là \1?"),
    (rf"\b{AS_WRITTEN}\b", "NĂM-THÁNG-NGÀY"),
    (r"^Missing command\.", "Thiếu lệnh."),
    (r"^Missing argument '(.*?)'\.", r"Thiếu \1."),
    (r"^Missing option '(.*?)'\.", r"Thiếu tùy chọn \1."),
    (r"^Option '(\S+)' requires an argument\.", r"Sau \1 còn thiếu giá trị."),
    (r"^Option '(\S+)' does not take a value\.", r"Sau \1 không có giá trị nào."),
    (r"^Got unexpected extra arguments? \((.*)\)", r"Thừa: \1."),
    (r"^Invalid value for '(.*?)': ", r"\1 có giá trị không dùng được: "),
    (r"^Invalid value: ", "Giá trị không dùng được: "),
    (r"'([^']*)' is not one of (.+)\.$", r"“\1” không phải là một trong \2."),
    (r"(\S+) is not in the range (\S+)\.$", r"\1 không nằm trong khoảng \2."),
    (r"'([^']*)' is not a valid (?:integer|int|float)(?: range)?\.$", r"“\1” không phải là số."),
    (r"'([^']*)' does not match the formats? .*$", r"“\1” không phải là một ngày viết như 2026-10-31."),
    (r"(?:File|Path) '([^']*)' does not exist\.$", r"không có tệp “\1”."),
    (r"Directory '([^']*)' does not exist\.$", r"không có thư mục “\1”."),
    (r"'([^']*)': No such file or directory$", r"không có tệp “\1”."),
    (r"(?:File|Path) '([^']*)' is not readable\.$", r"không được đọc tệp “\1”."),
)


class Formatter(click.HelpFormatter):
    """The frame of `--help` in the user's language; what the commands say of themselves stays as it is."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line."""
        super().write_usage(prog, _framed(args), prefix or f"{_head('Usage')}: ")

    def write_heading(self, heading: str) -> None:
        """A head above options or commands."""
        super().write_heading(_head(heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Options with what they are for."""
        super().write_dl([(_framed(first), _framed(second)) for first, second in rows], col_max, col_spacing)


class DayType(click.DateTime):
    """A day of a calendar; its place in `--help` says how it is written rather than how it is parsed."""

    def __init__(self) -> None:
        super().__init__([DAY_FORMAT])

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """As people write it."""
        del param, ctx
        return AS_WRITTEN


DAY = DayType()
"""The type of every option that is a day; its value is a datetime at midnight."""


def show(wrong: click.ClickException) -> None:
    """Says what is wrong with a command line, as click does, in the user's language."""
    if language() == "en":
        wrong.show()
        return
    context = getattr(wrong, "ctx", None)
    if context is not None:
        click.echo(f"{context.get_usage()}\nXem: {context.command_path} --help\n", err=True)
    click.echo(f"Lỗi: {in_vietnamese(wrong.format_message())}", err=True)


def in_vietnamese(message: str) -> str:
    """A sentence of click's; one that is not known stays in English."""
    for pattern, words in _WRONG:
        message = re.sub(pattern, words, message)
    return message


def _framed(text: str) -> str:
    if language() == "vi":
        for pattern, words in _FRAME:
            text = re.sub(pattern, words, text)
    return text


def _head(name: str) -> str:
    return Text(_HEADS.get(name, name), name).to(language())
