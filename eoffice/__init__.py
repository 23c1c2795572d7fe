"""The e-office: drafts to leaders, to issued and delivered documents."""

COMMANDS: dict[str, str] = {}
