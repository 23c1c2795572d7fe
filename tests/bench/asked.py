"""What the bench of pages asks for: every page and operation that lists something, and why the others are left out.

Whoever adds a route adds it here (`tests/house/test_bench_asks.py`): its addresses, or the reason why it lists nothing.
In addresses stand `{latest}` and `{before}` (audits), `{unit}`, `{office}` (units), `{who}`, `{account}`, `{rule}`,
`{list}`, `{class}` and `{sync}` (`tests.bench.asking`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

PARTS = ("", "?offset=50", "?offset=5000")
API = "/api/v1"
_AUDIT = "<int:audit_id>"
_SEARCHES = ("ha", "hà", "nguyen van an", "Nguyễn Văn Hải", "phuong so 1", "cb000123", "khongcoai")


def _with(address: str, *queries: str) -> tuple[str, ...]:
    return tuple(address + query for query in queries)


_OFFICIALS = (
    "", "?offset=100", "?offset=70000", "?offset=139900", "?text=ha", "?text=Hà", "?text=nguyễn văn an",
    "?text=CB000123", "?text=khongcoai", "?class=none", "?class=regular&offset=20000", "?rank=leader",
    "?unit={unit}", "?unit={office}", *(f"?sort={one}" for one in ("unit", "class", "sent", "received", "logins")),
    "?sort=sent&descending=1", "?sort=received&descending=1&offset=60000", "?sort=active_days&descending=1",
    "?class=none&rank=leader&sort=unit",
)  # fmt: skip
_API_OFFICIALS = (
    "", "?offset=100", "?offset=139900", "?limit=200", "?text=ha", "?text=nguy%E1%BB%85n", "?usage_class=none",
    "?rank=leader", "?unit={unit}", "?sort=sent&descending=true", "?sort=unit&offset=70000",
)  # fmt: skip

PAGES: dict[str, tuple[str, ...]] = {
    "/": ("/",),
    "/account": ("/account",),
    "/account/tokens": ("/account/tokens",),
    "/accounts": _with("/accounts", "", "?offset=50", "?offset=100000", "?q=hà", "?q=nguyen", "?q=cb000123"),
    "/accounts/<name>": ("/accounts/{account}",),
    "/audits": _with("/audits", "", "?mornings=all", "?mornings=all&offset=500"),
    "/audits/<int:audit_id>": ("/audits/{latest}",),
    "/audits/<int:audit_id>/city": ("/audits/{latest}/city", "/audits/{before}/city"),
    "/audits/<int:audit_id>/coverage": ("/audits/{latest}/coverage",),
    "/audits/<int:audit_id>/mailboxes": _with("/audits/{latest}/mailboxes", *PARTS),
    "/audits/<int:audit_id>/officials": _with("/audits/{latest}/officials", *_OFFICIALS),
    "/audits/<int:audit_id>/officials/<path:official_id>": ("/audits/{latest}/officials/{who}",),
    "/audits/<int:audit_id>/trends": _with("/audits/{latest}/trends", "", "?unit={unit}"),
    "/audits/<int:audit_id>/units": _with(
        "/audits/{latest}/units", "", "?sort=leaders&descending=1", "?all=1", "?all=1&sort=change&offset=4000"
    ),
    "/audits/<int:audit_id>/units/<path:unit_key>": _with("/audits/{latest}/units/", "{unit}", "{office}"),
    "/audits/<int:audit_id>/windows": _with(
        "/audits/{latest}/windows", "", "?all=1", "?all=1&offset=4000", "?day=2026-08-01"
    ),
    "/comparison": _with(
        "/comparison", "", "?earlier={before}&later={latest}&offset=500", "?earlier={before}&later={latest}&all=1",
        "?earlier={before}&later={latest}&all=1&units=4000"
    ),
    "/contests": _with("/contests", *PARTS, "?state=open", "?state=answered&offset=2000", "?audit={latest}"),
    "/deputies": _with("/deputies", "", "?offset=1000", "?earlier=3000", "?q=ha", "?away=nguyen"),
    "/directory": ("/directory",),
    "/directory/sync": _with("/directory/sync", *PARTS),
    "/directory/sync/<int:run_id>": ("/directory/sync/{sync}",),
    "/audits/<int:audit_id>/use": _with("/audits/{latest}/use", "", "?offset=5000", "?units=2000&sort=median"),
    "/documents": ("/documents",),
    "/drafts": _with("/drafts", *PARTS),
    "/overdue": ("/overdue",),
    "/routes": ("/routes",),
    "/exceptions": _with("/exceptions", *PARTS, "?state=standing", "?state=ended", "?state=withdrawn", "?text=ha"),
    "/invitations": ("/invitations",),
    "/mail": _with("/mail", *PARTS, "?state=refused", "?state=waiting"),
    "/mine": ("/mine",),
    "/certificates": _with("/certificates", *PARTS, "?text=nguyen", "?state=expired"),
    "/classes": _with("/classes", *PARTS, "?when=past", "?when=past&offset=200"),
    "/classes/<int:class_id>": ("/classes/{class}",),
    "/courses": ("/courses",),
    "/learning": ("/learning",),
    "/learning/certificates": ("/learning/certificates",),
    "/learning/classes": ("/learning/classes",),
    "/search": (
        *(f"/search?q={one}" for one in _SEARCHES), "/search?q=ha&kind=officials&offset=4000",
    ),
    "/sources": ("/sources",),
    "/targets": ("/targets",),
    "/tokens": _with("/tokens", "", "?offset=500"),
    "/training/exemptions": _with("/training/exemptions", *PARTS),
    "/training": _with("/training", *PARTS, "?standing=late", "?text=ha", "?unit={unit}"),
    "/training/effect": ("/training/effect",),
    "/training/reminders": ("/training/reminders",),
    "/training/rules": ("/training/rules",),
    "/training/rules/<int:rule_id>": ("/training/rules/{rule}",),
    "/training/waves": _with("/training/waves", *PARTS),
    "/training/waves/<int:campaign_id>": _with("/training/waves/{list}", "", "?offset=1000"),
    "/trail": _with(
        "/trail", *PARTS, "?offset=400000", "?actor=cb000123", "?subject=account:cb000777",
        "?from=2026-05-01&to=2026-05-02"
    ),
}  # fmt: skip
OPERATIONS: dict[str, tuple[str, ...]] = {
    "/accounts": _with("/accounts", *PARTS, "?offset=139000&limit=200"),
    "/accounts/<name>/roles": ("/accounts/{account}/roles",),
    "/audits": _with("/audits", "", "?offset=500", "?figures=stored"),
    "/audits/latest": ("/audits/latest",),
    f"/audits/{_AUDIT}": ("/audits/{latest}",),
    f"/audits/{_AUDIT}/city": ("/audits/{latest}/city",),
    f"/audits/{_AUDIT}/coverage": ("/audits/{latest}/coverage",),
    f"/audits/{_AUDIT}/findings": _with("/audits/{latest}/findings", "", "?offset=100"),
    f"/audits/{_AUDIT}/mailboxes": _with("/audits/{latest}/mailboxes", "", "?offset=2000"),
    f"/audits/{_AUDIT}/officials": _with("/audits/{latest}/officials", *_API_OFFICIALS),
    f"/audits/{_AUDIT}/officials/<path:official_id>": ("/audits/{latest}/officials/{who}",),
    f"/audits/{_AUDIT}/trends": ("/audits/{latest}/trends",),
    f"/audits/{_AUDIT}/units": _with("/audits/{latest}/units", "", "?offset=4000", "?sort=leaders&limit=200"),
    f"/audits/{_AUDIT}/units/<path:unit_key>": ("/audits/{latest}/units/{unit}",),
    f"/audits/{_AUDIT}/windows": _with("/audits/{latest}/windows", "", "?all=true&offset=4000&limit=200"),
    "/assignments": _with("/assignments", *PARTS, "?standing=late", "?text=ha", "?unit={unit}"),
    "/campaigns": ("/campaigns",),
    "/certificates": _with("/certificates", *PARTS, "?text=nguyen"),
    "/classes": _with("/classes", *PARTS, "?when=past"),
    "/classes/<int:class_id>": ("/classes/{class}",),
    "/classes/<int:class_id>/could-come": ("/classes/{class}/could-come",),
    "/collection": ("/collection",),
    "/completions": _with("/completions", *PARTS),
    "/courses": ("/courses",),
    "/effects": ("/effects",),
    "/reminders": ("/reminders",),
    "/statements": _with("/statements", *PARTS),
    "/comparison": ("/comparison?earlier={before}&later={latest}",),
    "/comparison/moved": ("/comparison/moved?earlier={before}&later={latest}&offset=500",),
    "/comparison/units": _with(
        "/comparison/units?earlier={before}&later={latest}", "", "&all=true&offset=4000&limit=200"
    ),
    "/comparison/joined": ("/comparison/joined?earlier={before}&later={latest}",),
    "/comparison/left": ("/comparison/left?earlier={before}&later={latest}",),
    "/contests": _with("/contests", *PARTS, "?state=open"),
    "/deputies": _with("/deputies", "", "?offset=1000"),
    "/directory/mailboxes": _with("/directory/mailboxes", *PARTS, "?offset=130000&limit=200"),
    "/directory/officials": _with("/directory/officials", *PARTS, "?offset=139000&limit=200"),
    "/directory/programs": ("/directory/programs",),
    "/directory/sync-runs": _with("/directory/sync-runs", *PARTS),
    "/directory/units": _with("/directory/units", *PARTS),
    "/documents": _with("/documents", "?text=ha", "?text=h%E1%BB%8Dp&offset=50"),
    "/documents/colleagues": _with("/documents/colleagues", "", "?text=ha"),
    "/documents/overdue": ("/documents/overdue",),
    "/documents/waiting": ("/documents/waiting",),
    "/drafts": _with("/drafts", *PARTS),
    "/exceptions": _with("/exceptions", *PARTS, "?state=standing"),
    "/exemptions": _with("/exemptions", *PARTS),
    "/lists": _with("/lists", *PARTS),
    "/lists/<int:campaign_id>/people": _with("/lists/{list}/people", "", "?offset=1000"),
    "/rules": ("/rules",),
    "/jobs": _with("/jobs", *PARTS, "?state=failed", "?subject=audit:700", "?offset=50000"),
    "/mail": _with("/mail", *PARTS, "?state=refused"),
    "/own/certificates": ("/own/certificates",),
    "/own/classes": ("/own/classes",),
    "/own/classes/taught": ("/own/classes/taught",),
    "/own/courses": ("/own/courses",),
    "/own/periods": ("/own/periods",),
    "/own/sessions": ("/own/sessions",),
    "/routes": ("/routes",),
    "/search": tuple(f"/search?text={one}" for one in _SEARCHES),
    "/sources": ("/sources",),
    "/targets": ("/targets",),
    "/trail": _with("/trail", *PARTS, "?actor=cb000123"),
    "/use": ("/use",),
    "/use/officials": ("/use/officials",),
    "/use/officials/<path:official_id>": ("/use/officials/{who}",),
    "/use/units": ("/use/units",),
}
ASKED = PAGES | {f"{API}{rule}": tuple(f"{API}{one}" for one in found) for rule, found in OPERATIONS.items()}
"""Rule -> the addresses by which it is asked."""

NO_LIST: dict[str, str] = {
    "a form, or one thing, of the own account": "/account/mail /account/security /account/security/app "
    "/account/security/app/remove /account/security/passkeys/<int:passkey_id>/remove /account/security/passkeys/new "
    "/account/security/passkeys/options /account/security/recovery-codes /told/<int:notice_id>",
    "a form": "/drafts/new /drafts/<int:draft_id>/write /drafts/<int:draft_id>/send "
    "/drafts/<int:draft_id>/remarks/new /routes/new /routes/<int:template_id> /accounts/<name>/recover "
    "/audits/from-store /audits/new /exceptions/new /exports "
    "/training/rules/new /training/rules/<int:rule_id>/change /training/assign "
    "/audits/<int:audit_id>/contests/<about>/<path:official_id>",
    "what belongs to one class or one certificate": f"{API}/certificates/<code> "
    f"{API}/certificates/<code>/paper/<language> {API}/certificates/<code>/verified "
    f"{API}/classes/<int:class_id>/code {API}/classes/<int:class_id>/sheet/<language> "
    f"{API}/own/classes/<int:class_id> {API}/own/classes/<int:class_id>/calendar "
    "/certificates/<code> /certificates/<code>/<chosen>.pdf "
    "/certificates/<code>/revoke /classes/<int:class_id>/change "
    "/classes/<int:class_id>/here/<code> /classes/<int:class_id>/screen /classes/<int:class_id>/sheet "
    "/classes/<int:class_id>/sheet/<chosen>.pdf /classes/new /learning/classes/<int:class_id> "
    "/learning/classes/<int:class_id>/class.ics "
    "/learning/classes/<int:class_id>/here",
    "what belongs to one course, or to one's own way through it": f"{API}/courses/<key> {API}/courses/<key>/package "
    f"{API}/courses/<key>/questions {API}/lesson-pictures/<digest> {API}/own/attempts/<int:attempt_id> "
    f"{API}/own/attempts/<int:attempt_id>/result {API}/own/courses/<int:assignment_id> "
    f"{API}/own/courses/<int:assignment_id>/lessons/<lesson> "
    f"{API}/own/courses/<int:assignment_id>/practice/<kind> {API}/own/courses/<int:assignment_id>/quiz "
    "/courses/<key>/new-question /courses/<key>/order /courses/<key>/questions /courses/<key>/questions/<question> "
    "/courses/<key>/quiz /courses/<key>/quiz-rules "
    "/courses/<key> /courses/<key>/lessons/<lesson> "
    "/courses/<key>/package /learning/<int:assignment_id> /learning/<int:assignment_id>/lessons/<key> "
    "/learning/<int:assignment_id>/practice/<kind> /learning/<int:assignment_id>/print "
    "/learning/<int:assignment_id>/quiz /learning/attempts/<int:attempt_id> "
    "/learning/attempts/<int:attempt_id>/result /learning/pictures/<digest>",
    "what belongs to one document": "/drafts/<int:draft_id>/about "
    "/documents/<int:draft_id>/story /drafts/<int:draft_id>/enclosures "
    "/drafts/<int:draft_id>/revisions /drafts/<int:draft_id>/revisions/<int:old>..<int:new> "
    "/documents/<int:draft_id>/story/<chosen>.pdf /drafts/<int:draft_id>/attachments/<int:attachment_id> "
    "/drafts/<int:draft_id>/revisions/<int:revision>/file "
    f"{API}/documents/<int:draft_id>/remarks {API}/documents/<int:draft_id>/story "
    f"{API}/documents/<int:draft_id>/story/<language> {API}/drafts/<int:draft_id>/attachments/<int:attachment_id> "
    f"{API}/drafts/<int:draft_id>/difference {API}/drafts/<int:draft_id>/enclosures "
    f"{API}/drafts/<int:draft_id>/form-check {API}/drafts/<int:draft_id>/revisions "
    f"{API}/drafts/<int:draft_id>/revisions/<int:number>/file {API}/drafts/<int:draft_id>/ways",
    "programs ask it with a token of their own, in parts": "/scim/v2/Groups /scim/v2/Users "
    "/scim/v2/Groups/<int(max=2147483647):number> /scim/v2/Users/<int(max=2147483647):number>",
    "what the program itself is": "/scim/v2/ResourceTypes /scim/v2/ResourceTypes/<name> /scim/v2/Schemas "
    "/scim/v2/Schemas/<name> /scim/v2/ServiceProviderConfig",
    "judges everybody by a rule: timed by `python -m tests.bench assigning`": "/training/rules/<int:rule_id>/preview "
    f"{API}/rules/<int:rule_id>/preview",
    "one rule, one list": f"{API}/rules/<int:rule_id> {API}/lists/<int:campaign_id>",
    "a whole file": "/training/waves/<int:campaign_id>/draw.csv "
    "/audits/<int:audit_id>/use/<any(officials, units):what>.<any(csv, json):ending> "
    "/training/assignments.<any(csv, xlsx):ending> /training/statements.json",
    "one thing": f"{API}/assignments/<int:assignment_id> "
    f"/training/effect/<int:report_id> {API}/effects/<int:report_id> "
    f"{API}/directory/sync-runs/<int:run_id> "
    f"{API}/documents/<int:draft_id> {API}/routes/<int:template_id> "
    "/contests/<int:contest_id> /exceptions/<int:exception_id> /documents/<int:draft_id> "
    f"/documents/<int:draft_id>/ask /audits/<int:audit_id>/progress {API}/jobs/<int:job_id> "
    "/training/rules/<int:rule_id>/preview/progress "
    f"{API}/contests/<int:contest_id> "
    f"{API}/exceptions/<int:exception_id> {API}/token {API}/status {API}/openapi.json /health",
    "lines are read from the evidence, a file beside the database": "/audits/<int:audit_id>/days/<day>"
    "/<path:official_id> /audits/<int:audit_id>/figures/<name>/<path:official_id> "
    f"{API}/audits/{_AUDIT}/days/<day>/<path:official_id> {API}/audits/{_AUDIT}/figures/<figure>/<path:official_id>",
    "a file that is there": "/audits/<int:audit_id>/manifest.json /audits/<int:audit_id>/reports/<chosen>.<ending> "
    f"{API}/audits/{_AUDIT}/manifest {API}/audits/{_AUDIT}/reports/<language>/<ending> /static/<path:filename> "
    "/manifest/<chosen>.webmanifest /service-worker.js",
    "leads to another page": "/<any(city, units, officials, coverage, trends, windows):noun> /language/<chosen> "
    "/look/<chosen> /log-in/with/<key> /log-in/with/<key>/back /log-out/with/<key>",
    "the same for everybody": "/api /help /off-line /log-in /welcome /welcome/again",
    "a step of the log-in": "/log-in/add /log-in/add/passkey/options /log-in/new-password /log-in/passkey/options "
    "/log-in/second /log-in/second/passkey/options",
}
"""Reason -> the rules, with spaces between, that list nothing."""


def rules_left_out() -> Iterator[str]:
    """The rules of `NO_LIST`; some hold spaces themselves."""
    for rules in NO_LIST.values():
        yield from rules.replace(", ", ",").split(" ")


def unknown(rules: Iterable[str]) -> list[str]:
    """Which of the application's rules nobody has said anything about."""
    named = {*ASKED, *rules_left_out()}
    return sorted(rule for rule in rules if rule.replace(", ", ",") not in {one.replace(", ", ",") for one in named})
