"""The courses' pictures of real screens are those of the documentation: `python -m tests.e2e.course_pictures` copies
them, and so does `tests.e2e.pictures` when it has made them anew. That none is older is held by
`tests/training/lessons/test_format.py`.
"""

from __future__ import annotations

from pathlib import Path

from tests.house.tree import ROOT

SOURCES = {
    "decide_in_three_minutes/pictures/leader": "first-steps/{}-leader.webp",
    "drafting/pictures/write": "drafts/{}-write.webp",
    "drafting/pictures/faults": "drafts/{}-faults.webp",
    "drafting/pictures/difference": "drafts/{}-difference.webp",
    "drafting/pictures/send": "drafts/{}-send.webp",
    "mailbox/pictures/figures": "first-steps/{}-official.webp",
}
"""Picture of a course without its language -> the picture of the documentation."""


def pairs() -> list[tuple[Path, Path]]:
    """Each picture of the documentation, and where a course has it."""
    return [
        (
            ROOT / "docs" / "pictures" / source.format(language),
            ROOT / "training" / "courses" / f"{name}-{language}.webp",
        )
        for name, source in SOURCES.items()
        for language in ("vi", "en")
    ]


def copy() -> None:
    """Have the courses show the screens as the documentation does."""
    for source, copied in pairs():
        copied.parent.mkdir(exist_ok=True)
        copied.write_bytes(source.read_bytes())


if __name__ == "__main__":
    copy()
