"""Where a log-in comes from, said as closely as its owner needs to recognise it and no closer."""

from __future__ import annotations

import ipaddress

KEPT_OF_6 = 48
COUNTED_OF_6 = 64


def shortened(address: str | None) -> str:
    """The network of an address: `192.0.2.x` (24 bits), `2001:db8:1::…` (48 bits); empty for what is no address."""
    found = read(address)
    if found is None:
        return ""
    if found.version == 4:
        return str(found).rpartition(".")[0] + ".x"
    network = ipaddress.ip_network((found, KEPT_OF_6), strict=False)
    return f"{network.network_address}…"


def network(address: str | None) -> str:
    """Whose tries are counted together: one IPv4 address, 64 bits of IPv6 (a household's); empty for no address."""
    found = read(address)
    if found is None:
        return ""
    return str(found if found.version == 4 else ipaddress.ip_network((found, COUNTED_OF_6), strict=False))


def read(address: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address, an IPv4 one also where it is written as IPv6 (`::ffff:192.0.2.1`); None for what is none."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, ipaddress.IPv6Address) else found
