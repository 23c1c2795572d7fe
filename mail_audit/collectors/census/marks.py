"""Whose marks are they? In a shared folder each who looks may have marks of the own, and then all is unseen for ever.

Taken at their word, such counts would say of everybody that nothing was read. One message that is seen, in any of the
mailboxes, proves the contrary, because the census itself marks nothing; until there is one, no count is let through.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing

from core.errors import InputError
from core.words import Text
from mail_audit.services.census import Answer


class OwnMarksError(InputError):
    """Not one message is seen in any mailbox: the marks are the account's own."""

    def __init__(self, server: str) -> None:
        super().__init__(
            Text(
                f"Trên {server}, mọi thư đều chưa đọc trong mọi hộp thư: dấu “đã đọc” là của riêng tài khoản này, không"
                " phải của cán bộ. Hãy dùng --master.",
                f"On {server} every message of every mailbox is unseen: the marks are this account's own, and not the"
                " officials'. Please use --master.",
            )
        )


def proven(batches: Generator[list[Answer], None, None], server: str) -> Generator[list[Answer], None, None]:
    """The same answers, the counts held back until one mailbox has a seen message. Raises `OwnMarksError`."""
    held: list[Answer] = []
    is_proven = False
    with closing(batches):
        for batch in batches:
            if is_proven or any(_has_seen(answer) for answer in batch):
                yield [*held, *batch]
                held, is_proven = [], True
                continue
            held += [answer for answer in batch if answer.count]
            if unknown := [answer for answer in batch if not answer.count]:
                yield unknown
    if _has_messages(held):
        raise OwnMarksError(server)
    if held:
        yield held


def _has_seen(answer: Answer) -> bool:
    return answer.count is not None and answer.count.messages > answer.count.unseen


def _has_messages(answers: Iterable[Answer]) -> bool:
    return any(answer.count and answer.count.messages for answer in answers)
