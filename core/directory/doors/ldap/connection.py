"""Connections to a directory: encrypted as set, with an end to every wait, one server after the other."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import ldap3
from ldap3.core.exceptions import LDAPException, LDAPSASLPrepError

from core.directory.doors.errors import away
from core.directory.doors.ldap.encryption import CheckedTls
from core.directory.doors.ldap.options import LdapOptions
from core.directory.doors.options import trusted
from core.log import get_logger

Answer = TypeVar("Answer")
SUCCESS = 0
NOT_NOW = frozenset({1, 2, 3, 8, 10, 11, 13, 51, 52, 80})
"""Result codes of a server that cannot answer: operationsError, protocolError, timeLimitExceeded,
strongerAuthRequired, referral (never followed: the password would go to whatever host it names), adminLimitExceeded,
confidentialityRequired, busy, unavailable, other (RFC 4511, appendix A)."""
_log = get_logger("vanthu.doors")


class NotNowError(Exception):
    """The server cannot answer now; another may."""


def ask(options: LdapOptions, question: Callable[[str, int], Answer]) -> Answer:
    """What the first server answers that can; raises `ProviderAwayError` when none can."""
    reasons = []
    for host, port in options.places:
        try:
            return question(host, port)
        except (LDAPException, NotNowError, OSError) as failed:
            reasons.append(f"{host}:{port}: {type(failed).__name__}: {str(failed)[:200]}")
            _log.warning("directory server", door=options.key, reason=reasons[-1])
    raise away(f"[{options.where}] " + "; ".join(reasons))


@contextmanager
def bound(options: LdapOptions, host: str, port: int, *, name: str, password: str) -> Iterator[Any | None]:
    """A connection bound as `name`; None where the server refuses name or password.

    Raises `NotNowError`, `LDAPException` and `OSError` where it cannot say. An empty password raises `ValueError`: by
    RFC 4513 (5.1.2) a server takes it for nobody in particular and says yes.
    """
    if not name or not password:
        raise ValueError("a bind without a name or a password proves nothing")
    connection = _connection(options, host, port, name, password)
    try:
        _open(connection, starttls=options.security == "starttls")
        try:
            connection.bind()
            is_bound = succeeded(connection)
        except LDAPSASLPrepError:  # a password with characters that none can have (RFC 4013)
            is_bound = False
        yield connection if is_bound else None
    finally:
        with contextlib.suppress(LDAPException, OSError):
            connection.unbind()
        if connection.socket is not None:  # one that was never opened to the end is not closed by ldap3
            connection.socket.close()


def succeeded(connection: Any) -> bool:
    """Whether the last operation was a success; raises `NotNowError` where the server could not answer."""
    code = connection.result["result"]
    if code in NOT_NOW:
        raise NotNowError(f"{connection.result['description']}: {connection.result['message']}")
    return bool(code == SUCCESS)


def _connection(options: LdapOptions, host: str, port: int, name: str, password: str) -> Any:
    """A connection to that server, as the settings want it encrypted; not opened yet."""
    server = ldap3.Server(
        host,
        port=port,
        use_ssl=options.security == "tls",
        tls=None if options.security == "plain" else CheckedTls(trusted(options.where, options.ca_file)),
        get_info=ldap3.NONE,
        connect_timeout=options.connect_seconds,
    )
    return ldap3.Connection(
        server,
        user=name,
        password=password,
        authentication=ldap3.SIMPLE,
        client_strategy=ldap3.SYNC,
        auto_referrals=False,
        check_names=False,
        read_only=True,
        receive_timeout=max(1, round(options.answer_seconds)),
    )


def _open(connection: Any, *, starttls: bool) -> None:
    """Connect, and encrypt before anything is said. Raises as `bound`."""
    connection.open(read_server_info=False)
    if starttls and not connection.start_tls(read_server_info=False):
        raise NotNowError("StartTLS is refused")
