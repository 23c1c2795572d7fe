"""Tests: they mirror the source; `house` holds the rules of the project, `servers` starts real servers."""
