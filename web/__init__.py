"""The browser's side of the suite, and the only package that knows Flask."""

COMMANDS = {
    "demo": "web.cli:demo",
    "serve": "web.cli:serve",
}
"""Names of the commands this feature adds to `vanthu`, each with where it is found (imported only when called)."""
