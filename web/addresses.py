"""Addresses given by a visitor: only a page of this site may be the next one."""

from __future__ import annotations

from urllib.parse import urlsplit

HOME = "/"


def safe_next(wanted: str | None) -> str:
    r"""`wanted` when it is a path of this site, else the home page.

    Browsers take `//host`, `/\host` and addresses with tabs or line ends in them for other sites, so none of those
    passes.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return HOME
    if any(ord(sign) < 0x21 for sign in wanted) or "\\" in wanted:
        return HOME
    parts = urlsplit(wanted)
    return HOME if parts.scheme or parts.netloc else wanted
