"""Markdown of a lesson: what is wrong with it, and the HTML that a page may show.

CommonMark with tables, without HTML of its own. What comes out passes nh3's list of allowed tags once more: no script,
no style, no frame, no form, whatever the source said. Addresses: `https:`, `mailto:`, pages of this suite (`/…`) and
places in the lesson (`#…`); pictures only those of the course (`pictures/name`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from training.lessons.faults import Faults

LONGEST = 20_000
PICTURES = "pictures/"
TAGS = {
    *("p", "h2", "h3", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "a", "img", "br", "hr"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "th": {"scope"}}
_ADDRESS = re.compile(r"(https://[^/\s]|mailto:\S|/(?![/\\])|#)")


def _any_address(url: str) -> bool:
    """What is wrong with an address is to be told, not passed over as if it were text."""
    del url
    return True


_reader = MarkdownIt("commonmark", {"html": True}).enable("table")
_reader.validateLink = _any_address  # type: ignore[method-assign]
_writer = MarkdownIt("commonmark", {"html": False}).enable("table")


def title_of(source: str) -> str:
    """The words of the first heading; empty where there is none."""
    tokens = _reader.parse(source)
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            return tokens[place + 1].content.strip()
    return ""


def check_markdown(source: str, path: str, pictures: Collection[str], faults: Faults) -> None:
    """Tell `faults` what a reader of the lesson would stumble over; `pictures` are the names there are."""
    if len(source) > LONGEST:
        faults.add(path, 0, f"bài học dài quá {LONGEST} ký tự", f"the lesson is longer than {LONGEST} characters")
        return
    tokens = _reader.parse(source)
    _check_headings(tokens, path, faults)
    for token, line in _walk(tokens):
        if token.type in {"html_block", "html_inline"}:
            faults.add(path, line, "không dùng thẻ HTML trong bài học", "HTML is not allowed in lessons")
        elif token.type == "link_open" and not _ADDRESS.match(str(token.attrGet("href") or "")):
            faults.add(
                path, line, "liên kết phải bắt đầu bằng https://, mailto:, / hoặc #",
                "a link begins with https://, mailto:, / or #",
            )  # fmt: skip
        elif token.type == "image":
            _check_picture(token, line, path, pictures, faults)


def _check_headings(tokens: list[Token], path: str, faults: Faults) -> None:
    level = 0
    for token in tokens:
        if token.type != "heading_open":
            continue
        line, here = _line(token), int(token.tag[1])
        if level == 0 and (here != 1 or line == 0):
            faults.add(path, line, "bài học bắt đầu bằng một tiêu đề “# …”", "a lesson begins with a heading “# …”")
        elif level and here == 1:
            faults.add(path, line, "chỉ có một tiêu đề “# …”", "there is only one heading “# …”")
        elif here > min(level + 1, 3):
            faults.add(path, line, "bỏ qua một cấp tiêu đề", "a level of headings is left out")
        level = here
    if level == 0:
        faults.add(path, 1, "thiếu tiêu đề “# …” ở đầu bài", "the heading “# …” at the top is missing")
    elif tokens[0].type != "heading_open":
        faults.add(path, 1, "tiêu đề “# …” phải đứng đầu bài", "the heading “# …” stands first")


def _check_picture(token: Token, line: int, path: str, pictures: Collection[str], faults: Faults) -> None:
    source = str(token.attrGet("src") or "")
    if not source.startswith(PICTURES):
        faults.add(path, line, f"hình phải nằm trong thư mục {PICTURES}", f"a picture lies in {PICTURES}")
    elif source.removeprefix(PICTURES) not in pictures:
        faults.add(path, line, f"không có hình {source}", f"there is no picture {source}")
    if not token.content.strip():
        faults.add(
            path,
            line,
            "hình thiếu lời mô tả cho người không nhìn thấy",
            "a picture has no words for whoever cannot see it",
        )


def html_of(source: str, address_of: Callable[[str], str | None]) -> str:
    """The lesson below its title, as HTML that holds nothing but text, lists, tables, links and the course's pictures.

    `address_of` gives the address of a picture by its name in the course; one it does not know is left out.
    """
    tokens = _without_title(_writer.parse(source))
    for token in tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")
        kept = []
        for child in token.children or ():
            if child.type == "image":
                found = address_of(str(child.attrGet("src") or "").removeprefix(PICTURES))
                if found is None:
                    continue
                child.attrSet("src", found)
            kept.append(child)
        if token.children is not None:
            token.children = kept
    written = _writer.renderer.render(tokens, _writer.options, {})
    return nh3.clean(
        written, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https", "mailto"}, link_rel="noopener noreferrer"
    )


def _without_title(tokens: list[Token]) -> list[Token]:
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            return tokens[:place] + tokens[place + 3 :]
    return tokens


def _walk(tokens: list[Token]) -> Iterator[tuple[Token, int]]:
    """Every token with the line it stands in, counted from 1."""
    for token in tokens:
        line = _line(token)
        yield token, line
        for child in token.children or ():
            yield child, line
            line += child.type in {"softbreak", "hardbreak"}


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0
