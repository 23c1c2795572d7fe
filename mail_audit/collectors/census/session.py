"""One attempt at one mailbox: connect, log in, count, leave; and what to think of it when that fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from imapclient.exceptions import IMAPClientAbortError

from mail_audit.collectors.census.counting import NoFolderError, WrongAnswerError, count
from mail_audit.collectors.census.entry import PASSING, NotOfferedError, RefusedError, log_in, place_of
from mail_audit.collectors.census.options import Asked
from mail_audit.collectors.census.wire import Client, Clock, ForbiddenCommandError, NotSafeError, TooMuchError
from mail_audit.services.census import Count

Reason = Literal["no_mailbox", "refused", "timeout", "protocol", "unreachable"]


class NotCountedError(Exception):
    """An attempt that gave no count.

    `is_passing`: a later attempt may do better. `at_door`: the account never came as far as the log-in, so that it is
    no fault of the mailbox. `text`: the server's refusal without the mailbox's name, to be compared and never shown.
    """

    def __init__(self, reason: Reason, *, is_passing: bool = False, at_door: bool = False, text: str = "") -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.is_passing = is_passing
        self.at_door = at_door
        self.text = text


@dataclass(slots=True)
class Session:
    """Asks mailboxes one after the other; keeps its connection where one log-in serves them all."""

    asked: Asked
    clock: Clock = field(init=False)
    _client: Client | None = field(default=None, init=False)
    _is_in: bool = field(default=False, init=False)
    _is_interrupted: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """The clock of this session's connections."""
        options = self.asked.options
        self.clock = Clock(options.command_seconds, options.mailbox_seconds)

    def ask(self, mailbox: str, now: datetime, seconds: float) -> Count:
        """The counts of `mailbox`, within `seconds`. Raises `NotCountedError`, `NotSafeError`, `NotOfferedError`."""
        self.clock.start_mailbox(seconds)
        try:
            counted = self._ask(mailbox, now)
        except Exception as failure:  # noqa: BLE001 - whatever a server does ends here, as a reason
            at_door = not self._is_in and not isinstance(failure, RefusedError)
            self.close()
            raise self._reason(failure, mailbox, at_door=at_door) from None
        if not self.asked.entry.folder:
            self.leave()
        return counted

    def _ask(self, mailbox: str, now: datetime) -> Count:
        if self._client is None:
            self._is_in = False
            self._client = Client(self.asked.door, self.clock)
            if self._is_interrupted:
                raise ConnectionError
            log_in(self._client, self.asked.entry, mailbox)
            self._is_in = True
        self._client.wire.new_mailbox()
        try:
            return count(self._client, place_of(self.asked.entry, mailbox), now)
        except NoFolderError as refused:
            # A mailbox that lets one in has an INBOX: not to see it is a want of rights (Dovecot's ACLs bind masters
            # too); and of a shared folder servers do not tell whether it is not there or not shared.
            raise RefusedError("") from refused

    def _reason(self, failure: Exception, mailbox: str, *, at_door: bool) -> Exception:
        """What an attempt failed of; errors that are nobody's mailbox's are passed on as they are."""
        if isinstance(failure, NotSafeError | NotOfferedError):
            return failure
        if isinstance(failure, RefusedError):
            if failure.code == "NONEXISTENT":
                return NotCountedError("no_mailbox")
            return NotCountedError("refused", is_passing=failure.code in PASSING, text=self._plain(failure, mailbox))
        if isinstance(failure, TooMuchError | WrongAnswerError | ForbiddenCommandError):
            return NotCountedError("protocol", is_passing=isinstance(failure, WrongAnswerError), at_door=at_door)
        if isinstance(failure, TimeoutError) or self.clock.is_over():
            return NotCountedError("timeout", is_passing=True, at_door=at_door)
        if isinstance(failure, OSError) or _hung_up(failure):
            return NotCountedError("unreachable", is_passing=True, at_door=at_door)
        return NotCountedError("protocol", at_door=at_door)

    @staticmethod
    def _plain(refused: RefusedError, mailbox: str) -> str:
        """The refusal without what differs from mailbox to mailbox."""
        return refused.text.replace(mailbox, "").replace(mailbox.partition("@")[0], "")

    def leave(self) -> None:
        """Log out."""
        if self._client is not None:
            self._client.leave()
        self._client, self._is_in = None, False

    def close(self) -> None:
        """Close the connection without a word."""
        client = self._client
        self._client, self._is_in = None, False
        if client is not None:
            client.wire.shutdown()

    def interrupt(self) -> None:
        """From another thread: what this one waits for will not come."""
        self._is_interrupted = True  # first the word, then the deed: a connection that is being made hears the word
        client = self._client
        if client is not None:
            client.wire.interrupt()


def _hung_up(failure: Exception) -> bool:
    """Whether the server ended the connection, with a BYE or without a word, rather than saying what is no IMAP."""
    return isinstance(failure, IMAPClientAbortError) and "unexpected" not in str(failure)
