"""SCORM packages as authoring tools write them, made in memory, and as somebody with bad intentions would."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

Build = Callable[[zipfile.ZipFile], None]
HEAD = (
    '<manifest identifier="an-toan-1" version="1.1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"'
    ' xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>"
)
ITEM = '<item identifier="I1" identifierref="R1"><title>An toàn thông tin</title>%s</item>'
SCO = (
    '<resource identifier="R1" type="webcontent" adlcp:scormtype="sco" href="index.html">'
    '<file href="index.html"/><file href="js/driver.js"/></resource>'
)
PAGE = b"<!DOCTYPE html><title>Lesson</title><script src='js/driver.js'></script><p>Lesson</p>"
FILES: Mapping[str, bytes] = {"index.html": PAGE, "js/driver.js": b"/* finds window.API */"}


def manifest(
    items: str = ITEM % "", resources: str = SCO, *, head: str = HEAD, title: str = "An toàn thông tin", more: str = ""
) -> str:
    """A manifest with one organization."""
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>{head}<organizations default='O1'><organization identifier='O1'>"
        f"<title>{title}</title>{items}</organization>{more}</organizations>"
        f"<resources>{resources}</resources></manifest>"
    )


def zipped(told: str | bytes | None = None, *, files: Mapping[str, bytes] = FILES, build: Build | None = None) -> bytes:
    """A package with this manifest (by default a good one; empty: none) and these files; `build` may add to it."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        whole = manifest() if told is None else told
        if whole:
            archive.writestr("imsmanifest.xml", whole)
        for path, content in files.items():
            archive.writestr(path, content)
        if build is not None:
            build(archive)
    return kept.getvalue()
