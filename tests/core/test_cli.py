"""The command: lazy, and every error ends in one sentence and its code, never in a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import click
import pytest

import core.cli
import core.settings
from core.errors import EXIT_CODES

START = "import sys; from core.cli import main; sys.exit(main())"


def vanthu(home: Path, *words: str, code: str = START, **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs the command as a process of its own, so that its environment and its imports are its own."""
    given = {"PATH": os.environ["PATH"], "HOME": str(home), "VANTHU_HOME": str(home / "home"), **environ}
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False, env=given)


def with_command(body: str) -> str:
    """Code that runs `vanthu probe`, a command with that body."""
    return "\n".join(
        (
            "import sys, types, click, core, core.cli, core.errors, core.words",
            "def probe():",
            textwrap.indent(textwrap.dedent(body), "    "),
            "sys.modules['probing'] = types.ModuleType('probing')",
            "sys.modules['probing'].probe = click.command('probe')(probe)",
            "core.COMMANDS['probe'] = 'probing:probe'",
            "sys.exit(core.cli.main(['probe', *sys.argv[1:]]))",
        )
    )


@pytest.mark.parametrize(("name", "code"), list(EXIT_CODES.items()))
@pytest.mark.parametrize(("language", "said"), [("vi", "Không được."), ("en", "Refused.")])
def test_an_error_is_a_sentence_and_a_code(tmp_path: Path, name: str, code: int, language: str, said: str) -> None:
    body = f"raise core.errors.{name}(core.words.Text('Không được.', 'Refused.'), detail='d' * 9)"
    run = vanthu(tmp_path, code=with_command(body), VANTHU_LANGUAGE=language)
    assert (run.returncode, run.stdout, run.stderr) == (code, "", f"{said}\n")


def test_a_wrong_key_in_the_environment_stops_the_start(tmp_path: Path) -> None:
    run = vanthu(tmp_path, "db", "upgrade", VANTHU_DATABSE_URL="sqlite://")
    assert run.returncode == 2
    assert run.stderr == "Không có cấu hình tên VANTHU_DATABSE_URL (biến môi trường).\n"
    assert not (tmp_path / "home").exists()


def test_the_language_is_chosen_before_anything_is_refused(tmp_path: Path) -> None:
    run = vanthu(tmp_path, "--language", "en", "db", "upgrade", VANTHU_NONE="1")
    assert run.stderr == "There is no setting VANTHU_NONE (environment).\n"


def test_a_defect_is_a_sentence_with_a_number(tmp_path: Path) -> None:
    run = vanthu(tmp_path, code=with_command("{}['k']"), VANTHU_LANGUAGE="en")
    assert run.returncode == 70
    assert run.stderr.startswith("The program has met a defect of its own, number ")
    assert "Traceback" not in run.stderr
    (kept,) = (tmp_path / "home").glob("defect-*.txt")
    assert str(kept) in run.stderr
    assert "KeyError" in kept.read_text("utf-8")


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    run = vanthu(tmp_path, code=with_command("raise OSError(28, 'No space left on device', '/data/x')"))
    assert (run.returncode, run.stderr) == (6, "Hệ thống từ chối: No space left on device (/data/x).\n")


def test_an_interruption_is_quiet(tmp_path: Path) -> None:
    run = vanthu(tmp_path, code=with_command("raise KeyboardInterrupt"))
    assert (run.returncode, run.stderr.strip()) == (130, "")


