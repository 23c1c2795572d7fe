"""What the API has, one module a noun. `SECTIONS` is all of it, in the order of the document."""

from __future__ import annotations

from web.api.operations import Section
from web.api.resources import (
    accounts,
    audits,
    comparison,
    contests,
    directory,
    documents,
    drafts,
    enclosures,
    exceptions,
    figures,
    mail,
    officials,
    own,
    remarks,
    reports,
    routes,
    sources,
    state,
    targets,
    trail,
    use,
)

SECTIONS: tuple[Section, ...] = (
    state.section,
    audits.section,
    reports.section,
    figures.section,
    officials.section,
    use.section,
    comparison.section,
    targets.section,
    contests.section,
    exceptions.section,
    own.section,
    documents.section,
    remarks.section,
    drafts.section,
    enclosures.section,
    routes.section,
    sources.section,
    directory.section,
    accounts.section,
    mail.section,
    trail.section,
)
