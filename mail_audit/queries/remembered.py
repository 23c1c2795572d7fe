"""What was worked out of two reports once is remembered in this process: figures that are stored never change.

The key is the digest of what is stored (`Audit.result_digest`), so a run whose result is replaced is worked out anew,
and nothing has to be thrown away by whoever replaces it. Only what follows from the stored figures alone, and names
nobody, may be kept here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from mail_audit.models import Audit

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """The last `most` values that were worked out, each under its key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, work_out: Callable[[], Value]) -> Value:
        """The value of `key`; two threads that miss it at once both work it out, to the same."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = work_out()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value


def remembered_of(
    session: Session, audit_id: int, kept: Remembered[Value], work_out: Callable[[], Value], *more: Hashable
) -> Value:
    """What follows from the stored figures of one run (and `more`): worked out once, while they stay as they are."""
    digest = session.scalar(select(Audit.result_digest).where(Audit.id == audit_id))
    return work_out() if digest is None else kept.get((digest, *more), work_out)
