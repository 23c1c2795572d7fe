"""The demonstration: a sample city, its audit through the real services and jobs, and every process of the suite.

A second start finds the city, the account and the audit where the first left them, and only starts the processes.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import FrameType

from sqlalchemy.orm import Session

import core.cli
import core.settings
from core.calendar import day_in
from core.db import forget, unit_of_work, utc_now
from core.directory import queries as directory
from core.directory import rosterfile
from core.directory.services import create_account, import_roster
from core.errors import InputError, UnavailableError
from core.permissions import WHOLE, Actor, Role, command_line_actor
from core.settings import Settings
from core.words import Text
from mail_audit import queries
from mail_audit.sample import PRESETS, Preset, build
from mail_audit.services import start_audit
from web import demo_documents, demo_official, demo_practice, demo_roles
from web.demo_official import DemoOfficial
from web.demo_roles import DemoAccount

ACCOUNT = "admin"
COMMAND = (sys.executable, "-c", "import sys; from core.cli import main; sys.exit(main())")
TRAINING = (sys.executable, "-m", "web.demo_training")
DECIDED = f"""# The demonstration's own: the logs that it collects are thin, and no morning's report
# of theirs is to take the place of the audit's picture of the city.
[mail_audit.standing]
morning = ""

# No mail is sent; this is where the messages go to that its learners practise with.
[mail]
practice = "{demo_practice.SPELLING}"
"""
EARLIER_DAYS = 14
LOOK_SECONDS = 2.0
PR_SET_PDEATHSIG = 1  # linux/prctl.h
START_SECONDS = 60
STOP_SECONDS = 25


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of the demonstration, and what lies in it."""

    folder: Path

    @property
    def sample(self) -> Path:
        """The sample city."""
        return self.folder / "sample"

    @property
    def earlier(self) -> Path:
        """The same city in the weeks before."""
        return self.folder / "sample-earlier"

    @property
    def months(self) -> Path:
        """The collected logs of the months in which people were taught."""
        return self.folder / "months"

    @property
    def password(self) -> Path:
        """The administrator's password, so that a second start can print it again."""
        return self.folder / "demo-password"

    @property
    def log(self) -> Path:
        """What the processes say."""
        return self.folder / "demo.log"


def run(*, host: str, port: int, preset: str) -> int:
    """Prepare what is missing, start everything, wait for Ctrl-C, stop everything. The exit code of the command."""
    if preset not in PRESETS:
        names = ", ".join(sorted(PRESETS))
        raise InputError(Text(f"Cỡ mẫu phải là một trong: {names}.", f"The preset is one of: {names}."))
    _refuse_taken(host, port)
    environ = _environ()
    home = Home(Path(environ["VANTHU_HOME"]).absolute())
    home.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (home.folder / core.settings.FILE_NAME).exists():
        (home.folder / core.settings.FILE_NAME).write_text(DECIDED, "utf-8")
    settings = core.settings.load(environ)
    password, official, roles = _prepare(settings, home, preset)
    forget(settings)
    with _signals(), home.log.open("ab") as log:
        return _run_processes(environ, home, log.fileno(), host, port, password, settings, official, roles, preset)


def _environ() -> dict[str, str]:
    """The environment of every process: a home of its own unless one is given, and leave to read the sample's logs."""
    environ = dict(os.environ)
    environ.setdefault("VANTHU_HOME", str(Path(".demo").absolute()))
    home = Home(Path(environ["VANTHU_HOME"]).absolute())
    given = environ.get("VANTHU_LOG_FOLDERS", "/var/log")
    environ["VANTHU_LOG_FOLDERS"] = os.pathsep.join(
        [given, str(home.sample / "logs"), str(home.earlier / "logs"), str(home.months)]
    )
    environ["VANTHU_LANGUAGE"] = core.cli.language()
    return environ


def _refuse_taken(host: str, port: int) -> None:
    """A port that something else listens on is told before minutes of work, not after."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            raise UnavailableError(
                Text(
                    f"Không mở được {host}:{port}; hãy chọn cổng khác, ví dụ PORT={port + 80}.",
                    f"{host}:{port} cannot be opened; choose another port, for example PORT={port + 80}.",
                ),
                detail=str(taken),
            ) from taken


def _prepare(settings: Settings, home: Home, preset: str) -> tuple[str, DemoOfficial, list[DemoAccount]]:
    """City, directory, accounts and audit; the administrator's password, and the others who may log in."""
    actor = command_line_actor()
    if not (home.sample / "truth.json").exists():
        _build(home, preset)
    password = home.password.read_text("ascii").strip() if home.password.exists() else secrets.token_urlsafe(9)
    with unit_of_work(settings) as session:
        import_roster(session, actor, roster=rosterfile.read_roster(home.sample / "officials.csv"))
        if directory.account_by_name(session, ACCOUNT) is None:
            demo_official.keep(home.password, password)
            create_account(session, actor, name=ACCOUNT, password=password)
        official = demo_official.prepared(session, actor, home.folder)
        roles = demo_roles.prepared(session, actor, home.folder, day=day_in(settings.timezone, utc_now()))
        unit = next((one.unit for one in roles if one.role == Role.LEADER), None)
        audited = PRESETS[preset].first + timedelta(days=PRESETS[preset].days - 1)
        zone = settings.timezone
        demo_documents.prepared(session, actor, unit=unit or "", now=utc_now(), zone=zone, audited=audited)
    with unit_of_work(settings) as session:
        if all(audit.state in {"failed", "cancelled"} for audit in queries.audits(session, reach=WHOLE).rows):
            _ask(session, settings, actor, home)
    return password, official, roles


