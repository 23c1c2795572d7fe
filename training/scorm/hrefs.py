"""Addresses in a manifest: each leads to a file of the package, or the package is refused."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from urllib.parse import quote, unquote

from lxml import etree

from training.errors import PackageError

BASE = "{http://www.w3.org/XML/1998/namespace}base"
LONGEST = 1_000
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_QUERY = re.compile(r"[!$&-;=?-Z_a-z~%#\[\]{}|]*")
"""What may stand behind the path: ASCII without spaces, quotation marks, angle brackets and backslashes."""


class Hrefs:
    """The files of a package, found by address; capitals count only where two would be alike, which is refused."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = {path.casefold(): path for path in paths}

    def base_of(self, node: etree._Element) -> str:
        """The folder that addresses at `node` begin in (`xml:base` of it and of what is around it)."""
        bases = [one.get(BASE, "") for one in (*reversed(list(node.iterancestors())), node)]
        whole = ""
        for base in bases:
            if base:
                whole += base if base.endswith("/") else f"{base}/"
        return whole

    def check(self, href: str, base: str) -> str:
        """The path of an address in the package. Raises `PackageError` where it leads out of it."""
        written = base + href.partition("#")[0].partition("?")[0].strip()
        path = unquote(written)
        outside = _SCHEME.match(path) or path.startswith(("/", "\\")) or "\\" in path or "\0" in path
        tidy = posixpath.normpath(path)
        if not path or outside or len(path) > LONGEST or tidy == ".." or tidy.startswith(("../", "/")):
            raise PackageError(
                f"Địa chỉ “{href[:60]}” trong imsmanifest.xml dẫn ra ngoài gói.",
                f"The address “{href[:60]}” in imsmanifest.xml leads out of the package.",
            )
        return tidy

    def launch(self, href: str, base: str, parameters: str) -> str:
        """The address that a lesson begins at, percent-encoded, with its query. Raises `PackageError`."""
        path = self._paths.get(self.check(href, base).casefold())
        if path is None:
            raise PackageError(
                f"Bài bắt đầu ở “{href[:60]}” nhưng gói không có tệp này.",
                f"A lesson begins at “{href[:60]}”, which is not in the package.",
            )
        query = _joined(href, parameters)
        if not _QUERY.fullmatch(query) or len(query) > LONGEST:
            raise PackageError(
                f"Tham số của “{href[:60]}” không dùng được.", f"The parameters of “{href[:60]}” cannot be used."
            )
        return quote(path) + query


def _joined(href: str, parameters: str) -> str:
    """What stands behind the path: the query of the address and that of the parameters, then the place in the page."""
    own, _hash, place = href.partition("#")
    more, _hash, further = parameters.strip().lstrip("?&").partition("#")
    query = "&".join(one for one in (own.partition("?")[2].strip(), more) if one)
    place = place.strip() or further
    return (f"?{query}" if query else "") + (f"#{place}" if place else "")
