"""A letter as an e-mail: text and HTML that say the same, and headers that tell machines it was made by one.

HTML is inert and light: no script, form, picture, font, style sheet or address to load anything from, so that it reads
the same with pictures off and nobody learns that it was opened. Headers hold no name of a person: only addresses that
`addresses` let through, and our own words. There is no `Precedence` header (RFC 2076 discourages it);
`Auto-Submitted` (RFC 3834) is what keeps other machines from answering.
"""

from __future__ import annotations

from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from core.mail.letters import Letter
from core.words import showable

TEMPLATES = Path(__file__).parents[1] / "templates" / "mail"
MARK = "X-Vanthu"
"""The header that names the kind of a message."""


def as_email(
    letter: Letter, *, kind: str, sender: str, address: str, message_id: str, at: datetime, site: str
) -> EmailMessage:
    """The letter to `address`. The same letter gives the same bytes, at every try."""
    message = EmailMessage(policy=_Lines(linesep="\r\n", max_line_length=76))
    message["From"] = Address("Vanthu", addr_spec=sender)
    message["To"] = Address(addr_spec=address)
    message["Subject"] = _said_as_it_is(showable(letter.subject))
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if letter.reply_to:
        message["Reply-To"] = Address(addr_spec=letter.reply_to)
    message["List-Unsubscribe"] = f"<{site}/account/mail>"
    message[MARK] = kind
    message.set_content(as_text(letter), cte="quoted-printable")
    message.add_alternative(as_html(letter), subtype="html", cte="quoted-printable")
    if letter.calendar is not None:
        method, calendar = letter.calendar
        message.add_alternative(calendar, subtype="calendar", params={"method": method}, cte="base64")
    message["Content-Language"] = letter.language  # now: before, it would have become the first part's
    message.set_boundary(f"vanthu-{message_id.strip('<>').partition('@')[0]}")
    return message


def as_text(letter: Letter) -> str:
    """The plain text."""
    return _environment().get_template("letter.txt").render(letter=letter)


def as_html(letter: Letter) -> str:
    """The HTML, with every text escaped."""
    return _environment().get_template("letter.html").render(letter=letter)


class _Lines(EmailPolicy):
    """How headers are broken into lines: a subject with every blank it has.

    Python 3.11 loses the blank where one encoded word ends and the next begins (readers drop what is between two, RFC
    2047 section 6.2): “chuyển tiếp tự động” would arrive as “chuyển tiếptự động”. `Header` puts it inside.
    """

    def fold(self, name: str, value: Any) -> str:
        if name.lower() != "subject" or str(value).isascii():
            folded: str = super().fold(name, value)
            return folded
        words = Header(str(value), "utf-8", maxlinelen=self.max_line_length, header_name=name)
        return f"{name}: {words.encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


def _said_as_it_is(text: str) -> str:
    """A text for a header that no reader decodes into something else: somebody's words that look like an encoded word
    (RFC 2047), which may hold line ends once it is decoded, are no longer one.
    """
    return text.replace("=?", "= ?")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["showable"] = showable
    return made
