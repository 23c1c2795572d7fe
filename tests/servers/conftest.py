"""Fixtures of the tests that start real servers."""

from __future__ import annotations

from tests.servers.mail_fixtures import audit, played, untouched

__all__ = ["audit", "played", "untouched"]
