"""`imsmanifest.xml` of SCORM 1.2: which lessons of a package report (SCOs), where each begins, what it is told.

Source: ADL SCORM 1.2, *Content Aggregation Model*, 2.3 (1 October 2001). The file is a stranger's: no DTD, no entity,
nothing fetched, at most 1 MB, 20,000 elements and 40 levels; every address in it leads to a file of the package.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from lxml import etree

from core.words import Text
from training.errors import PackageError
from training.scorm import elements
from training.scorm.hrefs import Hrefs

LARGEST_MANIFEST = 1_000_000
MOST_ELEMENTS, DEEPEST = 20_000, 40
MOST_SCOS = 30
LONGEST_TITLE = 200
PACKAGING = ("http://www.imsproject.org/xsd/imscp_rootv1p1p2", "http://www.imsproject.org/content", "")
"""Namespaces of content packaging 1.1.2, as SCORM 1.2 and older programs write them."""
ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
LATER = ("http://www.imsglobal.org/xsd/imscp_v1p1", "http://www.adlnet.org/xsd/adlcp_v1p3")
"""Namespaces of SCORM 2004."""
_VERSIONS = ("1.2", "1.1", "")
Node: TypeAlias = Any
"""An element of lxml, which carries no types."""


@dataclass(frozen=True, slots=True)
class Sco:
    """A lesson that reports: where it begins, and what its run time is told; numbers as they were written."""

    identifier: str
    title: str
    launch: str
    """Address in the package, percent-encoded, with its query."""
    mastery_score: str = ""
    launch_data: str = ""
    max_time_allowed: str = ""
    time_limit_action: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package is called, its SCOs in order, and in sentences what of it is not done here."""

    title: str
    scos: tuple[Sco, ...]
    notices: tuple[Text, ...]


def read_manifest(content: bytes, paths: Collection[str]) -> Manifest:
    """The manifest of a package whose files are `paths`. Raises `PackageError` saying what is wrong with it."""
    root = _root(content)
    reader = _Reader(root, Hrefs(paths))
    return reader.manifest()


def _root(content: bytes) -> Node:
    if any(sign in content.replace(b"\0", b"").upper() for sign in (b"<!DOCTYPE", b"<!ENTITY")):
        raise PackageError("imsmanifest.xml không được có DOCTYPE.", "imsmanifest.xml may have no DOCTYPE.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise PackageError(
            "imsmanifest.xml không đọc được theo XML.", "imsmanifest.xml is not readable as XML.", detail=str(wrong)
        ) from wrong
    if root.getroottree().docinfo.doctype:
        raise PackageError("imsmanifest.xml không được có DOCTYPE.", "imsmanifest.xml may have no DOCTYPE.")
    if sum(1 for _node in root.iter()) > MOST_ELEMENTS or _depth(root) > DEEPEST:
        raise PackageError("imsmanifest.xml quá dài hoặc quá sâu.", "imsmanifest.xml is too long or too deep.")
    space, name = _split(root)
    if space in LATER or any(one in LATER for one in root.nsmap.values()):
        raise _not_this_version("SCORM 2004")
    if name != "manifest" or space not in PACKAGING:
        raise PackageError("imsmanifest.xml không phải của gói SCORM 1.2.", "imsmanifest.xml is not one of SCORM 1.2.")
    return root


