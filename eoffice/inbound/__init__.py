"""The doors by which answers come in: an SMTP or LMTP server, and a mailbox that is fetched by IMAP.

Both hand whole messages to `taking`, which commits what became of one before it is answered with 250 or moved away:
killed in the middle, the message is there again, and known again.
"""

from __future__ import annotations
