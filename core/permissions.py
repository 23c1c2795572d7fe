"""Who may do what, and of whom: permissions in one list, roles that hold them, and the actor every service is given.

A role is *granted* for a unit and all that lies below it, or for the whole city, and holds its permissions there and
nowhere else; an account that is tied to an official holds those of the role `official` for that person's own things.
So there are two questions: may the actor do this anywhere (`Actor.may`: shall the page be there at all), and here
(`may_in` a unit, `may_of` an official; `reach` for a list). What the second refuses answers as if it were not there.

Closed by default: a permission nobody lists in a role is nobody's. Predicates (`can_...`) of the features stand in
their own `permissions` modules and end in these.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
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
    CORE_ACCOUNT_RECOVER = "core:account:recover"
    CORE_DEPUTY_NAME = "core:deputy:name"
    CORE_DEPUTY_READ = "core:deputy:read"
    CORE_DIRECTORY_IMPORT = "core:directory:import"
    CORE_DIRECTORY_PROVISION = "core:directory:provision"
    CORE_DIRECTORY_READ = "core:directory:read"
    CORE_GRANT_GIVE = "core:grant:give"
    CORE_JOB_READ = "core:job:read"
    CORE_MAIL_READ = "core:mail:read"
    CORE_MAIL_RETRY = "core:mail:retry"
    CORE_SESSION_END = "core:session:end"
    CORE_TOKEN_GIVE = "core:token:give"  # noqa: S105 - the name of a permission
    CORE_TOKEN_READ = "core:token:read"  # noqa: S105 - the name of a permission
    CORE_TRAIL_READ = "core:trail:read"
    EOFFICE_BOARD_READ = "eoffice:board:read"
    EOFFICE_DRAFT_CHANGE = "eoffice:draft:change"
    EOFFICE_DRAFT_DECIDE = "eoffice:draft:decide"
    EOFFICE_DRAFT_READ = "eoffice:draft:read"
    EOFFICE_REMARK_MAKE = "eoffice:remark:make"
    EOFFICE_ROUTE_CHANGE = "eoffice:route:change"
    EOFFICE_USE_READ = "eoffice:use:read"
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
    MAIL_AUDIT_MAILBOX_READ = "mail_audit:mailbox:read"
    MAIL_AUDIT_REPORT_READ = "mail_audit:report:read"
    MAIL_AUDIT_SOURCE_CHANGE = "mail_audit:source:change"
    MAIL_AUDIT_SOURCE_COLLECT = "mail_audit:source:collect"
    MAIL_AUDIT_SOURCE_READ = "mail_audit:source:read"
    MAIL_AUDIT_TARGET_SET = "mail_audit:target:set"
    TRAINING_ASSIGNMENT_READ = "training:assignment:read"
    TRAINING_BOARD_READ = "training:board:read"
    TRAINING_CERTIFICATE_READ = "training:certificate:read"
    TRAINING_CERTIFICATE_REVOKE = "training:certificate:revoke"
    TRAINING_CLASS_ATTEND = "training:class:attend"
    TRAINING_CLASS_CHANGE = "training:class:change"
    TRAINING_COURSE_CHANGE = "training:course:change"
    TRAINING_COURSE_TAKE = "training:course:take"
    TRAINING_EFFECT_READ = "training:effect:read"
    TRAINING_EFFECT_REPORT = "training:effect:report"
    TRAINING_EXEMPTION_RECORD = "training:exemption:record"
    TRAINING_PRACTICE_TRY = "training:practice:try"
    TRAINING_RULE_CHANGE = "training:rule:change"


class Role(StrEnum):
    """What an account is for."""

    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    CLERK = "clerk"
    HR = "hr"
    INSPECTOR = "inspector"
    LEADER = "leader"
    OFFICIAL = "official"


ROLE_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        Role.ADMINISTRATOR: Text("quản trị", "administrator"),
        Role.AUDITOR: Text("kiểm tra viên công nghệ thông tin", "IT auditor"),
        Role.CLERK: Text("văn thư", "records clerk"),
        Role.HR: Text("tổ chức cán bộ", "personnel office"),
        Role.INSPECTOR: Text("thanh tra (chỉ xem)", "inspector (reads only)"),
        Role.LEADER: Text("lãnh đạo", "leader"),
        Role.OFFICIAL: Text("cán bộ, công chức", "official"),
    }
)
"""Role -> its name."""

OF_NO_UNIT: frozenset[Permission] = frozenset(
    {
        Permission.CORE_DIRECTORY_IMPORT,
        Permission.CORE_DIRECTORY_PROVISION,
        Permission.CORE_JOB_READ,
        Permission.CORE_TOKEN_GIVE,
        Permission.CORE_TOKEN_READ,
        Permission.CORE_MAIL_READ,
        Permission.CORE_MAIL_RETRY,
        Permission.CORE_TRAIL_READ,
        Permission.MAIL_AUDIT_AUDIT_CANCEL,
        Permission.MAIL_AUDIT_AUDIT_DELETE,
        Permission.MAIL_AUDIT_AUDIT_START,
        Permission.MAIL_AUDIT_CENSUS_START,
        Permission.MAIL_AUDIT_FACTS_EXPORT,
        Permission.MAIL_AUDIT_LOG_UPLOAD,
        Permission.MAIL_AUDIT_MAILBOX_READ,
        Permission.MAIL_AUDIT_REPORT_READ,
        Permission.MAIL_AUDIT_SOURCE_CHANGE,
        Permission.MAIL_AUDIT_SOURCE_COLLECT,
        Permission.MAIL_AUDIT_SOURCE_READ,
        Permission.MAIL_AUDIT_TARGET_SET,
        Permission.TRAINING_COURSE_CHANGE,
        Permission.TRAINING_EFFECT_READ,
        Permission.TRAINING_EFFECT_REPORT,
    }
)
"""Over things that belong to no unit (the trail, the logs, whole reports): a role that is granted for a unit does not
hold them, whatever it holds for the whole city."""

_OWN = frozenset({Permission.CORE_ACCOUNT_OWN})
"""What everybody with any role may do with the own account."""

HELD: Mapping[str, frozenset[Permission]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(Permission),
        Role.AUDITOR: _OWN
        | {
            Permission.CORE_DIRECTORY_READ,
            Permission.CORE_JOB_READ,
            Permission.EOFFICE_USE_READ,
            Permission.MAIL_AUDIT_AUDIT_CANCEL,
            Permission.MAIL_AUDIT_AUDIT_READ,
            Permission.MAIL_AUDIT_AUDIT_START,
            Permission.MAIL_AUDIT_CENSUS_START,
            Permission.MAIL_AUDIT_CONTEST_ANSWER,
            Permission.MAIL_AUDIT_CONTEST_READ,
            Permission.MAIL_AUDIT_EVIDENCE_READ,
            Permission.MAIL_AUDIT_EXCEPTION_READ,
            Permission.MAIL_AUDIT_FACTS_EXPORT,
            Permission.MAIL_AUDIT_LOG_UPLOAD,
            Permission.MAIL_AUDIT_MAILBOX_READ,
            Permission.MAIL_AUDIT_REPORT_READ,
            Permission.MAIL_AUDIT_SOURCE_CHANGE,
            Permission.MAIL_AUDIT_SOURCE_COLLECT,
            Permission.MAIL_AUDIT_SOURCE_READ,
            Permission.TRAINING_EFFECT_READ,
        },
        Role.CLERK: _OWN | {Permission.CORE_DIRECTORY_READ},
        # figures, but nobody's log lines; knows who is on leave or ill, and puts it on record
        Role.HR: _OWN
        | {
            Permission.CORE_DIRECTORY_READ,
            Permission.EOFFICE_USE_READ,
            Permission.MAIL_AUDIT_AUDIT_READ,
            Permission.MAIL_AUDIT_EXCEPTION_READ,
            Permission.MAIL_AUDIT_EXCEPTION_RECORD,
            Permission.TRAINING_ASSIGNMENT_READ,
            Permission.TRAINING_BOARD_READ,
            Permission.TRAINING_CERTIFICATE_READ,
            Permission.TRAINING_CERTIFICATE_REVOKE,
            Permission.TRAINING_CLASS_CHANGE,
            Permission.TRAINING_COURSE_CHANGE,
            Permission.TRAINING_EFFECT_READ,
            Permission.TRAINING_EFFECT_REPORT,
            Permission.TRAINING_EXEMPTION_RECORD,
            Permission.TRAINING_RULE_CHANGE,
        },
        # reads what the figures rest on and who did what; changes nothing
        Role.INSPECTOR: _OWN
        | {
            Permission.CORE_DIRECTORY_READ,
            Permission.CORE_TRAIL_READ,
            Permission.EOFFICE_BOARD_READ,
            Permission.EOFFICE_USE_READ,
            Permission.MAIL_AUDIT_AUDIT_READ,
            Permission.MAIL_AUDIT_CONTEST_READ,
            Permission.MAIL_AUDIT_EVIDENCE_READ,
            Permission.MAIL_AUDIT_EXCEPTION_READ,
            Permission.MAIL_AUDIT_MAILBOX_READ,
            Permission.MAIL_AUDIT_REPORT_READ,
            Permission.MAIL_AUDIT_SOURCE_READ,
            Permission.TRAINING_ASSIGNMENT_READ,
            Permission.TRAINING_BOARD_READ,
            Permission.TRAINING_CERTIFICATE_READ,
            Permission.TRAINING_EFFECT_READ,
        },
        Role.LEADER: _OWN
        | {
            Permission.CORE_DIRECTORY_READ,
            Permission.EOFFICE_BOARD_READ,
            Permission.EOFFICE_USE_READ,
            Permission.MAIL_AUDIT_AUDIT_READ,
            Permission.MAIL_AUDIT_EVIDENCE_READ,
            Permission.MAIL_AUDIT_REPORT_READ,
            Permission.MAIL_AUDIT_TARGET_SET,
            Permission.TRAINING_ASSIGNMENT_READ,
            Permission.TRAINING_BOARD_READ,
        },
        # of the own things only: such an actor is tied to an official
        Role.OFFICIAL: _OWN
        | {
            Permission.CORE_DEPUTY_NAME,
            Permission.CORE_DEPUTY_READ,
            Permission.EOFFICE_BOARD_READ,
            Permission.EOFFICE_DRAFT_CHANGE,
            Permission.EOFFICE_DRAFT_DECIDE,
            Permission.EOFFICE_DRAFT_READ,
            Permission.EOFFICE_REMARK_MAKE,
            Permission.EOFFICE_USE_READ,
            Permission.MAIL_AUDIT_CONTEST_ASK,
            Permission.MAIL_AUDIT_CONTEST_READ,
            Permission.MAIL_AUDIT_EVIDENCE_READ,
            Permission.TRAINING_CLASS_ATTEND,
            Permission.TRAINING_COURSE_TAKE,
            Permission.TRAINING_PRACTICE_TRY,
        },
    }
)
"""Role -> the permissions it holds where it is granted."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose things: everybody's (`units` None), or those of these units, by key. Nobody's where there is none."""

    units: frozenset[str] | None = frozenset()

    @property
    def whole(self) -> bool:
        """Whether it is everybody's, also of those who are in no unit."""
        return self.units is None

    def holds(self, unit_key: str | None) -> bool:
        """Whether the things of this unit are reached; those of no unit only by the whole."""
        return self.units is None or unit_key in self.units

    def __or__(self, other: Reach) -> Reach:
        if self.units is None or other.units is None:
            return WHOLE
        return Reach(self.units | other.units)


