"""Whom the doors believe: each way of saying who sent it, and each way of pretending."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.settings import SettingsError, load
from eoffice.replying import tokens
from eoffice.replying.options import InboundOptions
from eoffice.replying.reading import read_mail
from eoffice.replying.trust import proven

BOX = "binh@tp.example.gov.vn"
OWN = "mail.tp.example.gov.vn"
RESULTS = InboundOptions(
    address="traloi@tp.example.gov.vn", trust="results", authserv=OWN, methods=("auth", "dkim", "arc", "spf")
)
HEADER = InboundOptions(address="traloi@tp.example.gov.vn", trust="header", header="X-Log-In")


def who(options: InboundOptions, *lines: str) -> str:
    head = "".join(f"{line}\r\n" for line in lines)
    return proven(read_mail(f"{head}From: {BOX}\r\n\r\nDong y".encode(), size_limit=10_000), options)


@pytest.mark.parametrize(
    ("results", "said"),
    [
        (f"{OWN}; auth=pass smtp.auth=binh", BOX),
        (f"{OWN}; auth=pass (plain) smtp.auth={BOX}; spf=none", BOX),
        (f"{OWN} 1; dkim=pass (2048-bit key) header.d=tp.example.gov.vn header.b=x", "@tp.example.gov.vn"),
        (f"{OWN}; dkim=pass header.i=@tp.example.gov.vn", "@tp.example.gov.vn"),
        (f"{OWN}; spf=pass smtp.mailfrom={BOX}", BOX),
        (f"{OWN}; arc=pass arc.chain=tp.example.gov.vn", "@tp.example.gov.vn"),
        (f"{OWN}; arc=pass arc.chain=tp.example.gov.vn:evil.example", ""),
        (f"{OWN}; spf=pass smtp.mailfrom=chi@tp.example.gov.vn", ""),
        (f"{OWN}; dkim=fail header.d=tp.example.gov.vn", ""),
        (f"{OWN}; dkim=pass header.d=evil.example", ""),
        (f"{OWN}; dkim=none (dkim=pass header.d=tp.example.gov.vn)", ""),
        (f'{OWN}; spf=fail smtp.mailfrom="a; auth=pass smtp.auth=binh"', ""),
        ("mail.evil.example; auth=pass smtp.auth=binh", ""),
        (f"{OWN}.evil.example; auth=pass smtp.auth=binh", ""),
        (f"{OWN}; none", ""),
    ],
)
def test_authentication_results(results: str, said: str) -> None:
    assert who(RESULTS, f"Authentication-Results: {results}") == said


def test_only_as_many_results_as_the_own_server_writes() -> None:
    """A forged header lies below the own server's."""
    own, forged = f"{OWN}; dkim=fail header.d=tp.example.gov.vn", f"{OWN}; auth=pass smtp.auth=binh"
    lines = (f"Authentication-Results: {own}", f"Authentication-Results: {forged}")
    assert who(RESULTS, *lines) == ""
    assert who(RESULTS, *reversed(lines)) == BOX


def test_a_header_of_the_own_server() -> None:
    assert who(HEADER, "X-Log-In: binh") == BOX
    assert who(HEADER, "X-Log-In: binh", "X-Log-In: chi") == ""
    assert who(HEADER, "X-Log-In: <a b>") == ""
    assert who(HEADER) == ""


@pytest.mark.parametrize(
    "table",
    [
        'address = "no address"', 'trust = "from"', 'servers = "one"', 'adress = "x@y.vn"', 'separator = "x"',
        'address = "traloi@y.vn"', 'address = "traloi@y.vn"\ntrust = "results"', 'networks = ["here"]', "days = 0",
        'listen = "everywhere"', 'imap = "mail.y.vn"\nsecurity = "none"', 'methods = ["iprev"]', 'ca = "here.pem"',
        'address = "traloi@y.vn"\ntrust = "header"\nheader = "X Y"',
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_used(tmp_path: Path, table: str) -> None:
    (tmp_path / "vanthu.toml").write_text(f"[eoffice.inbound]\n{table}\n")
    with pytest.raises(SettingsError):
        InboundOptions.of(load({"VANTHU_HOME": str(tmp_path)}))


def test_a_token_survives_what_servers_do_to_an_address() -> None:
    made = tokens.token("k" * 32, "nonce")
    address = tokens.with_token("traloi@tp.example.gov.vn", "+", made)
    assert len(address.partition("@")[0]) <= 64
    assert tokens.token_in(address.upper(), "traloi@tp.example.gov.vn", "+") == made
    assert tokens.token_in("traloi+x@tp.example.gov.vn", "traloi@tp.example.gov.vn", "+") == ""
    assert tokens.token_in(address, "traloi@other.vn", "+") is None
    assert tokens.token("k" * 31 + "j", "nonce") != made
