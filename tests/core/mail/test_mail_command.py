"""`vanthu mail`: a trial message, what waits or was refused, another try, invitations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core import jobs
from core.cli import main
from core.settings import Settings
from tests.core.mail.post_office import PostOffice, installed, outbox
from tests.servers.loopback import free_port
from tests.web import town

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VANTHU_HOME", str(settings.home))
    monkeypatch.setenv("VANTHU_LANGUAGE", "en")


def test_a_trial_message(office: PostOffice, capsys: Output) -> None:
    assert main(["mail", "check", "it@tp.example.gov.vn"]) == 0
    assert capsys.readouterr().out == "The server took the message: 250 2.0.0 Ok: queued as 4ABC\n"
    assert office.addresses == ["it@tp.example.gov.vn"]


@pytest.mark.parametrize(
    ("says", "said"), [("550 5.7.1 not you", "550 5.7.1 not you"), ("450 4.2.0 later", "450 4.2.0 later")]
)
def test_what_the_server_says_is_said(office: PostOffice, capsys: Output, says: str, said: str) -> None:
    office.rcpt_says = [says]
    assert main(["mail", "check", "it@tp.example.gov.vn"]) == 6
    assert capsys.readouterr().err == f"The mail server did not take it: {said}\n"


def test_a_server_that_is_away(settings: Settings, capsys: Output) -> None:
    installed(settings.home, free_port())
    assert main(["mail", "check", "it@tp.example.gov.vn"]) == 6
    assert "ConnectionRefusedError" in capsys.readouterr().err


@pytest.mark.parametrize("entry", ["user", "sender"])
def test_an_officials_mailbox_is_not_to_send_with(
    settings: Settings, office: PostOffice, capsys: Output, entry: str
) -> None:
    """Its submissions would be counted as that official's use."""
    entries: dict[str, Any] = {entry: "CB1@tp.example.gov.vn"}
    installed(settings.home, office.port, **entries)
    assert main(["mail", "check", "it@tp.example.gov.vn"]) == 5
    assert "cb1@tp.example.gov.vn is an official's own mailbox" in capsys.readouterr().err
    assert office.taken == []


def test_mail_that_is_off_says_so(settings: Settings, capsys: Output) -> None:
    installed(settings.home, 25, server="")
    assert main(["mail", "check", "it@tp.example.gov.vn"]) == 6
    assert main(["mail", "status"]) == 0
    assert main(["mail", "invite", "--official", "CB1"]) == 6
    assert "Mail is off" in capsys.readouterr().out


def test_invited_refused_and_tried_again(
    settings: Settings, office: PostOffice, capsys: Output, tmp_path: Path
) -> None:
    file = tmp_path / "ca-phong.csv"
    file.write_text("official_id,name\nCB1,x\nCB77,y\n", "utf-8")
    assert main(["mail", "invite", "--unit", town.HEALTH, "--file", str(file)]) == 0
    heard = capsys.readouterr()
    assert heard.err == "CB77: there is no official with this number\n"
    assert heard.out == "Invited: 4; sent a new link: 0.\n"
    office.rcpt_says = ["550 5.1.1 no such user"]
    jobs.run_waiting(settings)
    assert main(["mail", "status"]) == 0
    first, second, _end = capsys.readouterr().out.split("\n")
    assert first.startswith("Waiting 0, sent 3, refused 1, given up 0;")
    assert second == "1  refused  core:account:invited  cb5@tp.example.gov.vn  550 5.1.1 no such user"
    assert main(["mail", "retry", "2"]) == 0  # was sent: nothing to be done
    assert main(["mail", "retry"]) == 0
    assert capsys.readouterr().out == "To be tried again: 0.\nTo be tried again: 1.\n"
    jobs.run_waiting(settings)
    assert {one.state for one in outbox(settings)} == {"sent"}


def test_somebody_must_be_named(capsys: Output) -> None:
    assert main(["mail", "invite"]) == 2
    assert "Say whom" in capsys.readouterr().err
