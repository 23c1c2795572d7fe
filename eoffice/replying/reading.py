"""Reading a message that anybody may have made: its head, its words, its files; within bounds, believing nothing.

Python's parser descends into parts by recursion and decodes by whatever codec a message names; so a message is looked
at before it is parsed, its parts are counted, and only codecs of real mail are used.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from email.utils import getaddresses
from typing import Any

from core.mail.addresses import is_address
from core.words import showable
from eoffice.replying.html_text import text_of_html
from eoffice.replying.quotes import LONGEST, own_words

LARGEST_HEAD = 128_000
MOST_HEADERS = 400
LONGEST_HEADER = 10_000
MOST_PARTS = 200
DEEPEST = 12
MOST_FILES = 20
CHARSETS = frozenset({
    "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "latin-1", "windows-1252", "cp1252",
    "windows-1258", "cp1258", "utf-16", "utf-16le", "utf-16be",
})  # fmt: skip
_SKIPPED = frozenset({
    "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "text/calendar",
    "text/vcard", "text/x-vcard", "text/x-amp-html",
})  # fmt: skip
"""What mail programs add by themselves."""
_PLACES = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file of a message, under the name that the message gives it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A message as far as it could be read. `problem` is empty, `too_large` or `broken`; then there are no words.

    `sender` is empty unless there is exactly one, plain address in `From`. `key` is the same for the same message
    delivered twice. `headers` are all lines of the head: name in small letters, value on one line.
    """

    key: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    headers: tuple[tuple[str, str], ...]
    words: str = ""
    files: tuple[Enclosed, ...] = ()
    problem: str = ""
    is_report: bool = False

    def all(self, name: str) -> list[str]:
        """The values of a header, from the top."""
        return [value for one, value in self.headers if one == name]


def read_mail(raw: bytes, *, size_limit: int) -> ReadMail:
    """The message in `raw`; never raises for what a message says."""
    head, body = _halves(raw)
    headers = _headers(head)
    made = ReadMail(
        key=_key(headers, body),
        sender=_only_address([value for name, value in headers if name == "from"]),
        recipients=tuple(_addresses([value for name, value in headers if name in _PLACES])),
        subject=_decoded(next((value for name, value in headers if name == "subject"), ""))[:300],
        headers=headers,
    )
    problem = "too_large" if len(raw) > size_limit else ("broken" if _looks_hostile(raw, head) else "")
    if problem:
        return _with(made, problem=problem)
    try:
        message = BytesParser(policy=compat32).parsebytes(raw)
        parts = list(_parts(message))
        words, files = _words_and_files(parts)
    except (MessageError, RecursionError, ValueError, LookupError, AssertionError, TypeError, AttributeError):
        return _with(made, problem="broken")  # the library's own faults on what no mail program writes
    report = message.get_content_type() in {"multipart/report", "message/delivery-status"}
    return _with(made, words=words, files=files, is_report=report)


def _with(mail: ReadMail, **changed: Any) -> ReadMail:
    kept = {name: getattr(mail, name) for name in ("key", "sender", "recipients", "subject", "headers")}
    return ReadMail(**kept | changed)


def _halves(raw: bytes) -> tuple[bytes, bytes]:
    found = re.search(rb"\r?\n\r?\n", raw[: LARGEST_HEAD + 4])
    return (raw, b"") if found is None else (raw[: found.start() + 2], raw[found.end() :])


def _looks_hostile(raw: bytes, head: bytes) -> bool:
    """Whether it has a head without end, headers by the thousand, or more parts than any mail."""
    if len(head) > LARGEST_HEAD or head.count(b"\n") > 4 * MOST_HEADERS:
        return True
    return len(re.findall(rb"(?im)^content-type\s*:", raw)) > MOST_PARTS or b"\0" in head


