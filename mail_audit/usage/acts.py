"""Everything that is evidence of use or of its absence, as one table of acts with their rung.

Columns: mailbox at kind rung rule client_ip session host file offset. Kinds are in `KINDS`; `rule` names the rule of
`usage.rules` that judged the act, null where none had to. An act without a rung is nobody's evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from mail_audit.events.reading import ID, NAME
from mail_audit.thresholds import Thresholds
from mail_audit.trace.addresses import AddressBook
from mail_audit.trace.keys import is_one_of, of_names, one_number
from mail_audit.trace.messages import Mail
from mail_audit.usage.arrivals import ONLY_KEYWORDS, marked_on_arrival, synced
from mail_audit.usage.everybody import Everybody
from mail_audit.usage.machines import scheduled
from mail_audit.usage.programs import by_application
from mail_audit.usage.rules import Rule
from mail_audit.usage.sessions import LOCAL_ADDRESSES, judged
from mail_audit.usage.shards import Visits, Waiting

KINDS = (
    "sent", "sent_by_schedule", "sent_by_application", "opened", "answered", "deleted", "saved_to_sent",
    "moved_or_saved", "read_session", "weak_session", "empty_session", "uncounted_session", "received", "forwarded",
    "auto_replied", "logged_in", "refused",
)  # fmt: skip
COLUMNS = ("mailbox", "at", "kind", "rung", "rule", "client_ip", "session", "host", "file", "offset")
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
EXPIRING_BOXES = (
    "trash", "junk", "spam", "deleted items", "deleted messages", "junk e-mail", "thùng rác", "thư rác", "thư đã xóa",
)  # fmt: skip
"""Folders from which servers remove old messages by themselves."""
_EVERY = pl.lit(value=True)
_SESSION_OF = {"B": "read_session", "C": "weak_session", "D": "empty_session", "U": "uncounted_session"}
SESSION_KINDS = tuple(_SESSION_OF.values())


def changes(frame: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """Changes to mailboxes made by clients: mail_log lines of imap and pop3, with `mailbox`; each once.

    `seen`, `answered`, `deleted`: whether the flags hold that one; `by_program`: whether they hold only labels that
    programs set; `in_sent`, `expiring`: whether the box holds sent mail, or mail that is cleared away by itself.
    """
    made = frame.filter(pl.col("protocol").is_in(["imap", "pop3"]))
    made = made.with_columns(mailbox=book.mailboxes(made["user"])).filter(pl.col("mailbox").is_not_null())
    same = ("mailbox", "session", "at", "action", "box", "uid", "flags")
    made = made.filter(one_number(*same).is_first_distinct())
    flags, boxes = made["flags"], made["box"]
    return made.with_columns(
        seen=of_names(flags, lambda text: "\\Seen" in text),
        answered=of_names(flags, lambda text: "\\Answered" in text),
        deleted=of_names(flags, lambda text: "\\Deleted" in text),
        by_program=of_names(flags, lambda text: re.match(ONLY_KEYWORDS, text) is not None),
        in_sent=of_names(boxes, lambda box: _last_part(box) in SENT_BOXES),
        expiring=of_names(boxes, lambda box: _last_part(box) in EXPIRING_BOXES),
    )


def _last_part(box: str) -> str:
    """The last part of a folder's name, in small letters."""
    return box.lower().rsplit("/", 1)[-1].rsplit(".", 1)[-1]


def auto_replies(frame: pl.DataFrame, book: AddressBook) -> pl.DataFrame:
    """Answers that a standing rule sent, as acts: nobody wrote them. `frame`: events of that kind; each once."""
    table = frame.with_columns(mailbox=book.mailboxes(frame["user"])).filter(pl.col("mailbox").is_not_null())
    table = table.filter(one_number("mailbox", "session", "message_id", "at").is_first_distinct())
    answers = table.with_columns(
        kind=pl.lit("auto_replied"),
        rung=pl.lit("D"),
        rule=pl.lit(Rule.AUTO_REPLY.value),
        client_ip=pl.lit(None, dtype=NAME),
        session=pl.lit(None, dtype=ID),
    )
    return _acts(answers)


def opened_messages(made: pl.DataFrame) -> pl.DataFrame:
    r"""Messages whose \Seen flag a client set: one row a message, at the first time, in the columns of `changes`.

    A message saved or copied with \Seen (one's own sent mail, a read message that was moved) was not opened then.
    """
    imap = made.filter(pl.col("protocol") == "imap")
    born_seen = imap.filter(pl.col("action").is_in(["save", "copy"]) & pl.col("seen"))
    born_seen = born_seen.select("mailbox", "box", "uid").unique()
    flagged = imap.filter((pl.col("action") == "flag_change") & pl.col("seen")).join(
        born_seen, on=["mailbox", "box", "uid"], how="anti"
    )
    known = flagged.filter(pl.col("uid").is_not_null()).sort("at", "offset")
    known = known.unique(["mailbox", "box", "uid"], keep="first", maintain_order=True)
    return pl.concat([known, flagged.filter(pl.col("uid").is_null())])


