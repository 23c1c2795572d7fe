"""All mailboxes, a few at a time: with patience for a server that is busy, and an end for one that is away.

First one mailbox after the other, until the account is let into one: a wrong password must not be tried five thousand
times. Then a name that does not exist: a server that opens even that one would give empty mailboxes for misspelt ones,
and a zero that nobody counted. Only then several connections at once.
"""

from __future__ import annotations

import queue
import secrets
import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from core.db import utc_now
from core.errors import InputError, UnavailableError
from core.words import Text
from mail_audit.collectors.census.entry import NotOfferedError
from mail_audit.collectors.census.marks import proven
from mail_audit.collectors.census.options import Asked
from mail_audit.collectors.census.session import NotCountedError, Reason, Session
from mail_audit.collectors.census.wire import NotSafeError
from mail_audit.services.census import Answer, Count

MOST_REFUSALS = 5
"""So many mailboxes are tried before the account itself is taken for refused."""
AUTHORIZATION = "[AUTHORIZATIONFAILED]"
"""The password is right, and this one mailbox is not for the account, or is not there (RFC 5530)."""
DOOR_FAILURES_PER_CONNECTION = 3
"""So often, one after the other and for each connection, the server may fail before it is taken for away."""
LONGEST_BACKOFF = 60.0
MOST_TOGETHER = 100
"""Answers that are stored in one transaction."""
JOIN_SECONDS = 5.0


class ServerAwayError(UnavailableError):
    """The server does not answer; what is left can be asked by running again."""

    def __init__(self, server: str, detail: str) -> None:
        super().__init__(
            Text(
                f"Máy chủ {server} không trả lời. Những gì đã đếm được giữ lại; hãy chạy lại sau để hỏi tiếp.",
                f"The server {server} does not answer. What was counted is kept; run again later to go on.",
            ),
            detail=detail,
        )


class AccountRefusedError(InputError):
    """The server lets the account into no mailbox."""

    def __init__(self, server: str) -> None:
        super().__init__(
            Text(
                f"Máy chủ {server} không cho tài khoản này vào hộp thư nào. Hãy kiểm tra tên, mật khẩu và quyền.",
                f"The server {server} lets this account into no mailbox. Please check its name, password and rights.",
            )
        )


class AnyNameError(InputError):
    """The server opens mailboxes that do not exist, or the account's own whatever is asked for."""

    def __init__(self, server: str) -> None:
        super().__init__(
            Text(
                f"Máy chủ {server} mở cả hộp thư không tồn tại, nên không thể biết đang đếm hộp thư của ai."
                " Hãy bật việc kiểm tra tên (Dovecot: pass = yes hoặc result_success = continue).",
                f"The server {server} opens even a mailbox that does not exist, so that nobody knows whose is counted."
                " Please have it check the name (Dovecot: pass = yes, or result_success = continue).",
            )
        )


def _safe_text(server: str) -> Text:
    return Text(
        f"Không nối được tới {server} một cách an toàn: máy chủ không mã hóa, hoặc chứng thư không đúng (--ca-file).",
        f"{server} cannot be reached safely: it does not encrypt, or its certificate is not right (--ca-file).",
    )


def _offer_text(server: str) -> Text:
    return Text(
        f"Máy chủ {server} không có cách đăng nhập cần dùng (SASL PLAIN, hoặc LOGIN với --login-name).",
        f"The server {server} offers no log-in of the kind needed (SASL PLAIN, or LOGIN with --login-name).",
    )


@dataclass(order=True, slots=True)
class _Turn:
    """A mailbox that is to be asked, not before `at`; first tried when it `began`, with `spent` seconds since."""

    at: float
    number: int
    mailbox: str = field(compare=False)
    attempt: int = field(default=0, compare=False)
    spent: float = field(default=0.0, compare=False)
    began: float = field(default=0.0, compare=False)


