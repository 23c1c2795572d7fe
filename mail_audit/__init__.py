"""Who really uses official e-mail: reads mail-server logs, measures, reports."""

COMMANDS = {
    "audit": "mail_audit.cli.auditing:audit",
    "compare": "mail_audit.cli.comparing:compare",
    "explain": "mail_audit.cli.auditing:explain",
    "journal": "mail_audit.collectors.journal.cli:journal",
    "sample": "mail_audit.sample.cli:sample",
}
"""Names of the commands this feature adds to `vanthu`, each with where it is found (imported only when called)."""