def together(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Acts of several kinds as one table; what came through the server's webmail says so."""
    on_server = pl.col("client_ip").is_in(LOCAL_ADDRESSES) & pl.col("rung").is_in(["A", "B"])
    webmail = pl.when(on_server).then(pl.lit(Rule.WEBMAIL.value, dtype=NAME))
    return pl.concat(parts).with_columns(rule=pl.coalesce("rule", webmail))


def _acts(table: pl.DataFrame, wanted: pl.Expr = _EVERY) -> pl.DataFrame:
    """`table` as acts, of which only those that are `wanted` are kept."""
    return table.select(COLUMNS).filter(wanted).with_columns(pl.col("kind", "rung", "rule").cast(NAME))


def sent_acts(
    mail: Mail, everybody: Everybody, visits: Iterable[Waiting], thresholds: Thresholds, wanted: pl.Expr
) -> pl.DataFrame:
    """The submissions of all mailboxes as acts: A, but for those of a schedule or of a device that only sends.

    As everywhere here all are judged, and those that are `wanted` are given.
    """
    sent = mail.submissions
    received = mail.received.filter(pl.col("host").is_in(everybody.hosts.implode()))
    read_here = pl.concat([everybody.used["mailbox"], received["mailbox"]]).unique()
    rule = (
        pl.when(scheduled(sent, thresholds))
        .then(pl.lit(Rule.SCHEDULE.value))
        .when(by_application(sent, everybody, read_here, visits, thresholds))
        .then(pl.lit(Rule.APPLICATION.value))
    )
    kinds = {Rule.SCHEDULE.value: "sent_by_schedule", Rule.APPLICATION.value: "sent_by_application"}
    table = sent.with_columns(rule=rule, session=pl.lit(None, dtype=ID)).with_columns(
        kind=pl.col("rule").replace_strict(kinds, default="sent", return_dtype=pl.String),
        rung=pl.when(pl.col("rule").is_null()).then(pl.lit("A")).otherwise(pl.lit("D")),
    )
    return _acts(table, wanted)


def visit_acts(
    visits: Visits,
    received: pl.DataFrame,
    swept: pl.DataFrame,
    seeing: pl.Series,
    thresholds: Thresholds,
    wanted: pl.Expr,
) -> pl.DataFrame:
    """Sessions and log-ins as acts; `swept` are the log-ins of programs on their round (`programs.sweeps`), `seeing`
    the servers that write which flags were changed.
    """
    by_session = _sessions(visits, received, swept, seeing, thresholds)
    return pl.concat([_acts(by_session, wanted), _acts(_log_ins(visits.entered, swept), wanted)])


def _sessions(
    visits: Visits, received: pl.DataFrame, swept: pl.DataFrame, seeing: pl.Series, thresholds: Thresholds
) -> pl.DataFrame:
    """Ended sessions by their counters, but for background syncs (C) and programs on their round (nobody's)."""
    by_counters = judged(visits.held, thresholds)
    sync = synced(visits, received, swept, seeing, thresholds) & (by_counters["rung"] == "B")
    table = visits.held.with_columns(by_counters["rung"], by_counters["rule"]).with_columns(
        rung=pl.when(sync).then(pl.lit("C")).otherwise("rung"),
        rule=pl.when(sync).then(pl.lit(Rule.SYNC.value)).otherwise("rule"),
    )
    table = table.with_columns(kind=pl.col("rung").replace_strict(_SESSION_OF, return_dtype=pl.String))
    on_round = one_number("mailbox", "session").is_in(swept["which"].implode()) & pl.col("session").is_not_null()
    return table.with_columns(
        rung=pl.when(~on_round).then("rung"),
        rule=pl.when(on_round).then(pl.lit(Rule.SWEEP.value)).otherwise("rule"),
    )


def _log_ins(entered: pl.DataFrame, swept: pl.DataFrame) -> pl.DataFrame:
    on_round = one_number("mailbox", "session").is_in(swept["which"].implode()) & pl.col("session").is_not_null()
    return entered.with_columns(
        kind=pl.lit("logged_in"),
        rung=pl.when(~on_round).then(pl.lit("D")),
        rule=pl.lit(None, dtype=pl.String),
    )


def change_acts(visits: Visits, received: pl.DataFrame, thresholds: Thresholds, wanted: pl.Expr) -> pl.DataFrame:
    r"""Changes as acts: A for \Seen, \Answered, \Deleted and the copy in Sent, else B; C where a program made them.

    A program that fetches every new message whole sets \Seen by the fetch itself, and may remove what it fetched:
    where a poller's session changed no more messages than it fetched bodies, that is all it was.
    """
    marking = _marking_polls(visits.held, visits.made, thresholds)
    table = _with_addresses(visits.made.with_columns(kind=_kind()), visits.entered)
    table = table.with_columns(which=one_number("mailbox", "session"), message=one_number("box", "uid"))
    table = table.join(marking, on="which", how="left", maintain_order="left")
    on_arrival = pl.Series("on_arrival", _on_arrival(table, received, thresholds))
    rule = (
        pl.when(pl.col("protocol") == "pop3")
        .then(pl.lit(Rule.POP3.value))
        .when(is_one_of("which", _fetching(table)))
        .then(pl.lit(Rule.FETCH_MARK.value))
        .when(on_arrival)
        .then(pl.lit(Rule.ARRIVAL_MARK.value))
        .when((pl.col("action") == "flag_change") & pl.col("by_program"))
        .then(pl.lit(Rule.KEYWORD.value))
        .when(_SILENT & is_one_of("which", _expiring(table)))
        .then(pl.lit(Rule.EXPIRY.value))
        .when(_SAVED & is_one_of("which", _migrating(table, thresholds)))
        .then(pl.lit(Rule.MIGRATION.value))
    )
    table = table.with_columns(rule=rule)
    rung = (
        pl.when(pl.col("rule").is_not_null())
        .then(pl.lit("C"))
        .when(pl.col("kind") == "moved_or_saved")
        .then(pl.lit("B"))
        .otherwise(pl.lit("A"))
    )
    return _acts(table.with_columns(rung=rung), wanted)


_SILENT = (pl.col("action") == "expunge") & ~pl.col("deleted") & pl.col("expiring")
"""Taken out of a folder of old mail without a mark."""
_SAVED = (pl.col("action") == "save") & pl.col("session").is_not_null()


def _fetching(table: pl.DataFrame) -> pl.Series:
    """Sessions of pollers that changed no more messages than they fetched bodies, and nothing but by fetching."""
    touched = pl.col("kind").is_in(["opened", "deleted"])
    polled = table.filter(pl.col("polled_bodies").is_not_null()).group_by("which")
    sessions = polled.agg(pl.col("polled_bodies").first(), pl.col("message").n_unique(), touched.all().alias("touched"))
    return sessions.filter(pl.col("touched") & (pl.col("message") <= pl.col("polled_bodies")))["which"]


def _expiring(table: pl.DataFrame) -> pl.Series:
    """Sessions in which more was taken out in silence than was copied elsewhere: moving leaves both."""
    silent = table.filter(_SILENT).group_by("which").len("silent")
    copied = table.filter(pl.col("action") == "copy").group_by("which").len("copied")
    both = silent.join(copied, on="which", how="left")
    return both.filter(pl.col("silent") > pl.col("copied").fill_null(0))["which"]


def _migrating(table: pl.DataFrame, thresholds: Thresholds) -> pl.Series:
    """Sessions that saved more messages than a person does."""
    saved = table.filter(_SAVED).group_by("which").len("saved")
    return saved.filter(pl.col("saved") > thresholds.migration_saves)["which"]


def _marking_polls(held: pl.DataFrame, made: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Columns `which polled_bodies`: sessions of pollers that mark what they fetch by fetching it.

    Such a program marks nearly whenever it fetches; a telephone that looks at a fixed gap fetches without a mark, and
    what its owner read meanwhile is marked at one of its turns.
    """
    polls = held.filter(pl.col("polled") & pl.col("session").is_not_null()).select(
        "mailbox", "client_ip", "session", pl.col("body_count").fill_null(0).alias("polled_bodies")
    )
    changed = made.select("mailbox", "session").unique().with_columns(changed=True)
    fetching = polls.filter(pl.col("polled_bodies") > 0).join(changed, on=["mailbox", "session"], how="left")
    habit = fetching.group_by("mailbox", "client_ip").agg(pl.col("changed").is_not_null().mean().alias("share"))
    by_fetch = habit.filter(pl.col("share") >= thresholds.fetch_mark_share)
    marking = polls.join(by_fetch, on=["mailbox", "client_ip"], how="semi", nulls_equal=True)
    return marking.select("polled_bodies", which=one_number("mailbox", "session"))


def _kind() -> pl.Expr:
    """The kind of act that a line of mail_log is."""
    changed = pl.col("action") == "flag_change"
    return (
        pl.when(pl.col("action").is_in(["delete", "expunge"]))
        .then(pl.lit("deleted"))
        .when(changed & pl.col("answered"))
        .then(pl.lit("answered"))
        .when(changed & pl.col("deleted"))
        .then(pl.lit("deleted"))
        .when(changed & pl.col("seen"))
        .then(pl.lit("opened"))
        .when((pl.col("action") == "save") & pl.col("in_sent"))
        .then(pl.lit("saved_to_sent"))
        .otherwise(pl.lit("moved_or_saved"))
    )


def _on_arrival(table: pl.DataFrame, received: pl.DataFrame, thresholds: Thresholds) -> pl.Series:
    """Whether each row is a filter's mark on a message that has just come."""
    opened = (table["kind"] == "opened") & (table["protocol"] == "imap")
    marks = table.filter(opened)
    verdict = pl.repeat(value=False, n=table.height, dtype=pl.Boolean, eager=True)
    rows = opened.arg_true().filter(marked_on_arrival(marks, received, thresholds))
    return verdict.scatter(rows, True)


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
