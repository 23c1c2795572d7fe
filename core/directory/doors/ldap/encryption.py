"""TLS to a directory server, with OpenSSL's own check of certificate and name.

ldap3 checks the name by itself, after the handshake and by a function that Python has taken out since. Here the
handshake fails, as everywhere else in Python.
"""

from __future__ import annotations

import ssl
from typing import Any

import ldap3


class CheckedTls(ldap3.Tls):  # type: ignore[misc]
    """The TLS settings of a server, as ldap3 asks for them."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._context = context

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:  # noqa: ARG002 - ldap3's signature
        """Encrypt the connection's socket. Raises `ssl.SSLError` for a certificate that is not the server's."""
        connection.socket = self._context.wrap_socket(connection.socket, server_hostname=connection.server.host)
