"""The e-office: drafts to leaders, to issued and delivered documents."""

COMMANDS = {"eoffice": "eoffice.cli:eoffice"}
"""Names of the commands this feature adds to `vanthu`, each with where it is found (imported only when called)."""
