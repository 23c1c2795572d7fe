"""What a paper must be to be kept for ever (PDF/A-2b, ISO 19005-2), as far as it is seen without a validator.

A validator knows hundreds of rules and this only those that a change of template or of typesetter would break first;
`docs/report.md` says with which validators the papers were looked at as a whole.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

_OBJECT = re.compile(rb"(?<!\d)(\d+) 0 obj\s*(.*?)\s*(?:stream(?:\r\n|\n)|endobj)", re.DOTALL)
_FORBIDDEN = (b"Encrypt", b"JavaScript", b"JS", b"Launch", b"AA", b"EmbeddedFiles", b"LZWDecode", b"ObjStm", b"XFA")
"""Names that may not be in a file. Objects within streams (ObjStm) are allowed, but this would not look into them."""
_PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"


@dataclass(frozen=True, slots=True)
class _Object:
    """A numbered object: what it says of itself, and the bytes of its stream where it has one."""

    number: int
    says: bytes
    content: bytes
    is_whole: bool
    """Whether the stream ends where its length says."""

    def read(self) -> bytes:
        return zlib.decompress(self.content) if b"/FlateDecode" in self.says else self.content


def faults(paper: bytes) -> list[str]:
    """What keeps the paper from being PDF/A-2b; empty where nothing was found."""
    if not re.match(rb"%PDF-1\.[4-7]\n%[\x80-\xff]{4}", paper):
        return ["it does not begin as a PDF with eight-bit data does"]
    objects = {one.number: one for one in _objects(paper)}
    everything = b"\n".join([*(one.says for one in objects.values()), paper[paper.rfind(b"trailer") :]])
    return [
        *(f"it has /{name.decode()}" for name in _FORBIDDEN if re.search(rb"/%b(?![A-Za-z0-9])" % name, everything)),
        *([] if re.search(rb"/ID\s*\[", everything) else ["it has no /ID"]),
        *(f"stream {one.number} is not as long as it says" for one in objects.values() if not one.is_whole),
        *_wrong_fonts(objects),
        *_wrong_colours(objects, everything),
        *_wrong_words_about_itself(objects, everything),
    ]


def _objects(paper: bytes) -> Iterator[_Object]:
    at = 0
    while found := _OBJECT.search(paper, at):
        begin = at = found.end()
        is_whole = True
        if not found[0].endswith(b"endobj"):
            length = re.search(rb"/Length (\d+)", found[2])
            at += int(length[1]) if length else 0
            is_whole = bool(re.match(rb"(?:\r\n|\n|\r)endstream", paper[at : at + 16]))
        yield _Object(int(found[1]), found[2], paper[begin:at], is_whole)


def _wrong_fonts(objects: dict[int, _Object]) -> list[str]:
    fonts = [one for one in objects.values() if re.search(rb"/Type\s*/FontDescriptor\b", one.says)]
    bare = [f"font {one.number} is not embedded" for one in fonts if not re.search(rb"/FontFile[23]?\s", one.says)]
    return bare if fonts else ["it has no embedded font at all"]


def _wrong_colours(objects: dict[int, _Object], everything: bytes) -> list[str]:
    """Colours mean the same for ever only where the profile they are meant by lies in the file."""
    profile = re.search(rb"/DestOutputProfile\s+(\d+) 0 R", everything)
    if not profile or not re.search(rb"/GTS_PDFA1\b", everything):
        return ["it has no output intent with a profile"]
    return [] if objects[int(profile[1])].read()[36:40] == b"acsp" else ["its output profile is no ICC profile"]


def _wrong_words_about_itself(objects: dict[int, _Object], everything: bytes) -> list[str]:
    metadata = re.search(rb"/Metadata\s+(\d+) 0 R", everything)
    if not metadata:
        return ["it has no metadata"]
    if b"/Filter" in objects[int(metadata[1])].says:
        return ["its metadata are compressed"]
    tree = etree.fromstring(objects[int(metadata[1])].content)
    said = [tree.findtext(f".//{_PDFAID}{one}") for one in ("part", "conformance")]
    return [] if said == ["2", "B"] else [f"it says that it is PDF/A {said}"]
