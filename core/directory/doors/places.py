"""To which machines a request of ours may go: not to this one, nor to its neighbours on the line.

Whoever can choose an address that this server asks could make it ask a service of its own, or the metadata service of a
cloud. Addresses of the offices' network are allowed: that is where directories, providers and stores of a city stand.

A name is asked before the request, so that the refusal can say what is wrong; and what it led to is looked at again
once the line stands and before a byte goes over it (`hold`): a name may stand for one address now and for another a
moment later (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
from functools import cache
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses as a NAT64 has them (RFC 6052)."""
METADATA = frozenset(map(ipaddress.ip_address, ("fd00:ec2::254", "100.100.100.200")))
"""Metadata services of clouds that are not at the link-local 169.254.169.254."""


def forbidden_address(host: str, port: int, *, loopback: bool) -> str | None:
    """The address `host` stands for that may not be asked, None where all may; `loopback`: this machine is meant.

    Raises `OSError` for a name without an address.
    """
    found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    return next((text for text in sorted(found) if _is_forbidden(text, loopback=loopback)), None)


def hold(session: requests.Session, *, loopback: bool) -> None:
    """No line of `session` leads where it may not; what the other end is, is looked at before anything is sent."""
    adapter = _adapter(loopback)
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter())


@cache
def _adapter(loopback: bool) -> type[HTTPAdapter]:
    class Line(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _allowed(self, super()._new_conn(), loopback)

    class SecureLine(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _allowed(self, super()._new_conn(), loopback)

    class Lines(HTTPConnectionPool):
        ConnectionCls = Line

    class SecureLines(HTTPSConnectionPool):
        ConnectionCls = SecureLine

    class Held(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **more: Any) -> None:
            super().init_poolmanager(*args, **more)
            self.poolmanager.pool_classes_by_scheme = {"http": Lines, "https": SecureLines}

    return Held


def _allowed(line: HTTPConnection, made: socket.socket, loopback: bool) -> socket.socket:
    reached = str(made.getpeername()[0])
    if _is_forbidden(reached, loopback=loopback):
        made.close()
        raise NewConnectionError(line, f"{line.host} led to {reached}, which may not be asked")
    return made


def _is_forbidden(text: str, *, loopback: bool) -> bool:
    address = _meant(ipaddress.ip_address(text.partition("%")[0]))
    own = address.is_loopback and not loopback
    return own or address.is_link_local or address.is_multicast or address.is_unspecified or address in METADATA


def _meant(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address in an IPv6 one that stands for it: mapped, translated (NAT64), or of 6to4."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    translated = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF) if address in TRANSLATED else None
    return address.ipv4_mapped or translated or address.sixtofour or address
