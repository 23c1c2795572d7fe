"""Whom a rule would pick comes in parts, each of which knows how many there are in all."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.training.assigning.town import HR, moment
from training.queries.preview import Preview, preview
from training.rules import Rule


def test_a_preview_comes_in_parts(session: Session) -> None:
    def part(offset: int = 0, limit: int | None = None) -> Preview:
        return preview(
            session, HR, rule=Rule(active_below=4), course_key="mailbox", moment=moment(), offset=offset, limit=limit
        )

    whole = part()
    assert whole.picked == len(whole.picks) == whole.counts["picked"] > 2
    parts = [part(at, 2) for at in range(0, whole.picked + 2, 2)]
    assert [one for each in parts for one in each.picks] == list(whole.picks)
    assert {one.picked for one in parts} == {whole.picked}
