"""Figures of units with their sub-units, and of the whole city."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from operator import itemgetter

from core.directory.roster import RANKS, Post, Rank, Roster
from mail_audit.report.model import CLASSES, USING, OfficialFigures, RankFigures, UnitFigures, UsageClass
from mail_audit.usage.classes import LOOK_BACK

_LOOKED_BACK = itemgetter(*LOOK_BACK)


def posts_in_period(roster: Roster, first: date, last: date) -> dict[str, tuple[Post, ...]]:
    """official_id -> posts held in the period, a leader's post first, then the latest."""
    posts: dict[str, list[Post]] = defaultdict(list)
    for post in roster.posts:
        if post.held_within(first, last):
            posts[post.official_id].append(post)

    def order(post: Post) -> tuple[bool, int, str]:
        return (post.rank != "leader", -(post.since or date.min).toordinal(), post.unit_key)

    return {official: tuple(sorted(held, key=order)) for official, held in posts.items()}


def unit_figures(
    roster: Roster, posts: Mapping[str, tuple[Post, ...]], officials: Iterable[OfficialFigures]
) -> tuple[tuple[UnitFigures, ...], UnitFigures | None]:
    """Each unit with its sub-units, in the directory's order, and the whole city.

    An official counts once in a unit, as a leader where any of the posts there is a leader's.
    """
    above = {key: upward(roster, key) for key in roster.units}
    members: dict[str, dict[str, Rank]] = defaultdict(dict)
    figures = {official.official_id: official for official in officials}
    for official_id in figures:
        for post in posts[official_id]:
            for key in above[post.unit_key]:
                if members[key].get(official_id) != "leader":
                    members[key][official_id] = post.rank
    units = tuple(_sum(unit.key, unit.parent_key, members.get(key, {}), figures) for key, unit in roster.units.items())
    everybody = {official_id: official.rank for official_id, official in figures.items()}
    return units, _sum("", None, everybody, figures) if everybody else None


def upward(roster: Roster, key: str) -> list[str]:
    """A unit and those above it, the nearest first; a ring of parents ends where it closes."""
    path: list[str] = []
    current: str | None = key
    while current is not None and current not in path:
        path.append(current)
        current = roster.units[current].parent_key
    return path


def _sum(
    key: str, parent: str | None, members: Mapping[str, Rank], figures: Mapping[str, OfficialFigures]
) -> UnitFigures:
    chosen = [figures[official_id] for official_id in members]
    judged = Counter(zip(members.values(), [official.usage_class for official in chosen], strict=True))
    return UnitFigures(
        unit=key,
        parent=parent,
        leaders=_rank("leader", judged),
        staff=_rank("staff", judged),
        classes={name: sum(judged[rank, name] for rank in RANKS) for name in CLASSES},
        no_mailbox=sum(not official.mailboxes for official in chosen),
        using_last=_acted(chosen),
    )


def _rank(rank: Rank, judged: Counter[tuple[Rank, UsageClass]]) -> RankFigures:
    total, unknown = sum(judged[rank, name] for name in CLASSES), judged[rank, "unknown"]
    using = sum(judged[rank, name] for name in USING)
    return RankFigures(total, using, unknown, using / (total - unknown) if total > unknown else None)


def _acted(officials: list[OfficialFigures]) -> dict[int, int | None]:
    """Days back -> officials who acted in them; None where that is known of none."""
    answers = zip(*map(_LOOKED_BACK, [official.active_last for official in officials]), strict=True)
    known = {
        days: said.count(True) if said.count(None) < len(said) else None
        for days, said in zip(LOOK_BACK, answers, strict=False)
    }
    return known or dict.fromkeys(LOOK_BACK)
