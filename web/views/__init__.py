"""The pages, one module a noun. `BLUEPRINTS` is everything the application serves besides its static files."""

from __future__ import annotations

from flask import Blueprint

from web.views import (
    audits,
    city,
    comparison,
    coverage,
    directory,
    health,
    language,
    mailboxes,
    officials,
    reports,
    session,
    targets,
    trends,
    units,
    windows,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    audits.pages,
    city.pages,
    comparison.pages,
    coverage.pages,
    directory.pages,
    health.pages,
    language.pages,
    mailboxes.pages,
    officials.pages,
    reports.pages,
    session.pages,
    targets.pages,
    trends.pages,
    units.pages,
    windows.pages,
)
