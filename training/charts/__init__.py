"""Pictures of an effect for pages: SVG by attributes only (the policy allows no inline style), each with its words."""

from __future__ import annotations

from training.charts.before_after import before_after
from training.charts.dot_and_bar import dot_and_bar

__all__ = ["before_after", "dot_and_bar"]
