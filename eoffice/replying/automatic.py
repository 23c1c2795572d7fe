"""Whether a message was made by a program: an absence note, a bounce, a list, one of our own. Such are never answered.

RFC 3834 (`Auto-Submitted`), RFC 5321 4.5.5 (the empty sender), and what programs write that follow neither. When in
doubt a message counts as made by a program: a person who gets no answer writes again, two programs never stop.
"""

from __future__ import annotations

import re

from core.directory.name_order import folded
from eoffice.replying.reading import ReadMail

NOBODY = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|khong-?tra-?loi|bounces?)([+.@-]|$)")
SUBJECTS = re.compile(
    r"^(automatic reply|auto(matic)?[- ]?reply|out of (the )?office|undeliver(able|ed)|delivery status notification"
    r"|mail delivery (failed|failure)|returned mail|read: |read receipt|(thu )?tra loi tu dong|phan hoi tu dong"
    r"|vang mat|khong co mat tai co quan|da doc: )"
)
_LOOPS = frozenset({
    "x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-ms-exchange-inbox-rules-loop", "x-loop",
    "list-id", "list-post", "list-unsubscribe", "x-vanthu", "x-failed-recipients", "feedback-id",
})  # fmt: skip


def is_automatic(mail: ReadMail, *, envelope_sender: str | None = None) -> bool:
    """Whether no person sent it. `envelope_sender`: of the SMTP door, None where it is not known."""
    if envelope_sender == "" or mail.is_report:
        return True
    if any(value.strip().strip("<>") == "" for value in mail.all("return-path")):
        return True
    if any(folded(value.partition(";")[0].strip()) != "no" for value in mail.all("auto-submitted")):
        return True
    if any(folded(value).startswith(("bulk", "list", "junk", "auto")) for value in mail.all("precedence")):
        return True
    if any(name in _LOOPS for name, _ in mail.headers):
        return True
    return bool(NOBODY.match(mail.sender) or SUBJECTS.match(folded(mail.subject)))
