"""The program's own log: one JSON object a line on standard error, never a secret, never what a letter says.

Every module takes its logger from `get_logger`. `configure` is called once by each long-running process; values under
names that smell of a secret are hidden, and so are passwords inside URLs.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog

HIDDEN = "[hidden]"
SECRET_NAMES = re.compile(
    r"passw|secret|token|cookie|authori[sz]ation|api_?key|private|hash$|mail_subject|body", re.IGNORECASE
)
URL_PASSWORD = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*):[^\s@]+@", re.IGNORECASE)
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def get_logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger that adds its `name` to each line."""
    return cast("structlog.typing.FilteringBoundLogger", structlog.get_logger(logger_name=name))


def is_configured() -> bool:
    """Whether `configure` was called: before that, a line would go to standard output, among a command's own."""
    return structlog.is_configured()


def without_secrets(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hides the values that must not be in a log, at any depth."""
    return cast("MutableMapping[str, Any]", _cleaned(dict(line)))


def _cleaned(value: object, name: str = "") -> object:
    if name and SECRET_NAMES.search(name):
        return HIDDEN
    if isinstance(value, dict):
        return {key: _cleaned(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return URL_PASSWORD.sub(rf"\1:{HIDDEN}@", value) if isinstance(value, str) else value


def configure(level: str = "info", stream: TextIO | None = None) -> None:
    """Sends this program's lines and those of its libraries (Celery, Alembic) to `stream`, default standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    ending: list[structlog.typing.Processor] = [without_secrets, structlog.processors.JSONRenderer(ensure_ascii=False)]
    target = stream or sys.stderr
    structlog.configure(
        processors=[*shared, *ending],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(target),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(LEVELS[level], logging.INFO))
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of its own plugins at every start
