"""How Dovecot words its log lines, by version: 1.x, 2.2, 2.3.0-2.3.14, 2.3.15 and later, 2.4.

Every method returns the text from the component on (`imap-login: Login: ...`); the transport puts the rest before it.
The words of 2.3.19 were taken from a running server, those of the other versions from their sources and issue threads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Version = Literal["1", "2.2", "2.3", "2.3.15", "2.4"]
VERSIONS: tuple[Version, ...] = ("1", "2.2", "2.3", "2.3.15", "2.4")

LOGGED_OUT = "Logged out"
IDLE_CLOSED = (
    "Connection closed (IDLE running for 0.001 + waiting input for {idle}.001 secs, 2 B in + 10 B out, "
    "state=wait-input)"
)
INACTIVE = "Inactivity - no input for 1800 secs"


@dataclass(frozen=True, slots=True)
class Spelling:
    """The words of one version."""

    version: Version
    login: Callable[[str, str, str, str, int, str], str]
    """(protocol, user, client address, server address, process, session) -> a successful log-in."""
    closed: Callable[[str, str, int, str, str, str], str]
    """(protocol, user, process, session, reason, counters) -> the end of a session."""
    refused: Callable[[str, str, str, str, int, int, str], str]
    """(protocol, user, client address, server address, attempts, seconds, session) -> a refused log-in."""
    event: Callable[[str, int, str, str], str]
    """(user, process, session, text) -> a line of an IMAP session."""
    delivery: Callable[[str, int, str], str]
    """(user, process, session) -> what stands before a delivery's text."""
    saving: Callable[[str, int, str], str]
    """(user, process, session) -> what stands before mail_log's line of a delivery."""
    counters: bool
    """Whether IMAP sessions end with counts of fetched headers and bodies."""
    flag_changes: bool
    """Whether mail_log lines with flags are known of this version."""
    parting: str = "Logged out (state=READY)"
    """How an LMTP connection ends."""


def _login(protocol: str, user: str, rip: str, lip: str, pid: int, session: str) -> str:
    words = f"user=<{user}>, method=PLAIN, rip={rip}, lip={lip}, mpid={pid}, TLS, session=<{session}>"
    return f"{protocol}-login: Login: {words}"


def _logged_in(protocol: str, user: str, rip: str, lip: str, pid: int, session: str) -> str:
    words = f"user=<{user}>, method=PLAIN, rip={rip}, lip={lip}, mpid={pid}, TLS, session=<{session}>"
    return f"{protocol}-login: Logged in: {words}"


def _login_1(protocol: str, user: str, rip: str, lip: str, _pid: int, _session: str) -> str:
    return f"{protocol}-login: Login: user=<{user}>, method=PLAIN, rip={rip}, lip={lip}, TLS"


def _closed(protocol: str, user: str, pid: int, session: str, reason: str, counters: str) -> str:
    return f"{protocol}({user})<{pid}><{session}>: Disconnected: {reason} {counters}"


def _closed_2_3(protocol: str, user: str, pid: int, session: str, reason: str, counters: str) -> str:
    if protocol == "pop3":
        reason = f"Disconnected: {reason}"
    elif reason == INACTIVE:
        reason = "Disconnected for inactivity"
    return f"{protocol}({user})<{pid}><{session}>: {reason} {counters}"


def _closed_2_2(protocol: str, user: str, _pid: int, _session: str, reason: str, counters: str) -> str:
    if reason == LOGGED_OUT:
        reason = "Disconnected: Logged out"
    else:
        reason = "Disconnected for inactivity" if reason == INACTIVE else "Connection closed"
    return f"{protocol}({user}): {reason} {counters}"


def _closed_1(protocol: str, user: str, _pid: int, _session: str, reason: str, counters: str) -> str:
    prefix = (
        f"{protocol.upper()}({user}): {'Disconnected: Logged out' if reason == LOGGED_OUT else 'Disconnected in IDLE'}"
    )
    if protocol == "pop3":
        return f"{prefix} {counters}"
    received, sent = (part.partition("=")[2] for part in counters.split(" ", 2)[:2])
    return f"{prefix} bytes={received}/{sent}"


def _refused(protocol: str, user: str, rip: str, lip: str, attempts: int, seconds: int, session: str) -> str:
    return (
        f"{protocol}-login: Disconnected: Aborted login by logging out (auth failed, {attempts} attempts in {seconds} "
        f"secs): user=<{user}>, method=PLAIN, rip={rip}, lip={lip}, TLS, session=<{session}>"
    )


def _refused_2_3(protocol: str, user: str, rip: str, lip: str, attempts: int, seconds: int, session: str) -> str:
    return (
        f"{protocol}-login: Aborted login (auth failed, {attempts} attempts in {seconds} secs): user=<{user}>, "
        f"method=PLAIN, rip={rip}, lip={lip}, TLS, session=<{session}>"
    )


def _refused_2_4(protocol: str, user: str, rip: str, lip: str, attempts: int, seconds: int, session: str) -> str:
    return (
        f"{protocol}-login: Login aborted: Logged out (auth failed, {attempts} attempts in {seconds} secs) "
        f"(auth_failed): user=<{user}>, method=PLAIN, rip={rip}, lip={lip}, TLS, session=<{session}>"
    )


def _refused_1(protocol: str, user: str, rip: str, lip: str, attempts: int, _seconds: int, _session: str) -> str:
    return (
        f"{protocol}-login: Aborted login (auth failed, {attempts} attempts): user=<{user}>, method=PLAIN, rip={rip}, "
        f"lip={lip}, TLS"
    )


def _event(user: str, pid: int, session: str, text: str) -> str:
    return f"imap({user})<{pid}><{session}>: {text}"


def _event_2_2(user: str, _pid: int, _session: str, text: str) -> str:
    return f"imap({user}): {text}"


def _delivery(user: str, pid: int, session: str) -> str:
    return f"lmtp({user})<{pid}><{session}>: "


def _delivery_2_2(user: str, pid: int, session: str) -> str:
    return f"lmtp({pid}, {user}): {session}: "


def _saving_2_2(user: str, pid: int, _session: str) -> str:
    return f"lmtp({pid}, {user}): "


def _delivery_1(user: str, _pid: int, _session: str) -> str:
    return f"deliver({user}): "


SPELLINGS: dict[Version, Spelling] = {
    "1": Spelling("1", _login_1, _closed_1, _refused_1, _event_2_2, _delivery_1, _delivery_1, False, False),
    "2.2": Spelling(
        "2.2", _login, _closed_2_2, _refused_2_3, _event_2_2, _delivery_2_2, _saving_2_2, False, True, "Successful quit"
    ),
    "2.3": Spelling(
        "2.3",
        _login,
        _closed_2_3,
        _refused_2_3,
        _event,
        _delivery,
        _delivery,
        True,
        True,
        "Client has quit the connection (state=READY)",
    ),
    "2.3.15": Spelling("2.3.15", _login, _closed, _refused, _event, _delivery, _delivery, True, True),
    "2.4": Spelling("2.4", _logged_in, _closed, _refused_2_4, _event, _delivery, _delivery, True, True),
}
