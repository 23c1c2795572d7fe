"""The tasks there are, by name. Needs no broker and no Celery: `core.jobs.app` gives each of them to Celery."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.orm import Session

import core.settings

if TYPE_CHECKING:
    from core.jobs.running import Run

    Function = Callable[..., None]
    Decorated = TypeVar("Decorated", bound=Function)

MOST_ATTEMPTS = 5
TASK_MODULES = ("tasks", "collectors.tasks")
"""Where a package has its tasks; those of collectors stand above its services, which know no network."""
FLOOR_TASKS = ("core.audit.tasks", "core.directory.tasks", "core.mail.tasks")
"""Modules of the floor with tasks of its own."""
Due = Callable[[Session, datetime | None, datetime], Mapping[str, Any] | None]
"""Given a session, when the task was last queued on schedule (None: never) and the time now: its arguments if it is due
again, else None."""


@dataclass(frozen=True, slots=True)
class Task:
    """A function that does a kind of job, and how often it may be taken up again when its worker dies.

    A task with `due` is queued by the scheduler whenever that says so and no earlier one is left.
    """

    name: str
    function: Callable[..., None]
    most_attempts: int
    due: Due | None = None

    def call(self, run: Run, args: dict[str, Any]) -> None:
        """Does the job."""
        self.function(run, **args)


_tasks: dict[str, Task] = {}


def job_task(
    name: str, *, most_attempts: int = MOST_ATTEMPTS, due: Due | None = None
) -> Callable[[Decorated], Decorated]:
    """Makes the function the task `name` (`<package>.<verb>`); it is called as `function(run, **args)`.

    With `due` the scheduler queues it: see `Due`.
    """

    def registered(function: Decorated) -> Decorated:
        known = _tasks.get(name)
        if known is not None and known.function.__qualname__ != function.__qualname__:
            raise ValueError(f"two tasks are named {name}")
        _tasks[name] = Task(name, function, most_attempts, due)
        return function

    return registered


def tasks() -> dict[str, Task]:
    """Every task of the floor and of the installed packages, by name."""
    for module in FLOOR_TASKS:
        importlib.import_module(module)
    for package in core.settings.INSTALLED:
        _import_tasks(package)
    return _tasks


def _import_tasks(package: str) -> None:
    """Imports the modules of `TASK_MODULES` that the package has; an error inside one is not hidden."""
    for place in TASK_MODULES:
        module = f"{package}.{place}"
        try:
            importlib.import_module(module)
        except ModuleNotFoundError as missing:
            if not f"{module}.".startswith(f"{missing.name}."):
                raise
