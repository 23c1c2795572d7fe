"""What stands before the message: who writes the stamp, the host and the program, in which form.

RFC 3164 (rsyslog's traditional file format: no year, no zone), ISO 8601 (rsyslog's default on current systems, and
`journalctl -o short-iso`), RFC 5424, and Dovecot's own log file (`log_path`), which knows neither host nor program.
"""

from __future__ import annotations

from dataclasses import dataclass

_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_BSD = r"(?:J(?:an|u[ln])|Feb|Ma[ry]|A(?:pr|ug)|Sep|Oct|Nov|Dec) (?:[ 0][1-9]|[12][0-9]|3[01]) " + _CLOCK
_DATE = r"(?:19[7-9]|2[01][0-9])[0-9]-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_ISO = _DATE + "T" + _CLOCK + r"(?:[.][0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])"
_LOCAL = _DATE + " " + _CLOCK


@dataclass(frozen=True, slots=True)
class Head:
    """One form of head: regular expressions with the groups `stamp`, and `host` and `tag` where it has them.

    `fast` takes the everyday ASCII case of what `full` takes. `yearless` and `zoned` tell what the stamp lacks.
    `tells`: what a line with this head looks like as far as the head goes; only then the line is readable.
    """

    name: str
    full: str
    fast: str
    tells: str
    yearless: bool
    zoned: bool
    tagged: bool


# A host's name has no parentheses and does not end in a colon: that is how Dovecot's own log, which puts the service
# there, is told from syslog. The forms exclude each other, so the order in which they are tried does not matter.
_HOST_FULL = r"[^ ()]*[^ ():]"
_HOST_FAST = "[!-'*-9;-~]+"
_TAG_FULL = r"(?P<tag>[^ :\[]+)(?:\[[0-9]*\])?: "
_TAG_FAST = r"(?P<tag>[!-9;-Z\\-~]+)(?:\[[0-9]*\])?: "
_LEVEL = r"(?:Debug|Info|Warning|Error|Fatal|Panic): "

DOVECOT_OWN = Head(
    name="dovecot_own",
    full=rf"(?P<stamp>{_BSD}) ",
    fast=rf"(?P<stamp>{_BSD}) ",
    tells=rf"{_BSD} [a-z0-9-]+(?:\(.*?\))?(?:<[^>]*>)*: {_LEVEL}",
    yearless=True,
    zoned=False,
    tagged=False,
)
DOVECOT_OWN_DATED = Head(
    name="dovecot_own_dated",
    full=rf"(?P<stamp>{_LOCAL}) ",
    fast=rf"(?P<stamp>{_LOCAL}) ",
    tells=rf"{_LOCAL} [a-z0-9-]+(?:\(.*?\))?(?:<[^>]*>)*: {_LEVEL}",
    yearless=False,
    zoned=False,
    tagged=False,
)
RFC3164 = Head(
    name="rfc3164",
    full=rf"(?P<stamp>{_BSD}) (?P<host>{_HOST_FULL}) {_TAG_FULL}",
    fast=rf"(?P<stamp>{_BSD}) (?P<host>{_HOST_FAST}) {_TAG_FAST}",
    tells=rf"{_BSD} {_HOST_FULL} ",
    yearless=True,
    zoned=False,
    tagged=True,
)
ISO8601 = Head(
    name="iso8601",
    full=rf"(?P<stamp>{_ISO}) (?P<host>{_HOST_FULL}) {_TAG_FULL}",
    fast=rf"(?P<stamp>{_ISO}) (?P<host>{_HOST_FAST}) {_TAG_FAST}",
    tells=rf"{_ISO} {_HOST_FULL} ",
    yearless=False,
    zoned=True,
    tagged=True,
)
_STRUCTURED = r"(?:-|(?:\[(?:[^\]\\\"]|\"(?:[^\"\\]|\\.)*\")*\])+) (?:\ufeff)?"
RFC5424 = Head(
    name="rfc5424",
    full=rf"<[0-9]{{1,3}}>1 (?P<stamp>{_ISO}) (?P<host>[^ ]+) (?P<tag>[^ ]+) [^ ]+ [^ ]+ {_STRUCTURED}",
    fast=rf"<[0-9]{{1,3}}>1 (?P<stamp>{_ISO}) (?P<host>[!-~]+) (?P<tag>[!-~]+) [!-~]+ [!-~]+ - ",
    tells=rf"<[0-9]{{1,3}}>1 {_ISO} [^ ]+ ",
    yearless=False,
    zoned=True,
    tagged=True,
)

HEADS: tuple[Head, ...] = (DOVECOT_OWN, DOVECOT_OWN_DATED, RFC5424, ISO8601, RFC3164)
"""Every form that is read; no line has two of them."""
