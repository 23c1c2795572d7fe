"""The IMAP door: a mailbox of Vanthu's own, from which answers are fetched; IDLE tells when there is one.

A message is moved to another folder after what became of it is committed. Killed between the two it is fetched again,
known again, and moved.
"""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import imapclient
from imapclient.exceptions import IMAPClientError

from core.errors import ConflictError, InputError, UnavailableError
from core.log import get_logger
from core.options import first_line
from core.settings import Settings
from core.words import Text
from eoffice.inbound.taking import take_message
from eoffice.replying.options import InboundOptions

CONNECT_SECONDS, ANSWER_SECONDS = 10.0, 60.0
IDLE_SECONDS = 540.0
"""After so long IDLE is begun anew and the mailbox looked at (RFC 2177 allows 29 minutes)."""
LOOK_SECONDS = 2.0
"""So often a waiting thread looks whether it is to end."""
WAITS = (2.0, 10.0, 60.0)
"""How long is waited after the first, second … failure."""
_log = get_logger("vanthu.inbound")


def fetch_waiting(settings: Settings, options: InboundOptions, client: Any) -> int:
    """Deal with every message of the folder, and move it away; how many there were."""
    uids = client.search("UNDELETED")
    for uid in uids:
        size = client.fetch([uid], ["RFC822.SIZE"]).get(uid, {}).get(b"RFC822.SIZE", 0)
        cut = size > options.size_limit
        wanted = "BODY.PEEK[HEADER]" if cut else "BODY.PEEK[]"
        raw = client.fetch([uid], [wanted]).get(uid, {}).get(wanted.replace(".PEEK", "").encode())
        if isinstance(raw, bytes):
            take_message(settings, raw, recipients=(), door="imap", cut=cut)
            _move(client, uid, options.done_folder)
    return len(uids)


def _move(client: Any, uid: int, folder: str) -> None:
    if client.has_capability("MOVE"):
        client.move([uid], folder)
        return
    client.copy([uid], folder)
    client.delete_messages([uid])
    client.expunge([uid] if client.has_capability("UIDPLUS") else None)


def fetch_once(settings: Settings, options: InboundOptions) -> int:
    """Fetch what lies there now. Raises `UnavailableError` when the server cannot be used."""
    try:
        with _opened(settings, options) as client:
            return fetch_waiting(settings, options, client)
    except (IMAPClientError, OSError) as away:
        raise _away(options, away) from None


def keep_fetching(settings: Settings, options: InboundOptions, told: threading.Event) -> None:
    """Fetch until `told` to end; a server that is away is tried again, more and more seldom."""
    failures = 0
    while not told.is_set():
        try:
            with _opened(settings, options) as client:
                while not told.is_set():
                    fetch_waiting(settings, options, client)
                    failures = 0
                    _wait(client, options, told)
        except (IMAPClientError, OSError, UnavailableError, ConflictError) as away:
            _log.warning("fetching put off", failure=type(away).__name__)
            told.wait(WAITS[min(failures, len(WAITS) - 1)])
            failures += 1


def _wait(client: Any, options: InboundOptions, told: threading.Event) -> None:
    """Until something came, or it is time to look anyway."""
    if not client.has_capability("IDLE"):
        told.wait(options.poll_seconds)
        return
    client.idle()
    try:
        for _ in range(int(IDLE_SECONDS / LOOK_SECONDS)):
            if told.is_set() or client.idle_check(timeout=LOOK_SECONDS):
                return
    finally:
        client.idle_done()


@contextmanager
def _opened(settings: Settings, options: InboundOptions) -> Iterator[Any]:
    """The mailbox, open; encrypted unless it is on this very machine."""
    logging.getLogger("imapclient").setLevel(logging.CRITICAL + 1)  # it would note what is said, log-in included
    host, port = options.imap_place
    patience = imapclient.SocketTimeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS)
    context = None if options.security == "none" else ssl.create_default_context(cafile=options.ca or None)
    password = _password(settings, options)
    client = imapclient.IMAPClient(
        host, port, ssl=options.security == "tls", ssl_context=context, timeout=patience, use_uid=True
    )
    try:
        if options.security == "starttls":
            client.starttls(context)
        client.login(options.user, password)
        if not client.folder_exists(options.done_folder):
            client.create_folder(options.done_folder)
        client.select_folder(options.folder)
        yield client
    finally:
        client.shutdown()


def _password(settings: Settings, options: InboundOptions) -> str:
    """The first line of the file, else the environment's. Raises `InputError` where there is none."""
    found = settings.inbound_password
    if options.password_file:
        try:
            found = first_line(options.password_file)
        except (OSError, UnicodeDecodeError):
            found = ""
    if not found or not options.user:
        raise InputError(
            Text(
                "Thiếu tên đăng nhập hoặc mật khẩu của hộp thư nhận thư trả lời: [eoffice.inbound] user, password_file,"
                " hoặc VANTHU_INBOUND_PASSWORD.",
                "The log-in or the password of the mailbox for answers is missing: [eoffice.inbound] user,"
                " password_file, or VANTHU_INBOUND_PASSWORD.",
            )
        )
    return found


def _away(options: InboundOptions, failure: Exception) -> UnavailableError:
    return UnavailableError(
        Text(f"Không lấy được thư từ {options.imap}.", f"No mail can be fetched from {options.imap}."),
        detail=type(failure).__name__,
    )
