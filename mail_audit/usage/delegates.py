"""Acts in a mailbox that another official did: from that official's station, or under that official's log-in.

An address is a station where few mailboxes act. Where two share one, it is taken for the specialist's rather than the
leader's, else for that of the one who acts there more than twice as much. The other's acts are then called delegated if
they nearly all come from there and lie among acts of the station's owner. This is evidence to show, not a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from mail_audit.events.reading import NAME
from mail_audit.thresholds import Thresholds
from mail_audit.usage.sessions import LOCAL_ADDRESSES

_MINUTE = 60_000_000


def delegates(
    acts: pl.DataFrame,
    owners: Mapping[str, str],
    leaders: frozenset[str],
    thresholds: Thresholds,
    shared: pl.Series | None = None,
) -> pl.DataFrame:
    """Columns `mailbox client_ip delegate`: the station of `delegate` (a mailbox) where acts in `mailbox` come from.

    `owners` maps personal mailboxes to official_ids; `leaders` holds the official_ids of leaders. `shared` marks the
    rows of `acts` that come from a station on record as shared (`usage.exceptions`): they make nobody its owner.
    """
    apart = shared if shared is not None else pl.repeat(value=False, n=acts.height, dtype=pl.Boolean, eager=True)
    by_person = _by_person(acts.with_columns(apart=apart), owners)
    used = by_person.group_by("client_ip", "mailbox", "apart").agg(pl.len().alias("acts"))
    used = used.with_columns(share=pl.col("acts") / pl.col("acts").sum().over("mailbox")).filter(~pl.col("apart"))
    used = used.with_columns(boxes=pl.len().over("client_ip")).filter(
        pl.col("boxes").is_between(2, thresholds.station_mailboxes)
    )
    by_person = by_person.filter(~pl.col("apart"))
    found: list[tuple[str, str, str]] = []
    for (address,), rows in used.sort("client_ip", "mailbox").group_by("client_ip", maintain_order=True):
        table = list(rows.select("mailbox", "acts", "share").iter_rows())
        owner = _station_owner(table, owners, leaders)
        if owner is None:
            continue
        for mailbox, count, share in table:
            if owners[mailbox] == owners[owner]:
                continue
            mostly_here = count >= thresholds.delegate_acts and share >= thresholds.delegate_share
            if mostly_here and _among(by_person, str(address), mailbox, owner, thresholds):
                found.append((mailbox, str(address), owner))
    return pl.DataFrame(found, schema={"mailbox": NAME, "client_ip": NAME, "delegate": NAME}, orient="row")


def at_shared_addresses(acts: pl.DataFrame, owners: Mapping[str, str], thresholds: Thresholds) -> pl.DataFrame:
    """Columns `mailbox client_ip`: mailboxes whose acts nearly all come from an address that too many mailboxes share.

    Had fewer shared it, it might have been taken for somebody's station.
    """
    used = _by_person(acts, owners).group_by("client_ip", "mailbox").agg(pl.len().alias("acts"))
    used = used.with_columns(
        boxes=pl.len().over("client_ip"), share=pl.col("acts") / pl.col("acts").sum().over("mailbox")
    )
    found = used.filter(
        (pl.col("boxes") > thresholds.station_mailboxes)
        & (pl.col("acts") >= thresholds.delegate_acts)
        & (pl.col("share") >= thresholds.delegate_share)
    )
    return found.select("mailbox", "client_ip")


def _by_person(acts: pl.DataFrame, owners: Mapping[str, str]) -> pl.DataFrame:
    """What persons did in the mailboxes of `owners`, from an address that may be somebody's."""
    return acts.filter(
        pl.col("rung").is_in(["A", "B"])
        & pl.col("client_ip").is_not_null()
        & ~pl.col("client_ip").is_in(LOCAL_ADDRESSES)
        & pl.col("mailbox").is_in(list(owners))
    )


def _station_owner(
    table: list[tuple[str, int, float]], owners: Mapping[str, str], leaders: frozenset[str]
) -> str | None:
    specialists = [row for row in table if owners[row[0]] not in leaders]
    ranked = sorted(specialists or table, key=lambda row: -row[1])
    if specialists and len(specialists) == 1:
        return ranked[0][0]
    return ranked[0][0] if len(ranked) == 1 or ranked[0][1] > 2 * ranked[1][1] else None


def _among(acts: pl.DataFrame, address: str, mailbox: str, owner: str, thresholds: Thresholds) -> bool:
    """Whether at least half of the mailbox's acts at the address lie within a sitting of the owner's acts there."""
    here = acts.filter(pl.col("client_ip") == address)
    theirs = here.filter(pl.col("mailbox") == owner).select("at").sort("at").with_columns(near=pl.col("at"))
    ours = here.filter(pl.col("mailbox") == mailbox).select("at").sort("at")
    joined = ours.join_asof(theirs, on="at", strategy="nearest")
    close = (pl.col("near") - pl.col("at")).abs() <= thresholds.sitting_minutes * _MINUTE
    return bool(joined.select(close.mean() >= 0.5).item())
