"""Runs a coroutine in a thread of its own: the browser's tests leave a loop running in the main one."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

_Result = TypeVar("_Result")


def run_apart(work: Coroutine[Any, Any, _Result]) -> _Result:
    """What `work` gives, or the error it ends with."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
