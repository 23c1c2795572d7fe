r"""Which folder holds the sent messages: the one the server marks \Sent, else one that is called so.

Marks are those of RFC 6154. Names are those that mail programs make, in Vietnamese and English, compared without marks
and case; folders of a Maildir++ stand below INBOX (`INBOX.Sent`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.directory.name_order import folded

MOST_FOLDERS = 3
"""A mailbox that several programs have used has several folders of sent messages; the latest message counts."""
NAMES = (
    "Sent",
    "Sent Items",
    "Sent Messages",
    "Sent Mail",
    "Sent-Mail",
    "Đã gửi",
    "Thư đã gửi",
    "Mục đã gửi",
    "Các mục đã gửi",
    "Tin đã gửi",
    "Tin nhắn đã gửi",
    "Hộp thư đã gửi",
    "Thư đã gửi đi",
)
_FOLDED = {folded(name): place for place, name in enumerate(NAMES)}

Listed = tuple[Sequence[bytes], bytes | None, str | bytes]
"""A folder as imapclient lists it: marks, delimiter, name."""


def sent_folders(listed: Iterable[Listed], prefix: str = "") -> tuple[str, ...]:
    """The folders of sent messages among `listed` that begin with `prefix`, the likeliest first."""
    found: list[tuple[int, str]] = []
    for marks, delimiter, given in listed:
        name = given.decode("ascii", "replace") if isinstance(given, bytes) else str(given)
        lowered = {bytes(mark).lower() for mark in marks}
        if not name.startswith(prefix) or rb"\noselect" in lowered or rb"\nonexistent" in lowered:
            continue
        if rb"\sent" in lowered:
            found.append((-1, name))
        elif (place := _FOLDED.get(folded(_own_name(name[len(prefix) :], delimiter)))) is not None:
            found.append((place, name))
    return tuple(name for _, name in sorted(found)[:MOST_FOLDERS])


def _own_name(name: str, delimiter: bytes | None) -> str:
    """The last part of a folder's name, if it stands at the top, below INBOX or below [Gmail]; else nothing."""
    if not delimiter:
        return name
    *above, own = name.split(delimiter.decode("ascii", "replace"))
    is_at_top = not above or (len(above) == 1 and above[0].casefold() in {"inbox", "[gmail]", "[google mail]"})
    return own if is_at_top else ""
