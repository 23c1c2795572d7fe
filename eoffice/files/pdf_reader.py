"""Reads the words of a PDF from its input to its output; run as a process of its own, within narrow bounds.

The reader is a large program in C: a hostile file may crash it, or make it take all memory and time. Here it can take
no more than it is given, and nothing that it breaks is the program that keeps people's drafts.
"""

from __future__ import annotations

import importlib
import resource
import sys

PAGES = 3
SECONDS = 10
MEMORY = 1_500_000_000


def main() -> int:
    """The words of the first pages, a line each; 2 where it cannot be read, 3 where there is no reader."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        pypdfium2 = importlib.import_module("pypdfium2")
    except ImportError:
        return 3
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        metadata = document.get_metadata_dict()
        words = [metadata.get("Title") or "", metadata.get("Subject") or ""]
        words += [document[number].get_textpage().get_text_range() for number in range(min(PAGES, len(document)))]
    except pypdfium2.PdfiumError:
        return 2
    sys.stdout.buffer.write("\n".join(words).encode("utf-8", "replace"))
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
