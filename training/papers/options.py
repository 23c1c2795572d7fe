"""What the table `[training.certificates]` of `vanthu.toml` may decide."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from core.settings import Settings, SettingsError, refuse_unknown
from core.words import Text

LONGEST = 200


@dataclass(frozen=True, slots=True)
class CertificateOptions:
    """The choices about certificates; the names are those of the file."""

    issuer: str = ""
    """Who certifies, as papers and pages say it. Empty: the topmost unit of the directory."""

    @classmethod
    def of(cls, settings: Settings) -> CertificateOptions:
        """The options as the settings' file has them. Raises `SettingsError`."""
        given: dict[str, Any] = settings.part("training", "certificates")
        refuse_unknown("training.certificates", given, {one.name for one in fields(cls)})
        issuer = given.get("issuer", "")
        if not isinstance(issuer, str) or not issuer.isprintable() or len(issuer) > LONGEST:
            raise SettingsError(
                Text(
                    f"[training.certificates] issuer là tên cơ quan cấp, một dòng, không quá {LONGEST} ký tự.",
                    f"[training.certificates] issuer is the name of who certifies: one line, {LONGEST} signs at most.",
                ),
                detail="issuer",
            )
        return cls(" ".join(issuer.split()))
