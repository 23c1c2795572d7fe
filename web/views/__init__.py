"""The pages, one module a noun. `BLUEPRINTS` is everything the application serves besides its static files."""

from __future__ import annotations

from flask import Blueprint

from web.views import (
    audits,
    city,
    coverage,
    directory,
    health,
    language,
    mailboxes,
    officials,
    reports,
    session,
    units,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    audits.pages,
    city.pages,
    coverage.pages,
    directory.pages,
    health.pages,
    language.pages,
    mailboxes.pages,
    officials.pages,
    reports.pages,
    session.pages,
    units.pages,
)
