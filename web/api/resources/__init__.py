"""What the API has, one module a noun. `SECTIONS` is all of it, in the order of the document."""

from __future__ import annotations

from web.api.operations import Section
from web.api.resources import (
    accounts,
    audits,
    comparison,
    contests,
    directory,
    exceptions,
    figures,
    mail,
    officials,
    own,
    reports,
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
    sources.section,
    directory.section,
    accounts.section,
    mail.section,
    trail.section,
)