WHOLE = Reach(None)
NOTHING = Reach()


@dataclass(frozen=True, slots=True)
class Granted:
    """A role where it is granted: in these units (by key, those below them among them), or everywhere (None)."""

    role: str
    units: frozenset[str] | None = None

    def gives(self, permission: Permission) -> bool:
        """Whether the role holds `permission` as far as it is granted."""
        return permission in HELD.get(self.role, ()) and (self.units is None or permission not in OF_NO_UNIT)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the account's `name`, and what it may do where.

    `roles` are held for the whole city, `granted` those for some units. `official_id` (the number the personnel office
    gave) is set where the account is tied to an official; `roles` then has the role `official`, which reaches that
    person's own things and no others. `at_most` limits whatever the roles hold (for tokens). `acting_for` is the number
    of the official whose deputy acts.
    """

    name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    official_id: str | None = None
    granted: tuple[Granted, ...] = ()
    at_most: frozenset[Permission] | None = None
    acting_for: str | None = None

    @property
    def every_role(self) -> frozenset[str]:
        """The names of all roles, wherever they are held."""
        return self.roles | {one.role for one in self.granted}

    @property
    def in_trail(self) -> str:
        """What the trail calls the actor: a deputy's name is followed by whom they act for."""
        return self.name if self.acting_for is None else f"{self.name} (for {self.acting_for})"

    def may(self, permission: Permission) -> bool:
        """Whether the actor holds `permission` over anything at all."""
        return self._reaches_own(permission) or self.reach(permission) != NOTHING

    def may_in(self, permission: Permission, unit_key: str | None) -> bool:
        """Whether the actor holds `permission` over the things of this unit (None: of no unit)."""
        return self.reach(permission).holds(unit_key)

    def may_of(self, permission: Permission, official_id: str, unit_keys: Collection[str] = ()) -> bool:
        """Whether the actor holds `permission` over the things of this official, whose posts are in these units.

        Over the own ones by being an official, over others' by a role that reaches any of their units.
        """
        if official_id == self.official_id and self._reaches_own(permission):
            return True
        reach = self.reach(permission)
        return reach.whole or any(reach.holds(one) for one in unit_keys)

    def reach(self, permission: Permission) -> Reach:
        """Whose things the actor holds `permission` over, apart from the own ones."""
        if self.at_most is not None and permission not in self.at_most:
            return NOTHING
        found = NOTHING
        for one in (*(Granted(role) for role in self.roles if role != Role.OFFICIAL), *self.granted):
            if one.gives(permission):
                found |= Reach(one.units)
        return found

    def limited_to(self, permissions: frozenset[Permission]) -> Actor:
        """The same actor, who may do nothing but these (as far as the roles hold them)."""
        return replace(self, at_most=permissions if self.at_most is None else self.at_most & permissions)

    def _reaches_own(self, permission: Permission) -> bool:
        held = Role.OFFICIAL in self.roles and permission in HELD.get(Role.OFFICIAL, ())
        return held and (self.at_most is None or permission in self.at_most)


