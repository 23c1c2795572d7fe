"""What a provider must not be believed: its tokens, its keys, its description, where it would have us ask."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from urllib3.util import connection

from core.directory.doors.errors import DoorError, ProviderAwayError, StaleLogInError
from core.directory.doors.oidc import discovery, keys, transport
from core.directory.doors.oidc.flow import OidcDoor, derived, new_handle
from core.directory.doors.oidc.options import OidcOptions
from core.directory.doors.presented import Presented
from core.settings import SettingsError
from tests.servers.lying_provider import Liar, lying

KEY = "the key of this installation, long"
BACK = "https://mail-audit.tp.example.gov.vn/log-in/with/city/back"


@pytest.fixture
def liar() -> Iterator[Liar]:
    with lying() as one:
        one.describes_itself()
        yield one


@contextmanager
def dripping() -> Iterator[int]:
    """The port of a server that answers a byte at a time, each sooner than any time-out."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            line, _ = listener.accept()
            with line, suppress(OSError):
                line.recv(4_096)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                while not over.wait(0.02):
                    line.sendall(b" ")

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            thread.join()


def test_an_answer_that_drips_holds_nobody_for_long() -> None:
    with dripping() as port:
        issuer, begun = f"http://127.0.0.1:{port}", time.monotonic()
        with pytest.raises(ProviderAwayError):
            transport.get(options(issuer, timeout_seconds=0.2), f"{issuer}/jwks")
        assert time.monotonic() - begun < 5


def options(issuer: str, **more: object) -> OidcOptions:
    usual = OidcOptions(
        key="city",
        issuer=issuer,
        client_id="vanthu",
        address="https://mail-audit.tp.example.gov.vn",
        label="Tài khoản thành phố",
        loopback=True,
        link=("address",),
    )
    return replace(usual, **more)  # type: ignore[arg-type]


def claims(liar: Liar, handle: str, **more: Any) -> dict[str, Any]:
    """What an honest token says, with `more` in place of parts of it (None: without the part)."""
    now = int(time.time())
    usual = {
        "iss": liar.issuer,
        "aud": "vanthu",
        "sub": "an",
        "iat": now,
        "exp": now + 60,
        "nonce": derived(KEY, handle, "nonce"),
        "email": "cb1@tp.example.gov.vn",
        "email_verified": True,
    }
    return {name: value for name, value in (usual | more).items() if value is not None}


def signed(liar: Liar, said: dict[str, Any], *, algorithm: str = "RS256", key: Any = None, kid: str = "one") -> str:
    return jwt.encode({"alg": algorithm, "kid": kid}, said, key or liar.key, algorithms=[algorithm])


def come_back(liar: Liar, token: object, handle: str, door: OidcDoor | None = None, **more: Any) -> Presented:
    """Come back with a code for which the provider gives `token`."""
    liar.says("/token", {"id_token": token, "access_token": "access", "token_type": "Bearer"} | more)
    door = door or OidcDoor(options(liar.issuer), KEY)
    return door.finish(handle, {"state": derived(KEY, handle, "state"), "code": "code"}, back=BACK)


def test_an_honest_token_is_believed(liar: Liar) -> None:
    handle = new_handle()
    assert come_back(liar, signed(liar, claims(liar, handle)), handle) == Presented(
        "city", liar.issuer, "an", None, "cb1@tp.example.gov.vn"
    )


LATER = 10**10


