"""`vanthu doors` and accounts without a password, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from core.cli import main
from core.db import forget, unit_of_work
from core.directory.models import Account, Identity
from core.settings import Settings, load
from tests.servers.lying_provider import lying

TABLE = """
[oidc.city]
issuer = "{issuer}"
client_id = "vanthu"
address = "https://mail-audit.tp.example.gov.vn"
label = "Tài khoản thành phố"
label_en = "City account"
loopback = true

[ldap.office]
servers = ["127.0.0.1:1"]
label = "Máy tính cơ quan"
base = "dc=x"
service_dn = "cn=x"
password_variable = "NOBODY_SET_THIS"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VANTHU_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def configured(home: Path, issuer: str) -> Settings:
    (home / "vanthu.toml").write_text(TABLE.format(issuer=issuer), "utf-8")
    return load({"VANTHU_HOME": str(home)})


def test_each_door_is_asked(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with lying() as provider:
        configured(home, provider.issuer)
        provider.describes_itself()
        assert main(["--language", "en", "doors", "check"]) == 6
        said = capsys.readouterr()
        assert said.out == "city (City account): answers as it should.\n"
        assert "office (Máy tính cơ quan): " in said.err
        assert "its secret cannot be read" in said.err
        provider.describes_itself(issuer="https://another.example")
        assert main(["--language", "en", "doors", "check"]) == 6
        assert "calls itself 'https://another.example'" in capsys.readouterr().err


def test_an_account_without_a_password_is_tied_and_untied(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = configured(home, "https://id.tp.example.gov.vn")
    try:
        assert main(["admin", "create", "quantri", "--no-password"]) == 0
        assert main(["doors", "tie", "quantri", "city", "boss"]) == 0
        assert main(["doors", "tie", "quantri", "city", "another"]) == 5
        assert main(["doors", "tie", "quantri", "nowhere", "boss"]) == 3
        with unit_of_work(settings) as session:
            assert session.scalars(select(Account.password_hash)).all() == [""]
            found = session.scalars(select(Identity)).one()
            assert (found.provider, found.subject) == ("https://id.tp.example.gov.vn", "boss")
        assert main(["doors", "untie", "quantri", "city"]) == 0
        assert main(["doors", "untie", "quantri", "city"]) == 3
        with unit_of_work(settings) as session:
            assert session.scalars(select(Identity)).all() == []
    finally:
        forget(settings)
    capsys.readouterr()


def test_two_doors_of_one_name_stop_the_start(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = TABLE.format(issuer="https://id.tp.example.gov.vn").replace("[ldap.office]", "[ldap.city]")
    (home / "vanthu.toml").write_text(table, "utf-8")
    assert main(["doors", "check"]) == 2
    assert "[ldap] city" in capsys.readouterr().err
