"""Courses for officials who rarely use the systems, verified practice, effect."""

COMMANDS: dict[str, str] = {"training": "training.cli.group:training"}
"""Names of the commands this feature adds to `vanthu`, each with where it is found (imported only when called)."""
