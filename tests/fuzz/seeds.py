"""Where fuzzing starts: lines of every kind that servers write, exports of them, archives, directories, and bombs.

Made anew each time from the samples, so that only what the fuzzer found has to be kept in `corpus`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from mail_audit.formats import PATTERNS
from tests.fuzz.letters import first_letters
from tests.fuzz.targets import BETWEEN, PACKINGS, ROSTER

SAMPLES = Path(__file__).parents[1] / "mail_audit" / "samples" / "lines"
_MOST_WORD = 60


def sample_lines() -> list[bytes]:
    """One line of every named sample."""
    return [path.read_bytes().split(b"\n")[0] for path in sorted(SAMPLES.glob("*.txt"))]


def seeds(target: str) -> Iterator[bytes]:
    """The first inputs of a target."""
    lines = sample_lines()
    if target in {"scanner", "engines", "lines"}:
        yield from (line + b"\n" for line in lines)
        yield from bombs()
    elif target == "audit":
        yield from (b"\n".join(lines[at : at + 8]) + b"\n" for at in range(0, len(lines), 8))
        yield lines[0][:40] + BETWEEN[:-1] + lines[0][40:] + BETWEEN + lines[1]
    elif target == "journal":
        yield from (b"\x08" + export for export in exports())
    elif target == "archives":
        text = b"\n".join(line[:70] for line in lines[:6]) + b"\n\nx"
        for number, (_, pack) in enumerate(PACKINGS):
            yield bytes([number + 255 // 5 * 5 - 5 * 20, 30]) + text
            yield bytes([number, 200]) + pack(text)
    elif target == "letters":
        yield from first_letters()
    elif target == "roster":
        yield ROSTER.encode()
        yield ROSTER.replace(",", ";").encode("utf-16")
    elif target == "panel":
        yield from panels()


def panels() -> Iterator[bytes]:
    """A panel for each label: drawn within units, whole units drawn, all up to a limit, nobody drawn, all at once."""
    people = range(24)
    ways: tuple[tuple[int, list[int | str]], ...] = (
        (1, [(2, 3, 4, "")[person // 3 % 4] for person in people]),
        (1, [person % 3 + 2 for person in people]),
        (0, [3 if person < 12 else "" for person in people]),
        (0, [(3, "", 2, 4)[person // 3 % 4] for person in people]),
        (1, [3 for _ in people]),
    )
    for drawn, waves in ways:
        rows = [
            f"{person},u{person % 3},{waves[person]},{n},{person // 2 + n},{drawn}"
            for person in people
            for n in range(1, 5)
        ]
        yield "\n".join(("person,unit,wave,period,active_days,drawn", *rows)).encode()


BUSY: tuple[tuple[bytes, bytes], ...] = (
    (b"dovecot: imap(a)<1><s>: Disconnected hdr_count=", b"): "),
    (b"dovecot: pop3(a)<1><s>: retr=top=", b"a(,1): "),
    (b"dovecot: auth: sql(a,", b"1): unknown user"),
    (b"dovecot: imap(a)<1><s>: save from : box=", b" from : box=a, "),
    (b"dovecot: imap-login: Disconnected (auth failed, 1 attempts): user=<", b">, method=a, rip=1, lip=1"),
    (b"dovecot: lmtp(a)<1><s>: msgid=", b"<a>: msgid=: "),
    (b"postfix/smtp[1]: ABCDEF: to=<", b'"\\"'),
    (b"postfix/smtpd[1]: proxy-accept: END-OF-MESSAGE: 250 queued as ABCDEF; from=<", b"> to=<"),
    (b"postfix/smtpd[1]: ABCDEF: client=", b"[1]"),
)
"""Beginnings of lines, each with what keeps an expression busy when it follows many times."""


def bombs() -> Iterator[bytes]:
    """Lines made to keep an expression busy."""
    for start, unit in BUSY:
        yield b"Nov 22 12:00:00 mail " + start + unit * 40 + b"\n"


def exports() -> Iterator[bytes]:
    """journald exports in both forms: usual, with binary fields, with a length that lies."""
    fields = {
        "__REALTIME_TIMESTAMP": "1795333585123456",
        "_HOSTNAME": "mail",
        "SYSLOG_IDENTIFIER": "postfix/qmgr",
        "SYSLOG_PID": "77",
        "MESSAGE": "15CC220C006: removed",
    }
    yield "\n".join(f"{name}={value}" for name, value in fields.items()).encode() + b"\n\n"
    head = b"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795333585123456\n_HOSTNAME=mail\nMESSAGE\n"
    for length in (20, 0, 2**63, 2**64 - 1):
        yield head + length.to_bytes(8, "little") + b"15CC220C006: removed\n\n" + head
    for message in ("15CC220C006: removed", [49, 53, 300], [["x"]], None, {"a": 1}):
        for stamp in ("1795333585123456", "9223372036854775808", "-1", 17, None):
            yield json.dumps(fields | {"MESSAGE": message, "__REALTIME_TIMESTAMP": stamp}).encode() + b"\n"


def words() -> list[bytes]:
    """What servers write in fixed places: the dictionary of the fuzzer."""
    found = {needle for pattern in PATTERNS for needle in pattern.needles}
    found |= {program for pattern in PATTERNS for program in pattern.programs}
    found |= {"Nov 22 12:07:45 ", "2026-11-22T05:07:45Z ", "2026-11-22 12:07:45 ", "<22>1 ", " - - ", "status=sent ("}
    found |= {"flags=(\\Seen)", "sasl_username=", "MESSAGE\n", "__REALTIME_TIMESTAMP=", "\r\n", "\x1b[2J", "\u202e"}
    return sorted(word.encode() for word in found if len(word) < _MOST_WORD)
