"""The command `vanthu`: finds each command by name, and is the border where errors become a sentence and a code.

A package adds commands with `COMMANDS = {"name": "module:attribute"}` in its `__init__`; a module is imported only when
its command runs (or when `--help` lists them all), so that `vanthu audit` starts without a database or a web server.
What a command may raise and its exit code stands in `core.errors`.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import time
import traceback
from collections.abc import Sequence
from typing import Any, cast

import click

import core.settings
from core.cli import frame
from core.cli.frame import DAY
from core.cli.speaking import chosen_language, console, language, say
from core.errors import EXIT_BROKEN_PIPE, EXIT_INTERRUPTED, EXIT_UNEXPECTED, UnavailableError, VanthuError
from core.settings import Settings
from core.words import LANGUAGES, Language, Text

__all__ = ["DAY", "LazyGroup", "ListingGroup", "commands", "console", "language", "main", "say", "settings", "vanthu"]

click.Context.formatter_class = frame.Formatter


def settings() -> Settings:
    """The settings the running command was started with."""
    context = click.get_current_context()
    return cast("Settings", context.find_root().obj)


def commands() -> dict[str, str]:
    """Every command there is -> `module:attribute`, core's own first; imports only the packages' `__init__`."""
    found: dict[str, str] = {}
    for package in ("core", *core.settings.INSTALLED):
        try:
            module = importlib.import_module(package)
        except ModuleNotFoundError as missing:
            if missing.name != package:
                raise
            continue  # a package may be left out of an installation
        found |= getattr(module, "COMMANDS", {})
    return found


class _ReaderGoneError(Exception):
    """A broken pipe, carried past click, which would make an ordinary failure of it."""


def _short(command: click.Command, limit: int) -> str:
    """The first sentence of a command's help, in the user's language where it is said in both: `vi / en`, `vi. en.`"""
    said = " ".join((command.help or "").split("\n\n")[0].split())
    for apart in (" / ", ". ", "? "):
        vi, found, en = said.partition(apart)
        if found:
            said = vi if language() == "vi" else en
            break
    begins = said.partition(";")[0].rstrip(".")
    short = click.Command(None, help=f"{begins[:1].upper()}{begins[1:]}.")
    return short.get_short_help_str(limit=limit)


class ListingGroup(click.Group):
    """A group whose list of commands speaks one language, so that a line holds what it says."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; for a misspelt one the error names the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as unknown:  # click compares with commands that are imported already
            raise click.NoSuchCommand(unknown.command_name, possibilities=self.list_commands(ctx), ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `--help`; a command whose library is not installed is listed without a word."""
        rows = []
        for name in self.list_commands(ctx):
            short = ""
            command = None
            with contextlib.suppress(UnavailableError):
                command = self.get_command(ctx, name)
                short = _short(command, formatter.width - 16) if command else ""
            if command is None or not command.hidden:
                rows.append((name, short))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class LazyGroup(ListingGroup):
    """A group whose commands are imported when they are asked for."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; a broken pipe is left to the border."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as gone:
            raise _ReaderGoneError from gone

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in alphabetical order."""
        del ctx
        return sorted(commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        del ctx
        place = commands().get(cmd_name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        try:
            command = getattr(importlib.import_module(module), attribute)
        except ModuleNotFoundError as missing:
            raise UnavailableError(
                Text(
                    f"Lệnh {cmd_name} cần thư viện {missing.name} chưa được cài.",
                    f"The command {cmd_name} needs the library {missing.name}, which is not installed.",
                )
            ) from missing
        return cast("click.Command", command)


def _speak(_ctx: click.Context, _option: click.Parameter, chosen: Language | None) -> Language | None:
    """Before anything else is looked at, so that every error is said in that language."""
    if chosen is not None:
        chosen_language.set(chosen)
    return chosen


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--language",
    "chosen",
    type=click.Choice(LANGUAGES),
    callback=_speak,
    is_eager=True,
    help="Ngôn ngữ / language (mặc định / default: vi)",
)
@click.version_option(package_name="vanthu", prog_name="vanthu")
@click.pass_context
def vanthu(ctx: click.Context, chosen: Language | None) -> None:
    """Ai thật sự dùng thư điện tử công vụ? Who really uses official e-mail?"""
    ctx.obj = core.settings.load()
    chosen_language.set(chosen or ctx.obj.language)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `vanthu` with `arguments` (default: the process's own) and gives the exit code; nothing is raised."""
    chosen_language.set(_set_language())
    _have_streams()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_stdout()
        return EXIT_BROKEN_PIPE
    return code


def _set_language() -> Language:
    """The setting's, for `--help` and for what is refused before a command runs; what is wrong in it is told later."""
    with contextlib.suppress(VanthuError):
        return core.settings.load().language
    return "en" if os.environ.get("VANTHU_LANGUAGE", "").strip().lower() == "en" else "vi"


def _run(arguments: Sequence[str] | None) -> int:
    try:
        result: Any = vanthu.main(args=arguments, prog_name="vanthu", standalone_mode=False)
    except click.exceptions.Exit as left:
        return left.exit_code
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except (click.Abort, KeyboardInterrupt):
        click.echo(err=True)
        return EXIT_INTERRUPTED
    except click.ClickException as wrong:
        frame.show(wrong)
        return wrong.exit_code
    except VanthuError as error:
        _log_detail(error)
        say(error.message, err=True)
        return error.exit_code
    except _ReaderGoneError as gone:
        raise BrokenPipeError from gone
    except OSError as refused:
        say(_of_system(refused), err=True)
        return UnavailableError.exit_code
    except BaseException as defect:  # noqa: BLE001 - the border: nobody is shown a traceback, nor a library's panic
        say(_kept_defect(defect), err=True)
        return EXIT_UNEXPECTED
    return result if isinstance(result, int) else 0


def _log_detail(error: VanthuError) -> None:
    """The detail goes to the program's log, when there is one already: a log is not worth a late import."""
    log = sys.modules.get("core.log")
    if log is not None and log.is_configured() and error.detail:
        log.get_logger("vanthu").warning("refused", error=type(error).__name__, detail=error.detail)


def _of_system(refused: OSError) -> Text:
    """A full disk, a folder that may not be written: the system's words and the place."""
    place = f" ({refused.filename})" if refused.filename else ""
    words = refused.strerror or type(refused).__name__
    return Text(f"Hệ thống từ chối: {words}{place}.", f"The system refused: {words}{place}.")


def _kept_defect(defect: BaseException) -> Text:
    """Keeps the traceback in a file for whoever mends it; gives the sentence with its number."""
    number = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{os.getpid()}"
    kept = Text("", "")
    with contextlib.suppress(VanthuError, OSError):
        home = core.settings.load().home
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = home / f"defect-{number}.txt"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("".join(traceback.format_exception(defect)))
        kept = Text(f" Chi tiết ở {path}.", f" The details are in {path}.")
    return Text(
        f"Chương trình gặp lỗi của chính nó, số {number}. Hãy báo cho người phụ trách kỹ thuật.{kept.vi}",
        f"The program has met a defect of its own, number {number}. Please tell your technician.{kept.en}",
    )


def _have_streams() -> None:
    """Whoever closed stdout or stderr wants to read nothing; no file that is opened later may take their place."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115


def _leave_stdout() -> None:
    """Whoever read the output is gone: what is still buffered must not raise again at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