def _depth(root: Node) -> int:
    deepest, waiting = 0, [(root, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in node)
    return deepest


def _not_this_version(version: str) -> PackageError:
    return PackageError(
        f"Gói này theo {version}; ở đây chỉ nhận SCORM 1.2. Hãy xuất lại gói theo SCORM 1.2.",
        f"This package is of {version}; only SCORM 1.2 is taken here. Please publish it as SCORM 1.2.",
    )


class _Reader:
    """Reads one manifest; collects what is to be told of it."""

    def __init__(self, root: Node, hrefs: Hrefs) -> None:
        self._root, self._hrefs = root, hrefs
        self._notices: dict[Text, None] = {}
        self._resources: dict[str, Node] = {}

    def manifest(self) -> Manifest:
        version = _text(self._root, "metadata", "schemaversion")
        if version.strip() not in _VERSIONS:
            raise _not_this_version(version.strip()[:40])
        if any(_split(one) in {(space, "manifest") for space in PACKAGING} for one in self._root.iterdescendants()):
            raise PackageError(
                "Gói chứa gói con (manifest lồng nhau), ở đây không nhận.",
                "The package holds packages of its own (nested manifests), which are not taken here.",
            )
        self._read_resources()
        organization = self._organization()
        scos = tuple(self._scos(organization, organization))
        if not scos:
            raise PackageError(
                "Gói không có bài nào báo kết quả (SCO); chỉ có trang tĩnh thì hãy viết thành bài học.",
                "The package has no lesson that reports (no SCO); pages that only show something are lessons to write.",
            )
        if len(scos) > MOST_SCOS:
            raise PackageError(f"Gói có quá {MOST_SCOS} bài.", f"The package has more than {MOST_SCOS} lessons (SCOs).")
        return Manifest(_title(organization) or scos[0].title, scos, tuple(self._notices))

    def _read_resources(self) -> None:
        holder = _child(self._root, "resources")
        for node in _children(holder, "resource") if holder is not None else ():
            identifier = node.get("identifier", "")
            if identifier in self._resources:
                raise PackageError(f"Mã “{identifier[:60]}” có hai lần.", f"“{identifier[:60]}” stands twice.")
            self._resources[identifier] = node
            for file in _children(node, "file"):
                self._hrefs.check(file.get("href", ""), self._hrefs.base_of(file))

    def _organization(self) -> Node:
        holder = _child(self._root, "organizations")
        found = list(_children(holder, "organization")) if holder is not None else []
        if not found or holder is None:
            raise PackageError("Gói không có mục lục (organization).", "The package has no organization.")
        if len(found) > 1:
            self._tell(
                "Gói có nhiều mục lục; chỉ dùng mục lục mặc định.",
                "The package has several organizations; only the default one is used.",
            )
        wanted = holder.get("default", "")
        return next((one for one in found if one.get("identifier") == wanted), found[0])

    def _scos(self, node: Node, organization: Node) -> Iterator[Sco]:
        for item in _children(node, "item"):
            if _child(item, "prerequisites", ADLCP) is not None:
                self._tell(
                    "Gói quy định bài nào học trước (prerequisites); ở đây các bài chỉ xếp theo thứ tự, không bị khóa.",
                    "The package says which lesson needs which (prerequisites); here they stand in order, and none is "
                    "locked.",
                )
            wanted = item.get("identifierref", "")
            if wanted:
                resource = self._resources.get(wanted)
                if resource is None:
                    raise PackageError(
                        f"Mục lục nhắc đến “{wanted[:60]}” nhưng gói không có.",
                        f"An item names “{wanted[:60]}”, which is not in the package.",
                    )
                if resource.get(f"{{{ADLCP}}}scormtype", "").lower() == "sco":
                    yield self._sco(item, resource, _title(organization))
                else:
                    self._tell(
                        f"“{_title(item)}” chỉ hiển thị, không báo kết quả, nên không thành bước học.",
                        f"“{_title(item)}” only shows something and reports nothing: it is no step.",
                    )
            yield from self._scos(item, organization)

    def _sco(self, item: Node, resource: Node, course: str) -> Sco:
        launch = self._hrefs.launch(
            resource.get("href", ""), self._hrefs.base_of(resource), item.get("parameters", "").strip()
        )
        told = {name: _text(item, name, space=ADLCP).strip() for name in ("masteryscore", "maxtimeallowed")}
        action = _text(item, "timelimitaction", space=ADLCP).strip().lower()
        data = _text(item, "datafromlms", space=ADLCP)
        usable = (
            ("cmi.student_data.mastery_score", told["masteryscore"], "masteryscore"),
            ("cmi.student_data.max_time_allowed", told["maxtimeallowed"], "maxtimeallowed"),
            ("cmi.student_data.time_limit_action", action, "timelimitaction"),
            ("cmi.launch_data", data, "datafromlms"),
        )
        for element, value, name in usable:
            if value and not elements.is_right(element, value):
                raise PackageError(
                    f"{name} trong imsmanifest.xml không dùng được: “{value[:60]}”.",
                    f"{name} in imsmanifest.xml cannot be used: “{value[:60]}”.",
                )
        if told["maxtimeallowed"]:
            self._tell(
                "Giới hạn thời gian của gói được chuyển cho bài học, không bị cắt giờ ở đây.",
                "The package's time limit is told to the lesson; nobody is stopped by it here.",
            )
        return Sco(
            item.get("identifier", "")[:255], _title(item) or course or "SCORM", launch, told["masteryscore"], data,
            told["maxtimeallowed"], action,
        )  # fmt: skip

    def _tell(self, vi: str, en: str) -> None:
        self._notices[Text(vi, en)] = None


def _split(node: Node) -> tuple[str, str]:
    named = etree.QName(node)
    return named.namespace or "", named.localname


def _children(node: Node, name: str, space: str | None = None) -> Iterator[Node]:
    spaces = PACKAGING if space is None else (space,)
    return (one for one in node if _split(one) in {(here, name) for here in spaces})


def _child(node: Node, name: str, space: str | None = None) -> Node | None:
    return next(_children(node, name, space), None)


def _text(node: Node, *path: str, space: str | None = None) -> str:
    """The text of the child that `path` leads to; empty where there is none."""
    found: Node | None = node
    for name in path:
        found = _child(found, name, space) if found is not None else None
    return "".join(found.itertext()) if found is not None else ""


def _title(node: Node) -> str:
    return " ".join(_text(node, "title").split())[:LONGEST_TITLE]
