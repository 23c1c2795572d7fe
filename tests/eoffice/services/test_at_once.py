"""Everything at the same moment, and workers that die: one decision, one entry in the trail, one message.

Threads and processes of their own on both databases: what decides is the lock of the draft's row and the constraints of
its tables, not luck.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.db import unit_of_work
from core.directory.models import Account
from core.errors import VanthuError
from core.mail import MailKind
from core.mail.models import MailNotice
from core.settings import Settings
from eoffice.actions import EofficeAction
from eoffice.models import DraftRow, TaskRow
from eoffice.services import deciding, reminding, sending_round
from tests.eoffice.services.conftest import actor, moment, revision_row

AN, BINH, CHI, DUNG, EM = range(1, 6)
Work = Callable[[Session], object]
KILLED = """
import os, signal
from core.db import unit_of_work
from core.settings import load
from eoffice.services import deciding
from tests.eoffice.services.conftest import actor, moment

with unit_of_work(load()) as session:
    deciding.approve(session, actor("binh"), draft_id=1, seen_revision=1, moment=moment())
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def submitted(settings: Settings, template: int = 1) -> None:
    with unit_of_work(settings) as session:
        sending_round.submit(session, actor("an"), draft_id=1, template_id=template, seen_revision=1, moment=moment())


def together(settings: Settings, *works: Work) -> list[str]:
    """What came of each when all of them were done at the same moment."""
    barrier, outcomes = threading.Barrier(len(works)), [""] * len(works)

    def do(number: int, work: Work) -> None:
        barrier.wait()
        try:
            with unit_of_work(settings) as session:
                work(session)
            outcomes[number] = "done"
        except VanthuError as refused:
            outcomes[number] = type(refused).__name__

    threads = [threading.Thread(target=do, args=one) for one in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def counted(settings: Settings, action: EofficeAction) -> int:
    with unit_of_work(settings) as session:
        return session.scalar(select(func.count()).where(AuditEntry.action == action)) or 0


def decided(settings: Settings) -> int:
    with unit_of_work(settings) as session:
        return session.scalar(select(func.count()).where(TaskRow.state == "decided")) or 0


def told(settings: Settings, name: str, kind: MailKind = MailKind.EOFFICE_TURN_CAME) -> int:
    with unit_of_work(settings) as session:
        wanted = select(func.count()).select_from(MailNotice).join(Account, Account.id == MailNotice.account)
        return session.scalar(wanted.where(Account.name == name, MailNotice.kind == kind)) or 0


def agree(name: str) -> Work:
    return lambda session: deciding.approve(session, actor(name), draft_id=1, seen_revision=1, moment=moment())


def opine(name: str) -> Work:
    return lambda session: deciding.give_opinion(
        session, actor(name), draft_id=1, seen_revision=1, moment=moment(), comment=f"Ý kiến của {name}"
    )


def test_two_people_of_a_step_that_wants_one(mailing: Settings) -> None:
    submitted(mailing, template=2)
    outcomes = together(mailing, opine("binh"), opine("em"))
    assert sorted(outcomes) == ["NotYourTurnError", "done"]
    assert (decided(mailing), counted(mailing, EofficeAction.DRAFT_OPINED), told(mailing, "chi")) == (1, 1, 1)


def test_a_double_click(mailing: Settings) -> None:
    submitted(mailing)
    assert sorted(together(mailing, *[agree("binh")] * 4)) == [*["NotYourTurnError"] * 3, "done"]
    assert (decided(mailing), counted(mailing, EofficeAction.DRAFT_AGREED), told(mailing, "dung")) == (1, 1, 1)


def test_agreed_and_returned_at_once(mailing: Settings) -> None:
    """From two windows of one person: the first counts, the second learns that it does not."""
    submitted(mailing)

    def give_back(session: Session) -> object:
        return deciding.return_to(session, actor("binh"), draft_id=1, seen_revision=1, moment=moment(), comment="Sai")

    outcomes = together(mailing, agree("binh"), give_back)
    assert sorted(outcomes) == ["NotYourTurnError", "done"]
    agreed = outcomes[0] == "done"
    assert (told(mailing, "dung"), told(mailing, "an", MailKind.EOFFICE_DRAFT_DECIDED)) == (agreed, not agreed)


def test_pulled_back_while_somebody_agrees(mailing: Settings) -> None:
    submitted(mailing)
    outcomes = together(
        mailing, agree("binh"), lambda one: sending_round.pull_back(one, actor("an"), draft_id=1, moment=moment())
    )
    assert outcomes.count("done") == 1
    with unit_of_work(mailing) as session:
        draft = session.get(DraftRow, 1)
        assert draft is not None
        assert (draft.state, draft.content_by) == (("on_route", BINH) if outcomes[0] == "done" else ("drafting", None))


def test_a_stale_page(mailing: Settings) -> None:
    """A revision was saved after the page was made: nothing is recorded, however often it is sent."""
    submitted(mailing)
    with unit_of_work(mailing) as session:
        session.add(revision_row(1, 2))
    assert together(mailing, *[agree("binh")] * 2) == ["StaleDraftError"] * 2
    assert (decided(mailing), counted(mailing, EofficeAction.DRAFT_AGREED), told(mailing, "dung")) == (0, 0, 0)


def test_reminded_by_two_workers(mailing: Settings) -> None:
    submitted(mailing)
    late = moment(3 * 86_400)
    assert together(mailing, *[lambda one: reminding.remind(one, draft_id=1, moment=late)] * 3) == ["done"] * 3
    assert counted(mailing, EofficeAction.TASK_REMINDED) == counted(mailing, EofficeAction.TASK_ESCALATED) == 1
    assert (
        told(mailing, "binh", MailKind.EOFFICE_TURN_REMINDED) == told(mailing, "chi", MailKind.EOFFICE_TURN_LATE) == 1
    )


def test_a_worker_that_is_killed_in_the_middle(mailing: Settings) -> None:
    """Everything is written and not committed when it dies: nothing has happened; done again, it happened once."""
    submitted(mailing)
    assert _killed(mailing) == -signal.SIGKILL
    assert (decided(mailing), counted(mailing, EofficeAction.DRAFT_AGREED), told(mailing, "dung")) == (0, 0, 0)
    assert sorted(together(mailing, agree("binh"), agree("binh"))) == ["NotYourTurnError", "done"]
    assert (decided(mailing), counted(mailing, EofficeAction.DRAFT_AGREED), told(mailing, "dung")) == (1, 1, 1)


def _killed(settings: Settings) -> int:
    """A process of its own that agrees and dies before the commit; how it ended."""
    environ = {**os.environ, "VANTHU_HOME": str(settings.home), "VANTHU_DATABASE_URL": settings.database_url}
    done = subprocess.run([sys.executable, "-c", KILLED], env=environ, capture_output=True, check=False, timeout=60)
    assert done.stderr == b""
    return done.returncode
