r"""How the account comes into a mailbox: as a master user, under a login name of both, or through a shared folder.

- SASL PLAIN with the mailbox as authorization identity (RFC 4616): Dovecot's master user.
- A login name made of both, such as `mailbox*account` (Dovecot's separator) or `account\alias` (Exchange).
- The account's own log-in, after which the mailbox is a folder below a shared name (ACL).
"""

from __future__ import annotations

import re

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from mail_audit.collectors.census.counting import Place
from mail_audit.collectors.census.options import Entry
from mail_audit.collectors.census.wire import Client

SEPARATED = "{mailbox}*{account}"
"""Dovecot's way without SASL PLAIN: `auth_master_user_separator = *`."""
_CODE = re.compile(r"\[([A-Z-]{1,40})")
PASSING = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"})
"""Response codes (RFC 5530) of a server that may answer better later."""


class RefusedError(Exception):
    """The server does not let the account in; `text` is its answer, for comparing only."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    @property
    def code(self) -> str:
        """The response code, where there is one."""
        found = _CODE.search(self.text)
        return found[1] if found else ""


class NotOfferedError(Exception):
    """The server offers no way to log in as asked."""


def log_in(client: Client, entry: Entry, mailbox: str) -> None:
    """Logs in, for `mailbox` where the entry is by mailbox. Raises `RefusedError`, `NotOfferedError`."""
    wire = client.wire
    if wire.state != "NONAUTH":  # let in before it knows by whom: whose mailbox would that be?
        raise NotOfferedError
    has_plain = "AUTH=PLAIN" in wire.capabilities
    if entry.folder:
        name, identity = entry.account, ""
    elif entry.login_name:
        name, identity = entry.filled(entry.login_name, mailbox), ""
    elif has_plain:
        name, identity = entry.account, mailbox
    else:
        name, identity = entry.filled(SEPARATED, mailbox), ""
    try:
        if has_plain:
            client.plain_login(name, entry.password, identity or None)
        elif "LOGINDISABLED" in wire.capabilities:
            raise NotOfferedError
        else:
            _login(client, name, entry.password)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as refused:
        raise RefusedError(str(refused)) from None
    client._cached_capabilities = None  # noqa: SLF001 - those from before the log-in are not those of now


def _login(client: Client, name: str, password: str) -> None:
    """LOGIN with both words quoted, which imaplib forgets of the first."""
    words = (name, password)
    if not all(word.isascii() for word in words):
        raise NotOfferedError
    quoted = ('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
    wire = client.wire
    status, told = wire._simple_command("LOGIN", *quoted)  # noqa: SLF001 - imaplib's own
    if status != "OK":
        raise RefusedError(bytes(told[-1] or b"").decode("utf-8", "replace"))
    wire.state = "AUTH"


def place_of(entry: Entry, mailbox: str) -> Place:
    """Where the mailbox is once the account is in: its own INBOX, or a folder below a shared name.

    A template that ends in INBOX names the inbox itself, and the other folders stand beside it; else the folder is
    the inbox and they stand below it.
    """
    if not entry.folder:
        return Place()
    inbox = entry.filled(entry.folder, mailbox)
    above = inbox[: -len("INBOX")] if inbox.upper().endswith("INBOX") else inbox
    return Place(inbox, above)
