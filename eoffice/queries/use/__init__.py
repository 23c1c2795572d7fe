"""Who uses the e-office, measured from what is done in it: the same classes as for e-mail, by unit and official."""

from __future__ import annotations

from eoffice.queries.use import words
from eoffice.queries.use.model import Acts, OfficialUse, RankUse, Turns, UnitUse, UseClass, UseCoverage
from eoffice.queries.use.reading import (
    UseSort,
    classes_in,
    official_use,
    officials_use,
    units_part,
    units_use,
    use_coverage,
    whole_use,
)
from eoffice.queries.use.rules import CLASSES, UsePeriod

__all__ = [
    "CLASSES",
    "Acts",
    "OfficialUse",
    "RankUse",
    "Turns",
    "UnitUse",
    "UseClass",
    "UseCoverage",
    "UsePeriod",
    "UseSort",
    "classes_in",
    "official_use",
    "officials_use",
    "units_part",
    "units_use",
    "use_coverage",
    "whole_use",
    "words",
]
