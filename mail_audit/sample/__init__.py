"""The sample city: a directory of officials and mail-server logs whose truth is known exactly, for tests and trials."""

from __future__ import annotations

from mail_audit.sample.build import PRESETS, Preset, build
from mail_audit.sample.day import Volume
from mail_audit.sample.files import Layout
from mail_audit.sample.practised import PracticeMessage
from mail_audit.sample.truth import MailboxTruth, OfficialTruth, Truth, UnitTruth

__all__ = [
    "PRESETS",
    "Layout",
    "MailboxTruth",
    "OfficialTruth",
    "PracticeMessage",
    "Preset",
    "Truth",
    "UnitTruth",
    "Volume",
    "build",
]
