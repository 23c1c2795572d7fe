"""Celery, on an embedded broker by default: files in a folder (`folder_broker`).

Of kombu's two transports without a server that was the quicker one (a message arrives after 10 ms instead of up to a
second) and its polling can be set. Both lose the task in flight when its worker is killed; the sweep makes up for that
with any broker, so messages are acknowledged early and carry only the job's number.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from celery import Celery
from kombu.transport import resolve_transport

from core.jobs.folder_broker import SCHEME
from core.jobs.registry import tasks
from core.jobs.running import run_job
from core.jobs.sweeping import sweep
from core.settings import Settings, SettingsError
from core.words import Text

SWEEP = "core.sweep"
SWEEPS_PER_SILENCE = 4
POLLING_SECONDS = 0.1

_apps: dict[tuple[str, str, float], Celery] = {}


def celery_app(settings: Settings) -> Celery:
    """The Celery application for the broker of `settings`, one in a process, without any task: enough to send."""
    key = (settings.broker_url, settings.database_url, settings.job_silence)
    if key not in _apps:
        _apps[key] = _made(settings)
    return _apps[key]


def _made(settings: Settings) -> Celery:
    app = Celery("vanthu", set_as_current=False)
    app.conf.update(
        **_broker(settings.broker_url),
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_default_queue="vanthu",
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0.1, "interval_max": 0.1},
        broker_connection_retry_on_startup=True,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        enable_utc=True,
        beat_scheduler="celery.beat:Scheduler",
        beat_schedule=_schedule(settings),
    )
    return app


def _schedule(settings: Settings) -> dict[str, Any]:
    every = settings.job_silence / SWEEPS_PER_SILENCE
    # A sweep that nobody took up in time is not worth doing: the next one is already there.
    return {SWEEP: {"task": SWEEP, "schedule": timedelta(seconds=every), "options": {"expires": every}}}


def _broker(url: str) -> dict[str, Any]:
    """The broker of `url`; for `filesystem:///a/folder` the folder is made and used for messages."""
    if not url.startswith("filesystem://"):
        _check_transport(url)
        return {"broker_url": url}
    folder = Path(unquote(urlsplit(url).path))
    for name in ("messages", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    options = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
        "polling_interval": POLLING_SECONDS,
    }
    return {"broker_url": f"{SCHEME}://localhost", "broker_transport_options": options}


def _check_transport(url: str) -> None:
    """Raises `SettingsError` for a broker nobody knows, or one whose library is not installed."""
    try:
        resolve_transport(url.partition(":")[0])
    except (KeyError, ImportError) as unknown:
        raise SettingsError(
            Text(
                "VANTHU_BROKER_URL không phải là địa chỉ hàng đợi dùng được (filesystem:///…, redis://…, amqp://…).",
                "VANTHU_BROKER_URL is not the URL of a usable broker (filesystem:///…, redis://…, amqp://…).",
            ),
            detail=type(unknown).__name__,
        ) from unknown


def worker_app(settings: Settings) -> Celery:
    """The application with every task of the installed packages: what a worker and the scheduler run."""
    app = celery_app(settings)
    for name in tasks():
        app.task(_runner(settings), name=name)

    def _sweep() -> None:
        sweep(settings)

    app.task(_sweep, name=SWEEP)
    return app


def _runner(settings: Settings) -> Any:
    def run(job_id: int) -> None:
        run_job(settings, job_id)

    return run
