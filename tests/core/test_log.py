"""The program's log: one JSON object a line, without secrets."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from core.cli import _log_detail
from core.errors import InputError
from core.log import HIDDEN, configure, get_logger
from core.words import Text


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Where the log goes in this test; the configuration is put back."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure("debug", stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:], root.level = before, level


def test_a_line_is_json_with_its_moment(lines: io.StringIO) -> None:
    get_logger("vanthu.test").info("đã đọc", lines=3)
    told = json.loads(lines.getvalue())
    assert told.pop("timestamp").endswith("Z")
    assert told == {"event": "đã đọc", "level": "info", "logger_name": "vanthu.test", "lines": 3}


@pytest.mark.parametrize("name", ["password", "new_passwd", "secret_key", "session_token", "Cookie", "Authorization"])
def test_a_secret_is_hidden_at_any_depth(lines: io.StringIO, name: str) -> None:
    get_logger("t").info("x", **{name: "hunter22"}, deep={"list": [{name: "hunter22"}]})
    assert "hunter22" not in lines.getvalue()
    assert lines.getvalue().count(HIDDEN) == 2


def test_the_password_in_a_url_is_hidden(lines: io.StringIO) -> None:
    get_logger("t").info("cannot reach redis://u:hunter22@127.0.0.1/0", url="postgresql://a:hunter22@h/b")
    assert "hunter22" not in lines.getvalue()
    assert "127.0.0.1/0" in lines.getvalue()


def test_lines_of_libraries_are_json_too(lines: io.StringIO) -> None:
    logging.getLogger("celery").warning("amqp://u:hunter22@h is %s", "gone")
    told = json.loads(lines.getvalue())
    assert told["event"] == f"amqp://u:{HIDDEN}@h is gone"
    assert told["level"] == "warning"


def test_a_detail_is_not_printed_among_the_answers(capsys: pytest.CaptureFixture[str]) -> None:
    """A program that keeps no log says only its sentence: the detail would stand on standard output."""
    structlog.reset_defaults()
    _log_detail(InputError(Text("sai", "wrong"), detail="EOFError"))
    assert capsys.readouterr().out == ""
