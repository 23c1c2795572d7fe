"""The errors a person may meet: one tree, each with its sentence, its exit code and its HTTP status.

`message` is for the user, in both languages, and says what to do; `detail` is for the log only and is never shown.
Features subclass these in their own `errors` modules and add nothing but a name or a sentence. The exit codes and the
statuses stand here and nowhere else.

| error            | exit | HTTP | when                                                              |
|------------------|------|------|-------------------------------------------------------------------|
| VanthuError      | 1    | 500  | anything of ours without a better name                            |
| InputError       | 2    | 400  | what was given cannot be used: a file, an option, a setting       |
| NotFoundError    | 3    | 404  | there is no such thing (or it is not yours to see)                |
| ForbiddenError   | 4    | 403  | the actor may not do this                                         |
| ConflictError    | 5    | 409  | it was changed meanwhile, or it clashes with what is there        |
| UnavailableError | 6    | 503  | the database, the broker, a disk or a server does not answer      |
"""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from core.words import Text


class VanthuError(Exception):
    """What went wrong, in a sentence that may be shown to whoever asked."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = HTTPStatus.INTERNAL_SERVER_ERROR.value

    def __init__(self, message: Text, *, detail: str = "") -> None:
        super().__init__(message, detail)
        self.message = message
        self.detail = detail

    def __str__(self) -> str:
        """The English sentence and the detail: what a log wants, not what a user is shown."""
        return f"{self.message.en} [{self.detail}]" if self.detail else self.message.en


class InputError(VanthuError):
    """What was given cannot be used; the message says what would be right."""

    exit_code = 2
    http_status = HTTPStatus.BAD_REQUEST.value


class NotFoundError(VanthuError):
    """There is no such thing, or the actor may not know that there is."""

    exit_code = 3
    http_status = HTTPStatus.NOT_FOUND.value


class ForbiddenError(VanthuError):
    """The actor may not do this."""

    exit_code = 4
    http_status = HTTPStatus.FORBIDDEN.value


class ConflictError(VanthuError):
    """It clashes with what is there already, or somebody changed it meanwhile."""

    exit_code = 5
    http_status = HTTPStatus.CONFLICT.value


class UnavailableError(VanthuError):
    """Something needed does not answer: the database, the broker, a disk, another server."""

    exit_code = 6
    http_status = HTTPStatus.SERVICE_UNAVAILABLE.value


EXIT_CODES: dict[str, int] = {
    kind.__name__: kind.exit_code
    for kind in (VanthuError, InputError, NotFoundError, ForbiddenError, ConflictError, UnavailableError)
}
"""Name of an error -> exit code of a command that ends with it."""

EXIT_UNEXPECTED = 70
"""A defect of the program itself (EX_SOFTWARE of sysexits.h)."""
EXIT_INTERRUPTED = 130
"""Ended by Ctrl-C (128 + SIGINT, as shells count)."""
EXIT_BROKEN_PIPE = 141
"""Whoever read the output went away (128 + SIGPIPE)."""
