"""What the table `[mail_audit.collecting]` of `vanthu.toml` may decide; a wrong entry stops with a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from core.options import entries, wrong_entry
from core.settings import Settings

TABLE = "mail_audit.collecting"


@dataclass(frozen=True, slots=True)
class CollectingOptions:
    """The choices around collecting logs, each shown in `docs/settings.md`.

    minutes: so often the scheduler collects all sources; 0 for never.
    """

    minutes: int = 15

    @classmethod
    def of(cls, settings: Settings) -> CollectingOptions:
        """The options as the settings' file has them; raises `SettingsError`."""
        options = cls(**entries(TABLE, settings.part("mail_audit", "collecting"), cls))
        if not 0 <= options.minutes <= 24 * 60:
            raise wrong_entry(TABLE, "minutes", example=15)
        return options
