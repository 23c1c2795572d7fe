"""One small city, built once for all tests that only read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from mail_audit.sample import PRESETS, Truth, build


@dataclass(frozen=True)
class Sample:
    """A built city."""

    folder: Path
    truth: Truth

    @property
    def text(self) -> str:
        """Everything in its one log."""
        return (self.folder / "logs" / "mail.log").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The small preset."""
    folder = tmp_path_factory.mktemp("sample")
    plan = PRESETS["small"]
    truth = build(
        folder, officials=plan.officials, first=plan.first, days=plan.days, layout=plan.layout, volume=plan.volume
    )
    return Sample(folder, truth)


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The full picture with fewer staff, three working days."""
    folder = tmp_path_factory.mktemp("full")
    plan = PRESETS["demo"]
    truth = build(folder, officials=600, first=plan.first, days=3, volume=plan.volume, subjects=True)
    return Sample(folder, truth)
