"""All faults that can be put into letters."""

from __future__ import annotations

from tests.eoffice.documents.letters import faults_above, faults_below
from tests.eoffice.documents.letters.seeding import FAULTS, plant

__all__ = ["FAULTS", "faults_above", "faults_below", "plant"]
