"""What may be asked for, and how; the password's only places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.errors import InputError
from core.settings import Settings, SettingsError, load
from mail_audit.collectors.census.options import Asked, Entry, Options, asked

MASTER = {"server": "imap.tp.example.gov.vn", "master": "kiem.dem"}


def of(settings: Settings, **given: Any) -> Asked:
    return asked(settings, Options.of(settings, **(MASTER | given)))


@pytest.mark.parametrize(
    ("given", "host", "port", "security"),
    [
        ({}, "imap.tp.example.gov.vn", 993, "tls"),
        ({"server": "a:993"}, "a", 993, "tls"),
        ({"server": "a:143"}, "a", 143, "starttls"),
        ({"server": "a", "security": "starttls"}, "a", 143, "starttls"),
        ({"server": "a:1143"}, "a", 1143, "tls"),
        ({"server": "[::1]:143", "security": "plain"}, "::1", 143, "plain"),
        ({"server": "localhost", "security": "plain"}, "localhost", 143, "plain"),
    ],
)
def test_where_and_how(settings: Settings, given: dict[str, str], host: str, port: int, security: str) -> None:
    door = of(settings, **given).door
    assert (door.host, door.port, door.security, door.context is None) == (host, port, security, security == "plain")


@pytest.mark.parametrize("server", ["", "a b", "a:0", "a:70000", "user@a", "imaps://a", "a:x", "[::1"])
def test_no_server(settings: Settings, server: str) -> None:
    with pytest.raises(InputError, match="--server"):
        of(settings, server=server)


@pytest.mark.parametrize("server", ["mail.tp.example.gov.vn:143", "10.0.0.5", "128.0.0.1"])
def test_nothing_goes_unencrypted_over_a_network(settings: Settings, server: str) -> None:
    with pytest.raises(InputError, match="encryption"):
        of(settings, server=server, security="plain")


def test_a_name_that_only_looks_like_this_machine_is_found_out_when_connected(settings: Settings) -> None:
    """`localhost.example` passes by its name; the wire looks at the address, so it never gets a password."""
    from mail_audit.collectors.census import wire

    class Elsewhere:
        def getpeername(self) -> tuple[str, int]:
            return ("10.1.2.3", 143)

    assert not wire._is_loopback(Elsewhere())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "login_name", "folder", "is_master"),
    [
        ({}, "", "", True),
        ({"login_name": "{mailbox}*{account}"}, "{mailbox}*{account}", "", True),
        ({"master": None, "delegated": "d"}, r"{account}\{local}", "", False),
        ({"master": None, "delegated": "d", "folder": "user/{local}"}, "", "user/{local}", False),
    ],
)
def test_the_way_in(settings: Settings, given: dict[str, Any], login_name: str, folder: str, is_master: bool) -> None:
    entry = of(settings, **given).entry
    assert (entry.login_name, entry.folder, entry.is_master) == (login_name, folder, is_master)


@pytest.mark.parametrize("given", [{"master": None}, {"delegated": "d", "master": "m"}])
def test_one_account_and_only_one(settings: Settings, given: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="Which account"):
        of(settings, **given)


def test_templates_are_filled() -> None:
    entry = Entry("kiem.dem", "x")
    assert entry.filled("{account}/{local}/{domain}/{mailbox}", "a.b@c.d") == "kiem.dem/a.b/c.d/a.b@c.d"


@pytest.mark.parametrize(
    "given",
    [
        {"connections": 0}, {"connections": 65}, {"connections": 1.5}, {"attempts": True}, {"command_seconds": -1},
        {"command_seconds": "10"}, {"security": "none"}, {"daily_at": "25:00"}, {"login_name": "{password}"},
        {"folder": "{mailbox"}, {"folder": "{0}"}, {"master": "a\r\nb"}, {"server": 5},
        {"mailbox_seconds": float("nan")}, {"folder": "{mailbox:{x}}"}, {"folder": "{mailbox!r}"},
    ],
)  # fmt: skip
def test_what_cannot_be(settings: Settings, given: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        of(settings, **given)


def test_an_entry_nobody_knows(settings: Settings) -> None:
    (settings.home / "vanthu.toml").write_text('[mail_audit.census]\npassword = "x"\n', "utf-8")
    with pytest.raises(SettingsError, match="no entry password"):
        Options.of(load({"VANTHU_HOME": str(settings.home)}))


def test_the_command_line_goes_before_the_table(settings: Settings) -> None:
    table = '[mail_audit.census]\nserver = "a"\nmaster = "m"\nconnections = 2\n'
    (settings.home / "vanthu.toml").write_text(table, "utf-8")
    chosen = load({"VANTHU_HOME": str(settings.home), "VANTHU_CENSUS_PASSWORD": "x"})
    found = Options.of(chosen, server=None, delegated="d", connections=7)
    assert (found.server, found.master, found.delegated, found.connections) == ("a", "", "d", 7)


def test_the_password_comes_from_its_file_first(settings: Settings, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("từ tệp \n1\n", "utf-8")
    assert of(settings, password_file=str(secret)).entry.password == "từ tệp "
    assert of(settings).entry.password == "mat-khau-rat-kin"


@pytest.mark.parametrize("content", [b"", b"\n", b"a\0b\n", b"\xff\xfe\n", None])
def test_no_usable_password(settings: Settings, tmp_path: Path, content: bytes | None) -> None:
    secret = tmp_path / "secret"
    if content is not None:
        secret.write_bytes(content)
    with pytest.raises(InputError, match="password"):
        of(settings, password_file=str(secret))


def test_without_any_password(settings: Settings) -> None:
    with pytest.raises(InputError, match="VANTHU_CENSUS_PASSWORD"):
        of(load({"VANTHU_HOME": str(settings.home)}))


def test_nothing_shows_the_password(settings: Settings) -> None:
    plan = of(settings)
    assert "mat-khau-rat-kin" not in repr(plan) + repr(settings) + plan.selection((), None)
    other = load({"VANTHU_HOME": str(settings.home), "VANTHU_CENSUS_PASSWORD": "another"})
    assert of(other).selection((), None) == plan.selection((), None)
    assert of(settings, master="m2").selection((), None) != plan.selection((), None)


def test_certificates_that_cannot_be_read(settings: Settings) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        of(settings, ca_file="/does/not/exist")
