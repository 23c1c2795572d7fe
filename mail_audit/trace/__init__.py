"""From hops to messages: which lines speak of the same message, who submitted it, which mailboxes received it."""
