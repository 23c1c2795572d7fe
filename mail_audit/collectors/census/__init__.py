"""The mailbox census: what a mailbox itself tells where no log does. Read-only, never a letter, never a subject.

options    what is asked for: server, way in, limits
wire       the connection: what may be sent at all, and how much may come back
entry      how the account comes into a mailbox
counting   what is asked of one mailbox
sent       which folder holds the sent messages
asking     all mailboxes, some at a time, with patience and its end
running    a run from its start to its end, in the database
"""
