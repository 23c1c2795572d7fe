"""One-time codes against the examples of RFC 6238, appendix B, and RFC 4226, appendix D; their window; each once."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.directory.factors import one_time

SEED = "1234567890" * 7
KEYS: dict[str, tuple[Callable[..., Any], str]] = {
    name: (digest, base64.b32encode(SEED[:length].encode()).decode())
    for name, digest, length in (
        ("SHA1", hashlib.sha1, 20),
        ("SHA256", hashlib.sha256, 32),
        ("SHA512", hashlib.sha512, 64),
    )
}
RFC_6238 = [
    (59, "SHA1", "94287082"),
    (59, "SHA256", "46119246"),
    (59, "SHA512", "90693936"),
    (1111111109, "SHA1", "07081804"),
    (1111111109, "SHA256", "68084774"),
    (1111111109, "SHA512", "25091201"),
    (1111111111, "SHA1", "14050471"),
    (1111111111, "SHA256", "67062674"),
    (1111111111, "SHA512", "99943326"),
    (1234567890, "SHA1", "89005924"),
    (1234567890, "SHA256", "91819424"),
    (1234567890, "SHA512", "93441116"),
    (2000000000, "SHA1", "69279037"),
    (2000000000, "SHA256", "90698825"),
    (2000000000, "SHA512", "38618901"),
    (20000000000, "SHA1", "65353130"),
    (20000000000, "SHA256", "77737706"),
    (20000000000, "SHA512", "47863826"),
]
RFC_4226 = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
SECRET = KEYS["SHA1"][1]
NOW = datetime(2026, 11, 22, 8, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "name", "code"), RFC_6238)
def test_the_examples_of_the_rfc(seconds: int, name: str, code: str) -> None:
    digest, secret = KEYS[name]
    step = one_time.step_of(datetime.fromtimestamp(seconds, UTC))
    assert one_time.code_at(secret, step, digits=8, digest=digest) == code


def test_six_digits_of_each_counter() -> None:
    assert [one_time.code_at(SECRET, count) for count in range(10)] == RFC_4226


@pytest.mark.parametrize(("apart", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_before_and_after(apart: int, taken: bool) -> None:
    step = one_time.step_of(NOW) + apart
    found = one_time.matching_step(SECRET, one_time.code_at(SECRET, step), moment=NOW, after=None)
    assert found == (step if taken else None)


def test_the_window_moves_with_the_half_minute() -> None:
    code = one_time.code_at(SECRET, one_time.step_of(NOW))
    edges = {seconds: NOW.replace(second=0) + timedelta(seconds=seconds) for seconds in (-31, -30, 59, 60)}
    found = {
        at: one_time.matching_step(SECRET, code, moment=edge, after=None) is not None for at, edge in edges.items()
    }
    assert found == {-31: False, -30: True, 59: True, 60: False}


@given(used=st.integers(-1, 1), tried=st.integers(-1, 1))
def test_no_code_at_or_before_the_last_one_used(used: int, tried: int) -> None:
    present = one_time.step_of(NOW)
    code = one_time.code_at(SECRET, present + tried)
    found = one_time.matching_step(SECRET, code, moment=NOW, after=present + used)
    assert found == (present + tried if tried > used else None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("123456", "123456"),
        (" 123 456\n", "123456"),
        ("123-456", "123456"),
        ("12345", None),
        ("1234567", None),
        ("12345a", None),
        ("１２３４５６", None),  # digits to Python, but no app shows them
        ("١٢٣٤٥٦", None),
        ("+12345", None),
        ("", None),
    ],
)
def test_what_is_typed(text: str, code: str | None) -> None:
    assert one_time.typed(text) == code


@given(st.text(max_size=20))
def test_whatever_is_typed_is_six_plain_digits_or_nothing(text: str) -> None:
    code = one_time.typed(text)
    assert code is None or (len(code) == 6 and code.isascii() and code.isdecimal())


def test_the_address_says_what_apps_need() -> None:
    secret = one_time.new_secret()
    parts = urlsplit(one_time.address(secret, account="can.bo@so", issuer="Vanthu (mail.tp.example.gov.vn)"))
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Vanthu (mail.tp.example.gov.vn):can.bo@so"
    assert parse_qs(parts.query) == {"secret": [secret], "issuer": ["Vanthu (mail.tp.example.gov.vn)"]}


def test_secrets_have_160_bits_and_are_new() -> None:
    made = {one_time.new_secret() for _ in range(50)}
    assert len(made) == 50
    assert {len(base64.b32decode(secret)) for secret in made} == {20}
