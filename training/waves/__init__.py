"""Who learns in which wave: the order is drawn within each unit, from a seed that was published before.

Pure. `docs/effect.md` tells how to draw and how anybody draws it again.
"""

from __future__ import annotations

from training.waves.drawing import Draw, Person, Place, differences, draw

__all__ = ["Draw", "Person", "Place", "differences", "draw"]
