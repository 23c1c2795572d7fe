"""Whose an address is: this machine's own, or within a network; passwords go unencrypted by this answer alone."""

from __future__ import annotations

import pytest

from core.networks import is_loopback, is_network, is_service, is_within


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]"])
def test_this_very_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "10.0.0.1", "localhost.example", "127.example", "127.0.0.1.example", "[::2]"])
def test_what_only_looks_like_this_machine(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("address", "plain_here", "holds"),
    [
        ("https://s3.example.gov.vn", False, True),
        ("https://s3.example.gov.vn:8443/path", False, True),
        ("http://127.0.0.1:9000", True, True),
        ("http://[::1]:9000", True, True),
        ("http://127.0.0.1:9000", False, False),
        ("http://s3.example.gov.vn", True, False),
        ("https://name:secret@s3.example.gov.vn", False, False),
        ("https://s3.example.gov.vn?to=elsewhere", False, False),
        ("https://s3.example.gov.vn:port", False, False),
        ("https://", False, False),
        ("ftp://127.0.0.1", True, False),
    ],
)
def test_a_service_that_is_told_secrets(address: str, *, plain_here: bool, holds: bool) -> None:
    assert is_service(address, plain_here=plain_here) is holds


@pytest.mark.parametrize(("text", "holds"), [("10.0.0.0/8", True), ("::1", True), ("10.0.0.1/8", False), ("x", False)])
def test_a_network_as_settings_write_it(text: str, *, holds: bool) -> None:
    assert is_network(text) is holds


@pytest.mark.parametrize(
    ("address", "networks", "within"),
    [
        ("10.1.2.3", ("10.0.0.0/8",), True),
        ("::ffff:10.1.2.3", ("10.0.0.0/8",), True),
        ("fe80::1%eth0", ("fe80::/10",), True),
        ("11.1.2.3", ("10.0.0.0/8", "::/0"), False),
        ("localhost", ("0.0.0.0/0",), False),
        ("", ("0.0.0.0/0", "::/0"), False),
    ],
)
def test_who_is_within(address: str, networks: tuple[str, ...], *, within: bool) -> None:
    assert is_within(address, networks) is within
