"""Courses for officials who rarely use the systems, verified practice, effect."""

COMMANDS: dict[str, str] = {}