@pytest.mark.parametrize(
    "more",
    [
        {"iss": "https://evil.example"}, {"iss": None}, {"iss": ["x"]},
        {"aud": "another"}, {"aud": None}, {"aud": ["vanthu", "another"]}, {"azp": "another"},
        {"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "x" * 256}, {"sub": "a\nb"},
        {"nonce": "another"}, {"nonce": None}, {"nonce": ["x"]},
        {"exp": 1}, {"exp": None}, {"exp": "soon"}, {"exp": int(time.time()) - 61}, {"exp": float("1e400")},
        {"iat": LATER}, {"iat": None}, {"nbf": LATER}, {"at_hash": "another"},
    ],
)  # fmt: skip
def test_a_token_that_lacks_something_is_not(liar: Liar, more: dict[str, Any]) -> None:
    handle = new_handle()
    with pytest.raises(DoorError):
        come_back(liar, signed(liar, claims(liar, handle, **more)), handle)


@pytest.mark.parametrize(
    ("more", "offsets"),
    [
        ({}, {"exp": -30}),  # clocks differ
        ({}, {"iat": 30}),
        ({"aud": ["vanthu"]}, {}),
        ({"aud": ["vanthu", "another"], "azp": "vanthu"}, {}),
    ],
)
def test_a_token_may_be_a_little_odd(liar: Liar, more: dict[str, Any], offsets: dict[str, int]) -> None:
    handle, now = new_handle(), int(time.time())
    said = claims(liar, handle, **more, **{name: now + seconds for name, seconds in offsets.items()})
    assert come_back(liar, signed(liar, said), handle).subject == "an"


def test_another_log_ins_token_is_not_this_ones(liar: Liar) -> None:
    mine, another = new_handle(), new_handle()
    with pytest.raises(DoorError, match="nonce"):
        come_back(liar, signed(liar, claims(liar, another)), mine)
    with pytest.raises(StaleLogInError):
        OidcDoor(options(liar.issuer), KEY).finish(
            mine, {"state": derived(KEY, another, "state"), "code": "code"}, back=BACK
        )
    assert derived("another installation's key", mine, "state") != derived(KEY, mine, "state")


def _encoded(part: object) -> str:
    text = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def _unsigned(liar: Liar, handle: str) -> str:
    return f"{_encoded({'alg': 'none'})}.{_encoded(claims(liar, handle))}."


def _by_public_key(liar: Liar, handle: str) -> str:
    """HMAC with the public key as its secret: for a client that lets the token choose the algorithm."""
    said = f"{_encoded({'alg': 'HS256', 'kid': 'one'})}.{_encoded(claims(liar, handle))}"
    made = hmac.new(liar.key.as_pem(private=False), said.encode(), hashlib.sha256).digest()
    return f"{said}.{_encoded(made)}"


def _by_another_key(liar: Liar, handle: str) -> str:
    return signed(liar, claims(liar, handle), key=RSAKey.generate_key(2048, {"kid": "one"}))


def _by_a_weaker_algorithm(liar: Liar, handle: str) -> str:
    return signed(liar, claims(liar, handle), algorithm="RS384")


def _changed(liar: Liar, handle: str) -> str:
    head, _, signature = signed(liar, claims(liar, handle)).split(".")
    return f"{head}.{_encoded(claims(liar, handle, sub='ha'))}.{signature}"


@pytest.mark.parametrize("forged", [_unsigned, _by_public_key, _by_another_key, _by_a_weaker_algorithm, _changed])
def test_a_forged_signature_is_none(liar: Liar, forged: Callable[[Liar, str], str]) -> None:
    handle = new_handle()
    with pytest.raises(DoorError, match="signature"):
        come_back(liar, forged(liar, handle), handle)


@pytest.mark.parametrize("token", [None, "", "a.b", "a.b.c", "....", 7, "x" * 70_000, "e30.e30.e30", "W10.W10.W10"])
def test_what_is_no_token_is_refused(liar: Liar, token: object) -> None:
    with pytest.raises(DoorError):
        come_back(liar, token, new_handle())


def test_only_public_keys_that_sign_are_used() -> None:
    rsa, elliptic = RSAKey.generate_key(2048).as_dict(private=False), ECKey.generate_key("P-256").as_dict(private=False)
    listed = [rsa, elliptic, rsa | {"use": "enc"}, {"kty": "oct", "k": "c2VjcmV0"}, {"kty": "RSA"}, "x", None, {}]
    assert [key.key_type for key in keys.usable(listed)] == ["RSA", "EC"]
    assert keys.usable({"kty": "RSA"}) == ()


def test_unknown_keys_are_asked_for_once_in_a_while(liar: Liar) -> None:
    known, moment = keys.Keys(options(liar.issuer)), [0.0]

    def asked(kid: str, later: float) -> int:
        moment[0] += later
        known.named(f"{liar.issuer}/jwks", kid, now=lambda: moment[0])
        return liar.asked.count("/jwks")

    assert [asked("one", 0), asked("one", 60), asked("two", 60), asked("three", 1), asked("one", 1)] == [1, 1, 2, 2, 2]
    assert [asked("four", 60), asked("one", 3_601)] == [3, 4]


def test_what_userinfo_says_counts_only_of_the_same_person(liar: Liar) -> None:
    handle = new_handle()
    token = signed(liar, claims(liar, handle, email=None, email_verified=None))
    liar.says("/me", {"sub": "an", "email": "cb1@tp.example.gov.vn", "email_verified": True})
    assert come_back(liar, token, handle).address == "cb1@tp.example.gov.vn"
    liar.says("/me", {"sub": "ha", "email": "cb3@tp.example.gov.vn", "email_verified": True})
    with pytest.raises(DoorError, match="somebody else"):
        come_back(liar, token, handle)


@pytest.mark.parametrize("verified", [False, None, "true", 1, [True]])
def test_an_address_that_nobody_verified_finds_nobody(liar: Liar, verified: object) -> None:
    handle = new_handle()
    said = claims(liar, handle) | {"email_verified": verified}
    assert come_back(liar, signed(liar, said), handle).address is None


def test_a_second_factor_is_believed_only_where_it_is_set(liar: Liar) -> None:
    handle = new_handle()
    token = signed(liar, claims(liar, handle, amr=["pwd", "mfa"]))
    assert not come_back(liar, token, handle).had_second_factor
    believing = OidcDoor(options(liar.issuer, second_factor="provider"), KEY)
    assert come_back(liar, token, handle, believing).had_second_factor
    without = signed(liar, claims(liar, handle, amr=["pwd"]))
    assert not come_back(liar, without, handle, believing).had_second_factor


@pytest.mark.parametrize(
    "more",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": "https://evil.example/token"},
        {"jwks_uri": "http://169.254.169.254/latest/meta-data"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "http://127.0.0.1:1/jwks"},
        {"jwks_uri": "https://127.0.0.1@evil.example/"},
        {"jwks_uri": "https://[::1"},
        {"userinfo_endpoint": "http://intranet.tp.example.gov.vn/"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"code_challenge_methods_supported": ["plain"]},
    ],
)
def test_a_description_that_leads_astray_is_refused(liar: Liar, more: dict[str, Any]) -> None:
    liar.describes_itself(**more)
    with pytest.raises(DoorError):
        OidcDoor(options(liar.issuer), KEY).begin(new_handle(), back=BACK)


