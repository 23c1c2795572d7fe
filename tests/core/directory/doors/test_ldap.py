"""Binds at a real directory server: what is right, what is wrong, and what must never be tried."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.directory.doors.errors import ProviderAwayError
from core.directory.doors.ldap.binding import LdapDoor
from core.directory.doors.ldap.connection import bound
from core.directory.doors.ldap.options import LdapOptions
from core.settings import SettingsError
from tests.servers.slapd import BASE, PASSWORD, SERVICE, SERVICE_PASSWORD, Slapd

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("slapd")]
Made = Callable[..., LdapDoor]


@pytest.fixture
def door(directory_server: Slapd, tmp_path: Path) -> Made:
    """A door to the server; every option may be another."""
    (tmp_path / "password").write_text(f"{SERVICE_PASSWORD}\n", "utf-8")

    def made(**more: object) -> LdapDoor:
        options = LdapOptions(
            key="office",
            servers=(f"127.0.0.1:{directory_server.tls_port}",),
            label="Máy tính cơ quan",
            ca_file=str(directory_server.ca_file),
            base=BASE,
            service_dn=SERVICE,
            password_file=str(tmp_path / "password"),
            link=("official_id", "address"),
        )
        changed = replace(options, **more)  # type: ignore[arg-type]
        changed.check()
        return LdapDoor(changed)

    return made


STARTTLS: dict[str, object] = {"security": "starttls"}
TEMPLATE: dict[str, object] = {"dn_template": f"uid={{login}},ou=people,{BASE}"}


@pytest.mark.parametrize("by_template", [False, True])
@pytest.mark.parametrize("starttls", [False, True])
def test_who_knows_the_password_is_presented(
    door: Made, directory_server: Slapd, by_template: bool, starttls: bool
) -> None:
    more = TEMPLATE if by_template else {}
    if starttls:
        more = more | STARTTLS | {"servers": (f"127.0.0.1:{directory_server.port}",)}
    found = door(**more).verify(" an ", PASSWORD)
    assert found is not None
    assert (found.door, found.provider, found.official_id, found.address) == (
        "office", "ldap:office", "CB1", "cb1@tp.example.gov.vn",
    )  # fmt: skip
    assert len(found.subject) == 36  # an entryUUID
    assert door(**more).verify("an", PASSWORD) == found
    assert door(**more).verify("an", "sai") is None


def test_only_what_the_settings_allow_is_presented(door: Made) -> None:
    found = door(link=()).verify("an", PASSWORD)
    assert found is not None
    assert (found.official_id, found.address) == (None, None)
    found = door().verify("ung", PASSWORD)
    assert found is not None
    assert (found.official_id, found.address) == (None, "cb2@tp.example.gov.vn")


@pytest.mark.parametrize("more", [{}, TEMPLATE])
@pytest.mark.parametrize(
    "login",
    [
        "", " ", "nobody", "*", "a*", "an)(uid=*", "*)(|(uid=an", "an\0", "a\nn", "an)(objectClass=*", "\\61n",
        "an,ou=x", "x" * 201, "an)(|(employeeNumber=CB1)", "ou=people",
    ],
)  # fmt: skip
def test_a_name_is_a_name_and_no_filter(door: Made, more: dict[str, object], login: str) -> None:
    assert door(**more).verify(login, PASSWORD) is None


@pytest.mark.parametrize("more", [{}, TEMPLATE])
@pytest.mark.parametrize("login", ["o*a", "a,b+c"])
def test_odd_names_are_found_all_the_same(door: Made, more: dict[str, object], login: str) -> None:
    assert door(**more).verify(login, PASSWORD) is not None


@pytest.mark.parametrize("more", [{}, TEMPLATE])
@pytest.mark.parametrize("password", ["", "\0", "sai", PASSWORD.upper(), PASSWORD + " x"])
def test_no_other_password_binds(door: Made, more: dict[str, object], password: str) -> None:
    assert door(**more).verify("an", password) is None


def test_an_empty_password_is_not_even_sent(door: Made, directory_server: Slapd) -> None:
    """By RFC 4513 the server takes a name without a password for nobody in particular, and says yes."""
    asked = bound(door().options, "127.0.0.1", directory_server.tls_port, name=SERVICE, password="")
    with pytest.raises(ValueError, match="proves nothing"):
        asked.__enter__()


def test_two_entries_of_one_name_are_nobody(door: Made) -> None:
    assert door(filter="(|(uid={login})(uid=ha))").verify("an", PASSWORD) is None


def test_a_server_without_encryption_gets_no_password(door: Made, directory_server: Slapd) -> None:
    """Plain LDAP asked by TLS, a server that shows another's certificate, StartTLS refused: nothing is sent."""
    for more in (
        {"servers": (f"127.0.0.1:{directory_server.port}",)},
        {"ca_file": str(directory_server.other_ca_file)},
        {"ca_file": ""},
        {"servers": (f"localhost:{directory_server.tls_port}",)},  # the certificate is of 127.0.0.1
        {"servers": (f"127.0.0.1:{directory_server.tls_port}",), **STARTTLS},
    ):
        with pytest.raises(ProviderAwayError):
            door(**more, answer_seconds=1.0).verify("an", PASSWORD)


