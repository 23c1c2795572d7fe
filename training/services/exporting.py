"""What is followed, taken away as a file: the board's rows, or statements; whoever does leaves a line in the trail."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import islice
from typing import IO, Literal

from sqlalchemy.orm import Session

from core import audit
from core.calendar import day_in
from core.db import settings_of
from core.permissions import Actor
from core.words import Language
from training.actions import TrainingAction
from training.moments import Moment
from training.queries.board import ROWS_AT_ONCE, Asked, BoardRow, every_row
from training.queries.board_words import COLUMNS, NO, STANDING_WORDS, TITLE, YES
from training.queries.learnt import statements
from training.queries.scorm import REPORTED_WORDS, Reported, reported
from training.tables import Cell, write_csv, write_xlsx

Ending = Literal["csv", "xlsx"]
ENDINGS: tuple[Ending, ...] = ("csv", "xlsx")


def export_board(
    session: Session, actor: Actor, *, asked: Asked, ending: Ending, language: Language, moment: Moment, to: IO[bytes]
) -> int:
    """Write the assignments in the actor's reach that were asked for to `to`; gives the number of rows.

    What is not known or does not apply is an empty cell. Raises `ForbiddenError`.
    """
    zone = settings_of(session).timezone
    rows = _cells(session, every_row(session, actor, asked=asked, today=moment.today), language, zone)
    if ending == "csv":
        count = write_csv(COLUMNS, rows, to)
    else:
        count = write_xlsx(COLUMNS, rows, to, title=TITLE, language=language, day=moment.today)
    wanted = {name: value for name, value in asdict(asked).items() if value not in {None, ""}}
    facts = {"form": ending, "rows": count, "asked": {name: str(value) for name, value in wanted.items()}}
    action = TrainingAction.FOLLOWING_EXPORTED
    audit.record(session, actor=actor.in_trail, action=action, subject="training", facts=facts)
    return count


def _cells(session: Session, rows: Iterable[BoardRow], language: Language, zone: str) -> Iterable[list[Cell]]:
    """Each row in the order of `COLUMNS`."""
    waiting = iter(rows)
    while part := list(islice(waiting, ROWS_AT_ONCE)):
        said = reported(session, [one.assignment_id for one in part])
        for one in part:
            yield [*_own_cells(one, language, zone), *_reported_cells(said.get(one.assignment_id, ()), language)]


def _reported_cells(said: Sequence[Reported], language: Language) -> tuple[Cell, Cell]:
    """What packages said of an assignment, and the score: of several steps each under its key; unsaid is empty."""
    if len(said) < 2:
        return next(((REPORTED_WORDS[one.status].to(language), _figure(one.score)) for one in said), (None, None))
    words = [f"{one.key}: {REPORTED_WORDS[one.status].to(language)}" for one in said]
    scores = [f"{one.key}: {_figure(one.score)}" for one in said if one.score is not None]
    return "; ".join(words), "; ".join(scores) or None


def _figure(score: float | None) -> Cell:
    """80, not 80.0; and empty where no score was said."""
    return int(score) if score is not None and score.is_integer() else score


def _own_cells(one: BoardRow, language: Language, zone: str) -> list[Cell]:
    return [
        one.official_id,
        one.name,
        one.title,
        one.unit,
        one.course.to(language),
        STANDING_WORDS[one.standing].to(language),
        one.days_late or None,
        one.steps_done,
        one.steps,
        one.assigned_on,
        one.starts_on,
        one.due_on,
        day_in(zone, one.done_at) if one.done_at is not None else None,
        one.wave,
        None if one.wave is None else (YES if one.drawn else NO).to(language),
        one.reason.to(language),
        one.assignment_id,
    ]


def export_statements(session: Session, actor: Actor, *, to: IO[bytes]) -> int:
    """Write what was learnt in the actor's reach as one JSON array of xAPI statements; gives how many.

    Raises `ForbiddenError`.
    """
    count = 0
    to.write(b"[")
    for one in statements(session, actor):
        to.write((",\n" if count else "\n").encode() + json.dumps(one, ensure_ascii=False).encode())
        count += 1
    to.write(b"\n]\n")
    facts = {"statements": count}
    action = TrainingAction.STATEMENTS_TAKEN
    audit.record(session, actor=actor.in_trail, action=action, subject="training", facts=facts)
    return count
