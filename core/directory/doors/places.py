"""To which machines a request of ours may go: not to this one, nor to its neighbours on the line.

Whoever can choose an address that this server asks could make it ask a service of its own, or the metadata service of a
cloud. Addresses of the offices' network are allowed: that is where directories, providers and stores of a city stand.
"""

from __future__ import annotations

import ipaddress
import socket


def forbidden_address(host: str, port: int, *, loopback: bool) -> str | None:
    """The address `host` stands for that may not be asked, None where all may; `loopback`: this machine is meant.

    Raises `OSError` for a name without an address.
    """
    found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    return next((text for text in sorted(found) if _is_forbidden(text, loopback=loopback)), None)


def _is_forbidden(text: str, *, loopback: bool) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    own = address.is_loopback and not loopback
    return own or address.is_link_local or address.is_multicast or address.is_unspecified
