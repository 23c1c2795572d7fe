"""Where passkeys are for: the host name and origin of this very request, as browsers see them.

A browser makes and uses passkeys on HTTPS pages only (and on `localhost`), for a name and not for an address. Which
names this server answers to is the setting `hosts`' business (`web.intake`).
"""

from __future__ import annotations

import ipaddress

from flask import request, session
from flask_wtf.csrf import generate_csrf

from core.directory.services.factors import Site
from core.errors import InputError
from core.words import Text
from web import work


def site() -> Site | None:
    """The site; None where browsers have no passkeys."""
    host = request.host.lower()
    name = _without_port(host)
    scheme = "https" if work.options().https else request.scheme
    if _is_address(name) or (scheme != "https" and name != "localhost" and not name.endswith(".localhost")):
        return None
    generate_csrf()  # the browser's cookie has a token of its own from now on
    return Site(name, f"{scheme}://{host}", str(session["csrf_token"]))


def required() -> Site:
    """The site; raises `InputError` where browsers have no passkeys."""
    found = site()
    if found is None:
        raise InputError(
            Text(
                "Khóa truy cập chỉ dùng được khi mở trang bằng HTTPS và bằng tên máy chủ.",
                "Passkeys work only where the pages are opened by HTTPS and by the server's name.",
            )
        )
    return found


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
