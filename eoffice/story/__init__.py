"""The story of a document as words, and as a paper."""

from __future__ import annotations

from eoffice.story.model import Happening, Somebody, Story

__all__ = ["Happening", "Somebody", "Story"]
