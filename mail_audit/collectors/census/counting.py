"""What is asked of one mailbox: how many messages, how many unseen and since when, how many answered, the last sent.

EXAMINE, SEARCH and FETCH INTERNALDATE, and nothing else. What a server says is checked before it is believed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from mail_audit.collectors.census.sent import sent_folders
from mail_audit.collectors.census.wire import Client
from mail_audit.services.census import Count

MOST_NUMBER = 4_294_967_295
"""The largest number of IMAP (RFC 9051: 32 bits)."""
MOST_ROUNDS = 16
"""Of looking for a message older than the oldest found; in a mailbox in any order, some four suffice."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ESEARCH = re.compile(rb'\(TAG "[^"]{1,40}"\) UID((?: (?:MIN|COUNT) \d{1,10}){1,2})')
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_DATE = re.compile(rb'INTERNALDATE " ?(\d{1,2})-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"')
_RESULT = re.compile(rb" (MIN|COUNT) (\d+)")


class WrongAnswerError(Exception):
    """The server says what cannot be."""


class NoFolderError(Exception):
    """The server does not open the folder; `text` is its answer."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mailbox is for the account that is logged in: its inbox, and what its other folders begin with."""

    inbox: str = "INBOX"
    prefix: str = ""


def count(client: Client, place: Place, now: datetime) -> Count:
    """Counts one mailbox, at the moment `now`.

    Raises `WrongAnswerError`, `NoFolderError`, what imapclient raises, and what the wire raises.
    """
    opened = _examine(client, place.inbox)
    by_number = client.has_capability("ESEARCH")
    unseen, lowest = _search(client, by_number, "UNSEEN")
    answered, _ = _search(client, by_number, "ANSWERED")
    messages = _number(_newest(client, "EXISTS", opened.get(b"EXISTS")))
    if unseen > messages or answered > messages:
        raise WrongAnswerError
    oldest = _oldest_unseen(client, by_number, lowest, now) if lowest is not None else None
    sent_state, last_sent = _last_sent(client, place, now)
    return Count(
        messages=messages,
        unseen=unseen,
        answered=answered,
        oldest_unseen_at=oldest,
        uid_validity=_number(opened.get(b"UIDVALIDITY")),
        uid_next=_number(opened[b"UIDNEXT"]) if b"UIDNEXT" in opened else None,
        sent_state=sent_state,
        last_sent_at=last_sent,
    )


def _examine(client: Client, folder: str) -> dict[bytes, Any]:
    try:
        opened: dict[bytes, Any] = client.select_folder(folder, readonly=True)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as refused:
        raise NoFolderError(str(refused)) from refused
    if b"READ-WRITE" in opened:  # asked to open read-only, it did not
        raise WrongAnswerError
    return opened


def _search(client: Client, by_number: bool, what: str) -> tuple[int, int | None]:
    """How many messages, and the lowest of their UIDs (None when there is none)."""
    if not by_number:
        uids = client.search(what)
        return len(uids), _number(min(uids)) if uids else None
    args = [b"RETURN (MIN COUNT)", what.encode("ascii")]
    answers = client._raw_command_untagged(b"SEARCH", args, response_name="ESEARCH")  # noqa: SLF001 - imapclient has no ESEARCH
    found = _ESEARCH.fullmatch(answers[0]) if len(answers) == 1 and isinstance(answers[0], bytes) else None
    if found is None:
        raise WrongAnswerError
    results = {name: _number(int(value)) for name, value in _RESULT.findall(found[1])}
    if b"COUNT" not in results or (results[b"COUNT"] > 0) != (b"MIN" in results):
        raise WrongAnswerError
    return results[b"COUNT"], results.get(b"MIN")


def _oldest_unseen(client: Client, by_number: bool, lowest: int, now: datetime) -> datetime | None:
    """When the oldest unseen message arrived, exact to the day; None when the server does not say it.

    The lowest UID came into this folder first, but may be younger than one that was moved here later: so it is asked
    whether there are unseen ones from before that day, until there are none.
    """
    oldest = _arrived(client, str(lowest), now)
    for _ in range(MOST_ROUNDS):
        if oldest is None:
            return None
        day = f"{oldest.day}-{MONTHS[oldest.month - 1]}-{oldest.year}"
        older, lowest_older = _search(client, by_number, f"UNSEEN BEFORE {day}")
        earlier = _arrived(client, str(lowest_older), now) if older else None
        if earlier is None or earlier >= oldest:
            break
        oldest = earlier
    return oldest.astimezone(UTC) if oldest else None


def _last_sent(client: Client, place: Place, now: datetime) -> tuple[str, datetime | None]:
    """Whether there is a folder of sent messages, and when the last one was saved there."""
    listed = client.list_folders("", f"{place.prefix}*")
    folders = sent_folders(listed, place.prefix)
    moments: list[datetime] = []
    is_sure = True
    for folder in folders:
        try:
            is_empty = not _number(_examine(client, folder).get(b"EXISTS"))
        except NoFolderError:
            is_sure = False
            continue
        moment = None if is_empty else _arrived(client, "*", now)
        if moment is not None:
            moments.append(moment.astimezone(UTC))
        is_sure = is_sure and (is_empty or moment is not None)
    if moments:
        return "found", max(moments)
    if not folders:
        is_shown = not place.prefix or any(name != place.inbox for _, _, name in listed)
        return ("missing" if is_shown else "unknown"), None
    return ("empty" if is_sure else "unknown"), None


def _arrived(client: Client, uid: str, now: datetime) -> datetime | None:
    """INTERNALDATE of one message (`*`: of the last); None when it is not told, or cannot be true."""
    wire = client.wire
    status, data = wire._simple_command("UID", "FETCH", uid, "(INTERNALDATE)")  # noqa: SLF001 - imapclient has no `*`
    if status != "OK":
        raise WrongAnswerError
    _, answers = wire._untagged_response(status, data, "FETCH")  # noqa: SLF001
    told: dict[int, datetime | None] = {}
    for answer in answers:
        found = (_UID.search(answer), _DATE.search(answer)) if isinstance(answer, bytes) else (None, None)
        if found[0] and found[1]:
            told[int(found[0][1])] = _moment(found[1])
    moment = told.get(max(told, default=0) if uid == "*" else int(uid))
    return moment if moment and EARLIEST <= moment <= now + timedelta(days=1) else None


def _moment(found: re.Match[bytes]) -> datetime | None:
    """INTERNALDATE to the letter; imapclient's own reading makes the year 2001 of the year 1."""
    day, month, year, hour, minute, second, sign, off_hours, off_minutes = (part.decode() for part in found.groups())
    try:
        offset = timedelta(hours=int(off_hours), minutes=int(off_minutes)) * (-1 if sign == "-" else 1)
        date = (int(year), MONTHS.index(month) + 1, int(day))
        return datetime(*date, int(hour), int(minute), int(second), tzinfo=timezone(offset))
    except ValueError:
        return None


def _newest(client: Client, name: str, first: Any) -> Any:
    """The last thing the server said of itself since the folder was opened (a message may arrive meanwhile)."""
    said: list[Any] | None = client.wire.untagged_responses.get(name)
    return int(said[-1]) if said else first


def _number(value: Any) -> int:
    """A number as IMAP has them; raises `WrongAnswerError`."""
    if not isinstance(value, int) or not 0 <= value <= MOST_NUMBER:
        raise WrongAnswerError
    return value
