"""What the audit trail calls the changes of this feature. Stored names are for ever."""

from __future__ import annotations

from enum import StrEnum


class EofficeAction(StrEnum):
    """Changes to drafts and routes."""

    ATTACHMENT_ADDED = "eoffice:attachment:add"
    ATTACHMENT_REMOVED = "eoffice:attachment:remove"
    BOARD_LOOKED_AT = "eoffice:board:look"
    DRAFT_APPROVED = "eoffice:draft:approve"
    DRAFT_AGREED = "eoffice:draft:agree"
    DRAFT_CREATED = "eoffice:draft:create"
    DRAFT_DESCRIBED = "eoffice:draft:describe"
    DRAFT_LINKED = "eoffice:draft:link"
    DRAFT_LOOKED_AT = "eoffice:draft:look"
    DRAFT_OPINED = "eoffice:draft:opinion"
    DRAFT_PULLED_BACK = "eoffice:draft:pull_back"
    DRAFT_RETURNED = "eoffice:draft:return"
    DRAFT_SAVED = "eoffice:draft:save"
    DRAFT_SUBMITTED = "eoffice:draft:submit"
    DRAFT_TAKEN_UP = "eoffice:draft:take_up"
    DRAFT_UNDONE = "eoffice:draft:undo"
    DRAFT_UNLINKED = "eoffice:draft:unlink"
    DRAFT_UPLOADED = "eoffice:draft:upload"
    DRAFT_WITHDRAWN = "eoffice:draft:withdraw"
    OPINION_ASKED = "eoffice:draft:ask_opinion"
    REMARK_MADE = "eoffice:remark:make"
    REMARK_REOPENED = "eoffice:remark:reopen"
    REMARK_RESOLVED = "eoffice:remark:resolve"
    REPLY_REFUSED = "eoffice:reply:refuse"
    ROUTE_BROUGHT_BACK = "eoffice:route:bring_back"
    ROUTE_MADE = "eoffice:route:make"
    ROUTE_RETIRED = "eoffice:route:retire"
    TASK_ESCALATED = "eoffice:task:escalate"
    TASK_HANDED_OVER = "eoffice:task:hand_over"
    TASK_REMINDED = "eoffice:task:remind"
    USE_EXPORTED = "eoffice:use:export"
    USE_LISTED = "eoffice:use:list"
