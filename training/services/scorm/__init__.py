"""SCORM packages: taken in by HR, shown to learners, and what they report kept."""

from __future__ import annotations
