"""Every page's capability has its operation, under the same permission; a new page needs one, or a reason."""

from __future__ import annotations

from web import guards
from web.api.service import operations
from web.border import BorderedFlask

SAME = {
    "account.account": "own_sessions",
    "account.end_others": "end_own_sessions",
    "account.end_session": "end_own_session",
    "accounts.accounts": "accounts",
    "accounts.close": "close_account",
    "accounts.create": "create_account",
    "accounts.end_sessions": "end_sessions_of",
    "accounts.reopen": "reopen_account",
    "audits.audit": "audit",
    "audits.audits": "audits",
    "audits.cancel": "cancel_audit",
    "audits.progress": "audit",
    "audits.start_audit": "start_audit",
    "city.city": "city",
    "city.of_latest": "latest_audit",
    "comparison.comparison": "comparison",
    "contests.answer": "answer_review",
    "contests.contest": "contest",
    "contests.contests": "contests",
    "contests.send": "ask_review",
    "coverage.coverage": "coverage",
    "deputies.deputies": "deputies",
    "directory.directory": "directory_officials",
    "directory.import_": "import_directory",
    "directory.look_at": "import_directory",
    "documents.agree": "agree",
    "documents.ask": "find_colleagues",
    "documents.document": "document",
    "documents.documents": "waiting_documents",
    "documents.opinion": "give_opinion",
    "documents.pull_back": "pull_back_document",
    "documents.send_back": "return_document",
    "documents.send_question": "ask_opinion",
    "documents.take_back": "undo_decision",
    "drafts.answer": "answer_remark",
    "drafts.attach": "attach_file",
    "drafts.attachment": "attached_file",
    "drafts.create": "begin_draft",
    "drafts.describe": "describe_draft",
    "drafts.difference": "draft_difference",
    "drafts.drafts": "drafts",
    "drafts.enclosures": "enclosures",
    "drafts.link": "link_document",
    "drafts.mend": "mend_draft",
    "drafts.original": "revision_file",
    "drafts.remark": "make_remark",
    "drafts.remove_attachment": "remove_attachment",
    "drafts.reopen": "reopen_remark",
    "drafts.resolve": "resolve_remark",
    "drafts.restore_attachment": "restore_attachment",
    "drafts.revisions": "draft_revisions",
    "drafts.save": "save_draft",
    "drafts.send": "ways_of_draft",
    "drafts.send_off": "send_draft",
    "drafts.take_up": "take_up_draft",
    "drafts.unlink": "unlink_document",
    "drafts.upload": "save_draft_file",
    "drafts.withdraw": "withdraw_draft",
    "effects.effect": "effect",
    "effects.effects": "effects",
    "effects.report": "report_effect",
    "exceptions.end": "end",
    "exceptions.exception": "exception",
    "exceptions.exceptions": "exceptions",
    "exceptions.record": "record",
    "exceptions.withdraw": "withdraw",
    "exemptions.assign": "assign_course",
    "exemptions.end": "end_training_exemption",
    "exemptions.exemptions": "training_exemptions",
    "exemptions.record": "record_training_exemption",
    "exemptions.withdraw": "withdraw_course",
    "exports.export": "export",
    "following.file": "assignments",
    "following.following": "assignments",
    "following.statements": "statements",
    "following.to_come": "reminders",
    "health.health": "status",
    "invitations.send": "invite_officials",
    "mail.mail": "outgoing_mail",
    "mail.retry": "retry_mail",
    "mailboxes.mailboxes": "mailboxes",
    "officials.figure": "lines_of_figure",
    "officials.official": "official",
    "officials.official_day": "official_day",
    "officials.officials": "officials",
    "overdue.overdue": "overdue_documents",
    "own.own": "own_periods",
    "reports.report": "report_file",
    "roles.roles": "roles_of_account",
    "routes.all_routes": "routes",
    "routes.bring_back": "bring_back_route",
    "routes.make": "make_route",
    "routes.one": "one_route",
    "routes.retire": "retire_route",
    "rules.activate": "activate_training_rule",
    "rules.make": "make_training_rule",
    "rules.preview": "preview_training_rule",
    "rules.retire": "retire_training_rule",
    "rules.rule": "training_rule",
    "rules.rules": "training_rules",
    "sources.add": "add_source",
    "sources.collect": "collect",
    "sources.remove": "remove_source",
    "sources.sources": "sources",
    "store_reports.ask_report": "ask_store_report",
    "store_reports.manifest": "manifest",
    "stories.of_document": "document_story",
    "stories.paper": "document_story_paper",
    "syncs.run": "sync_run",
    "syncs.syncs": "sync_runs",
    "targets.import_targets": "import_targets",
    "targets.set_target": "set_targets",
    "targets.targets": "targets",
    "targets.withdraw": "withdraw_target",
    "trail.trail": "trail",
    "trends.trends": "trends",
    "units.unit": "unit",
    "units.units": "units",
    "use.file": "use_of_officials",
    "use.use": "use_of_units",
    "waves.close": "close_training_list",
    "waves.draw": "draw_waves",
    "waves.first": "put_first",
    "waves.publish": "publish_seed",
    "waves.wave": "training_list",
    "waves.waves": "training_lists",
    "windows.windows": "back_from_a_day",
}
"""Endpoint of a page -> the operation that does the same."""

