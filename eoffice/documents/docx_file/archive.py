"""The zip of a DOCX, opened without trust.

Refused with a sentence: what is no zip or no DOCX, too large packed or unpacked (bombs, also those that lie about their
size), XML with a DTD or deeper than any real document, macros, and parts that would be fetched from elsewhere. Links in
the text (hyperlinks) are only named there, never followed, and stay.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping

from lxml import etree

from eoffice.documents.docx_file.names import OFFICE, RELATIONSHIPS, Element
from eoffice.errors import DocumentFileError

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_XML = 30 * 1024 * 1024
MOST_PARTS = 2000
DEEPEST = 200
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""An old .doc, or a DOCX behind a password."""
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    MemoryError,
)
_HARMLESS_OUTSIDE = ("/hyperlink", "/attachedTemplate")
"""Outside relations that opening the file here follows in no way: links to click, the template it was made from."""


class Package:
    """The parts of one DOCX, name -> bytes, all of them unpacked within bounds."""

    def __init__(self, parts: Mapping[str, bytes], order: tuple[str, ...]) -> None:
        self.parts = dict(parts)
        self.order = order

    def xml(self, name: str) -> Element | None:
        """The root of an XML part, or None where there is no such part."""
        content = self.parts.get(name)
        return None if content is None else parsed(content, name)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """The relations of a part: id -> (kind, name of the other part). Outside ones are left out."""
        folder, base = posixpath.split(name)
        root = self.xml(f"{folder}/_rels/{base}.rels".lstrip("/"))
        found: dict[str, tuple[str, str]] = {}
        for one in () if root is None else root.iter(f"{{{RELATIONSHIPS}}}Relationship"):
            target = one.get("Target") or ""
            if one.get("TargetMode") != "External" and target:
                place = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = (one.get("Type") or "").rpartition("/")[2]
                found[one.get("Id") or ""] = (kind, posixpath.normpath(place))
        return found

    def main(self) -> str:
        """The name of the part that holds the text."""
        for kind, name in self.related("").values():
            if kind == "officeDocument" and name in self.parts:
                return name
        raise not_usable("no main part")

    def with_parts(self, changed: Mapping[str, bytes]) -> bytes:
        """The file with some parts replaced; every other part keeps its bytes and its place."""
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in self.order:
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, changed.get(name, self.parts[name]))
        return kept.getvalue()


def not_usable(detail: str) -> DocumentFileError:
    """The file is broken, or is something else."""
    return DocumentFileError(
        "Tệp không phải là DOCX dùng được. Hãy mở bằng trình soạn thảo rồi lưu lại dạng DOCX.",
        "The file is not a usable DOCX. Please open it in a word processor and save it again as DOCX.",
        detail=detail,
    )


def _too_large() -> DocumentFileError:
    return DocumentFileError(
        f"Tệp quá lớn (nhiều nhất {MOST_BYTES // 2**20} MB, mở ra {MOST_UNPACKED // 2**20} MB).",
        f"The file is too large (at most {MOST_BYTES // 2**20} MB, {MOST_UNPACKED // 2**20} MB unpacked).",
    )


def opened(content: bytes) -> Package:
    """The parts of a DOCX. Raises DocumentFileError for anything else, and for what is made to do harm."""
    if len(content) > MOST_BYTES:
        raise _too_large()
    if content.startswith(OLE_MAGIC):
        raise DocumentFileError(
            "Đây là tệp .doc đời cũ hoặc DOCX có mật khẩu. Hãy lưu lại dạng DOCX không đặt mật khẩu.",
            "This is an old .doc, or a DOCX with a password. Please save it as DOCX without a password.",
        )
    try:
        package = _unpacked(content)
    except DocumentFileError:
        raise
    except _BROKEN as wrong:
        raise not_usable(type(wrong).__name__) from wrong
    _refuse_definitions(package)
    _refuse_macros(package)
    _refuse_outside(package)
    package.main()
    return package


def _unpacked(content: bytes) -> Package:
    parts: dict[str, bytes] = {}
    left = MOST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MOST_PARTS:
            raise _too_large()
        for entry in entries:
            if entry.flag_bits & 1:
                raise not_usable("encrypted part")
            if entry.filename in parts:
                raise not_usable("the same part twice")
            with archive.open(entry) as part:
                read = part.read(min(left, MOST_UNPACKED) + 1)
            left -= len(read)
            if left < 0:
                raise _too_large()
            parts[entry.filename] = read
    if "[Content_Types].xml" not in parts:
        raise not_usable("no content types")
    return Package(parts, tuple(entry.filename for entry in entries))


def _refuse_definitions(package: Package) -> None:
    """No part may define entities, whether it is read here or not: somebody will open the file elsewhere."""
    for name, content in package.parts.items():
        if not name.endswith((".xml", ".rels", ".vml")):
            continue
        for text in (content, content.replace(b"\0", b"")):  # the second finds it in UTF-16
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise not_usable(f"{name}: a document type definition")


def _refuse_macros(package: Package) -> None:
    types = package.parts["[Content_Types].xml"]
    if b"macroEnabled" in types or b"vbaProject" in types or any("vbaproject" in one.lower() for one in package.parts):
        raise DocumentFileError(
            "Tệp có macro nên không được nhận. Hãy lưu lại dạng DOCX không có macro.",
            "The file has macros and is not taken. Please save it as DOCX without macros.",
        )


def _refuse_outside(package: Package) -> None:
    for name in package.parts:
        if name.endswith(".rels"):
            root = package.xml(name)
            for one in () if root is None else root.iter(f"{{{RELATIONSHIPS}}}Relationship"):
                kind = one.get("Type") or ""
                if one.get("TargetMode") == "External" and not kind.endswith(_HARMLESS_OUTSIDE):
                    raise DocumentFileError(
                        "Tệp có phần lấy từ nơi khác (ảnh hay đối tượng liên kết) nên không được nhận. "
                        "Hãy nhúng phần đó vào tệp.",
                        "A part of the file would be fetched from elsewhere (a linked picture or object), so it is not "
                        "taken. Please embed that part.",
                        detail=f"{kind.removeprefix(OFFICE)} in {name}",
                    )


def parsed(content: bytes, name: str) -> Element:
    """The root of untrusted XML: no DTD, no entities, no network, bounded depth and size."""
    if len(content) > MOST_XML:
        raise _too_large()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise not_usable(f"{name}: {wrong}") from wrong
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise not_usable(f"{name}: a document type definition")
    _refuse_depth(root, name)
    return root


def _refuse_depth(root: Element, name: str) -> None:
    depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise not_usable(f"{name}: deeper than {DEEPEST}")
