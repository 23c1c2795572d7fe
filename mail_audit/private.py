"""What a log line may say that is nobody's business: subjects and passwords. Hidden before a line is kept or shown.

Dovecot's mail_log writes subjects where it is told to; `auth_verbose_passwords` and `auth_debug_passwords` write the
password that was given; Postfix repeats what a SASL library or another server answered, and that may quote either.
"""

from __future__ import annotations

import re

import polars as pl

HIDDEN = "…"
_SUBJECT_FIELD = re.compile(r", subject=.*?(?=, flags=\([^()]*\)$|$)")
_END = r"(?= queued as [0-9A-Za-z]{5,20}\)$| [0-9A-Za-z+/:=._-]+ Saved\)$|$)"
"""How an answer ends that says what became of the message: that stays."""
_SECRET = re.compile(
    r"(?<![\w@.])(subj(?:ect)?[ :='\"(“]+|(?:password|passphrase|passwd|pass) ?[:=] ?)(.*?)" + _END, re.IGNORECASE
)
_DECODED = re.compile(r"(?<= authentication failed: )[A-Za-z0-9+/]{4,}={0,2}(?=,|$)")
_HIDDEN_ALREADY = re.compile(rf"(?:{HIDDEN}(?:, flags=\([^()]*\))?)?")
_SUSPECT = r"(?i)subj|pass(?:word|phrase|wd| ?[:=])|authentication failed: [a-z0-9+/]{4,}={0,2}(?:,|$)"
_SET_ASIDE = "discarded"
"""The one word inside an answer that means something: the message went no further."""


def without_private(line: str) -> str:
    """A log line, or an answer in one, without the subjects and passwords that it may quote."""
    line = _DECODED.sub(HIDDEN, _SUBJECT_FIELD.sub(f", subject={HIDDEN}", line))
    return _SECRET.sub(_hidden, line)


def _hidden(found: re.Match[str]) -> str:
    if _HIDDEN_ALREADY.fullmatch(found[2]):
        return found[0]
    return f"{found[1]}{HIDDEN}{f' {_SET_ASIDE}' if _SET_ASIDE in found[2] else ''}"


def hide_private(texts: pl.Series) -> pl.Series:
    """Every text of a column as `without_private` gives it; only the few that may need it are looked at one by one."""
    suspect = texts.str.contains(_SUSPECT).fill_null(False)
    if not suspect.any():
        return texts
    hidden = pl.Series([without_private(text) for text in texts.filter(suspect)], dtype=pl.String)
    places = suspect.arg_true()
    return texts.clone().scatter(places, hidden)
