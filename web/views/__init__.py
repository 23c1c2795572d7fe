"""The pages, one module a noun. `BLUEPRINTS` is everything the application serves besides its static files."""

from __future__ import annotations

from flask import Blueprint

from web.views import (
    account,
    accounts,
    audits,
    city,
    comparison,
    contests,
    coverage,
    directory,
    exceptions,
    exports,
    health,
    language,
    mailboxes,
    officials,
    own,
    reports,
    session,
    sources,
    store_reports,
    targets,
    trail,
    trends,
    units,
    windows,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    account.pages,
    accounts.pages,
    audits.pages,
    city.pages,
    comparison.pages,
    contests.pages,
    coverage.pages,
    directory.pages,
    exports.pages,
    exceptions.pages,
    health.pages,
    language.pages,
    mailboxes.pages,
    officials.pages,
    own.pages,
    reports.pages,
    session.pages,
    sources.pages,
    store_reports.pages,
    targets.pages,
    trail.pages,
    trends.pages,
    units.pages,
    windows.pages,
)
