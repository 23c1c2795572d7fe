"""The job that looks: due while anything is open, and does for all what a look does for one."""

from __future__ import annotations

from datetime import timedelta

from core.db import unit_of_work, utc_now
from core.jobs import queue, run_job
from eoffice.services import practice, remarking
from tests.training.practice.office import START, Office, actor, office_moment
from training.services.practising import EVERY, practice_due


def test_the_scheduler_looks_while_anything_is_open(office: Office) -> None:
    """Nothing is due where nothing is open; a remark is found by the job; afterwards nothing is due any more."""
    minutes = (utc_now() - START) / timedelta(minutes=1)
    with unit_of_work(office.settings) as session:
        assert practice_due(session, None, utc_now()) is None
    code = office.begin("cb1", "comment", minutes=minutes)["comment"].code
    with unit_of_work(office.settings) as session:
        at = office_moment(minutes)
        draft = practice.lay_before(session, actor("cb1"), mark=code, moment=at)
        remarking.remark(session, actor("cb1"), draft_id=draft, text="Nên thêm thời gian.", moment=at)
        last = utc_now()
        assert practice_due(session, None, last) == {}
        assert practice_due(session, last, last + EVERY / 2) is None
        assert practice_due(session, last, last + EVERY) == {}
        job = queue(session, "training.verify_practice", subject="practice").id
    assert run_job(office.settings, job)
    row = office.exercises("cb1")["comment"]
    assert (row.state, row.why, row.draft, row.evidence) == ("passed", "done", draft, ["remark:1"])
    with unit_of_work(office.settings) as session:
        assert practice_due(session, None, utc_now()) is None
