"""Every answer the journal gives to a peer. None repeats what the peer said.

2yz: done, and for a copy that means committed. 4yz: try again, the sending server keeps the copy in its queue. 5yz: not
to be tried again as it is.
"""

from __future__ import annotations

GREETING = "220 {host} Vanthu journal, copies only"
BYE = "221 2.0.0 Bye"
OK = "250 2.0.0 Ok"
SENDER_OK = "250 2.1.0 Ok"
RECIPIENT_OK = "250 2.1.5 Ok"
KEPT = "250 2.0.0 Ok, envelope kept"
NOT_CHECKED = "252 2.1.5 Addresses are not checked here"
GO_AHEAD = "354 End with a dot on a line of its own"

LEAVING = "421 4.3.2 The journal is being stopped, please try again"
TOO_MANY_CONNECTIONS = "421 4.7.0 Too many connections, please try again"
STALLED = "421 4.4.2 Nothing was heard for too long"
NOT_KEPT = "451 4.3.0 The envelope could not be kept, please try again"
NOT_KEPT_NOW = "451 4.3.0 The database does not answer, please try again"
DISK_FULL = "452 4.3.1 There is no room to keep the envelope, please try again"
BUSY = "451 4.3.2 Too many copies at once, please try again"
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients in one copy"

NOT_UNDERSTOOD = "500 5.5.2 Not understood"
BAD_WORDS = "501 5.5.4 Bad words behind the command"
NOT_HERE = "502 5.5.1 That command is not for a journal"
TOO_MANY_ERRORS = "502 5.5.1 Too many errors"
WRONG_ORDER = "503 5.5.1 Not in this order"
NO_RECIPIENTS = "503 5.5.1 No recipients"
NOT_ALLOWED = "554 5.7.1 Copies are not taken from this address"
NO_SUCH_ADDRESS = "550 5.1.1 Not an address of the journal"
BAD_SENDER = "553 5.1.7 Not an address"
BAD_RECIPIENT = "553 5.1.3 Not an address"
TOO_LARGE = "552 5.3.4 The copy is larger than allowed"
BAD_PARAMETER = "555 5.5.4 Unknown words behind the address"

BY_CODE = {
    "421": STALLED,
    "454": NOT_HERE,
    "500": NOT_UNDERSTOOD,
    "501": BAD_WORDS,
    "502": TOO_MANY_ERRORS,
    "503": WRONG_ORDER,
    "504": NOT_HERE,
    "530": NOT_HERE,
    "535": NOT_HERE,
    "538": NOT_HERE,
    "554": NOT_HERE,
}
"""What is said for an answer that the library would give in words of its own, some with the peer's text in them."""
ALL = frozenset(value for name, value in list(globals().items()) if name.isupper() and isinstance(value, str))
"""Every answer of one line."""


def ours(answer: str) -> str:
    """An answer of this page; one that the library made is said in our words."""
    first = answer.partition("\r\n")[0]
    if first in ALL or first.startswith(("220 ", "250-", "250 ")):
        return answer
    return BY_CODE.get(answer[:3], NOT_UNDERSTOOD)
