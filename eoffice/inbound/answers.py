"""Every answer the door gives to a sending server. None repeats what the peer said.

2yz: done, and for a message that means committed. 4yz: try again, the sending server keeps it. 5yz: not to be tried
again as it is. Nothing here tells a stranger whether a token exists: what came of a message is said by mail, to an
official's own mailbox.
"""

from __future__ import annotations

TAKEN = "250 2.0.0 Ok, dealt with"
SENDER_OK = "250 2.1.0 Ok"
RECIPIENT_OK = "250 2.1.5 Ok"
TOO_MANY_CONNECTIONS = "421 4.7.0 Too many connections, please try again"
NOT_NOW = "451 4.3.0 It could not be dealt with now, please try again"
TOO_MANY_RECIPIENTS = "452 4.5.3 One recipient at a time"
NO_SUCH_ADDRESS = "550 5.1.1 No answers are taken at this address"
NOT_ALLOWED = "554 5.7.1 Mail is not taken from this address"
NOT_HERE = "502 5.5.1 That command is not for this door"
NOT_UNDERSTOOD = "500 5.5.2 Not understood"
WRONG_ORDER = "503 5.5.1 Not in this order"
BAD_WORDS = "501 5.5.4 Bad words behind the command"
TOO_LARGE = "552 5.3.4 The message is larger than any answer"

BY_CODE = {
    "421": NOT_NOW,
    "451": NOT_NOW,
    "500": NOT_UNDERSTOOD,
    "501": BAD_WORDS,
    "502": NOT_HERE,
    "503": WRONG_ORDER,
    "552": TOO_LARGE,
    "553": BAD_WORDS,
    "555": BAD_WORDS,
}
"""What is said for an answer that the library would give in words of its own, some with the peer's text in them."""
ALL = frozenset(value for name, value in list(globals().items()) if name.isupper() and isinstance(value, str))


def ours(answer: str) -> str:
    """An answer of this page; one that the library made is said in our words."""
    if answer in ALL or answer.startswith(("2", "3")):
        return answer
    return BY_CODE.get(answer[:3], NOT_UNDERSTOOD)
