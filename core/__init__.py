"""The floor everything stands on; it knows no feature by import, only by the names in `settings.INSTALLED`."""

COMMANDS = {
    "admin": "core.directory.cli:admin",
    "db": "core.migrations.cli:db",
    "directory": "core.directory.cli:directory",
    "doors": "core.directory.door_cli:doors",
    "mail": "core.mail.cli:mail",
    "scheduler": "core.jobs.cli:scheduler",
    "token": "core.directory.token_cli:token",
    "trail": "core.audit.cli:trail",
    "worker": "core.jobs.cli:worker",
}
"""Names of the commands the floor adds to `vanthu`, each with where it is found (imported only when called)."""
