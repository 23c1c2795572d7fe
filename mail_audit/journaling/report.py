"""The envelope report of Exchange: the lines of its first part, in the order that Exchange writes them.

    Sender: an@city.vn
    On-Behalf-Of: binh@city.vn      only where somebody sends for another
    Subject: …                      dropped as it is read
    Message-Id: <…>                 these two also the other way round
    Label, Mailbox, SentUtc, ReceivedUtc          passed over, where there are any
    To: chi@city.vn, Expanded: phong@city.vn      To, Cc, Bcc, Recipient

As published: "Journal Record Message File Format" ([MS-XJRNL], 2.1); no report of a real Exchange was at hand.

To, Cc and Bcc stand for recipients of a message that was submitted by a log-in (MAPI, or authenticated SMTP);
Recipient where Exchange could not verify that ("Understanding Journal Reports", Exchange 2007 to 2019). A subject may
hold line ends and lines that look like these: the sender is only the first line, and recipients are only those behind
the last Message-Id. Where the Message-Id comes before the subject, it is the only one that counts; then a subject could
name further recipients, which makes nobody's message and nobody's use.
"""

from __future__ import annotations

import binascii
import quopri
import re
from dataclasses import dataclass, field

from mail_audit.journaling.addresses import usable

MOST_RECIPIENTS = 10_000
LONGEST_LINE = 8_192
_RECIPIENT = re.compile(r"(To|Cc|Bcc|Recipient): *([^,]+?)(?:, *(Expanded|Forwarded): *(\S+))? *", re.IGNORECASE)
_PLAIN = re.compile(r"[^<>]*<([^<>\s]+)>\s*|(\S+)\s*")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody the message went to: `kind` is how it was addressed, `source` the list or mailbox it was for first.

    kind: to, cc, bcc, recipient (Exchange does not know which), envelope. redirected: expanded, forwarded or empty.
    """

    address: str
    kind: str = "envelope"
    redirected: str = ""
    source: str = ""


@dataclass(slots=True)
class Report:
    """What the lines of a report said so far."""

    sender: str = ""
    on_behalf_of: str = ""
    message_id: str = ""
    recipients: list[Recipient] = field(default_factory=list)
    is_cut: bool = False
    _lines: int = 0
    _has_id_first: bool = False

    @property
    def is_verified(self) -> bool:
        """Whether Exchange knew how the message was addressed, because a log-in had submitted it."""
        return any(recipient.kind != "recipient" for recipient in self.recipients)

    def add(self, line: str) -> None:
        """Takes one line of the report's text."""
        name, colon, value = line.partition(":")
        if not colon or not line.strip("\ufeff \t"):
            return
        self._lines += 1
        known, value = name.strip("\ufeff \t").lower(), value.strip()
        if self._lines == 1 and known == "sender":
            self.sender = _address(value)
        elif self._lines == 2 and known == "on-behalf-of":
            self.on_behalf_of = _address(value)
        elif known == "message-id" and not self._has_id_first:
            self._has_id_first = self._lines == (3 if self.on_behalf_of else 2)
            self.message_id, self.recipients, self.is_cut = value if "@" in value else "", [], False
        elif found := _RECIPIENT.fullmatch(line.strip()):
            self._add_recipient(found)

    def _add_recipient(self, found: re.Match[str]) -> None:
        address = _address(found[2])
        if len(self.recipients) >= MOST_RECIPIENTS:
            self.is_cut = True
        elif address:
            source = _address(found[4] or "")
            redirected = (found[3] or "").lower() if source else ""
            self.recipients.append(Recipient(address, found[1].lower(), redirected, source))


def _address(text: str) -> str:
    found = _PLAIN.fullmatch(text)
    return (usable(found[1] or found[2]) or "") if found else ""


class Decoded:
    """Lines of a part that may be quoted-printable or base64, as lines of text; what is broken in it is passed over."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding.strip().lower()
        self._left = b""

    def lines(self, line: bytes) -> list[str]:
        """The lines of text that `line` (without its end) completes."""
        if self._encoding == "quoted-printable":
            text = self._left + line.rstrip(b" \t")
            if text.endswith(b"=") and len(text) < LONGEST_LINE:
                self._left = text[:-1]
                return []
            self._left = b""
            return _text(quopri.decodestring(text)).splitlines()
        if self._encoding == "base64":
            return self._from_base64(line)
        return [_text(line)]

    def _from_base64(self, line: bytes) -> list[str]:
        try:
            content = self._left + binascii.a2b_base64(line)
        except binascii.Error:
            return []
        whole, _, self._left = content.rpartition(b"\n")
        if len(self._left) > LONGEST_LINE:
            self._left = b""
        return _text(whole).splitlines() if whole else []

    def end(self) -> list[str]:
        """What was left without a line end."""
        left, self._left = self._left, b""
        return _text(left).splitlines()


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
