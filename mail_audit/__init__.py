"""Who really uses official e-mail: reads mail-server logs, measures, reports."""

from __future__ import annotations

import os

# Polars' allocator reads this when Polars is first loaded. An audit makes and drops one large table after another, in
# several threads: in one arena what one leaves free serves the next, whoever asks, and what nobody asks for goes back
# to the system soon. Sooner than this, and most of it is asked for again: each page of it costs microseconds.
os.environ.setdefault("_RJEM_MALLOC_CONF", "background_thread:true,narenas:1,dirty_decay_ms:200,muzzy_decay_ms:0")

COMMANDS = {
    "audit": "mail_audit.cli.auditing:audit",
    "census": "mail_audit.collectors.census.cli:census",
    "collect": "mail_audit.cli.sources:collect",
    "compare": "mail_audit.cli.comparing:compare",
    "export": "mail_audit.cli.exporting:export",
    "exceptions": "mail_audit.cli.exceptions:exceptions",
    "explain": "mail_audit.cli.auditing:explain",
    "journal": "mail_audit.collectors.journal.cli:journal",
    "measure": "mail_audit.cli.standing:measure",
    "rebuild": "mail_audit.cli.standing:rebuild",
    "report": "mail_audit.cli.standing:report",
    "sample": "mail_audit.sample.cli:sample",
    "sources": "mail_audit.cli.sources:sources",
    "status": "mail_audit.cli.sources:status",
}
"""Names of the commands this feature adds to `vanthu`, each with where it is found (imported only when called)."""