def _build(home: Home, preset: str) -> None:
    """The city, and of the large one the weeks before as well: the same people, so that there is a change to show."""
    plan = PRESETS[preset]
    core.cli.say(Text("Đang dựng thành phố mẫu…", "Building the sample city…"))
    tell = _tell_days if sys.stderr.isatty() else None
    if plan.days > EARLIER_DAYS:
        begin = plan.first - timedelta(days=EARLIER_DAYS)
        _build_one(home.earlier, plan, begin, EARLIER_DAYS, tell)
    _build_one(home.sample, plan, plan.first, plan.days, tell)


def _build_one(folder: Path, plan: Preset, first: date, days: int, tell: Callable[[int, int], None] | None) -> None:
    build(
        folder,
        officials=plan.officials,
        first=first,
        days=days,
        layout=plan.layout,
        volume=plan.volume,
        progress=tell,
    )


def _tell_days(done: int, days: int) -> None:
    end = "\n" if done == days else ""
    sys.stderr.write(f"\r  {done}/{days}{end}")
    sys.stderr.flush()


def _ask(session: Session, settings: Settings, actor: Actor, home: Home) -> None:
    """Ask for the audits as a visitor would, the latest first: its picture is what people wait for."""
    for city in (home.sample, home.earlier):
        if city.exists():
            start_audit(
                session,
                actor,
                timezone=settings.timezone,
                log_folders=settings.log_folders,
                paths=[city / "logs"],
            )


def _run_processes(
    environ: Mapping[str, str],
    home: Home,
    log: int,
    host: str,
    port: int,
    password: str,
    settings: Settings,
    official: DemoOfficial,
    roles: Sequence[DemoAccount],
    preset: str,
) -> int:
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for arguments in (["serve", "--host", host, "--port", str(port)], ["worker"], ["scheduler"]):
            processes[arguments[0]] = _started([*COMMAND, *arguments], environ, log)
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        _wait_until_it_answers(address, processes, home)
        _say_where(address, password, home, official, roles)
        processes["training"] = _started([*TRAINING, str(home.months), preset], environ, log)
        return _watch(processes, home, settings, official)
    except KeyboardInterrupt:
        core.cli.say(Text("\nĐang dừng…", "\nStopping…"), err=True)
        return 0
    finally:
        _stop(processes)


def _started(command: Sequence[str], environ: Mapping[str, str], log: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,  # Ctrl-C is for us; we stop them in order
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - this process has one thread
    )


def _end_with_parent() -> None:
    """In a child: be asked to end when the demonstration is killed and can ask no more (Linux has a call for it)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _say_where(address: str, password: str, home: Home, official: DemoOfficial, roles: Sequence[DemoAccount]) -> None:
    others = Text("\n".join(one.words.vi for one in roles), "\n".join(one.words.en for one in roles))
    core.cli.say(
        Text(
            f"\nVanthu đang chạy tại {address}\n  tài khoản: {ACCOUNT}\n  mật khẩu:  {password}\n"
            f"Tài khoản của cán bộ {official.name}, chỉ xem số liệu của mình:\n"
            f"  tài khoản: {demo_official.ACCOUNT}\n  mật khẩu:  {official.password}\n"
            f"Các vai trò khác (tài khoản / mật khẩu):\n{others.vi}\n"
            f"Lần kiểm tra mẫu đang được đọc; trang đầu cho xem tiến độ. Phần đào tạo đầy đủ"
            f" sau một, hai phút. Nhật ký chương trình: {home.log}\n"
            "Dừng bằng Ctrl-C; lần sau dùng lại dữ liệu này.",
            f"\nVanthu is running at {address}\n  account:  {ACCOUNT}\n  password: {password}\n"
            f"The account of the official {official.name}, who sees the own figures only:\n"
            f"  account:  {demo_official.ACCOUNT}\n  password: {official.password}\n"
            f"The other roles (account / password):\n{others.en}\n"
            f"The sample's audit is being read; the first page shows how far it is. Training follows"
            f" in a minute or two. Program log: {home.log}\n"
            "Stop with Ctrl-C; the next start uses the same data.",
        )
    )
    sys.stdout.flush()


def _wait_until_it_answers(address: str, processes: Mapping[str, subprocess.Popen[bytes]], home: Home) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        _none_ended(processes, home)
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise _dead("serve", home)


def _watch(
    processes: Mapping[str, subprocess.Popen[bytes]], home: Home, settings: Settings, official: DemoOfficial
) -> int:
    """Look after the processes; as soon as there is a report, the official contests something in it."""
    done = False
    while True:
        _none_ended(processes, home)
        done = done or demo_official.asked(settings, official)
        time.sleep(0.5 if done else LOOK_SECONDS)


def _none_ended(processes: Mapping[str, subprocess.Popen[bytes]], home: Home) -> None:
    for name, process in processes.items():
        ended = process.poll() is not None
        if ended and not (name == "training" and process.returncode == 0):  # it has done what it had to do
            raise _dead(name, home)


def _dead(name: str, home: Home) -> UnavailableError:
    return UnavailableError(
        Text(
            f"Tiến trình {name} không chạy được; nguyên nhân ghi trong {home.log}.",
            f"The process {name} does not run; {home.log} says why.",
        )
    )


def _stop(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Ask each to end, wait, and end what does not; nothing is left behind."""
    for process in processes.values():
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes.values():
        try:
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def _signals() -> Iterator[None]:
    """SIGTERM and a closed terminal end the demonstration as Ctrl-C does; so does Ctrl-C where a shell ignores it."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