def test_unencrypted_only_where_it_is_set_and_on_this_machine(door: Made, directory_server: Slapd) -> None:
    with pytest.raises(SettingsError):
        door(security="plain", servers=("ldap.tp.example.gov.vn",))
    with pytest.raises(ProviderAwayError, match="confidentiality"):  # and this server wants none of it
        door(security="plain", servers=(f"127.0.0.1:{directory_server.port}",)).verify("an", PASSWORD)


def test_servers_are_tried_in_their_order(door: Made, directory_server: Slapd) -> None:
    good = f"127.0.0.1:{directory_server.tls_port}"
    assert door(servers=("127.0.0.1:1", good)).verify("an", PASSWORD) is not None
    assert door(servers=(good, "127.0.0.1:1")).verify("an", "sai") is None
    with pytest.raises(ProviderAwayError):
        door(servers=("127.0.0.1:1", "127.0.0.1:1")).verify("an", PASSWORD)


def test_a_server_that_is_silent_is_left(door: Made) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(ProviderAwayError):
            door(servers=(f"127.0.0.1:{port}",), answer_seconds=1.0).verify("an", PASSWORD)


def test_a_service_account_that_is_refused_is_no_wrong_password(door: Made, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("wrong", "utf-8")
    with pytest.raises(ProviderAwayError, match="service account"):
        door().verify("an", PASSWORD)
    with pytest.raises(ProviderAwayError):
        door().check()
    (tmp_path / "password").write_text(SERVICE_PASSWORD, "utf-8")
    door().check()


def test_a_reference_is_not_followed(door: Made, directory_server: Slapd) -> None:
    """The server says that others know better: no password goes there."""
    for more in (
        {"base": f"ou=elsewhere,{BASE}"},
        {"dn_template": f"uid={{login}},ou=elsewhere,{BASE}"},
        {"filter": "(ou={login})"},
    ):
        with contextlib.suppress(ProviderAwayError):
            assert door(**more).verify("elsewhere", PASSWORD) is None
    with pytest.raises(BlockingIOError):
        directory_server.elsewhere.accept()


@pytest.mark.parametrize(
    "more",
    [
        {"servers": ()}, {"servers": ("a b",)}, {"label": ""}, {"security": "none"}, {"base": ""},
        {"filter": "(uid=x)"}, {"service_dn": ""}, {"password_file": ""}, {"dn_template": "uid=x"}, {"link": ("mail",)},
        {"subject_attribute": "a)(b"}, {"ca_file": "/nowhere"},
    ],
)  # fmt: skip
def test_settings_that_cannot_be_used_stop_the_start(door: Made, more: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        door(**more)
