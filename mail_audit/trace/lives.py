"""Queue files and their lives.

A short queue id is a place on a disk and is used again (postconf(5), `enable_long_queue_ids`), so a message is known by
host, id and how often the id had been removed before. Messages that pass a content filter or a second server live in
several queue files; `queued as` in the answer of the next server joins them.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from mail_audit.trace.keys import in_time, is_one_of, one_number

PASSED_ON_WITHIN = 3_600_000_000
"""A next hop takes up a message at most this long, in microseconds, before or after the hop that handed it on says so
(a filter may hold it for minutes, and clocks of servers differ)."""

CLOCKS_DIFFER = 60_000_000
_KEY = one_number("host", "queue_id")


class Lives:
    """Which queue ids were used again, by the events that removed queue files."""

    def __init__(self, removed: pl.DataFrame) -> None:
        ends = removed.select("at", key=_KEY)
        ends = ends.filter(is_one_of("key", ends.filter(~pl.col("key").is_first_distinct())["key"])).unique()
        again = ends.filter(pl.len().over("key") > 1).sort("at")
        self._again = again.with_columns(life=pl.int_range(1, pl.len() + 1).over("key"))

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Events of Postfix with `key`, a number that is the same for all lines of one life of one queue file."""
        keyed = frame.with_columns(key=_KEY)
        return keyed if self._again.is_empty() else _lived(keyed, self._again)


def with_lives(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The Postfix frames with the `key` of `Lives`."""
    lives = Lives(frames["removed"])
    return {kind: lives.of(frame) for kind, frame in frames.items()}


def _lived(frame: pl.DataFrame, again: pl.DataFrame) -> pl.DataFrame:
    """`frame` with another key for each life of the queue ids that were used again (`key at life` of their ends)."""
    several = frame.select("key", "at").with_row_index("row").filter(is_one_of("key", again["key"])).sort("at")
    if several.is_empty():
        return frame
    lived = several.join_asof(
        again, on="at", by="key", strategy="backward", allow_exact_matches=False, check_sortedness=False
    )
    keys = lived.select("row", key=pl.col("key") ^ pl.col("life").fill_null(0).hash(3))
    return frame.with_columns(key=frame["key"].scatter(keys["row"], keys["key"]))


def beginnings(queued: pl.DataFrame, message_ids: pl.DataFrame) -> pl.DataFrame:
    """Of every life: `key queue_id host at sender message_id`, `at` being when the queue manager first took it up."""
    first = in_time(queued).select("key", "queue_id", "host", "at", "sender")
    ids = message_ids.select("key", "message_id")
    named = ids.filter(pl.col("key").is_first_distinct())
    return first.filter(pl.col("key").is_first_distinct()).join(named, on="key", how="left", maintain_order="left")


def parents(deliveries: pl.DataFrame, begun: pl.DataFrame, logged_in: pl.Series) -> pl.DataFrame:
    """Columns `key`, `parent`: lives (`begun`, see `beginnings`) that began when another life was handed on.

    The words `queued as` come from the other server, and an outside one may name any id it has seen. So they are
    believed only where the life they name began about then and not before the one that is handed on, bears the same
    message-id where both are known, and is not itself somebody's submission (`logged_in`: keys), unless one server of
    ours logs in to another to pass on what was submitted to it.
    """
    handed = deliveries.filter(pl.col("next_id").is_not_null() & (pl.col("status") == "sent"))
    handed = handed.select(
        pl.col("next_id").alias("queue_id"),
        pl.col("host").alias("parent_host"),
        pl.col("at").alias("handed_at"),
        pl.col("key").alias("parent"),
    )
    pairs = handed.join(begun.drop("sender"), on="queue_id", how="inner").filter(pl.col("key") != pl.col("parent"))
    about_then = (pl.col("handed_at") - pl.col("at")).is_between(-CLOCKS_DIFFER, PASSED_ON_WITHIN)
    before = begun.select(
        pl.col("key").alias("parent"), pl.col("at").alias("parent_at"), pl.col("message_id").alias("parent_id")
    )
    pairs = pairs.filter(about_then).join(before, on="parent", how="left")
    pairs = pairs.with_columns(submitted=is_one_of("key", logged_in), parent_submitted=is_one_of("parent", logged_in))
    same_message = pl.col("message_id").eq(pl.col("parent_id")).fill_null(True)
    pairs = pairs.filter(same_message & _may_follow())
    return pairs.select("key", "parent").filter(pl.col("key").is_first_distinct())


def _may_follow() -> pl.Expr:
    """Whether the life of a pair may be a later hop of its parent, by its beginning and by who submitted it."""
    here = pl.col("host") == pl.col("parent_host")
    since = (pl.col("at") - pl.col("parent_at")).fill_null(0)
    in_order = pl.when(here).then(since >= 0).otherwise(since >= -CLOCKS_DIFFER)
    relayed = ~here & pl.col("parent_submitted") & (since >= 0)
    return in_order & (~pl.col("submitted") | relayed)


def roots(links: pl.DataFrame) -> pl.DataFrame:
    """Columns `key`, `root`: the first life of every message whose lives are joined; others are their own root."""
    current = links.select("key", root=pl.col("parent"))
    for _ in range(8):  # a message passes a handful of hops; a ring of forged answers ends here too
        if not current.select(is_one_of("root", links["key"]).any()).item():
            break
        onward = current.join(links, left_on="root", right_on="key", how="left")
        current = onward.select("key", root=pl.coalesce("parent", "root"))
    return current
