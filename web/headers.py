"""What every answer carries: the content security policy, other protective headers, and compression.

Pages are compressed here because the embedded server stands alone. A page that holds a secret and echoes what a
stranger sent can leak it by its compressed length (BREACH); session cookies are SameSite, so a stranger's page cannot
make a browser fetch ours with them.
"""

from __future__ import annotations

import gzip

from flask import Flask, request
from werkzeug.wrappers import Response

FEATURES = (
    "accelerometer", "autoplay", "bluetooth", "camera", "display-capture", "encrypted-media", "fullscreen",
    "geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "screen-wake-lock", "serial", "usb", "web-share", "xr-spatial-tracking",
)  # fmt: skip
"""What a browser could offer a page and no page here asks for."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Origin-Agent-Cluster": "?1",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "X-Permitted-Cross-Domain-Policies": "none",
}
COMPRESSED = frozenset({"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"})
SMALLEST = 600  # bytes; below that compression costs more than it saves
YEAR = 31_536_000


def install(app: Flask, *, secure: bool) -> None:
    """Add the headers to every answer of `app`; `secure` promises browsers that only HTTPS is used."""

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        elif "v" in request.args:  # the address names the content, so it never changes
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        return _compress(response)


def cookie_name(name: str, *, secure: bool) -> str:
    """The name under which a cookie is kept; where pages are reached by HTTPS only, browsers hold it to this host.

    `__Host-`: not taken from another host of the domain, nor without HTTPS (RFC 6265bis, 4.1.3.2).
    """
    return f"__Host-{name}" if secure else name


def _compress(response: Response) -> Response:
    response.vary.add("Accept-Encoding")
    if (
        response.mimetype not in COMPRESSED
        or response.status_code != 200
        or "Content-Encoding" in response.headers
        or not request.accept_encodings.quality("gzip")
    ):
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) < SMALLEST:
        return response
    response.set_data(gzip.compress(content, compresslevel=6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