FORM = "an empty form: an operation says what it takes in the document"
PERSON = "proves that a person is there; a program has its token"
SELF = "lets somebody in or keeps somebody out: a token that leaked must not be able to"
BROWSER = "a choice of the browser, or a file for it"
LEARNER = "learning is a person's to do: a program must not be able to read, answer or be there in their place"
CHOSEN = "who is to learn what is decided by somebody who has seen the list; `assignments` tells what came of it"
WITHOUT: dict[str, str] = {
    "account.change_password": SELF,
    "api_guide.guide": "the document as a page; `openapi` is it for programs",
    "audits.new_audit": FORM,
    "contests.ask": FORM,
    "deputies.end": SELF,
    "deputies.name": SELF,
    "documents.agree_to_some": "`agree` for each of them",
    "drafts.about": FORM,
    "drafts.new": FORM,
    "drafts.remark_page": FORM,
    "drafts.write": "the form that `document` and `save_draft` are together",
    "exceptions.new": FORM,
    "exports.exports": FORM,
    "help.help": "text for people",
    "home.home": "put together from the latest audit and from lists that have operations",
    "invitations.invitations": FORM,
    "own_mail.choose": "how often somebody wants mail is that person's to say",
    "own_mail.own_mail": "how often somebody wants mail is that person's to say",
    "own_mail.told": "leads from a mail to a page",
    "exemptions.assign_form": FORM,
    "rules.change": FORM,
    "rules.new": FORM,
    "waves.file": "`people_of_training_list` has the same rows",
    "roles.grant": SELF,
    "roles.withdraw": SELF,
    "routes.new": FORM,
    "search.search": "`search` finds units and officials, `find_documents` documents, each by its own permission",
    "store_reports.new_report": FORM,
}
"""Endpoint of a page -> why no operation does what it does."""
WHOLE: dict[str, str] = {
    "certificates": "papers for people, and a page for everybody; `completions` tells who is done with what",
    "classes": "kept by whoever stands in the room; what came of it is in `completions` and `statements`",
    "courses": "written by people, or brought as a package; `courses` tells what there is",
    "doors": PERSON,
    "exemptions": CHOSEN,
    "language": BROWSER,
    "learning": LEARNER,
    "look": BROWSER,
    "offline": BROWSER,
    "own_certificates": LEARNER,
    "own_classes": LEARNER,
    "passkey_log_in": PERSON,
    "practice": LEARNER,
    "quizzes": LEARNER,
    "recoveries": SELF,
    "rules": CHOSEN,
    "scim": "is an interface for programs itself, by its own standard (RFC 7644)",
    "second_step": PERSON,
    "security": SELF,
    "session": PERSON,
    "tokens": SELF,
    "waves": CHOSEN,
    "welcome": PERSON,
}
"""Noun of pages -> why none of them has an operation."""


def _pages(app: BorderedFlask) -> set[str]:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    return {one for one in endpoints if one != "static" and not one.startswith("api.")}


def test_every_page_has_its_operation_or_a_reason(app: BorderedFlask) -> None:
    told = set(SAME) | set(WITHOUT)
    missing = {one for one in _pages(app) - told if one.partition(".")[0] not in WHOLE}
    assert missing == set(), "give each an operation in web/api/resources, or say here why there is none"


def test_nothing_is_told_of_pages_that_are_gone(app: BorderedFlask) -> None:
    pages = _pages(app)
    assert (set(SAME) | set(WITHOUT)) - pages == set()
    assert set(WHOLE) - {one.partition(".")[0] for one in pages} == set()
    assert set(SAME.values()) - {one.name for one in operations()} == set()


def test_an_operation_asks_for_what_its_page_asks_for(app: BorderedFlask) -> None:
    different = {
        page: (mine.permission, its.permission)
        for page, name in SAME.items()
        if (mine := guards.guard_of(app, page)) and (its := guards.guard_of(app, f"api.{name}"))
        if (mine.permission, mine.others) != (its.permission, its.others)
    }
    assert different == {}