def test_a_broken_pipe_is_silent(tmp_path: Path) -> None:
    code = with_command("for n in range(100_000): print(n)")
    given = {"PATH": os.environ["PATH"], "VANTHU_HOME": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=given
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.readline()
        run.stdout.close()
        said = run.stderr.read()
    assert (run.returncode, said) == (128 + signal.SIGPIPE, b"")


@pytest.mark.parametrize("words", [["nope"], ["--language", "fr"], ["db"], ["db", "upgrade", "--fast"]])
def test_wrong_use_ends_with_2(tmp_path: Path, words: list[str]) -> None:
    run = vanthu(tmp_path, *words)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr


def test_help_lists_every_command(tmp_path: Path) -> None:
    run = vanthu(tmp_path, "--help")
    assert run.returncode == 0
    assert all(f"\n  {name}" in run.stdout for name in core.cli.commands())


def test_a_missing_library_is_a_sentence(tmp_path: Path) -> None:
    code = START.replace("import sys;", "import sys, core; core.COMMANDS['x'] = 'no_such_library.x:y';")
    run = vanthu(tmp_path, "x", code=code, VANTHU_LANGUAGE="en")
    assert run.returncode == 6
    assert run.stderr == "The command x needs the library no_such_library, which is not installed.\n"


def test_a_feature_that_is_not_installed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.settings, "INSTALLED", ("no_such_feature",))
    assert core.cli.commands() == core.COMMANDS


def test_every_command_of_the_floor_can_be_imported() -> None:
    group = core.cli.vanthu
    assert isinstance(group, core.cli.LazyGroup)
    with click.Context(group) as context:
        assert all(group.get_command(context, name) is not None for name in core.COMMANDS)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_list_of_commands_is_said_in_one_language_and_whole(tmp_path: Path, language: str) -> None:
    run = vanthu(tmp_path, "--help", VANTHU_LANGUAGE=language, COLUMNS="80")
    listed = run.stdout.partition("Commands:")[2].splitlines()[1:]
    assert [line for line in listed if " / " in line or "..." in line or not line.endswith(".")] == []
    assert ("Nhật ký kiểm toán." in run.stdout, "The audit trail." in run.stdout) == (
        language == "vi",
        language == "en",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["adit"], "Không có lệnh “adit”. Có phải là một trong 'admin', 'audit'?"),
        (["trail", "hed"], "Không có lệnh “hed”. Có phải là 'head'?"),
        (["trail", "head", "--agaisnt", "x"], "Không có tùy chọn --agaisnt."),
        (["trail", "export"], "Thiếu FILE."),
        (["trail", "export", "a", "b"], "Thừa: b."),
        (["admin", "recover", "an"], "Thiếu tùy chọn --reason."),
        (["admin", "recover", "an", "--reason"], "Sau --reason còn thiếu giá trị."),
        (["trail", "export", "a.csv", "--from", "31/10"], "“31/10” không phải là một ngày viết như 2026-10-31."),
        (["worker", "--concurrency", "99"], "99 không nằm trong khoảng 1<=x<=64."),
        (["worker", "--concurrency", "many"], "“many” không phải là số."),
        (["--language", "fr", "db"], "“fr” không phải là một trong 'vi', 'en'."),
        (["admin", "password", "an", "--password-file", "/nowhere"], "không có tệp “/nowhere”."),
    ],
)
def test_a_wrong_command_line_is_told_in_vietnamese(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VANTHU_HOME", str(tmp_path))
    assert core.cli.main(words) == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith("Lỗi: ")
    assert told.endswith(said)


def test_help_speaks_the_language_of_the_settings(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VANTHU_HOME", str(tmp_path))
    assert core.cli.main(["trail", "export", "--help"]) == 0
    shown = capsys.readouterr().out
    assert "Cách dùng: vanthu trail export [TÙY CHỌN] FILE" in shown
    assert "--from NĂM-THÁNG-NGÀY" in shown
    (tmp_path / "vanthu.toml").write_text('language = "en"\n', "utf-8")
    assert core.cli.main(["trail", "export", "--help"]) == 0
    shown = capsys.readouterr().out
    assert "Usage: vanthu trail export [OPTIONS] FILE" in shown
    assert "--from YYYY-MM-DD" in shown
    assert core.cli.main(["adit"]) == 2
    assert "Did you mean one of: 'admin', 'audit'?" in capsys.readouterr().err


def test_a_shell_completes_commands(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"_VANTHU_COMPLETE": "bash_complete", "COMP_WORDS": "vanthu tra", "COMP_CWORD": "1"}.items():
        monkeypatch.setenv(name, value)
    assert core.cli.main([]) == 0
    assert "plain,trail" in capsys.readouterr().out.splitlines()
