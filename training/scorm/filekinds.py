"""What a file of a package is served as, by its ending; and which may not be in one at all.

Every answer says `nosniff`, so a file is what it is served as and nothing else. What is not listed is served as bytes
that a browser offers to save, and none of it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

BYTES = "application/octet-stream"
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "html": "text/html",
        "htm": "text/html",
        "xhtml": "application/xhtml+xml",
        "css": "text/css",
        "js": "text/javascript",
        "mjs": "text/javascript",
        "json": "application/json",
        "map": "application/json",
        "xml": "text/xml",
        "xsd": "text/xml",
        "txt": "text/plain",
        "csv": "text/csv",
        "vtt": "text/vtt",
        "srt": "text/plain",
        "png": "image/png",
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "gif": "image/gif",
        "bmp": "image/bmp",
        "ico": "image/vnd.microsoft.icon",
        "svg": "image/svg+xml",
        "webp": "image/webp",
        "avif": "image/avif",
        "mp3": "audio/mpeg",
        "m4a": "audio/mp4",
        "aac": "audio/aac",
        "oga": "audio/ogg",
        "ogg": "audio/ogg",
        "wav": "audio/wav",
        "mp4": "video/mp4",
        "m4v": "video/mp4",
        "ogv": "video/ogg",
        "webm": "video/webm",
        "woff": "font/woff",
        "woff2": "font/woff2",
        "ttf": "font/ttf",
        "otf": "font/otf",
        "eot": "application/vnd.ms-fontobject",
        "wasm": "application/wasm",
        "pdf": "application/pdf",
    }
)
"""Ending -> media type; in which signs a text is written it says itself."""
PROGRAMS = frozenset(
    {
        *(
            "apk",
            "app",
            "bat",
            "bash",
            "cmd",
            "com",
            "cpl",
            "dll",
            "dmg",
            "exe",
            "hta",
            "jar",
            "jnlp",
            "lnk",
            "msi",
            "msp",
        ),
        *("pif", "pl", "ps1", "py", "rb", "reg", "scr", "sh", "so", "swf", "url", "vb", "vbe", "vbs", "ws", "wsf"),
        *("asp", "aspx", "cgi", "jsp", "phar", "php", "php3", "php5", "phtml", "shtml", "docm", "pptm", "xlsm"),
    }
)
"""Programs, what servers run, what desktops open: no lesson in a browser has use for them."""


def media_type(path: str) -> str:
    """What a file is served as."""
    return KINDS.get(_ending(path), BYTES)


def is_program(path: str) -> bool:
    """Whether a file may not be in a package."""
    return _ending(path) in PROGRAMS or path.rpartition("/")[2].startswith(".")


def _ending(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[2].casefold().rstrip(". ")
