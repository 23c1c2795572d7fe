"""Pictures of lessons: PNG, JPEG, WebP, or a drawing in SVG that holds nothing but shapes and text.

A browser runs what an SVG brings along when somebody opens it by itself. So SVG is read element by element against a
short list; pages show it as an image, and its address answers with a policy that allows nothing (`web`): three locks.
"""

from __future__ import annotations

import hashlib

from lxml import etree

from core.words import Text
from training.lessons.model import Picture

LARGEST = 400_000
"""Bytes of a picture: a telephone fetches it over a slow line."""
SVG = "http://www.w3.org/2000/svg"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ELEMENTS = {
    *("svg", "g", "rect", "circle", "ellipse", "line", "polyline", "polygon", "path", "text", "tspan", "title"),
    *("desc", "defs", "marker", "linearGradient", "stop", "clipPath"),
}
ATTRIBUTES = {
    *("viewBox", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "cx", "cy", "r", "rx", "ry", "d"),
    *("points", "transform", "fill", "stroke", "opacity", "id", "role", "aria-label", "version", "offset", "orient"),
    *("fill-opacity", "fill-rule", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-dasharray"),
    *("stroke-opacity", "font-family", "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline"),
    *("letter-spacing", "stop-color", "stop-opacity", "gradientUnits", "markerWidth", "markerHeight", "refX", "refY"),
    *("marker-end", "marker-start", "clip-path", "clip-rule", "preserveAspectRatio", XML_LANG),
}
_SIGNS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


def picture_of(name: str, content: bytes) -> Picture | Text:
    """The picture, or what is wrong with it."""
    if len(content) > LARGEST:
        kilobytes = LARGEST // 1000
        return Text(f"hình lớn hơn {kilobytes} kB", f"the picture is larger than {kilobytes} kB")
    found = _media_type(name, content)
    if isinstance(found, Text):
        return found
    return Picture(hashlib.sha256(content).hexdigest(), found, content)


def _media_type(name: str, content: bytes) -> str | Text:
    ending = name.rpartition(".")[2].lower()
    kinds = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp"}
    if ending == "svg":
        wrong = _wrong_in_svg(content)
        return "image/svg+xml" if wrong is None else wrong
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    real = "image/webp" if is_webp else next((kind for sign, kind in _SIGNS if content.startswith(sign)), None)
    if ending in kinds and real == kinds[ending]:
        return real
    return Text("không phải là hình PNG, JPEG, WebP hoặc SVG như tên gọi", "not the PNG, JPEG, WebP or SVG it is named")


def _wrong_in_svg(content: bytes) -> Text | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return Text("SVG không đọc được", "the SVG cannot be read")
    if any(beside.tag is etree.PI for beside in root.itersiblings(preceding=True)):
        return Text("SVG không được gọi tệp khác", "an SVG may name no other file")
    if root.getroottree().docinfo.doctype:
        return Text("SVG không được có DOCTYPE", "an SVG may have no DOCTYPE")
    for node in root.iter():
        if node.tag is etree.Comment:
            continue
        if not isinstance(node.tag, str) or node.tag not in {f"{{{SVG}}}{one}" for one in ELEMENTS}:
            return Text(f"SVG có phần không được phép: {node.tag}", f"the SVG holds what is not allowed: {node.tag}")
        for key, value in node.attrib.items():
            if key not in ATTRIBUTES or ("url(" in str(value) and not str(value).startswith("url(#")):
                return Text(
                    f"SVG có thuộc tính không được phép: {key}", f"an attribute of the SVG is not allowed: {key}"
                )
    return None