def test_a_provider_that_is_away_is_not_asked_by_everybody(liar: Liar, monkeypatch: pytest.MonkeyPatch) -> None:
    path = "/.well-known/openid-configuration"
    good = liar.answers.pop(path)
    found = discovery.Discovery(options(liar.issuer))
    for _ in range(3):
        with pytest.raises(ProviderAwayError):
            found.metadata()
    assert liar.asked == [path]
    liar.answers[path] = good
    monkeypatch.setattr(discovery, "PAUSE_SECONDS", 0.0)
    assert found.metadata().token == f"{liar.issuer}/token"
    found.metadata()
    assert liar.asked == [path, path]


def test_an_issuer_in_the_answer_is_asked_for_where_it_is_promised(liar: Liar) -> None:
    liar.describes_itself(authorization_response_iss_parameter_supported=True)
    handle = new_handle()
    with pytest.raises(DoorError, match="does not say whose"):
        come_back(liar, signed(liar, claims(liar, handle)), handle)


@pytest.mark.parametrize(
    ("host", "stands_for", "refused"),
    [
        ("id.tp.example.gov.vn", "10.0.0.7", False),  # a provider in the offices' own network
        ("id.tp.example.gov.vn", "127.0.0.1", True),
        ("id.tp.example.gov.vn", "::1", True),
        ("id.tp.example.gov.vn", "::ffff:127.0.0.1", True),
        ("id.tp.example.gov.vn", "169.254.169.254", True),
        ("id.tp.example.gov.vn", "fe80::1%eth0", True),
        ("id.tp.example.gov.vn", "0.0.0.0", True),
        ("id.tp.example.gov.vn", "64:ff9b::a9fe:a9fe", True),  # 169.254.169.254 behind a NAT64
        ("id.tp.example.gov.vn", "2002:7f00:1::", True),  # 127.0.0.1 by 6to4
        ("id.tp.example.gov.vn", "64:ff9b::a00:7", False),
        ("id.tp.example.gov.vn", "fd00:ec2::254", True),
        ("id.tp.example.gov.vn", "100.100.100.200", True),
    ],
)
def test_a_name_must_not_stand_for_this_machine(
    monkeypatch: pytest.MonkeyPatch, host: str, stands_for: str, refused: bool
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (stands_for, 443))])
    told = options(f"https://{host}", loopback=False)
    asked: list[str] = []

    def connect(place: tuple[str, int], *_: object, **__: object) -> socket.socket:
        asked.append(place[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(connection, "create_connection", connect)
    with pytest.raises((DoorError, ProviderAwayError)) as raised:
        transport.get(told, f"https://{host}/keys")
    assert ("stands for" in str(raised.value), asked) == (refused, [] if refused else [host])


def test_a_name_that_leads_elsewhere_a_moment_later_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line to this machine stands, and is closed before a byte of the request, or of TLS, went over it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        answers = iter(["10.0.0.7", "127.0.0.1"])
        family = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(*family, (next(answers), port))])
        issuer = f"https://id.tp.example.gov.vn:{port}"
        with pytest.raises(ProviderAwayError, match=r"led to 127\.0\.0\.1"):
            transport.get(options(issuer, loopback=False), f"{issuer}/keys")
        line, _ = listener.accept()
        with line:
            assert line.recv(1) == b""
    assert list(answers) == []