def _headers(head: bytes) -> tuple[tuple[str, str], ...]:
    """The head's lines in their order, unfolded, bounded."""
    try:
        message = BytesHeaderParser(policy=compat32).parsebytes(head[:LARGEST_HEAD])
        given = [(name, str(value)) for name, value in message.items()]
    except (MessageError, ValueError, LookupError, TypeError):
        return ()
    return tuple((name.lower(), " ".join(value[:LONGEST_HEADER].split())) for name, value in given[:MOST_HEADERS])


def _key(headers: tuple[tuple[str, str], ...], body: bytes) -> str:
    """SHA-256 of what stays the same however often and by whatever way a message is delivered."""
    kept = [value for name, value in headers if name in {"message-id", "from", "date"}]
    made = hashlib.sha256("\0".join(kept).encode("utf-8", "replace"))
    made.update(b"\0" + body.replace(b"\r\n", b"\n").rstrip())
    return made.hexdigest()


def _only_address(values: list[str]) -> str:
    found = list(_addresses(values))
    return found[0] if len(values) == 1 and len(found) == 1 else ""


def _addresses(values: list[str]) -> Iterator[str]:
    """The addresses in headers, in small letters; names beside them are not looked at."""
    for name, address in getaddresses(values):
        if is_address(address):
            yield address.lower()
        elif name or address:
            yield ""


def _decoded(value: str) -> str:
    """A header's text as a person reads it, on one line."""
    try:
        pieces = decode_header(value)
    except (MessageError, ValueError, LookupError):
        return showable(value)
    said = (piece if isinstance(piece, str) else _text(piece, charset) for piece, charset in pieces)
    return showable(" ".join("".join(said).split()))


def _text(content: bytes, charset: str | None) -> str:
    name = (charset or "utf-8").strip().strip("\"'").lower()
    return content.decode(name if name in CHARSETS else "utf-8", "replace")


def _parts(message: Message) -> Iterator[Message]:
    """The parts that hold something, in their order; a message inside the message is one part."""
    waiting: list[tuple[Message, int]] = [(message, 0)]
    seen = 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if seen > MOST_PARTS or depth > DEEPEST:
            raise ValueError("too many parts")
        inside = part.get_payload() if part.is_multipart() else None
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting.extend((one, depth + 1) for one in reversed(inside) if isinstance(one, Message))
        elif part.get_content_maintype() != "multipart":
            yield part


def _words_and_files(parts: list[Message]) -> tuple[str, tuple[Enclosed, ...]]:
    plain: list[str] = []
    html: list[str] = []
    files: list[Enclosed] = []
    for part in parts:
        kind, name = part.get_content_type(), _name(part)
        # A text with a name is a file, unless it is the only one: some programs name what was written, too.
        is_file = bool(name) and (not kind.startswith("text/") or bool(plain or html))
        attached = (part.get_content_disposition() or "") == "attachment" or (
            is_file and part.get("Content-ID") is None
        )
        if kind in _SKIPPED:
            continue
        if attached or kind == "message/rfc822":
            files.append(Enclosed(name or ("thư.eml" if kind == "message/rfc822" else "tep"), _content(part)))
        elif kind == "text/plain":
            plain.append(_text(_content(part), part.get_content_charset()))
        elif kind == "text/html":
            html.append(_text(_content(part), part.get_content_charset()))
    if len(files) > MOST_FILES:
        raise ValueError("too many files")
    own = own_words("\n".join(plain)[:LONGEST])
    if not own and not "".join(plain).strip() and html:
        own = own_words(text_of_html("\n".join(html)))
    return _clean(own), tuple(files)


def _clean(text: str) -> str:
    """Lines that every page can show."""
    return "\n".join(showable(line.replace("\t", " ")) for line in text.split("\n")).strip()


def _content(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    if isinstance(found, bytes):
        return found
    inside = part.get_payload()
    return inside[0].as_bytes() if isinstance(inside, list) and inside and isinstance(inside[0], Message) else b""


def _name(part: Message) -> str:
    return _decoded(part.get_filename() or "")[:300]
