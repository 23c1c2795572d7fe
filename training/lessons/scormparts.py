"""Lessons of SCORM packages in `course.toml`: a package is named by the digest of its zip, which was taken in before.

scorm = [
  { key = "an-toan", title = { vi = "…", en = "…" }, package = "9f86d0…", item = "ITEM-1" },
]
"""

from __future__ import annotations

import re
from typing import Any

from core.words import Text
from training.lessons.model import PackagePart

MOST = 60
LONGEST = 500
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FIELDS = {"key", "title", "package", "item"}


def read_parts(given: Any) -> tuple[PackagePart, ...] | None:
    """The parts as the file has them; None where they are not as they should be."""
    if not isinstance(given, list) or len(given) > MOST:
        return None
    found = tuple(part for one in given if (part := _part(one)) is not None)
    alike = len({one.key for one in found}) < len(found)
    return None if alike or len(found) < len(given) else found


def _part(row: Any) -> PackagePart | None:
    if not isinstance(row, dict) or set(row) != _FIELDS or not isinstance(row["title"], dict):
        return None
    title = row["title"]
    texts = [row["key"], row["package"], row["item"], title.get("vi"), title.get("en")]
    if not all(isinstance(one, str) and 0 < len(one.strip()) <= LONGEST for one in texts):
        return None
    if not KEY.fullmatch(row["key"]) or not _DIGEST.fullmatch(row["package"]):
        return None
    return PackagePart(row["key"], Text(title["vi"].strip(), title["en"].strip()), row["package"], row["item"])
