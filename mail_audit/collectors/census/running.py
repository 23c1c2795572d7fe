"""A run from its start to its end: what is left is asked, what comes is stored at once, and then it is ended.

Killed anywhere and run again, it goes on: a mailbox whose answer is stored is not asked a second time.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from core.db import unit_of_work, utc_now
from core.errors import ConflictError
from core.permissions import Actor
from core.settings import Settings
from core.words import Text
from mail_audit.collectors.census.asking import Asker
from mail_audit.collectors.census.options import Asked
from mail_audit.queries.census import waiting_mailboxes
from mail_audit.services.census import begin_census, finish_census, forget_censuses, store_answers, totals

LOCK = "census.lock"


class CensusRunningError(ConflictError):
    """Another process on this machine is asking."""

    def __init__(self) -> None:
        super().__init__(Text("Đang có một lượt kiểm đếm hộp thư khác.", "Another census is running already."))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: mailboxes done of all that this call had to ask, and how many of them were counted."""

    done: int
    total: int
    counted: int


@dataclass(frozen=True, slots=True)
class Ended:
    """What a run came to: `counted` and each reason -> mailboxes, of the whole run."""

    census_id: int
    totals: dict[str, int]


def run_census(
    settings: Settings,
    actor: Actor,
    asked: Asked,
    *,
    only: Sequence[str] = (),
    limit: int | None = None,
    tell: Callable[[Progress], None] = lambda _: None,
    confirm: Callable[[Session], None] = lambda _: None,
) -> Ended:
    """Asks every mailbox of the directory (or those of `only`; `limit` of them) and stores what becomes of each.

    `confirm` is called in each transaction that stores answers. Raises `CensusRunningError`, and what
    `services.census` and `Asker` raise; what was counted until then is stored.
    """
    with _alone(settings.home):
        with unit_of_work(settings) as session:
            forget_censuses(session, actor, before=utc_now() - timedelta(days=asked.options.keep_days))
            census_id = begin_census(
                session,
                actor,
                server=asked.server,
                selection=asked.selection(only, limit),
                only=only,
                limit=limit,
            )
        with unit_of_work(settings) as session:
            mailboxes = waiting_mailboxes(session, census_id)
            asker = Asker(asked, is_proven="counted" in totals(session, census_id))
        done = counted = 0
        tell(Progress(done, len(mailboxes), counted))
        with closing(asker.ask_all(mailboxes)) as batches:
            for batch in batches:
                with unit_of_work(settings) as session:
                    confirm(session)
                    store_answers(session, census_id, batch)
                done += len(batch)
                counted += sum(answer.count is not None for answer in batch)
                tell(Progress(done, len(mailboxes), counted))
        with unit_of_work(settings) as session:
            return Ended(census_id, finish_census(session, actor, census_id=census_id))


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One census at a time on this machine; the system lets go of the lock when its process dies."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise CensusRunningError from busy
        yield
