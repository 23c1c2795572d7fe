"""People, units, posts and mailboxes; the accounts that may log in."""
