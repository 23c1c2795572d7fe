"""Two answers to one letter at the same moment, one message delivered twice at once: one decision on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core import db
from core.audit import AuditEntry
from core.db import unit_of_work
from core.errors import ConflictError
from core.settings import load
from eoffice.inbound.taking import take_message
from eoffice.models import TaskRow
from tests.eoffice.inbound.conftest import NOW, SETTINGS, Office, fill, submit, token_of
from tests.eoffice.inbound.test_corpus import BLANK, MAILS, told


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    environ = {"VANTHU_HOME": str(tmp_path)}
    if request.param == "postgresql":
        environ["VANTHU_DATABASE_URL"] = request.getfixturevalue("postgres_server").database("replying_at_once")
    (tmp_path / "vanthu.toml").write_text(SETTINGS)
    made = load(environ)
    fill(made)
    submit(made)
    yield Office(made, token_of(made, "binh"))
    db.forget(made)


def test_one_decision(both: Office) -> None:
    raw = (MAILS / "agree_without_marks.eml").read_bytes().replace(BLANK, both.token.encode())
    deliveries = [raw, raw, *(raw.replace(b"Message-ID: <", b"Message-ID: <%d." % number) for number in range(4))]
    outcomes: list[str] = []
    together = threading.Barrier(len(deliveries))

    def deliver(message: bytes) -> None:
        together.wait()
        try:
            outcomes.append(take_message(both.settings, message, recipients=(), door="smtp", now=NOW).value)
        except ConflictError:  # answered with 451: the sending server comes again
            outcomes.append(take_message(both.settings, message, recipients=(), door="smtp", now=NOW).value)

    threads = [threading.Thread(target=deliver, args=(one,)) for one in deliveries]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    first_was_the_doubled = Counter({"agreed": 2, "used": 4})
    assert Counter(outcomes) in (first_was_the_doubled, Counter({"agreed": 1, "used": 5}))
    with unit_of_work(both.settings) as session:
        decided = select(func.count()).select_from(TaskRow).where(TaskRow.decision.is_not(None))
        assert session.scalar(decided) == 1
        agreed = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "eoffice:draft:agree")
        assert session.scalar(agreed) == 1
    assert len(told(both)) == 5  # one for each message, and the doubled one is one
