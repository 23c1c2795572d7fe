"""Posts with dates: a directory server says only what is today; what was before is kept with the day it ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from core.directory.roster import Post

SameUnit = Callable[[str, str], bool]
"""Whether two keys, of before and of now, mean one unit."""


def follow(
    before: Sequence[Post], now: Sequence[Post], *, today: date, since: date | None, same: SameUnit = str.__eq__
) -> tuple[Post, ...]:
    """An official's posts: those of `now` first, then those that are over.

    A post that stays keeps its dates. One that is not there any more ends yesterday; one that began only today was
    never held and is forgotten. A new one begins on `since` (None: nobody knows when). What is over and what is still
    to begin is left as it is. Once more on the same day gives the same.
    """
    over = [post for post in before if _lies_elsewhere(post, today)]
    open_ = [post for post in before if not _lies_elsewhere(post, today)]
    kept: list[Post] = []
    for post in now:
        match = next((one for one in open_ if _is(one, post, same)), None)
        if match is None:
            kept.append(replace(post, since=since))
        else:
            open_.remove(match)
            kept.append(replace(match, unit_key=post.unit_key))
    ended = [
        replace(post, until=today - timedelta(days=1)) for post in open_ if post.since is None or post.since < today
    ]
    return (*kept, *ended, *over)


def _lies_elsewhere(post: Post, today: date) -> bool:
    """Whether the post is over, or still to begin."""
    return (post.until is not None and post.until < today) or (post.since is not None and post.since > today)


def _is(before: Post, now: Post, same: SameUnit) -> bool:
    alike = (before.title, before.rank) == (now.title, now.rank)
    return alike and same(before.unit_key, now.unit_key)
