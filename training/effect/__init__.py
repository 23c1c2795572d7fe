"""Did the training help? The honest answer from a panel of active days, with a label that says how strong it is.

Pure: numpy and nothing else. `docs/effect.md` tells the method and what it was tried against.
"""

from __future__ import annotations

from training.effect.measuring import measure_effect
from training.effect.model import Effect, Label, Verdict
from training.effect.panel import Panel

__all__ = ["Effect", "Label", "Panel", "Verdict", "measure_effect"]
