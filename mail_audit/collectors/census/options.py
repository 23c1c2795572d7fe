"""What is asked for: the server, the account's way into a mailbox, the limits.

From the command line, else from the table `[mail_audit.census]` of `vanthu.toml`. The password comes from a file or
from the environment (`VANTHU_CENSUS_PASSWORD`) and is in no table, no argument and no log.
"""

from __future__ import annotations

import hashlib
import json
import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, get_args

from core.errors import InputError
from core.networks import is_loopback
from core.options import SettingsError, entries, first_line, wrong_entry
from core.settings import Settings
from core.words import Text
from mail_audit.collectors.census.wire import Door, Security

PORTS: dict[int, Security] = {993: "tls", 143: "starttls"}
MOST = {"connections": 64, "attempts": 20}
MOST_DAYS = 10_000
MOST_SECONDS = 86_400.0
BLANKS = frozenset({"account", "mailbox", "local", "domain"})
_SERVER = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:\[\]/@]+))(?::(?P<port>\d{1,5}))?")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Options:
    """One entry each of `[mail_audit.census]`; `docs/settings.md` says what they mean."""

    server: str = ""
    master: str = ""
    delegated: str = ""
    login_name: str = ""
    folder: str = ""
    password_file: str = ""
    security: str = ""
    ca_file: str = ""
    connections: int = 4
    connect_seconds: float = 10.0
    command_seconds: float = 30.0
    mailbox_seconds: float = 120.0
    attempts: int = 3
    backoff_seconds: float = 1.0
    daily_at: str = ""
    keep_days: int = 400

    @classmethod
    def of(cls, settings: Settings, **given: Any) -> Options:
        """The table's entries, with those of the command line (None: not given) before them; raises SettingsError."""
        values = settings.part("mail_audit", "census") | {
            name: value for name, value in given.items() if value is not None
        }
        if given.get("master") or given.get("delegated"):  # the one on the command line replaces the one in the table
            values |= {name: given.get(name) or "" for name in ("master", "delegated")}
        chosen = entries("mail_audit.census", values, cls)
        for name, value in chosen.items():
            if not _is_usable(name, value):
                raise _wrong(name)
        return cls(**chosen)


def _is_usable(name: str, value: str | float) -> bool:
    """Whether a value of the right kind has the right form or size."""
    if isinstance(value, str):
        if name in {"login_name", "folder"}:
            return _blanks(value) <= BLANKS
        if name == "security":
            return value in {"", *get_args(Security)}
        return name != "daily_at" or not value or _TIME.fullmatch(value) is not None
    return 0 < value <= (MOST.get(name, MOST_DAYS) if isinstance(value, int) else MOST_SECONDS)


def _blanks(template: str) -> set[str]:
    try:
        parts = [part for part in Formatter().parse(template) if part[1] is not None]
    except ValueError:
        return {template}  # no template at all, so no blank that is known
    return {f"{name}{spec}{conversion or ''}" for _, name, spec, conversion in parts}


def _wrong(name: str) -> SettingsError:
    return wrong_entry("mail_audit.census", name)


@dataclass(frozen=True, slots=True)
class Entry:
    """How the account comes into a mailbox, with its password.

    `login_name` and `folder` are templates with the blanks {account}, {mailbox}, {local} and {domain}; both empty: the
    account logs in for another by SASL PLAIN.
    """

    account: str
    password: str = field(repr=False)
    login_name: str = ""
    folder: str = ""
    is_master: bool = True

    def filled(self, template: str, mailbox: str) -> str:
        """The template for one mailbox."""
        local, _, domain = mailbox.partition("@")
        return template.format(account=self.account, mailbox=mailbox, local=local, domain=domain)


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is needed to ask mailboxes."""

    door: Door
    entry: Entry
    options: Options

    @property
    def server(self) -> str:
        """Host and port, as they are shown."""
        host = f"[{self.door.host}]" if ":" in self.door.host else self.door.host
        return f"{host}:{self.door.port}"

    def selection(self, only: Sequence[str], limit: int | None) -> str:
        """Fingerprint of what is asked for; the password is no part of it."""
        entry = self.entry
        told = [self.server, entry.account, entry.login_name, entry.folder, entry.is_master, sorted(only), limit]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def asked(settings: Settings, options: Options) -> Asked:
    """The door and the entry that `options` describe, password included; raises InputError for what is missing."""
    host, port = _host_and_port(options)
    security: Security = options.security or PORTS.get(port, "tls")  # type: ignore[assignment]  # checked by `of`
    if security == "plain" and not is_loopback(host):
        raise InputError(
            Text(
                "Chỉ được hỏi không mã hóa trên chính máy này; hãy dùng tls hoặc starttls.",
                "Without encryption only this very machine may be asked; please use tls or starttls.",
            )
        )
    if bool(options.master) == bool(options.delegated):
        raise InputError(
            Text(
                "Tài khoản nào? --master TÊN (đăng nhập thay người khác) hoặc --delegated TÊN (được chia sẻ hộp thư).",
                "Which account? --master NAME (may log in for others) or --delegated NAME (mailboxes are shared with).",
            )
        )
    entry = Entry(
        account=options.master or options.delegated,
        password=_password(settings, options),
        login_name=_login_name(options),
        folder=options.folder,
        is_master=bool(options.master),
    )
    return Asked(Door(host, port, security, _context(security, options), options.connect_seconds), entry, options)


def _login_name(options: Options) -> str:
    if options.login_name or options.master or options.folder:
        return options.login_name
    return r"{account}\{local}"  # Exchange: the account, then the alias of the mailbox it may open


def _host_and_port(options: Options) -> tuple[str, int]:
    found = _SERVER.fullmatch(options.server)
    if found is None or not 0 < int(found["port"] or 1) < 65_536:
        raise InputError(
            Text(
                "Hãy cho biết máy chủ IMAP: --server TÊN hoặc --server TÊN:CỔNG.",
                "Which IMAP server? --server HOST or --server HOST:PORT.",
            ),
            detail=options.server,
        )
    default = 143 if options.security in {"starttls", "plain"} else 993
    return found["six"] or found["host"], int(found["port"] or default)


def _context(security: Security, options: Options) -> ssl.SSLContext | None:
    if security == "plain":
        return None
    try:
        return ssl.create_default_context(cafile=options.ca_file or None)
    except (OSError, ssl.SSLError) as unreadable:
        raise InputError(
            Text(
                f"Không đọc được chứng thư trong {options.ca_file}.",
                f"The certificates in {options.ca_file} cannot be read.",
            ),
            detail=str(unreadable),
        ) from unreadable


def _password(settings: Settings, options: Options) -> str:
    """The first line of the file, else the environment's; raises InputError when there is none."""
    password = settings.census_password
    if options.password_file:
        try:
            password = first_line(options.password_file)
        except (OSError, UnicodeDecodeError) as unreadable:
            raise InputError(
                Text(
                    f"Không đọc được tệp mật khẩu {options.password_file}.",
                    f"The password file {options.password_file} cannot be read.",
                ),
                detail=type(unreadable).__name__,
            ) from unreadable
    if not password or any(ord(sign) < 32 for sign in password):
        raise InputError(
            Text(
                "Thiếu mật khẩu của tài khoản: --password-file TỆP, hoặc biến môi trường VANTHU_CENSUS_PASSWORD.",
                "The account's password is missing: --password-file FILE, or VANTHU_CENSUS_PASSWORD.",
            )
        )
    return password
