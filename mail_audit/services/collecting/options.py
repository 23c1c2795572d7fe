"""What the table `[mail_audit.collecting]` of `vanthu.toml` may decide; a wrong entry stops with a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings import Settings, SettingsError, refuse_unknown
from core.words import Text


@dataclass(frozen=True, slots=True)
class CollectingOptions:
    """The choices around collecting logs, each shown in `docs/settings.md`.

    minutes: so often the scheduler collects all sources; 0 for never.
    """

    minutes: int = 15

    @classmethod
    def of(cls, settings: Settings) -> CollectingOptions:
        """The options as the settings' file has them; raises `SettingsError`."""
        given = settings.part("mail_audit", "collecting")
        refuse_unknown("mail_audit.collecting", given, {"minutes"})
        minutes = given.get("minutes", cls().minutes)
        if isinstance(minutes, bool) or not isinstance(minutes, int) or not 0 <= minutes <= 1440:
            raise SettingsError(
                Text(
                    "[mail_audit.collecting] minutes phải là số phút từ 0 đến 1440; ví dụ: 15.",
                    "[mail_audit.collecting] minutes must be from 0 to 1440; for example: 15.",
                ),
                detail="minutes",
            )
        return cls(minutes)
