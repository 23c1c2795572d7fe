"""Mail of the suite to its own people: told in the transaction of a change, sent after it, once as far as SMTP lets.

- A feature *tells* accounts of something (`tell`): a row in the transaction of the change, one line of the day's mail;
  what does not hold any more before that mail is made is taken out (`untell`).
- `digests` puts what an account was told into one message a day; `post` queues a message of its own.
- A queued message (`OutgoingMail`) holds no text: it is composed when it is sent, in the reader's language, from what
  it is about. So no letter, and no log-in token, lies in the database.
- `sending` gives it to the server of the settings after the commit. A message has one Message-ID for ever: a worker
  that was killed between the server's "250" and its own mark sends it again, and a server or reader that knows the
  Message-ID sees that it is the same.

Such mail never counts as use in an audit: it is submitted by a log-in of its own (never an official's: `options`), it
is marked as made by a machine (`rendering`), and a delivery is nobody's act.
"""

from __future__ import annotations

from core.mail.kinds import MailKind
from core.mail.outbox import post
from core.mail.telling import OwnLetter, tell, untell, untell_unless

__all__ = ["MailKind", "OwnLetter", "post", "tell", "untell", "untell_unless"]
