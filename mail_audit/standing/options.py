"""What the table `[mail_audit.standing]` of `vanthu.toml` may decide; a wrong entry stops with a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from core.options import entries, wrong_entry
from core.settings import Settings

TABLE = "mail_audit.standing"
FEWEST_MORNINGS = 62
"""Thirty days are compared with the thirty before them: reports of two months have to be there."""


@dataclass(frozen=True, slots=True)
class StandingOptions:
    """The choices around standing facts, each shown in `docs/settings.md`.

    keep_days: days after a month's end for which its events and the text of their lines are kept; facts stay for ever.
    morning: when the reports of the morning are made, on the offices' clock; empty for none.
    keep_mornings_days: days for which a report of a morning is kept; those of whole months stay for ever.
    """

    keep_days: int = 180
    morning: str = "06:00"
    keep_mornings_days: int = 92

    @classmethod
    def of(cls, settings: Settings) -> StandingOptions:
        """The options as the settings' file has them; raises `SettingsError`."""
        options = cls(**entries(TABLE, settings.part("mail_audit", "standing"), cls))
        options.check()
        return options

    @property
    def morning_at(self) -> time | None:
        """When the morning's reports are made; None for never."""
        return time.fromisoformat(self.morning) if self.morning else None

    def check(self) -> None:
        """Raises `SettingsError` for values that cannot be used."""
        for name, least, example in (("keep_days", 1, 180), ("keep_mornings_days", FEWEST_MORNINGS, 92)):
            if not least <= getattr(self, name) <= 36_500:
                raise wrong_entry(TABLE, name, example=example)
        try:
            _ = self.morning_at
        except ValueError as wrong:
            raise wrong_entry(TABLE, "morning", example="06:00") from wrong
