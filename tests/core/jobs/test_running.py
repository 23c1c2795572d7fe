"""Jobs in one process: queued with the change, claimed once, told how far, ended in words."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.db import unit_of_work, utc_now
from core.directory.models import OfficialRow
from core.jobs import Job, LostClaimError, Run, job_task, queue, run_job, run_waiting, sweep
from core.jobs.app import celery_app
from core.jobs.models import JobState
from core.jobs.running import _claim
from core.settings import Settings
from tests.core.jobs import sample_tasks
from tests.core.jobs.sample_tasks import noted


def add(settings: Settings, task: str, **args: object) -> int:
    """Queues a job; gives its number."""
    with unit_of_work(settings) as session:
        return queue(session, task, subject="test:1", args=args).id


def job(settings: Settings, job_id: int) -> Job:
    """The row of the job."""
    with unit_of_work(settings) as session:
        return session.scalars(select(Job).where(Job.id == job_id)).one()


def messages(settings: Settings) -> int:
    """How many messages lie on the embedded broker."""
    folder = settings.home / "broker/messages"
    return len(list(folder.iterdir())) if folder.exists() else 0


def claim(settings: Settings, job_id: int) -> Run:
    """A copy at work on the job."""
    claimed = _claim(settings, job_id)
    assert claimed is not None
    return claimed[0]


def test_a_job_is_done_once(each_database: Settings, tmp_path: Path) -> None:
    job_id = add(each_database, "test.note", folder=str(tmp_path), line="a")
    assert job(each_database, job_id).state == JobState.WAITING
    assert run_job(each_database, job_id)
    assert not run_job(each_database, job_id)
    found = job(each_database, job_id)
    assert (found.state, found.done, found.total, found.attempts) == (JobState.DONE, 1, 1, 1)
    assert found.finished_at is not None
    assert noted(tmp_path) == ["a"]


def test_the_message_leaves_after_the_commit(settings: Settings, tmp_path: Path) -> None:
    with unit_of_work(settings) as session:
        queue(session, "test.note", subject="s", args={"folder": str(tmp_path), "line": "a"})
        assert messages(settings) == 0
    assert messages(settings) == 1


def test_a_change_that_fails_queues_nothing(settings: Settings) -> None:
    with pytest.raises(KeyError), unit_of_work(settings) as session:  # noqa: PT012 - a unit of work
        queue(session, "test.note", subject="s", args={})
        raise KeyError
    assert messages(settings) == 0
    assert run_waiting(settings) == 0


@pytest.mark.parametrize("args", [{"path": Path("x")}, {"n": float("nan")}])
def test_arguments_are_plain(settings: Settings, args: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)), unit_of_work(settings) as session:
        queue(session, "test.note", subject="s", args=args)


def test_a_chain_is_done_to_its_end(each_database: Settings, tmp_path: Path) -> None:
    add(each_database, "test.chain", folder=str(tmp_path), left=3)
    assert run_waiting(each_database) == 4
    assert noted(tmp_path) == ["3", "2", "1", "0"]


@pytest.mark.parametrize(
    ("kind", "vi", "en"),
    [
        ("input", "Tệp hỏng.", "The file is broken."),
        ("defect", "Chương trình gặp lỗi của chính nó, số ", "The program has met a defect of its own, number "),
    ],
)
def test_a_failure_is_told_in_words(settings: Settings, kind: str, vi: str, en: str) -> None:
    job_id = add(settings, "test.refuse", kind=kind)
    run_job(settings, job_id)
    found = job(settings, job_id)
    assert found.state == JobState.FAILED
    assert (found.error_vi or "").startswith(vi)
    assert (found.error_en or "").startswith(en)


def test_an_unknown_task_fails_in_words(settings: Settings) -> None:
    job_id = add(settings, "test.nobody_knows")
    run_job(settings, job_id)
    assert job(settings, job_id).error_en == "There is no task of this name."


def test_what_does_not_answer_is_tried_again_and_then_given_up(settings: Settings) -> None:
    job_id = add(settings, "test.refuse", kind="away")
    for _ in range(4):
        assert run_job(settings, job_id)
        assert job(settings, job_id).state == JobState.WAITING
    assert run_job(settings, job_id)
    found = job(settings, job_id)
    assert (found.state, found.attempts, found.error_en) == (JobState.FAILED, 5, "The server is busy.")


def test_many_workers_one_claim(each_database: Settings, tmp_path: Path) -> None:
    job_id = add(each_database, "test.note", folder=str(tmp_path), line="a")
    start = threading.Barrier(6)
    won: list[bool] = []

    def compete() -> None:
        start.wait()
        won.append(run_job(each_database, job_id))

    threads = [threading.Thread(target=compete) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 5 + [True]
    assert noted(tmp_path) == ["a"]


def test_a_silent_copy_loses_its_claim_and_learns_it(each_database: Settings, tmp_path: Path) -> None:
    job_id = add(each_database, "test.note", folder=str(tmp_path), line="a")
    first = claim(each_database, job_id)
    assert sweep(each_database).requeued == 0
    later = utc_now() + timedelta(seconds=each_database.job_silence + 1)
    assert sweep(each_database, now=later).requeued == 1
    assert run_job(each_database, job_id)
    with pytest.raises(LostClaimError):
        first.progress(1, 2)
    with pytest.raises(LostClaimError):
        first.end(JobState.FAILED)
    with pytest.raises(LostClaimError), unit_of_work(each_database) as session:  # noqa: PT012 - a unit of work
        session.add(OfficialRow(official_id="late", name="result"))
        first.confirm(session)
    with unit_of_work(each_database) as session:
        assert session.scalars(select(OfficialRow)).all() == []
    assert job(each_database, job_id).state == JobState.DONE
    assert noted(tmp_path) == ["a"]


def test_a_job_that_kills_its_workers_is_given_up(settings: Settings, tmp_path: Path) -> None:
    job_id = add(settings, "test.note", folder=str(tmp_path), line="a")
    for died in range(1, 6):
        claim(settings, job_id)
        found = sweep(settings, now=utc_now() + timedelta(seconds=settings.job_silence + 1))
        assert (found.requeued, found.given_up) == ((1, 0) if died < 5 else (0, 1))
    assert job(settings, job_id).error_en == (
        "The worker died 5 times while doing this; the server may be short of memory."
    )
    assert not run_job(settings, job_id)


@pytest.mark.usefixtures("nothing_else_due")
def test_a_lost_message_is_sent_again_ever_more_rarely(settings: Settings, tmp_path: Path) -> None:
    add(settings, "test.note", folder=str(tmp_path), line="a")
    for path in (settings.home / "broker/messages").iterdir():
        path.unlink()
    start, silence = utc_now(), settings.job_silence
    woken = [
        tick for tick in range(1, 16) if sweep(settings, now=start + timedelta(seconds=silence * 1.01 * tick)).woken
    ]
    assert woken == [1, 3, 7, 15]
    assert messages(settings) == 4


@pytest.mark.usefixtures("nothing_else_due")
def test_two_sweeps_at_once_do_no_harm(settings: Settings, tmp_path: Path) -> None:
    add(settings, "test.note", folder=str(tmp_path), line="a")
    later = utc_now() + timedelta(seconds=settings.job_silence + 1)
    assert [sweep(settings, now=later).woken, sweep(settings, now=later).woken] == [1, 0]


def test_progress_is_written_now_and_then_and_at_the_end(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = add(settings, "test.note", folder=str(tmp_path), line="a")
    run = claim(settings, job_id)
    clock = [100.0]
    monkeypatch.setattr("core.jobs.running.time.monotonic", lambda: clock[0])
    seen = []
    for step in range(11):
        clock[0] += 0.125
        run.progress(step, 10, {"file": f"mail.log.{step}"})
        seen.append(job(settings, job_id).done)
    assert seen == [0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8]
    run.progress(99)
    run.end(JobState.DONE)
    found = job(settings, job_id)
    assert (found.done, found.total, found.note) == (99, None, {})


def test_a_broker_that_is_away_takes_nothing_back(tmp_path: Path, settings: Settings) -> None:
    from core.settings import load

    away = load({"VANTHU_HOME": str(settings.home), "VANTHU_BROKER_URL": "redis://127.0.0.1:1/0"})
    job_id = add(away, "test.note", folder=str(tmp_path), line="a")
    assert job(settings, job_id).state == JobState.WAITING


def test_one_application_a_broker(settings: Settings) -> None:
    assert celery_app(settings) is celery_app(settings)
    assert (settings.home / "broker/messages").stat().st_mode & 0o077 == 0


def test_two_tasks_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"test\.note"):
        job_task("test.note")(sample_tasks.refuse)
