"""Queue files and their lives.

A short queue id is a place on a disk and is used again (postconf(5), `enable_long_queue_ids`), so a message is known by
host, id and how often the id had been removed before. Messages that pass a content filter or a second server live in
several queue files; `queued as` in the answer of the next server joins them.
"""

from __future__ import annotations

import polars as pl

from mail_audit.trace.keys import one_number

PASSED_ON_WITHIN = 3_600_000_000
"""A next hop takes up a message at most this long, in microseconds, before or after the hop that handed it on says so
(a filter may hold it for minutes, and clocks of servers differ)."""

CLOCKS_DIFFER = 60_000_000


def with_lives(frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The Postfix frames with `key`, a number that is the same for all lines of one life of one queue file."""
    keyed = {kind: frame.with_columns(key=one_number("host", "queue_id")) for kind, frame in frames.items()}
    ends = keyed["removed"].select("key", "at").unique()
    again = ends.filter(pl.len().over("key") > 1).sort("at")
    if again.is_empty():
        return keyed
    again = again.with_columns(life=pl.int_range(1, pl.len() + 1).over("key"))
    return {kind: _lived(frame, again) for kind, frame in keyed.items()}


def _lived(frame: pl.DataFrame, again: pl.DataFrame) -> pl.DataFrame:
    """`frame` with another key for each life of the queue ids that were used again (`key at life` of their ends)."""
    reused = again.select("key").unique()
    once = frame.join(reused, on="key", how="anti")
    several = frame.join(reused, on="key", how="semi").sort("at")
    lived = several.join_asof(
        again,
        on="at",
        by="key",
        strategy="backward",
        allow_exact_matches=False,
        check_sortedness=False,
    )
    numbered = lived.with_columns(key=pl.col("key") ^ pl.col("life").fill_null(0).hash(3))
    return pl.concat([once, numbered.select(once.columns)])


def parents(deliveries: pl.DataFrame, queued: pl.DataFrame, ids: pl.DataFrame, logged_in: pl.DataFrame) -> pl.DataFrame:
    """Columns `key`, `parent`: lives that began when another life was handed on.

    The words `queued as` come from the other server, and an outside one may name any id it has seen. So they are
    believed only where the life they name began about then and not before the one that is handed on, bears the same
    message-id where both are known (`ids`: columns `key`, `message_id`, one row a life), and is not itself somebody's
    submission (`logged_in`: column `key`), unless one server of ours logs in to another to pass on what was submitted
    to it.
    """
    handed = deliveries.filter((pl.col("status") == "sent") & pl.col("next_id").is_not_null())
    handed = handed.select("host", pl.col("at").alias("handed_at"), pl.col("key").alias("parent"), next=_id("next_id"))
    handed = handed.unique()
    begun = queued.group_by("key").agg(pl.col("queue_id").first(), pl.col("host").first(), pl.col("at").min())
    begun = begun.with_columns(next=_id("queue_id"))
    first = begun.select(pl.col("key").alias("parent"), pl.col("at").alias("parent_at"))
    known = logged_in.with_columns(submitted=True)
    pairs = (
        handed.join(begun, on="next", how="inner", suffix="_next")
        .filter(pl.col("key") != pl.col("parent"))
        .filter((pl.col("handed_at") - pl.col("at")).is_between(-CLOCKS_DIFFER, PASSED_ON_WITHIN))
        .join(ids, on="key", how="left")
        .join(ids.rename({"message_id": "parent_id"}), left_on="parent", right_on="key", how="left")
        .filter(pl.col("message_id").eq(pl.col("parent_id")).fill_null(True))
        .join(first, on="parent", how="left")
        .join(known, on="key", how="left")
        .join(known.rename({"key": "parent", "submitted": "parent_submitted"}), on="parent", how="left")
    )
    return pairs.filter(_may_follow()).select("key", "parent").unique("key", keep="any")


def _id(column: str) -> pl.Expr:
    """A queue id as a number: numbers are joined faster than texts."""
    return pl.col(column).hash(2)


def _may_follow() -> pl.Expr:
    """Whether the life of a pair may be a later hop of its parent, by its beginning and by who submitted it."""
    here = pl.col("host") == pl.col("host_next")
    since = (pl.col("at") - pl.col("parent_at")).fill_null(0)
    in_order = pl.when(here).then(since >= 0).otherwise(since >= -CLOCKS_DIFFER)
    relayed = ~here & pl.col("parent_submitted").fill_null(False) & (since >= 0)
    return in_order & (pl.col("submitted").is_null() | relayed)


def roots(links: pl.DataFrame) -> pl.DataFrame:
    """Columns `key`, `root`: the first life of every message whose lives are joined; others are their own root."""
    current = links.select("key", root=pl.col("parent"))
    for _ in range(8):  # a message passes a handful of hops; a ring of forged answers ends here too
        onward = current.join(links, left_on="root", right_on="key", how="left")
        current = onward.select("key", root=pl.coalesce("parent", "root"))
        if onward["parent"].null_count() == onward.height:
            break
    return current
