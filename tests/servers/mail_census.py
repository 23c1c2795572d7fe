"""A private Dovecot for the census: a master user, an account others share with, and mailboxes written as files.

A mailbox is a Maildir made by writing a few small files, so that thousands are there in a second. The flags of a
message stand in its file's name, and the moment it arrived is the file's date: what is there before and after can be
compared without asking the server.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.servers.loopback import free_port, listens, wait_until
from tests.servers.mail_server import _path

DOMAIN = "tp.example.gov.vn"
OWNER = "mail"
MASTER, MASTER_PASSWORD = "kiem.dem", 'mật khẩu "chủ"'
SHARED, SHARED_PASSWORD = f"chia.se@{DOMAIN}", r"chia\se 1"
OWN_PASSWORD = "rieng"
SECRET = "Điều không ai được đọc"
"""Stands in every subject and body."""
CONFIG = """\
log_path = {root}/dovecot.log
base_dir = {root}/run
protocols = imap
ssl = {ssl}
{tls}disable_plaintext_auth = no
listen = 127.0.0.1
mail_location = maildir:~/mail:INDEX=MEMORY
first_valid_uid = 1
auth_username_format = %Lu
auth_failure_delay = 0
auth_master_user_separator = *
auth_mechanisms = {mechanisms}
{master}passdb {{
  driver = passwd-file
  args = {root}/passwd
}}
userdb {{
  driver = passwd-file
  args = {root}/passwd
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    special_use = \\Drafts
  }}
  mailbox "{sent}" {{
    special_use = \\Sent
  }}
}}
namespace {{
  type = shared
  separator = /
  prefix = shared/%%u/
  location = maildir:%%h/mail{private_index}
  subscriptions = no
  list = children
}}
mail_plugins = acl mail_log notify
plugin {{
  acl = vfile
{acl_master}  acl_shared_dict = file:{root}/acl/shared.db
  mail_log_events = delete undelete expunge copy save flag_change mailbox_create mailbox_delete mailbox_rename
  mail_log_fields = uid box msgid size flags
}}
protocol imap {{
  mail_plugins = acl imap_acl mail_log notify
  mail_max_userip_connections = 200
}}
service imap-login {{
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  client_limit = 2000
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap {{
  process_limit = 200
  service_count = 500
}}
"""
MASTER_PASSDB = "passdb {{\n  driver = passwd-file\n  args = {root}/masters\n  master = yes\n{check}}}\n"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message: when it arrived and its Maildir flags (S seen, R answered, F flagged)."""

    arrived: datetime
    flags: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """How the server is set up.

    `checks_names`: a master user gets into mailboxes that exist, and no others. `acl_binds_master`: the master user
    has the rights of the mailbox's ACLs only. `seen_by_each`: who looks into a shared mailbox has marks of the own.
    """

    tls: bool = False
    mechanisms: str = "plain login"
    sent: str = "Sent"
    checks_names: bool = True
    acl_binds_master: bool = False
    seen_by_each: bool = False


@dataclass(slots=True)
class MailRoom:
    """One running Dovecot."""

    root: Path
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    people: list[str] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def certificate(self) -> Path:
        """What a client must trust."""
        return self.root / "cert.pem"

    def mailbox(self, local: str, inbox: Sequence[Letter] = (), **folders: Sequence[Letter]) -> str:
        """Makes a mailbox with letters; gives its address. Folders by their names in modified UTF-7."""
        box = self.root / "box" / local
        written: dict[str, Sequence[Letter]] = {"": inbox}
        written |= {f".{name}": letters for name, letters in folders.items()}
        for name, letters in written.items():
            folder = box / "mail" / name
            for part in ("cur", "new", "tmp"):
                (folder / part).mkdir(parents=True)
            for number, letter in enumerate(letters):
                _write(folder, number, letter)
        self.people.append(local)
        return f"{local}@{DOMAIN}"

    def share(self, local: str) -> None:
        """Gives the shared account the right to look (and no more) into a mailbox and its folder of sent messages."""
        mail = self.root / "box" / local / "mail"
        for folder in [mail, *mail.glob(".*")]:
            if (folder / "cur").is_dir():
                (folder / "dovecot-acl").write_text(f"user={SHARED} lrs\n")
        with (self.root / "acl" / "shared.db").open("a") as shared:
            shared.write(f"shared/shared-boxes/user/{SHARED}/{local}@{DOMAIN}\n1\n")

    def state(self) -> dict[str, tuple[str, float]]:
        """Every message file -> its name with the flags and its date; what must be the same before and after."""
        return {
            str(path.relative_to(self.root).parent.parent / path.name.partition(":")[0]): (
                path.name.partition(":2,")[2],
                path.stat().st_mtime,
            )
            for path in (self.root / "box").rglob("*.vanthu*")
        }

    def log(self) -> str:
        """What Dovecot logged."""
        return (self.root / "dovecot.log").read_text("utf-8", "replace")

    def start(self, kind: Kind) -> None:
        """Starts the server and waits until it answers."""
        root = self.root
        owner = pwd.getpwnam(OWNER)
        root.chmod(0o755)
        rows = [*((local, OWN_PASSWORD) for local in self.people), (SHARED.partition("@")[0], SHARED_PASSWORD)]
        (root / "passwd").write_text(
            "".join(
                f"{local}@{DOMAIN}:{{PLAIN}}{password}:{owner.pw_uid}:{owner.pw_gid}::{root}/box/{local}::\n"
                for local, password in rows
            )
        )
        (root / "masters").write_text(f"{MASTER}:{{PLAIN}}{MASTER_PASSWORD}\n")
        subprocess.run(["chown", "-R", f"{OWNER}:{OWNER}", root / "box", root / "acl"], check=True)
        if kind.tls:
            make_certificate(root)
        (root / "dovecot.conf").write_text(self._config(kind))
        with (root / "start").open("wb") as output:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "dovecot", "-F", "-c", str(root / "dovecot.conf")],
                env={"PATH": _path(), "LANG": "C"},
                stdout=output,
                stderr=output,
            )
        wait_until(lambda: self._ended() or listens(self.port), "Dovecot answers")
        assert not self._ended(), (root / "start").read_text()

    def _config(self, kind: Kind) -> str:
        root = self.root
        check = "  result_success = continue\n" if kind.checks_names else ""
        text = CONFIG.format(
            root=root,
            ssl="yes" if kind.tls else "no",
            tls=f"ssl_cert = <{root}/cert.pem\nssl_key = <{root}/key.pem\n" if kind.tls else "",
            port=self.port,
            tls_port=self.tls_port if kind.tls else 0,
            mechanisms=kind.mechanisms,
            sent=kind.sent,
            master=MASTER_PASSDB.format(root=root, check=check),
            private_index=":INDEXPVT=~/shared/%%u" if kind.seen_by_each else "",
            acl_master="" if kind.acl_binds_master else "  acl_user = %u\n",
        )
        if kind.checks_names:
            return text
        static = f"driver = static\n  args = uid={OWNER} gid={OWNER} home={root}/box/%n allow_all_users=yes"
        return text.replace(f"userdb {{\n  driver = passwd-file\n  args = {root}/passwd", f"userdb {{\n  {static}")

    def _ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def stop(self) -> None:
        """Ends the server with all its processes."""
        if self._process is not None and not self._ended():
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(20)
        self._process = None


def _write(folder: Path, number: int, letter: Letter) -> None:
    text = f"From: a@{DOMAIN}\nSubject: {SECRET}\nMessage-ID: <{number}@{DOMAIN}>\n\n{SECRET}\n"
    arrived = int(letter.arrived.timestamp())
    part, mark = ("cur", f":2,{letter.flags}") if letter.flags else ("new", "")
    path = folder / part / f"{1_000_000_000 + number}.{number}.vanthu{mark}"
    path.write_text(text)
    os.utime(path, (arrived, arrived))


def make_certificate(folder: Path) -> None:
    """A key and a certificate of `localhost` and 127.0.0.1 that signs itself."""
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)


@contextmanager
def mail_room() -> Iterator[MailRoom]:
    """An empty room, not started; its processes and files are gone afterwards (a short name: sockets have such)."""
    memory = Path("/dev/shm")
    folder = memory if os.access(memory, os.W_OK) else None
    room = MailRoom(Path(tempfile.mkdtemp(prefix="vanthu-census-", dir=folder)))
    for name in ("run", "box", "acl"):
        (room.root / name).mkdir()
    try:
        yield room
    finally:
        room.stop()
        shutil.rmtree(room.root, ignore_errors=True)
