"""What the table `[training.certificates]` of `vanthu.toml` may decide."""

from __future__ import annotations

from dataclasses import dataclass

from core.options import entries, wrong_entry
from core.settings import Settings

TABLE = "training.certificates"

LONGEST = 200


@dataclass(frozen=True, slots=True)
class CertificateOptions:
    """The choices about certificates; the names are those of the file."""

    issuer: str = ""
    """Who certifies, as papers and pages say it. Empty: the topmost unit of the directory."""

    @classmethod
    def of(cls, settings: Settings) -> CertificateOptions:
        """The options as the settings' file has them. Raises `SettingsError`."""
        made = cls(**entries(TABLE, settings.part("training", "certificates"), cls))
        if not made.issuer.isprintable() or len(made.issuer) > LONGEST:
            raise wrong_entry(TABLE, "issuer", example="Ủy ban nhân dân thành phố Tân Phong")
        return cls(" ".join(made.issuer.split()))