SCHEDULER = Actor("scheduler", frozenset({Role.ADMINISTRATOR}))
"""Who acts when nobody does. No account may have this name (`services.accounts`): the trail must not confuse them."""


def require(actor: Actor, permission: Permission) -> None:
    """Raises `ForbiddenError` unless `actor` holds `permission`."""
    if not actor.may(permission):
        raise ForbiddenError(
            Text("Tài khoản này không được làm việc đó.", "This account may not do that."),
            detail=f"{actor.name} lacks {permission}",
        )


COMMAND_LINE = "cli:"
"""The name of an actor begins with it who ran a command on the server."""


def command_line_actor() -> Actor:
    """Whoever runs `vanthu` on the server: they can read the database anyway; the trail names their system account."""
    import getpass

    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's number without a name
        import os

        name = str(os.getuid())
    return Actor(f"{COMMAND_LINE}{name}", frozenset({Role.ADMINISTRATOR}))


def who_words(actor: str) -> Text:
    """Who did something: an account's name, or in words that it was done by a command on the server, or by itself."""
    if actor == SCHEDULER.name:
        return Text("hệ thống tự chạy", "the program by itself")
    if not actor.startswith(COMMAND_LINE):
        return Text(actor, actor)
    name = actor.removeprefix(COMMAND_LINE)
    return Text(f"lệnh trên máy chủ ({name})", f"a command on the server ({name})")
