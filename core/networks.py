"""What an address tells of where somebody is: on this very machine, or within the networks that the settings name.

No name server is asked: a name may lead here today and elsewhere tomorrow, and passwords depend on the answer.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

LOCALHOST = "localhost"


def is_loopback(host: str) -> bool:
    """Whether the host is this very machine, by the name `localhost` or by its number, in brackets or without."""
    if host == LOCALHOST:
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_service(address: str, *, plain_here: bool) -> bool:
    """Whether it is the address of a service that is told secrets: by HTTPS, or where `plain_here` by HTTP on this very
    machine; with a host, and with no user, query or fragment in it.
    """
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port  # a port that is no number raises
    except ValueError:
        return False
    clean = parts.username is None and not parts.query and not parts.fragment and address.isprintable()
    plain = parts.scheme == "http" and plain_here and is_loopback(host)
    return bool(host) and clean and (parts.scheme == "https" or plain)


def is_network(text: str) -> bool:
    """Whether it is a network as the settings write one: `10.0.0.0/8`, without bits beyond its length."""
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4_096)
def is_within(address: str, networks: tuple[str, ...]) -> bool:
    """Whether an IP address lies in one of `networks`; what is no address lies nowhere.

    An IPv4 address that comes as IPv6 (`::ffff:10.1.2.3`) counts as IPv4; a zone (`%eth0`) is not looked at.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found.version == network.version and found in network for network in _read(networks))


@lru_cache(maxsize=64)
def _read(networks: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(text) for text in networks)
