"""The web server: gunicorn, in the shape production uses (a few processes with threads, one application in each)."""

from __future__ import annotations

from typing import Any

from gunicorn.app.base import BaseApplication

from core.db import bring_up_to_date, forget
from core.log import configure
from core.settings import Settings
from web.settling import settle

THREADS = 8
UPLOAD_SECONDS = 600
"""A worker that is silent for so long is replaced; an upload over a slow line must not be."""


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn without its own command line."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings = settings
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options as they are given."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made in each process after the fork."""
        from web.app import create_app

        made = create_app(self._settings)
        settle()
        return made


def run(settings: Settings, *, host: str, port: int, processes: int) -> None:
    """Serve until a signal ends it (SIGTERM lets requests finish)."""
    configure(settings.log_level)
    bring_up_to_date(settings)  # once, before there are several processes
    forget(settings)
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    _Server(
        settings,
        {
            "bind": place,
            "workers": processes,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": UPLOAD_SECONDS,
            "graceful_timeout": 20,
            "proc_name": "vanthu",
            "loglevel": settings.log_level,
            "control_socket_disable": True,
        },
    ).run()
