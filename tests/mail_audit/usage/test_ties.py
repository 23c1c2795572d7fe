"""Many sessions end in one second of a log's clock: what each means must not depend on who else is in the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mail_audit.usage import shards
from tests.mail_audit.small_town import CLERK2, audit, official, session

SYNCS = [(5 + number // 4, 1 + number % 4 * 5) for number in range(16)]
"""Day and hour of each look of a telephone, at messages that have just come."""


def lines(others: int) -> list[str]:
    """A telephone's sessions, of which every third time two end in one second; `others` log in elsewhere."""
    told = sorted([*_telephone(), *(line for number in range(others) for line in _stranger(number))])
    other = "imap(khac@tp.example.gov.vn)<1><other>: "
    flagged = f"Oct  5 00:00:02 mail dovecot: {other}flag_change: box=INBOX, uid=1, msgid=<x>, size=1, flags=(\\Seen)"
    return [flagged, *told]


def _telephone() -> Iterator[str]:
    yield from _looked(5, 0, 10, 11, 900)
    for number, (day, hour) in enumerate(SYNCS):
        saved = f"lmtp({CLERK2})<1><d{number}>: msgid=<{number}@x>: saved mail to INBOX"
        yield f"Oct {day:2d} {hour:02d}:20:20 mail dovecot: {saved}"
        yield from _looked(day, hour, 20, 22, 2000 + number, second=30)
        if number % 3 == 1:
            yield from _looked(day, hour, 20, 22, 1000 + number)


def _looked(day: int, hour: int, minute: int, until: int, number: int, *, second: int = 0) -> list[str]:
    at, end = f"Oct {day:2d} {hour:02d}:{minute:02d}:{second:02d}", f"Oct {day:2d} {hour:02d}:{until:02d}:00"
    return session(at, end, CLERK2, number, address="10.0.0.50", bodies=(1, 9000))


def _stranger(number: int) -> Iterator[str]:
    for again in range(4):
        at, end = (f"Oct {5 + again:2d} {number % 23:02d}:{minute:02d}:00" for minute in (30, 31))
        user = f"la{number}@tp.example.gov.vn"
        yield from session(at, end, user, 10000 + 10 * number + again, address=f"10.1.{number}.1", bodies=(1, 9000))


@pytest.mark.parametrize("most", [None, 20, 100])
@pytest.mark.parametrize("others", [0, 15, 80])
def test_who_else_is_in_the_log_changes_nothing(
    others: int, most: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = official(audit(_folder(tmp_path / "alone"), lines(0)), CLERK2)
    if most is not None:
        monkeypatch.setattr(shards, "AT_ONCE", most)
        monkeypatch.setattr(shards, "MOST", most)
    assert official(audit(_folder(tmp_path / "beside"), lines(others)), CLERK2) == alone


def _folder(place: Path) -> Path:
    place.mkdir()
    return place
