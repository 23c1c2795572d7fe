"""The table of who gets what: one row for every route and method. Whoever adds a route adds its row here.

`test_access` drives every row with a stranger, an account without rights, an official, and every role granted for the
whole city, for the unit that the row is about, and for another unit. What a role may not do answers 403; what is not in
its reach, and everything that is not an official's own, answers 404.
"""

from __future__ import annotations

from dataclasses import dataclass, field

EVERYBODY = "administrator auditor clerk hr inspector leader"
FIGURES = "administrator auditor hr inspector leader"
EVIDENCE = "administrator auditor inspector leader"
FOLLOWING = "administrator hr inspector leader"
EFFECTS = "administrator auditor hr inspector"
PERSONNEL = "administrator hr"
PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Row:
    """A route as somebody asks for it: an address about the unit `town.CONSTRUCTION` or the official CB1 in it.

    `status` is what whoever may do it gets (a form without its fields: 422); `roles`, divided by spaces, who may where
    the role is granted for the whole city, or PUBLIC. `of_units`: whether it may as well where it is granted for a
    unit. `elsewhere`: the same of another unit (`town.HEALTH`, CB5), where the address is about a unit or an official.
    `official`: what the official CB1 gets, who has no role (404 but for the own things and what is for everybody).
    """

    method: str
    address: str
    status: int
    roles: str
    of_units: bool = True
    elsewhere: str | None = None
    official: int = 404
    stranger: int = 302
    """Of a PUBLIC row: what somebody gets who is not logged in."""
    only: dict[str, int] = field(default_factory=dict)
    """Statuses of single roles that differ from `status`."""


def whole(method: str, address: str, status: int, roles: str, **more: object) -> Row:
    """A row about something of no unit: only roles for the whole city may."""
    return Row(method, address, status, roles, of_units=False, **more)  # type: ignore[arg-type]