def test_redirects_are_not_followed_and_long_answers_not_read(liar: Liar) -> None:
    path = "/.well-known/openid-configuration"
    liar.answers["/there"] = liar.answers[path]
    for answer in (
        (302, {"Location": f"{liar.issuer}/there"}, b"{}"),
        (200, {}, b'{"issuer": "' + b"x" * 600_000 + b'"}'),
        (200, {}, b"[" * 100_000),
        (200, {}, b"not json"),
        (500, {}, b"{}"),
    ):
        liar.answers[path] = answer
        with pytest.raises(ProviderAwayError):
            discovery.Discovery(options(liar.issuer)).metadata()
    assert "/there" not in liar.asked


@pytest.mark.parametrize(
    "more",
    [
        {"issuer": "http://id.tp.example.gov.vn"}, {"issuer": "https://"}, {"issuer": "https://a@b"}, {"issuer": "x"},
        {"issuer": "http://127.0.0.1:1", "loopback": False}, {"issuer": "https://id.tp.example.gov.vn?x"},
        {"address": "http://mail-audit.tp.example.gov.vn"}, {"address": "https://x/y"}, {"label": ""},
        {"client_id": ""}, {"algorithms": ("none",)}, {"algorithms": ("HS256",)}, {"algorithms": ()},
        {"scopes": ("email",)},
        {"link": ("email",)}, {"link": ("official_id",)}, {"client_authentication": "none"}, {"second_factor": "x"},
        {"ca_file": "/nowhere"},
    ],
)  # fmt: skip
def test_settings_that_cannot_be_used_stop_the_start(more: dict[str, object]) -> None:
    options("https://id.tp.example.gov.vn").check()
    with pytest.raises(SettingsError):
        replace(options("https://id.tp.example.gov.vn"), **more).check()  # type: ignore[arg-type]
