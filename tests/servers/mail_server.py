"""A private Postfix and Dovecot with a log of their own, started in a folder and gone without a trace.

The programs run in a mount and process namespace of their own: `/dev/log` is there the socket of a private rsyslog,
and the end of the namespace is the end of every process in it. Where namespaces may not be made, they run beside
the other processes, and `/dev/log` is only borrowed when the machine has none.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import mail_settings as settings

PROGRAMS = ("postfix", "dovecot", "rsyslogd")
ISOLATE = ["unshare", "--mount", "--pid", "--uts", "--fork"]
START = """\
set -u
root=$1 syslog=$2 isolated=$3 host=$4
borrowed=
if [ "$isolated" = yes ]; then hostname "$host"; fi
if [ "$syslog" = yes ]; then
  if [ "$isolated" = yes ]; then
    mount -t tmpfs -o mode=755 tmpfs "$root/dev"
    for node in null zero full random urandom tty; do cp -a "/dev/$node" "$root/dev/"; done
    for link in fd stdin stdout stderr; do cp -a "/dev/$link" "$root/dev/"; done
    mkdir -m 1777 "$root/dev/shm"
    ln -s "$root/log.sock" "$root/dev/log"
    mount --bind "$root/dev" /dev
  elif [ -e /dev/log ]; then
    echo "/dev/log is in use here" >&2; exit 1
  else
    ln -s "$root/log.sock" /dev/log; borrowed=yes
  fi
  rsyslogd -n -f "$root/rsyslog.conf" -i "$root/rsyslog.pid" & logger=$!
fi
dovecot -F -c "$root/dovecot.conf" & keeper=$!
postfix -c "$root/etc" start
end() {
  trap - TERM
  postfix -c "$root/etc" stop
  kill "$keeper"; wait "$keeper"
  if [ "$syslog" = yes ]; then kill "$logger"; wait "$logger"; fi
  if [ -n "$borrowed" ]; then rm -f /dev/log; fi
  exit 0
}
trap end TERM
touch "$root/started"
while :; do wait; sleep 0.2; done
"""


def missing() -> str:
    """Why no server can be started here, or an empty text."""
    if os.geteuid() != 0:
        return "a private Postfix and Dovecot need root"
    absent = [name for name in PROGRAMS if shutil.which(name, path=_path()) is None]
    return f"not installed: {', '.join(absent)}" if absent else ""


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def until(condition: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
    """Poll `condition`; fail with `what` when it does not come true in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def may_isolate() -> bool:
    """Whether processes may be started in namespaces of their own here."""
    return subprocess.run([*ISOLATE, "true"], capture_output=True, check=False).returncode == 0


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


class MailServer:
    """One running Postfix and Dovecot; `logs` are the files an audit of it reads."""

    def __init__(self, root: Path, ports: settings.Ports, options: settings.Options) -> None:
        self.place = settings.Place(root)
        self.ports = ports
        self.options = options
        self._isolated = True
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def logs(self) -> tuple[Path, ...]:
        """The log files of one kind: the mixed one, or Postfix's and Dovecot's own."""
        if self.options.syslog:
            return (self.place.mixed_log,)
        return (self.place.postfix_log, self.place.dovecot_log)

    def lines(self) -> list[str]:
        """Every line logged so far, as written."""
        texts = [path.read_text("utf-8", "surrogateescape") for path in self.logs if path.exists()]
        return [line for text in texts for line in text.split("\n") if line]

    def write_files(self) -> None:
        """Put every configuration file in place."""
        root, ports, options = self.place.root, self.ports, self.options
        root.chmod(0o755)
        for name in ("run", "log", "etc", "spool", "data", "dev", "box"):
            (root / name).mkdir()
        shutil.chown(root / "data", "postfix")
        shutil.chown(root / "box", settings.OWNER, settings.OWNER)
        (root / "passwd").write_text(settings.dovecot_passwd(self.place))
        (root / "dovecot.conf").write_text(settings.dovecot_conf(self.place, ports, options))
        (root / "rsyslog.conf").write_text(settings.rsyslog_conf(self.place))
        (root / "etc" / "main.cf").write_text(settings.main_cf(self.place, ports, options))
        (root / "etc" / "master.cf").write_text(settings.master_cf(self.place, ports, options))
        (root / "mailboxes").write_text(
            "".join(f"{p}@{settings.DOMAIN} {p}\n" for p in (*settings.PEOPLE, settings.GONE))
        )
        aliases = (f"{name}@{settings.DOMAIN} {', '.join(to)}\n" for name, to in settings.ALIASES.items())
        (root / "virtual").write_text("".join(aliases))

    def sieve(self, person: str, script: str) -> None:
        """Give a mailbox its standing rule."""
        home = self.place.home(person)
        home.mkdir(exist_ok=True)
        (home / ".dovecot.sieve").write_text(script)
        for path in (home, home / ".dovecot.sieve"):
            shutil.chown(path, settings.OWNER, settings.OWNER)

    def start(self) -> None:
        """Start the programs and wait until every port answers."""
        self._isolated = may_isolate()
        alone = [*ISOLATE, "--kill-child=TERM"] if self._isolated else []
        syslog = "yes" if self.options.syslog else "no"
        script = [
            "bash",
            "-c",
            START,
            "mail",
            str(self.place.root),
            syslog,
            "yes" if alone else "no",
            self.options.host,
        ]
        environment = {"PATH": _path(), "TZ": settings.ZONE, "LANG": "C"}
        if self.options.ahead is not None:
            self.place.clock.write_text(f"{self.options.ahead:+.3f}")
            environment |= settings.clock_environment(self.place)
        with (self.place.root / "log" / "start").open("wb") as output:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", *alone, *script],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        ports = self.ports
        until(lambda: self._ended() or (self.place.root / "started").exists(), "the programs start")
        for port in (ports.mx, ports.submission, ports.reinject, ports.imap, ports.pop3, ports.lmtp, ports.auth):
            until(lambda port=port: self._ended() or _listens(port), f"port {port} answers")  # type: ignore[misc]
        assert not self._ended(), (self.place.root / "log" / "start").read_text()

    def _script_pid(self) -> int:
        """The script itself: the first process of the namespace, or ours where there is none."""
        assert self._process is not None
        pid = self._process.pid
        if not self._isolated:
            return pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])

    def _ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def queue_empty(self) -> bool:
        """True when Postfix holds no message any more."""
        spool = self.place.root / "spool"
        folders = ("maildrop", "incoming", "active", "deferred", "hold")
        return not any(p.is_file() for name in folders for p in (spool / name).rglob("*"))

    def stop(self) -> None:
        """End every process; the files stay until the folder is removed."""
        if self._process is None:
            return
        if not self._ended():
            os.kill(self._script_pid(), signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._process = None


@contextmanager
def running(options: settings.Options, prepare: Callable[[MailServer], None] | None = None) -> Iterator[MailServer]:
    """A started server in a fresh folder under the temporary folder (short: sockets have short names).

    `prepare` may change its files before it starts.
    """
    root = Path(tempfile.mkdtemp(prefix="vanthu-mail-"))
    server = MailServer(root, settings.Ports(), options)
    try:
        server.write_files()
        if prepare:
            prepare(server)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(root, ignore_errors=True)
