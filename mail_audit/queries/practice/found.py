"""What the logs hold of practice messages, row by row: sent by whom, delivered where, and what was done with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from mail_audit.events.ids import id_of
from mail_audit.queries.practice.model import ActKind, Asked
from mail_audit.queries.practice.store import Store, among, coded
from mail_audit.trace.addresses import AddressBook
from mail_audit.trace.lives import beginnings, with_lives
from mail_audit.trace.messages import QUEUE_KINDS, trace
from mail_audit.usage.acts import changes

JUNK = ("junk", "spam", "junk e-mail", "thư rác")
"""Folders that no person files a message in."""


@dataclass(frozen=True, slots=True)
class Found:
    """A line about a practice message. `letter` is the number of its Message-ID, `session` that of an IMAP session."""

    stream: int
    offset: int
    kind: ActKind
    at: int
    mailbox: str | None
    client: str | None = None
    session: int | None = None
    proved: bool = True
    automatic: bool = False
    codes: frozenset[str] = frozenset()
    letter: int | None = None
    stranger: bool = False


@dataclass(frozen=True)
class Lines:
    """The lines of the queue about practice messages and of their deliveries; by kind, and by the life in the queue."""

    frames: dict[str, pl.DataFrame]
    lives: dict[str, pl.DataFrame]
    letters: frozenset[int]
    streams: dict[int, int]
    """Number of a segment -> its stream."""


def lines_of(logs: Store, asked: Asked) -> Lines:
    """What the store holds of the messages asked for."""
    letters = frozenset(id_of(one) for one in asked.letters)
    ids = pl.Series(sorted(letters), dtype=pl.UInt64)
    queue_ids = [
        logs.rows("delivery", coded("to", asked.addresses) | coded("orig_to", asked.addresses))["queue_id"],
        logs.rows("queued", coded("sender", asked.addresses))["queue_id"],
        logs.rows("message_id", among("message_id", ids))["queue_id"],
    ]
    wanted = among("queue_id", pl.concat(queue_ids).unique())
    frames = {kind: logs.rows(kind, wanted).drop("stream") for kind in QUEUE_KINDS}
    for kind in ("stored", "mailbox_change"):
        frames[kind] = logs.rows(kind, among("message_id", ids)).drop("stream")
    lives = with_lives({kind: frames[kind] for kind in QUEUE_KINDS})
    return Lines(frames, lives, letters, {number: stream for number, (_, stream) in enumerate(logs.folders)})


def sent(lines: Lines, asked: Asked, book: AddressBook) -> Iterator[Found]:
    """Messages to practice addresses: by the log-in that submitted them, or by nobody that the log names."""
    codes = _codes(lines.lives["delivery"], asked)
    ids = dict(beginnings(lines.lives["queued"], lines.lives["message_id"]).select("key", "message_id").iter_rows())
    submitted = trace(lines.frames, book).submissions
    for row in submitted.iter_rows(named=True):
        if codes.get(row["key"], frozenset()) & asked.codes:
            yield Found(**_place(row, lines), kind="sent", mailbox=row["mailbox"], client=row["client_ip"],
                        codes=codes[row["key"]])  # fmt: skip
    by_log_in = {*submitted["key"]}
    known_ids = {ids.get(key) for key in by_log_in} - {None}
    for row in lines.lives["queued"].unique("key", keep="first", maintain_order=True).iter_rows(named=True):
        if row["key"] in by_log_in or ids.get(row["key"]) in known_ids:
            continue  # a later hop of what was submitted
        if codes.get(row["key"], frozenset()) & asked.codes and not asked.addresses.holds(row["sender"] or ""):
            yield Found(**_place(row, lines), kind="sent", mailbox=None, proved=False,
                        automatic=not row["sender"], codes=codes[row["key"]])  # fmt: skip


def arrived(lines: Lines, asked: Asked, book: AddressBook) -> Iterator[Found]:
    """Our letters where they were stored, and where a standing rule sent them on."""
    ids = dict(lines.lives["message_id"].select("key", "message_id").iter_rows())
    strangers = _strangers(lines, ids, asked, book)
    stored: set[tuple[str, int]] = set()
    for row in lines.frames["stored"].iter_rows(named=True):
        mailbox, letter = book.mailbox(row["user"] or ""), row["message_id"]
        if mailbox is None or letter not in lines.letters:
            continue
        target = row["redirect_to"] or row["forward_to"]
        stored.add((mailbox, letter))
        yield Found(**_place(row, lines), kind="forwarded" if target else "arrived", mailbox=mailbox, letter=letter,
                    stranger=(mailbox, letter) in strangers)  # fmt: skip
    for row in lines.lives["delivery"].iter_rows(named=True):
        letter = ids.get(row["key"])
        if letter not in lines.letters or row["status"] != "sent" or row["set_aside"]:
            continue
        yield from _delivered(row, letter, lines, book, stored, strangers)


def _delivered(
    row: dict[str, Any], letter: int, lines: Lines, book: AddressBook, stored: set[tuple[str, int]],
    strangers: set[tuple[str, int]],
) -> Iterator[Found]:  # fmt: skip
    """What a line of Postfix adds: an alias or a `.forward` that sends on, a delivery that no other line tells of."""
    reached, meant = book.mailbox(row["to"] or ""), book.mailbox(row["orig_to"] or "")
    if meant is not None and meant != reached:
        yield Found(**_place(row, lines), kind="forwarded", mailbox=meant, letter=letter)
    if row["forwarded_id"] is not None and reached is not None:
        yield Found(**_place(row, lines), kind="forwarded", mailbox=reached, letter=letter)
    elif reached is not None and row["next_id"] is None and (reached, letter) not in stored:
        yield Found(**_place(row, lines), kind="arrived", mailbox=reached, letter=letter,
                    stranger=(reached, letter) in strangers)  # fmt: skip


def done_with(lines: Lines, book: AddressBook) -> Iterator[Found]:
    """What mail programs did with our letters: marked as read, flagged, moved, thrown away."""
    made = changes(lines.frames["mailbox_change"], book).filter(pl.col("protocol") == "imap")
    for row in made.iter_rows(named=True):
        for kind in _kinds(row):
            yield Found(**_place(row, lines), kind=kind, mailbox=row["mailbox"], session=row["session"],
                        letter=row["message_id"])  # fmt: skip


def _kinds(row: dict[str, Any]) -> list[ActKind]:
    """What a line of mail_log says was done; a message that is copied with a mark was not marked then."""
    if row["action"] == "flag_change":
        named: list[tuple[bool, ActKind]] = [
            (bool(row["seen"]), "seen"),
            ("\\Flagged" in (row["flags"] or ""), "flagged"),
            (bool(row["deleted"]), "deleted"),
        ]
        return [kind for holds, kind in named if holds]
    if row["action"] in {"delete", "expunge"}:
        return ["deleted"]
    folder = row["box"].lower().rsplit("/", 1)[-1].rsplit(".", 1)[-1]
    if row["action"] != "copy" or folder in {"inbox", *JUNK} or row["in_sent"]:
        return []
    return ["deleted"] if row["expiring"] else ["filed"]


def _codes(delivered: pl.DataFrame, asked: Asked) -> dict[int, frozenset[str]]:
    """Key of a life in the queue -> the codes of all practice addresses that the message went to."""
    found: dict[int, set[str]] = {}
    for key, to, meant in delivered.select("key", "to", "orig_to").iter_rows():
        for address in (to, meant):
            code = asked.addresses.code_in(address) if address else None
            if code:
                found.setdefault(key, set()).add(code)
    return {key: frozenset(codes) for key, codes in found.items()}


def _strangers(lines: Lines, ids: dict[int, int], asked: Asked, book: AddressBook) -> set[tuple[str, int]]:
    """Mailbox and letter, where a message with the letter's Message-ID came from another than a practice address."""
    senders = dict(lines.lives["queued"].select("key", "sender").iter_rows())
    reached: Iterable[tuple[int, str | None]] = lines.lives["delivery"].select("key", "to").iter_rows()
    return {
        (mailbox, ids[key])
        for key, to in reached
        if key in senders and not asked.addresses.holds(senders[key] or "") and ids.get(key) in lines.letters
        if (mailbox := book.mailbox(to or "")) is not None
    }


def _place(row: dict[str, Any], lines: Lines) -> dict[str, Any]:
    return {"stream": lines.streams[row["file"]], "offset": row["offset"], "at": row["at"]}
