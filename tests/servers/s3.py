"""A server that speaks S3 (moto, which checks signatures), started once a session; and what stands in between.

`VANTHU_TEST_S3=ENDPOINT KEY SECRET BUCKET` has the same tests ask another server, such as one a city runs.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from core.store import Store, opened
from tests.servers.loopback import free_port, listens, wait_until
from tests.servers.s3_between import Between

_numbers = itertools.count()
_OPEN_REQUESTS = 4
"""So many requests the server answers before it asks who one is: enough to make somebody who may do everything."""
_POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


@dataclass(frozen=True)
class Server:
    """A server, somebody it lets in, and a bucket of theirs."""

    endpoint: str
    access_key: str
    secret: str
    bucket: str

    def settings(self, folder: Path, **more: Any) -> dict[str, Any]:
        """The table `[s3]` for a machine that keeps its copies in `folder`."""
        own = {"endpoint": self.endpoint, "access_key": self.access_key, "cache": str(folder), "timeout_seconds": 5.0}
        return {**own, **more}

    def environ(self, home: Path) -> dict[str, str]:
        """The environment of an installation with its store in a new part of the bucket; its table is in the file."""
        home.mkdir(parents=True, exist_ok=True)
        table = "".join(f"{name} = {value!r}\n" for name, value in self.settings(home / "cache").items())
        with (home / "vanthu.toml").open("a", encoding="utf-8") as file:
            file.write(f"[s3]\n{table}")
        place = f"s3://{self.bucket}/{os.getpid()}-{next(_numbers)}"
        return {"VANTHU_HOME": str(home), "VANTHU_STORE": place, "VANTHU_STORE_SECRET": self.secret}

    def store(self, folder: Path, prefix: str | None = None, **more: Any) -> Store:
        """A new part of the bucket, or the part `prefix`, as a machine sees it that keeps its copies in `folder`."""
        name = f"{os.getpid()}-{next(_numbers)}" if prefix is None else prefix
        return opened(f"s3://{self.bucket}/{name}", folder, self.settings(folder, **more), self.secret)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[Server]:
    """The server of this session."""
    if given := os.environ.get("VANTHU_TEST_S3"):
        yield Server(*given.split())
        return
    port = free_port()
    environ = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(_OPEN_REQUESTS), "MOTO_S3_DEFAULT_MAX_KEYS": "5"}
    with tempfile.TemporaryFile() as log:
        command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environ)
        try:
            wait_until(lambda: server.poll() is not None or listens(port), "the S3 server answers")
            assert server.poll() is None
            yield _with_bucket(f"http://127.0.0.1:{port}")
        finally:
            server.terminate()
            server.wait(10)


def _with_bucket(endpoint: str) -> Server:
    """Somebody with a key, and a bucket; made by the protocol's usual client."""
    import boto3

    region = {"endpoint_url": endpoint, "region_name": "us-east-1"}
    people = boto3.client("iam", aws_access_key_id="nobody", aws_secret_access_key="nobody", **region)
    people.create_user(UserName="vanthu")
    people.create_policy(PolicyName="all", PolicyDocument=_POLICY)
    people.attach_user_policy(UserName="vanthu", PolicyArn="arn:aws:iam::123456789012:policy/all")
    key = people.create_access_key(UserName="vanthu")["AccessKey"]
    known = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    boto3.client("s3", **known, **region).create_bucket(Bucket="vanthu")
    return Server(endpoint, key["AccessKeyId"], key["SecretAccessKey"], "vanthu")


@pytest.fixture
def between(s3_server: Server) -> Iterator[tuple[Between, Server]]:
    """Something between us and the server that can be told to misbehave; and the server as it is reached through it."""
    with Between(s3_server.endpoint) as one:
        yield one, replace(s3_server, endpoint=one.endpoint)