@dataclass(slots=True)
class Asker:
    """Asks the mailboxes of one run; `is_proven`: it has counted some already, so that the marks are the owners'."""

    asked: Asked
    is_proven: bool = False
    _turns: list[_Turn] = field(default_factory=list, init=False)
    _open: int = field(default=0, init=False)
    _changed: threading.Condition = field(default_factory=threading.Condition, init=False)
    _stopped: bool = field(default=False, init=False)
    _door_failures: int = field(default=0, init=False)
    _last_success: float = field(default=0.0, init=False)
    _answers: queue.Queue[Answer | Exception] = field(default_factory=queue.Queue, init=False)
    _failure: Exception | None = field(default=None, init=False)
    _unknown_text: str | None = field(default=None, init=False)

    def ask_all(self, mailboxes: Sequence[str]) -> Generator[list[Answer], None, None]:
        """What becomes of the mailboxes, some at a time, as it is known.

        Raises `ServerAwayError`, `AccountRefusedError`, `AnyNameError` and InputError; mailboxes not yielded until then
        were not asked to the end.
        """
        try:
            answers = self._all(mailboxes)
            has_to_prove = self.asked.entry.folder and not self.is_proven
            yield from proven(answers, self.asked.server) if has_to_prove else answers
        except NotSafeError as unsafe:
            raise InputError(_safe_text(self.asked.server), detail=str(unsafe.__cause__)) from unsafe
        except NotOfferedError as missing:
            raise InputError(_offer_text(self.asked.server)) from missing

    def _all(self, mailboxes: Sequence[str]) -> Generator[list[Answer], None, None]:
        first = yield from self._probe(mailboxes)
        yield from self._ask_rest(mailboxes[first:])

    # before it is known that the account is let in -------------------------------------------------------------------

    def _probe(self, mailboxes: Sequence[str]) -> Generator[list[Answer], None, int]:
        """Asks until one mailbox opens and the name that does not exist is refused; gives how many were asked."""
        session = Session(self.asked)
        refused: list[tuple[Answer, str]] = []
        for number, mailbox in enumerate(mailboxes, 1):
            answer, text = self._ask_patiently(session, mailbox)
            if answer.count is not None:
                self._unknown_text = self._text_of_unknown(session, mailbox)
                session.leave()
                yield [*(self._named(early, its_text) for early, its_text in refused), answer]
                return number
            if answer.reason not in {"refused", "no_mailbox"}:
                yield [answer]
                continue
            refused.append((answer, text))
            if len(refused) >= MOST_REFUSALS:
                break
        if len(refused) == MOST_REFUSALS or not all(AUTHORIZATION in text for _, text in refused):
            raise AccountRefusedError(self.asked.server)
        if refused:
            yield [answer for answer, _ in refused]
        return len(mailboxes)

    def _ask_patiently(self, session: Session, mailbox: str) -> tuple[Answer, str]:
        """One mailbox with all its attempts, here and now. Raises `ServerAwayError`."""
        turn = _Turn(0.0, 0, mailbox)
        while True:
            try:
                return Answer(mailbox, utc_now(), self._attempt(session, turn)), ""
            except NotCountedError as failure:
                if not self._may_try_again(turn, failure):
                    if failure.at_door:
                        raise ServerAwayError(self.asked.server, failure.reason) from failure
                    return Answer(mailbox, utc_now(), reason=failure.reason), failure.text
                time.sleep(self._backoff(turn))

    def _text_of_unknown(self, session: Session, known: str) -> str:
        """How the server refuses a mailbox that does not exist. Raises `AnyNameError` when it does not."""
        domain = known.partition("@")[2]
        name = f"vanthu-{secrets.token_hex(6)}"
        turn = _Turn(0.0, 0, f"{name}@{domain}" if domain else name)
        try:
            self._attempt(session, turn)
        except NotCountedError as failure:
            return failure.text if failure.reason == "refused" else ""
        raise AnyNameError(self.asked.server)

    def _named(self, answer: Answer, text: str) -> Answer:
        """A refusal in the very words that meet a name that does not exist means that there is no such mailbox."""
        if answer.reason == "refused" and text and text == self._unknown_text:
            return Answer(answer.mailbox, answer.asked_at, reason="no_mailbox")
        return answer

    # several at once -------------------------------------------------------------------------------------------------

    def _ask_rest(self, mailboxes: Sequence[str]) -> Generator[list[Answer], None, None]:
        self._turns = [_Turn(0.0, number, mailbox) for number, mailbox in enumerate(mailboxes)]
        self._open = len(self._turns)
        sessions = [Session(self.asked) for _ in range(min(self.asked.options.connections, self._open))]
        workers = [threading.Thread(target=self._work, args=(session,), daemon=True) for session in sessions]
        for worker in workers:
            worker.start()
        try:
            left = len(mailboxes)
            while left:
                batch = self._batch()
                left -= len(batch)
                yield batch
        finally:
            self._stop(sessions)
            for worker in workers:
                worker.join(JOIN_SECONDS)

    def _batch(self) -> list[Answer]:
        """What has come since; waits for the first. Raises what a worker ended with."""
        batch: list[Answer] = []
        while not batch or (len(batch) < MOST_TOGETHER and not self._answers.empty()):
            answer = self._failure or self._answers.get()
            if isinstance(answer, Exception):
                self._failure = answer
                if batch:
                    break
                raise answer
            batch.append(answer)
        return batch

    def _work(self, session: Session) -> None:
        try:
            while (turn := self._take()) is not None:
                answer = self._one(session, turn)
                if answer is not None:
                    self._answers.put(answer)
            session.leave()
        except Exception as failure:  # noqa: BLE001 - carried to whoever waits for answers
            self._answers.put(failure)

    def _one(self, session: Session, turn: _Turn) -> Answer | None:
        """One attempt; None when there will be another. Raises `ServerAwayError`."""
        try:
            counted = self._attempt(session, turn)
        except NotCountedError as failure:
            self._note_door(failure)
            if self._may_try_again(turn, failure):
                self._give_back(turn)
                return None
            if failure.at_door and self._last_success < turn.began:  # nobody came in since: it is not this mailbox
                raise ServerAwayError(self.asked.server, failure.reason) from failure
            reason: Reason = failure.reason
            self._finished()
            return self._named(Answer(turn.mailbox, utc_now(), reason=reason), failure.text)
        self._door_failures, self._last_success = 0, time.monotonic()
        self._finished()
        return Answer(turn.mailbox, utc_now(), counted)

    def _attempt(self, session: Session, turn: _Turn) -> Count:
        turn.attempt += 1
        began = time.monotonic()
        turn.began = turn.began or began
        try:
            return session.ask(turn.mailbox, utc_now(), self.asked.options.mailbox_seconds - turn.spent)
        finally:
            turn.spent += time.monotonic() - began

    def _may_try_again(self, turn: _Turn, failure: NotCountedError) -> bool:
        options = self.asked.options
        return failure.is_passing and turn.attempt < options.attempts and turn.spent < options.mailbox_seconds

    def _backoff(self, turn: _Turn) -> float:
        """Twice as long each time, and never the same for two."""
        seconds = self.asked.options.backoff_seconds * 2.0 ** (turn.attempt - 1)
        return min(LONGEST_BACKOFF, seconds) * (0.75 + secrets.randbelow(500) / 1000)

    def _note_door(self, failure: NotCountedError) -> None:
        self._door_failures = self._door_failures + 1 if failure.at_door else 0
        if self._door_failures >= DOOR_FAILURES_PER_CONNECTION * self.asked.options.connections:
            raise ServerAwayError(self.asked.server, failure.reason)

    # whose turn it is ------------------------------------------------------------------------------------------------

    def _take(self) -> _Turn | None:
        """The next mailbox whose time has come; None when all are done or the run is stopped."""
        with self._changed:
            while not self._stopped and self._open:
                wait = self._turns[0].at - time.monotonic() if self._turns else None
                if wait is not None and wait <= 0:
                    return heappop(self._turns)
                self._changed.wait(wait)
        return None

    def _give_back(self, turn: _Turn) -> None:
        turn.at = time.monotonic() + self._backoff(turn)
        with self._changed:
            heappush(self._turns, turn)
            self._changed.notify()

    def _finished(self) -> None:
        with self._changed:
            self._open -= 1
            if not self._open:
                self._changed.notify_all()

    def _stop(self, sessions: Sequence[Session]) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        if self._open:  # left before the end: what still waits for the server waits no longer
            for session in sessions:
                session.interrupt()
