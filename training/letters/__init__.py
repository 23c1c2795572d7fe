"""What training writes to people, beside the lines of the day's mail."""

from __future__ import annotations

from collections.abc import Mapping

from core.mail.letters import Composer
from training.letters import classes, practice

LETTERS: Mapping[str, Composer] = {**classes.LETTERS, **practice.LETTERS}
"""Composers by kind: `core.mail` finds them by this name."""
