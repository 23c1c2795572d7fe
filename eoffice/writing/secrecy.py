"""Texts that say of themselves that they are secret: nothing above ordinary may be written on a network.

Law 29/2018/QH14 on the protection of state secrets, article 5, clauses 5 and 6: what holds state secrets is neither
drafted nor kept on a computer that is, or was, connected to a network, nor sent over one. So whatever bears a level as
a mark (a line of its own), or is called so in its number's place, is refused before it is kept; what is only written
about secrecy is not.
"""

from __future__ import annotations

import re
import unicodedata

from eoffice.errors import SecretError

LEVELS = ("TUYỆT MẬT", "TỐI MẬT", "MẬT")
"""Article 8 of the law, from the highest."""
_MARK = re.compile(
    r"^[\W_]*(?:(?:độ|mức độ|dấu(?: chỉ)?(?: độ)?) mật\s*[:：]\s*)?(tuyệt mật|tối mật|mật)[\W_]*$", re.IGNORECASE
)
_NAMED = re.compile(r"\b(?:độ|mức độ) mật\s*[:：]\s*(?!không\b|thường\b)(tuyệt mật|tối mật|mật)\b", re.IGNORECASE)


def secret_level(text: str) -> str | None:
    """The level that a text bears, as a mark on a line of its own or named as its level; None for an ordinary one."""
    for line in unicodedata.normalize("NFC", text).splitlines():
        found = _MARK.match(line) or _NAMED.search(line)
        if found and (found.re is _NAMED or _is_mark(line)):
            return found.group(1).upper()
    return None


def _is_mark(line: str) -> bool:
    """A mark stands in capitals or in brackets, or is named as the level: "mật" alone in small letters is a word."""
    letters = [sign for sign in line if sign.isalpha()]
    return all(sign.isupper() for sign in letters) or ":" in line or "：" in line or line.strip()[:1] in "[(【"


def refuse_secrets(text: str) -> None:
    """Raise SecretError where the text bears a level above ordinary."""
    level = secret_level(text)
    if level is not None:
        raise SecretError(level)
