"""The words of an HTML message, without what its mail program marked as quoted.

Nothing is rendered, loaded or run. Tags of no closing and broken ones are taken as they come.
"""

from __future__ import annotations

from html.parser import HTMLParser

LONGEST = 1_000_000
_SILENT = frozenset({"head", "style", "script", "title", "template", "noscript", "object", "svg", "math"})
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol", "pre", "hr", "section"})
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base", "source"})
_QUOTES = ("gmail_quote", "gmail_attr", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote", "zmail_extra")
"""Classes of a part that is quoted."""
_ENDS = frozenset({"divrplyfwdmsg", "appendonsend", "zwchr", "mail-editor-reference-message-container"})
"""Names of a part from which on everything is quoted."""


def text_of_html(content: str) -> str:
    """The words, a line a paragraph, up to what is quoted."""
    reader = _Reader()
    reader.feed(content[:LONGEST])
    reader.close()
    return "\n".join(" ".join(line.split()) for line in "".join(reader.said).split("\n")).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._skipped: list[str] = []
        self._over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A part begins; one that is silent or quoted is skipped to its end."""
        given = {name: (value or "").lower() for name, value in attrs}
        if given.get("id", "") in _ENDS:
            self._over = True
        if self._skipped:
            if tag not in _VOID and tag == self._skipped[0]:
                self._skipped.append(tag)
            return
        if tag in _SILENT or tag == "blockquote" or any(one in given.get("class", "") for one in _QUOTES):
            if tag not in _VOID:
                self._skipped.append(tag)
            return
        if tag in _BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A part ends."""
        if self._skipped:
            if tag == self._skipped[0]:
                self._skipped.pop()
            return
        if tag in _BLOCKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        """Words, unless they are quoted or silent."""
        if not self._over and not self._skipped:
            self.said.append(" ".join(data.splitlines()) if data.strip() else " ")
