"""Who may do what: permissions in one list, roles that hold them, and the actor every service is given.

Closed by default: a permission nobody lists in a role is nobody's. Predicates (`can_...`) of the features stand in
their own `permissions` modules and end in `Actor.may`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from core.errors import ForbiddenError
from core.words import Text


class Permission(StrEnum):
    """Every permission there is, `<package>:<thing>:<action>`, in alphabetical order."""

    CORE_ACCOUNT_CLOSE = "core:account:close"
    CORE_ACCOUNT_CREATE = "core:account:create"
    CORE_ACCOUNT_OWN = "core:account:own"
    CORE_ACCOUNT_PASSWORD = "core:account:password"  # noqa: S105 - the name of a permission
    CORE_ACCOUNT_READ = "core:account:read"
    CORE_DIRECTORY_IMPORT = "core:directory:import"
    CORE_DIRECTORY_READ = "core:directory:read"
    CORE_JOB_READ = "core:job:read"
    CORE_SESSION_END = "core:session:end"
    CORE_TRAIL_READ = "core:trail:read"
    MAIL_AUDIT_AUDIT_CANCEL = "mail_audit:audit:cancel"
    MAIL_AUDIT_AUDIT_DELETE = "mail_audit:audit:delete"
    MAIL_AUDIT_AUDIT_READ = "mail_audit:audit:read"
    MAIL_AUDIT_AUDIT_START = "mail_audit:audit:start"
    MAIL_AUDIT_CENSUS_START = "mail_audit:census:start"
    MAIL_AUDIT_CONTEST_ANSWER = "mail_audit:contest:answer"
    MAIL_AUDIT_CONTEST_ASK = "mail_audit:contest:ask"
    MAIL_AUDIT_CONTEST_READ = "mail_audit:contest:read"
    MAIL_AUDIT_EVIDENCE_READ = "mail_audit:evidence:read"
    MAIL_AUDIT_EXCEPTION_READ = "mail_audit:exception:read"
    MAIL_AUDIT_EXCEPTION_RECORD = "mail_audit:exception:record"
    MAIL_AUDIT_FACTS_EXPORT = "mail_audit:facts:export"
    MAIL_AUDIT_LOG_UPLOAD = "mail_audit:log:upload"
    MAIL_AUDIT_REPORT_READ = "mail_audit:report:read"
    MAIL_AUDIT_SOURCE_CHANGE = "mail_audit:source:change"
    MAIL_AUDIT_SOURCE_COLLECT = "mail_audit:source:collect"
    MAIL_AUDIT_SOURCE_READ = "mail_audit:source:read"
    MAIL_AUDIT_TARGET_SET = "mail_audit:target:set"


class Role(StrEnum):
    """What an account is for."""

    ADMINISTRATOR = "administrator"
    OFFICIAL = "official"


HELD: Mapping[str, frozenset[Permission]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(Permission),
        # of the own figures only: such an actor is tied to an official
        Role.OFFICIAL: frozenset(
            {
                Permission.CORE_ACCOUNT_OWN,
                Permission.MAIL_AUDIT_CONTEST_ASK,
                Permission.MAIL_AUDIT_CONTEST_READ,
                Permission.MAIL_AUDIT_EVIDENCE_READ,
            }
        ),
    }
)
"""Role -> the permissions it holds."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the name the audit trail will show, and the roles.

    `official_id` (the number the personnel office gave) is set where the account is tied to an official: whatever the
    roles hold then holds for that person's own things only.
    """

    name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    official_id: str | None = None

    def may(self, permission: Permission) -> bool:
        """Whether any of the actor's roles holds `permission`."""
        return any(permission in HELD.get(role, ()) for role in self.roles)

    def may_of(self, permission: Permission, official_id: str) -> bool:
        """Whether the actor holds `permission` over the things of this official."""
        return self.may(permission) and self.official_id in {None, official_id}


def require(actor: Actor, permission: Permission) -> None:
    """Raises `ForbiddenError` unless `actor` holds `permission`."""
    if not actor.may(permission):
        raise ForbiddenError(
            Text("Tài khoản này không được làm việc đó.", "This account may not do that."),
            detail=f"{actor.name} lacks {permission}",
        )


def command_line_actor() -> Actor:
    """Whoever runs `vanthu` on the server: they can read the database anyway; the trail names their system account."""
    import getpass

    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's number without a name
        import os

        name = str(os.getuid())
    return Actor(f"cli:{name}", frozenset({Role.ADMINISTRATOR}))
