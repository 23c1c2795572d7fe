"""Addresses shortened to their network."""

from __future__ import annotations

import pytest

from core.directory.origins import shortened


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("192.0.2.77", "192.0.2.x"),
        ("::ffff:192.0.2.77", "192.0.2.x"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::…"),
        ("fe80::1%eth0", "fe80::…"),
        ("unix:", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_the_network_and_no_more(address: str | None, kept: str) -> None:
    assert shortened(address) == kept
