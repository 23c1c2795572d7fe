"""Who sent a message, as the office's own server says it: never as the message says it.

Three ways, one of which the settings choose:

- `submission`: the `Received` line that the own server wrote when a log-in gave it the message (Postfix with
  `smtpd_sasl_authenticated_header`, and so Zimbra). Lines below one from outside were written by whoever sent it.
- `results`: the own server's `Authentication-Results` (RFC 8601), the topmost of its name; the server must remove such
  headers that come in from outside (section 5). `auth` names the log-in; `dkim`, `arc` and `spf` name only the domain,
  so that the server must see to it that nobody there writes under another's address.
- `header`: a header that the own server alone writes, and removes from whatever comes in.
"""

from __future__ import annotations

import re

from core.networks import is_within
from eoffice.replying.options import InboundOptions
from eoffice.replying.reading import ReadMail

_SUBMITTED = re.compile(
    r"^(?:from .*)?\(Authenticated sender: ([^\s()<>]{1,254})\) by (\S{1,254}) \([^()]*\) with (?:UTF8|E)SMTPS?A\b",
    re.IGNORECASE,
)  # fmt: skip
"""The comment stands right before `by`, where nothing of the sender's own words can be."""
_PASSED_ON = re.compile(
    r"^from \S+ \((?:\S+ )?\[?(?:IPv6:)?([0-9A-Fa-f.:]{2,45})\]?\)"
    r"(?: \([^()]*(?:\([^()]*\)[^()]*)*\))* by (\S{1,254})(?= |;|$)",
    re.IGNORECASE,
)
MOST_HOPS = 10
_LOGIN = re.compile(r"[^\s<>()@\"]{1,64}(?:@[A-Za-z0-9.-]{1,190})?")


def proven(mail: ReadMail, options: InboundOptions) -> str:
    """The mailbox that the own server took it from (`local@domain`); `@domain` where it vouches for no more than that.

    Empty: nobody it knows.
    """
    if options.trust == "submission":
        return _full(_submitted_by(mail, options), options)
    if options.trust == "header":
        given = mail.all(options.header.lower())
        return _full(given[0].strip("<> ") if len(given) == 1 else "", options)
    return _by_results(mail, options)


def _full(login: str, options: InboundOptions) -> str:
    """A log-in as an address: without a domain it is of the reply address's."""
    if not _LOGIN.fullmatch(login):
        return ""
    return login.lower() if "@" in login else f"{login}@{options.address.rpartition('@')[2]}".lower()


def _submitted_by(mail: ReadMail, options: InboundOptions) -> str:
    for line in mail.all("received")[:MOST_HOPS]:
        found = _SUBMITTED.match(line)
        if found is not None:
            return found[1] if found[2].lower() in options.servers else ""
        hop = _PASSED_ON.match(line)
        if hop is None or hop[2].lower() not in options.servers or not is_within(hop[1], options.inside):
            return ""
    return ""


def _by_results(mail: ReadMail, options: InboundOptions) -> str:
    own = [one for one in map(results_of, mail.all("authentication-results")) if one[0] == options.authserv]
    for _, results in own[: options.results]:
        for method, result, properties in results:
            if method in options.methods and result == "pass":
                said = _vouched(method, properties, mail.sender, options)
                if said:
                    return said
    return ""


def _vouched(method: str, properties: dict[str, str], sender: str, options: InboundOptions) -> str:
    """What a passed method says of the sender; empty where it is about another domain."""
    domain = sender.rpartition("@")[2]
    if method == "auth":
        return _full(properties.get("smtp.auth", ""), options)
    if method == "spf":
        mailfrom = properties.get("smtp.mailfrom", "")
        return mailfrom if mailfrom and mailfrom == sender else ""
    if method == "dkim":
        named = properties.get("header.d") or properties.get("header.i", "").rpartition("@")[2]
        return f"@{domain}" if domain and named == domain else ""
    sealers = (properties.get("arc.chain") or properties.get("header.d", "")).split(":")
    return f"@{domain}" if domain and set(sealers) == {domain} else ""


Result = tuple[str, str, dict[str, str]]


def results_of(value: str) -> tuple[str, list[Result]]:
    """The server's name and its results (method, result, properties) of an `Authentication-Results` header."""
    pieces = _outside_comments(value).split(";")
    words = pieces[0].split()
    found: list[Result] = []
    for piece in pieces[1:]:
        pairs = [
            (name.lower(), word.strip('"').lower())
            for name, word in re.findall(r"([A-Za-z0-9./_-]+)\s*=\s*(\"[^\"]*\"|[^\s\"]+)", piece)
        ]
        if pairs:
            method = pairs[0][0].partition("/")[0]
            found.append((method, pairs[0][1], dict(reversed(pairs[1:]))))
    return (words[0].lower() if words else ""), found


def _outside_comments(value: str) -> str:
    """The text without its comments; a semicolon inside quotes is none that divides."""
    said: list[str] = []
    depth, quoted, escaped = 0, False, False
    for sign in value:
        if escaped:
            escaped = False
            continue
        if sign == "\\":
            escaped = True
        elif sign == '"' and not depth:
            quoted = not quoted
            said.append(sign)
        elif sign == "(" and not quoted:
            depth += 1
        elif sign == ")" and depth and not quoted:
            depth -= 1
        elif not depth and not (quoted and sign == ";"):
            said.append(sign)
    return "".join(said)