ADMINISTRATOR = "administrator"
ROWS: tuple[Row, ...] = (
    Row("GET", "/", 200, EVERYBODY, official=200),
    Row("GET", "/account", 200, EVERYBODY, official=200),
    Row("GET", "/account/mail", 200, EVERYBODY, official=200),
    Row("POST", "/account/mail", 422, EVERYBODY, official=422),
    Row("GET", "/invitations", 200, ADMINISTRATOR),
    Row("POST", "/invitations", 422, ADMINISTRATOR),
    whole("GET", "/mail", 200, ADMINISTRATOR),
    whole("POST", "/mail/retry", 303, ADMINISTRATOR),
    Row("GET", "/told/9", 404, EVERYBODY, official=404),
    Row("GET", "/welcome", 200, PUBLIC, stranger=200),
    Row("POST", "/welcome", 422, PUBLIC, stranger=422),
    Row("GET", "/welcome/again", 200, PUBLIC, stranger=200),
    Row("POST", "/welcome/again", 422, PUBLIC, stranger=422),
    Row("POST", "/account/password", 422, EVERYBODY, official=422),
    Row("GET", "/account/security", 200, EVERYBODY, official=200),
    Row("GET", "/account/security/app", 200, EVERYBODY, official=200),
    Row("POST", "/account/security/app", 422, EVERYBODY, official=422),
    Row("POST", "/account/security/app/code", 303, EVERYBODY, official=303),
    Row("GET", "/account/security/app/remove", 200, EVERYBODY, official=200),
    Row("POST", "/account/security/app/remove", 422, EVERYBODY, official=422),
    Row("GET", "/account/security/passkeys/9/remove", 404, EVERYBODY, official=404),
    Row("POST", "/account/security/passkeys/9/remove", 404, EVERYBODY, official=404),
    Row("GET", "/account/security/passkeys/new", 200, EVERYBODY, official=200),
    Row("POST", "/account/security/passkeys/new", 422, EVERYBODY, official=422),
    Row("GET", "/account/security/passkeys/options", 200, EVERYBODY, official=200),
    Row("GET", "/account/security/recovery-codes", 200, EVERYBODY, official=200),
    Row("POST", "/account/security/recovery-codes", 422, EVERYBODY, official=422),
    Row("POST", "/account/sessions/9/end", 404, EVERYBODY, official=404),
    Row("POST", "/account/sessions/end", 303, EVERYBODY, official=303),
    Row("GET", "/account/tokens", 200, EVERYBODY, official=200),
    Row("POST", "/account/tokens", 422, EVERYBODY, official=422),
    Row("POST", "/account/tokens/9/revoke", 404, EVERYBODY, official=404),
    Row("GET", "/documents", 200, ADMINISTRATOR, official=200),
    Row("POST", "/documents", 303, ADMINISTRATOR, official=303),
    Row("GET", "/documents/99", 404, ADMINISTRATOR),
    Row("POST", "/documents/99/agree", 404, ADMINISTRATOR),
    Row("GET", "/documents/99/ask", 404, ADMINISTRATOR),
    Row("POST", "/documents/99/ask", 404, ADMINISTRATOR),
    Row("POST", "/documents/99/opinion", 404, ADMINISTRATOR),
    Row("POST", "/documents/99/pull-back", 404, ADMINISTRATOR),
    Row("POST", "/documents/99/return", 404, ADMINISTRATOR),
    Row("GET", "/documents/99/story", 404, ADMINISTRATOR),
    Row("GET", "/documents/99/story/vi.pdf", 404, ADMINISTRATOR),
    Row("POST", "/documents/99/undo", 404, ADMINISTRATOR),
    Row("GET", "/training", 200, FOLLOWING),
    Row("GET", "/training/assignments.csv", 200, FOLLOWING),
    Row("GET", "/training/assignments.xlsx", 200, FOLLOWING),
    whole("GET", "/training/effect", 200, EFFECTS),
    whole("POST", "/training/effect", 404, "administrator hr"),
    whole("GET", "/training/effect/99", 404, EFFECTS),
    Row("GET", "/training/reminders", 200, FOLLOWING),
    Row("GET", "/overdue", 200, "administrator inspector leader", official=200),
    Row("GET", "/routes", 200, ADMINISTRATOR),
    Row("POST", "/routes", 422, ADMINISTRATOR),
    Row("GET", "/routes/new", 200, ADMINISTRATOR),
    Row("GET", "/routes/99", 404, ADMINISTRATOR),
    Row("POST", "/routes/99/bring-back", 404, ADMINISTRATOR),
    Row("POST", "/routes/99/retire", 404, ADMINISTRATOR),
    Row("GET", "/accounts", 200, ADMINISTRATOR),
    Row("POST", "/accounts", 422, ADMINISTRATOR),
    Row("POST", "/accounts/nobody/close", 404, ADMINISTRATOR),
    Row("GET", "/accounts/nobody/recover", 404, ADMINISTRATOR),
    Row("POST", "/accounts/nobody/recover", 404, ADMINISTRATOR),
    Row("POST", "/accounts/nobody/reopen", 404, ADMINISTRATOR),
    Row("POST", "/accounts/nobody/sessions/end", 404, ADMINISTRATOR),
    Row("GET", "/api", 200, PUBLIC, official=200, stranger=200),
    Row("GET", "/accounts/can.bo", 200, ADMINISTRATOR, elsewhere="/accounts/khac"),
    Row("POST", "/accounts/can.bo/roles", 422, ADMINISTRATOR, elsewhere="/accounts/khac/roles"),
    Row("POST", "/accounts/can.bo/roles/9/withdraw", 404, ADMINISTRATOR, elsewhere="/accounts/khac/roles/9/withdraw"),
    Row("GET", "/audits", 200, FIGURES),
    whole("POST", "/audits", 422, "administrator auditor"),
    Row("GET", "/audits/1", 200, FIGURES),
    whole("POST", "/audits/1/cancel", 409, "administrator auditor"),
    Row("GET", "/audits/1/city", 200, FIGURES),
    Row(
        "GET", "/audits/1/contests/sent/CB1", 200, ADMINISTRATOR, elsewhere="/audits/1/contests/sent/CB5", official=200
    ),
    Row(
        "POST", "/audits/1/contests/sent/CB1", 422, ADMINISTRATOR, elsewhere="/audits/1/contests/sent/CB5", official=422
    ),
    Row("GET", "/audits/1/coverage", 200, FIGURES),
    Row(
        "GET",
        "/audits/1/days/2026-10-06/CB1",
        200,
        EVIDENCE,
        elsewhere="/audits/1/days/2026-10-06/CB5",
        official=200,
    ),
    whole("GET", "/audits/1/manifest.json", 404, EVIDENCE),
    Row("GET", "/audits/1/figures/sent/CB1", 200, EVIDENCE, elsewhere="/audits/1/figures/sent/CB5", official=200),
    whole("GET", "/audits/1/mailboxes", 200, "administrator auditor inspector"),
    Row("GET", "/audits/1/officials", 200, FIGURES),
    Row("GET", "/audits/1/officials/CB1", 200, EVIDENCE, elsewhere="/audits/1/officials/CB5", official=200),
    Row("GET", "/audits/1/progress", 200, FIGURES),
    whole("GET", "/audits/1/reports/vi.pdf", 404, EVIDENCE),
    Row("GET", "/audits/1/trends", 200, FIGURES),
    Row("GET", "/audits/1/trends?unit=Sở Xây dựng", 200, FIGURES, elsewhere="/audits/1/trends?unit=Sở Y tế"),
    Row("GET", "/audits/1/units", 200, FIGURES),
    Row("GET", "/audits/1/units/Sở Xây dựng", 200, FIGURES, elsewhere="/audits/1/units/Sở Y tế"),
    Row("GET", "/audits/1/use", 200, FIGURES),
    Row("GET", "/audits/1/use/officials.csv", 200, FIGURES),
    Row("GET", "/audits/1/windows", 200, FIGURES),
    whole("GET", "/audits/from-store", 200, "administrator auditor"),
    whole("POST", "/audits/from-store", 422, "administrator auditor"),
    whole("GET", "/audits/new", 200, "administrator auditor"),
    Row("GET", "/comparison", 200, FIGURES),
    Row("GET", "/contests", 200, "administrator auditor inspector", official=200),
    Row("GET", "/contests/1", 200, "administrator auditor inspector", elsewhere="/contests/2", official=200),
    Row("POST", "/contests/1/answer", 422, "administrator auditor", elsewhere="/contests/2/answer"),
    Row("GET", "/coverage", 302, FIGURES),
    Row("GET", "/deputies", 200, ADMINISTRATOR, official=200),
    Row("POST", "/deputies", 422, ADMINISTRATOR, official=422),
    Row("POST", "/deputies/1/end", 303, ADMINISTRATOR, elsewhere="/deputies/2/end", official=303),
    Row("GET", "/directory", 200, EVERYBODY),
    whole("POST", "/directory", 422, ADMINISTRATOR),
    whole("POST", "/directory/import", 303, ADMINISTRATOR),
    Row("GET", "/learning", 404, ADMINISTRATOR, official=200),
    Row("GET", "/learning/9", 404, ADMINISTRATOR),
    Row("GET", "/learning/9/lessons/any", 404, ADMINISTRATOR),
    Row("POST", "/learning/9/lessons/any", 404, ADMINISTRATOR),
    Row("GET", "/learning/9/print", 404, ADMINISTRATOR),
    Row("GET", "/learning/9/quiz", 404, ADMINISTRATOR),
    Row("POST", "/learning/9/quiz", 404, ADMINISTRATOR),
    Row("GET", "/learning/attempts/9", 404, ADMINISTRATOR),
    Row("POST", "/learning/attempts/9", 404, ADMINISTRATOR),
    Row("GET", "/learning/attempts/9/result", 404, ADMINISTRATOR),
    whole("GET", "/learning/pictures/none", 404, PERSONNEL),
    whole("GET", "/courses", 200, PERSONNEL),
    whole("POST", "/courses", 422, PERSONNEL),
    whole("GET", "/courses/none", 404, PERSONNEL),
    whole("POST", "/courses/none/bring-back", 404, PERSONNEL),
    whole("POST", "/courses/none/editions/9", 404, PERSONNEL),
    whole("GET", "/courses/none/lessons/any", 404, PERSONNEL),
    whole("POST", "/courses/none/lessons/any", 404, PERSONNEL),
    whole("GET", "/courses/none/package", 404, PERSONNEL),
    whole("POST", "/courses/none/retire", 404, PERSONNEL),
    Row("GET", "/drafts", 404, ADMINISTRATOR, official=200),
    Row("POST", "/drafts", 404, ADMINISTRATOR, official=422),
    Row("GET", "/drafts/new", 404, ADMINISTRATOR, official=200),
    Row("GET", "/drafts/9/about", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/about", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/attachments", 404, ADMINISTRATOR),
    Row("GET", "/drafts/9/attachments/9", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/attachments/9/remove", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/attachments/9/restore", 404, ADMINISTRATOR),
    Row("GET", "/drafts/9/enclosures", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/file", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/file/mend", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/links", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/links/9/remove", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/remarks", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/remarks/9/answer", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/remarks/9/reopen", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/remarks/9/resolve", 404, ADMINISTRATOR),
    Row("GET", "/drafts/9/remarks/new", 404, ADMINISTRATOR),
    Row("GET", "/drafts/9/revisions", 404, ADMINISTRATOR),
    Row("GET", "/drafts/9/revisions/1..2", 404, ADMINISTRATOR),
    Row("GET", "/drafts/9/revisions/1/file", 404, ADMINISTRATOR),
    Row("GET", "/drafts/9/send", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/send", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/take-up", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/withdraw", 404, ADMINISTRATOR),
    Row("GET", "/drafts/9/write", 404, ADMINISTRATOR),
    Row("POST", "/drafts/9/write", 404, ADMINISTRATOR),
    whole("GET", "/directory/sync", 200, ADMINISTRATOR),
    whole("GET", "/directory/sync/9", 404, ADMINISTRATOR),
    Row("GET", "/exceptions", 200, "administrator auditor hr inspector"),
    Row("POST", "/exceptions", 422, "administrator hr"),
    Row("GET", "/exceptions/1", 200, "administrator auditor hr inspector", elsewhere="/exceptions/2"),
    Row("POST", "/exceptions/1/end", 422, "administrator hr", elsewhere="/exceptions/2/end"),
    Row("POST", "/exceptions/1/withdraw", 422, "administrator hr", elsewhere="/exceptions/2/withdraw"),
    Row("GET", "/exceptions/new", 200, "administrator hr"),
    whole("GET", "/exports", 200, "administrator auditor"),
    whole("POST", "/exports", 422, "administrator auditor"),
    Row("GET", "/health", 200, PUBLIC, stranger=200),
    Row("GET", "/help", 200, PUBLIC, official=200, stranger=200),
    Row("POST", "/keep/on", 303, EVERYBODY, official=303),
    Row("GET", "/language/en", 302, PUBLIC),
    Row("GET", "/look/dark", 302, PUBLIC, official=302),
    Row("GET", "/manifest/vi.webmanifest", 200, PUBLIC, official=200, stranger=200),
    Row("GET", "/off-line", 200, PUBLIC, official=200, stranger=200),
    Row("GET", "/search?q=ha", 200, EVERYBODY, official=200),
    Row("GET", "/service-worker.js", 200, PUBLIC, official=200, stranger=200),
    Row("GET", "/log-in", 302, PUBLIC, stranger=200),
    Row("GET", "/log-in/add", 303, PUBLIC, official=303, stranger=303),
    Row("POST", "/log-in/add/app", 303, PUBLIC, official=303, stranger=303),
    Row("POST", "/log-in/add/passkey", 303, PUBLIC, official=303, stranger=303),
    Row("GET", "/log-in/add/passkey/options", 303, PUBLIC, official=303, stranger=303),
    Row("GET", "/log-in/new-password", 303, PUBLIC, official=303, stranger=303),
    Row("POST", "/log-in/new-password", 303, PUBLIC, official=303, stranger=303),
    Row("POST", "/log-in/passkey", 422, PUBLIC, official=422, stranger=422),
    Row("GET", "/log-in/passkey/options", 200, PUBLIC, official=200, stranger=200),
    Row("GET", "/log-in/second", 303, PUBLIC, official=303, stranger=303),
    Row("POST", "/log-in/second/code", 303, PUBLIC, official=303, stranger=303),
    Row("POST", "/log-in/second/passkey", 303, PUBLIC, official=303, stranger=303),
    Row("GET", "/log-in/second/passkey/options", 303, PUBLIC, official=303, stranger=303),
    Row("POST", "/log-in/second/recovery-code", 303, PUBLIC, official=303, stranger=303),
    Row("GET", "/log-in/with/nobody", 404, PUBLIC, official=404, stranger=404),
    Row("POST", "/log-in/with/nobody", 404, PUBLIC, official=404, stranger=404),
    Row("GET", "/log-in/with/nobody/back", 404, PUBLIC, official=404, stranger=404),
    Row("GET", "/log-out/with/nobody", 404, PUBLIC, official=404, stranger=404),
    Row("POST", "/log-in", 422, PUBLIC, stranger=422),
    Row("POST", "/log-out", 303, PUBLIC, stranger=303),
    Row("GET", "/mine", 404, EVIDENCE, official=200),
    whole("GET", "/sources", 200, "administrator auditor inspector"),
    whole("POST", "/sources", 422, "administrator auditor"),
    whole("POST", "/sources/9/remove", 404, "administrator auditor"),
    whole("POST", "/sources/collect", 303, "administrator auditor"),
    Row("GET", "/targets", 200, FIGURES),
    whole("POST", "/targets", 422, "administrator leader"),
    whole("POST", "/targets/9/withdraw", 404, "administrator leader"),
    whole("POST", "/targets/file", 422, "administrator leader"),
    whole("GET", "/tokens", 200, ADMINISTRATOR),
    whole("POST", "/tokens", 422, ADMINISTRATOR),
    whole("POST", "/tokens/9/revoke", 404, ADMINISTRATOR),
    whole("GET", "/trail", 200, "administrator inspector"),
)
