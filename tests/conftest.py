"""What every test may ask for: the servers of `tests/servers`, each a fixture that starts it once a session."""

from __future__ import annotations

pytest_plugins = ["tests.servers.postgres", "tests.servers.redis"]
