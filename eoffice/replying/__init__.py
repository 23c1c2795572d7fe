"""Answering by e-mail, the pure part: settings, tokens, what a message says, who wrote it, what is meant.

No database and no network. Whatever arrives is hostile until it was read here: bounded in size, depth and number of
parts, decoded without trust in what it says of itself. `eoffice.services.replying` acts on it, `eoffice.inbound` are
the doors it comes in by.
"""

from __future__ import annotations
