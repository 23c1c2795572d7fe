"""`vanthu worker` and `vanthu scheduler`: the two processes that do what is queued."""

from __future__ import annotations

import click

import core.cli
from core.errors import UnavailableError
from core.settings import Settings
from core.words import Text


@click.command()
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Số công việc làm cùng lúc. Jobs done at the same time.",
)
def worker(concurrency: int) -> int:
    """Làm các công việc đang chờ. Do the queued jobs."""
    settings = _prepared()
    from core.jobs.app import worker_app

    app = worker_app(settings)
    # A process for each job: one that is killed, by the system for want of memory or by hand, takes no other with it.
    running = app.Worker(
        concurrency=concurrency,
        pool="prefork",
        loglevel=settings.log_level.upper(),
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    with _broker_errors():
        running.start()
    return int(running.exitcode or 0)


@click.command()
def scheduler() -> None:
    """Nhắc việc theo giờ và nhặt lại việc bị bỏ dở. Run what is due, pick up what was left."""
    settings = _prepared()
    from core.jobs.app import worker_app

    app = worker_app(settings)
    with _broker_errors():
        app.Beat(loglevel=settings.log_level.upper(), quiet=True).run()


def _prepared() -> Settings:
    """The settings, with the log configured and the tables up to date before anything is forked."""
    from core.db import bring_up_to_date, forget
    from core.log import configure

    settings = core.cli.settings()
    configure(settings.log_level)
    bring_up_to_date(settings)
    forget(settings)
    return settings


class _broker_errors:  # noqa: N801 - used like a function
    """A broker that cannot be reached, as a sentence."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> None:
        """Raises `UnavailableError` instead of kombu's own."""
        from kombu.exceptions import KombuError, OperationalError

        if isinstance(error, OperationalError | KombuError | ConnectionError):
            raise UnavailableError(
                Text("Không nối được tới hàng đợi công việc.", "The job broker cannot be reached."), detail=str(error)
            ) from error
