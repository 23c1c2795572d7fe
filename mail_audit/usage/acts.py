"""Everything that is evidence of use or of its absence, as one table of acts with their rung.

Columns: mailbox at kind rung client_ip session host file offset. Kinds are in `KINDS`.
"""

from __future__ import annotations

import polars as pl

from mail_audit.events.reading import ID
from mail_audit.thresholds import Thresholds
from mail_audit.trace.addresses import AddressBook
from mail_audit.trace.keys import of_names, one_number
from mail_audit.trace.messages import Mail
from mail_audit.usage.machines import scheduled
from mail_audit.usage.sessions import rungs

KINDS = (
    "sent", "sent_by_schedule", "opened", "answered", "deleted", "saved_to_sent", "moved_or_saved",
    "read_session", "weak_session", "empty_session", "uncounted_session", "received", "forwarded", "logged_in",
    "refused",
)  # fmt: skip
COLUMNS = ("mailbox", "at", "kind", "rung", "client_ip", "session", "host", "file", "offset")
SENT_BOXES = (
    "sent",
    "sent items",
    "sent messages",
    "sent mail",
    "sent-mail",
    "&bacp-&ark-&auq-i",
    "đã gửi",
    "thư đã gửi",
)
_SESSION_KINDS = {"B": "read_session", "C": "weak_session", "D": "empty_session", "U": "uncounted_session"}


def changes(frame: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """Changes to mailboxes made by clients: mail_log lines of imap and pop3, each once.

    With `mailbox`; `seen`, `answered`, `deleted`: whether that flag is named; `in_sent`: whether the box holds sent mail.
    """
    made = frame.filter(pl.col("protocol").is_in(["imap", "pop3"]))
    made = made.with_columns(mailbox=book.mailboxes(made["user"])).filter(pl.col("mailbox").is_not_null())
    same = ("mailbox", "session", "at", "action", "box", "uid", "flags")
    made = made.filter(one_number(*same).is_first_distinct())
    flags = {name: of_names(made["flags"], lambda text, flag=flag: flag in text) for name, flag in _FLAGS.items()}
    return made.with_columns(**flags, in_sent=of_names(made["box"], _holds_sent))


_FLAGS = {"seen": "\\Seen", "answered": "\\Answered", "deleted": "\\Deleted"}


def _holds_sent(box: str) -> bool:
    return box.lower().rsplit("/", 1)[-1].rsplit(".", 1)[-1] in SENT_BOXES


def opened_messages(made: pl.DataFrame) -> pl.DataFrame:
    r"""Messages whose \Seen flag a client set: one row a message, at the first time, in the columns of `changes`.

    A message saved or copied with \Seen (one's own sent mail, a read message that was moved) was not opened then.
    """
    imap = made.filter(pl.col("protocol") == "imap")
    born_seen = imap.filter(pl.col("action").is_in(["save", "copy"]) & pl.col("seen")).select("mailbox", "box", "uid").unique()
    flagged = imap.filter((pl.col("action") == "flag_change") & pl.col("seen")).join(
        born_seen, on=["mailbox", "box", "uid"], how="anti"
    )
    known = flagged.filter(pl.col("uid").is_not_null()).sort("at", "offset")
    known = known.unique(["mailbox", "box", "uid"], keep="first", maintain_order=True)
    return pl.concat([known, flagged.filter(pl.col("uid").is_null())])


def acts(
    mail: Mail, entered: pl.DataFrame, held: pl.DataFrame, made: pl.DataFrame, thresholds: Thresholds
) -> pl.DataFrame:
    """All acts of all mailboxes, from messages, log-ins (`entered`), sessions (`held`) and changes (`made`)."""
    sent = mail.submissions.with_columns(
        kind=pl.when(scheduled(mail.submissions, thresholds))
        .then(pl.lit("sent_by_schedule"))
        .otherwise(pl.lit("sent")),
        session=pl.lit(None, dtype=ID),
    ).with_columns(rung=pl.when(pl.col("kind") == "sent").then(pl.lit("A")).otherwise(pl.lit("D")))
    by_session = held.with_columns(rung=rungs(held, thresholds))
    by_session = by_session.with_columns(kind=pl.col("rung").replace_strict(_SESSION_KINDS, return_dtype=pl.String))
    came = entered.with_columns(kind=pl.lit("logged_in"), rung=pl.lit("D"))
    parts = [sent, by_session, came, _change_acts(made, held, entered)]
    return pl.concat([part.select(COLUMNS) for part in parts]).sort("mailbox", "at", "file", "offset")


def _change_acts(made: pl.DataFrame, held: pl.DataFrame, entered: pl.DataFrame) -> pl.DataFrame:
    r"""Rung A for \Seen, \Answered, \Deleted and the copy in Sent, B for other changes; C for a poller that fetches.

    A program that fetches every new message whole sets \Seen by the fetch itself: where a poller's session set no
    more flags than it fetched bodies, that is all it was.
    """
    flagged = pl.col("action") == "flag_change"
    kind = (
        pl.when(pl.col("action").is_in(["delete", "expunge"]))
        .then(pl.lit("deleted"))
        .when(flagged & pl.col("answered"))
        .then(pl.lit("answered"))
        .when(flagged & pl.col("deleted"))
        .then(pl.lit("deleted"))
        .when(flagged & pl.col("seen"))
        .then(pl.lit("opened"))
        .when((pl.col("action") == "save") & pl.col("in_sent"))
        .then(pl.lit("saved_to_sent"))
        .otherwise(pl.lit("moved_or_saved"))
    )
    fetched = held.filter(pl.col("polled") & pl.col("session").is_not_null()).select(
        "mailbox", "session", pl.col("body_count").fill_null(0).alias("polled_bodies")
    )
    table = _with_addresses(made.with_columns(kind=kind), entered).join(
        fetched, on=["mailbox", "session"], how="left", maintain_order="left"
    )
    opened = (pl.col("kind") == "opened").sum().over("mailbox", "session")
    alone = (pl.col("kind") == "opened").all().over("mailbox", "session")
    by_fetch = pl.col("polled_bodies").is_not_null() & alone & (opened <= pl.col("polled_bodies"))
    rung = (
        pl.when((pl.col("protocol") == "pop3") | by_fetch)
        .then(pl.lit("C"))
        .when(pl.col("kind") == "moved_or_saved")
        .then(pl.lit("B"))
        .otherwise(pl.lit("A"))
    )
    return table.with_columns(rung=rung)


def _with_addresses(made: pl.DataFrame, entered: pl.DataFrame) -> pl.DataFrame:
    """`made` with `client_ip`: of its session's log-in, or of the last log-in where sessions have no ids."""
    ids = entered.filter(pl.col("session").is_not_null()).select("mailbox", "session", "client_ip")
    named = made.filter(pl.col("session").is_not_null()).join(
        ids.unique(["mailbox", "session"], keep="first"), on=["mailbox", "session"], how="left", maintain_order="left"
    )
    nameless = made.filter(pl.col("session").is_null())
    if nameless.is_empty():
        return named
    last = entered.select("mailbox", "at", "client_ip").sort("at")
    found = nameless.sort("at").join_asof(last, on="at", by="mailbox", strategy="backward", check_sortedness=False)
    return pl.concat([named, found.select(named.columns)])
