"""What the audit trail calls the changes of this feature. Stored names are for ever."""

from __future__ import annotations

from enum import StrEnum


class TrainingAction(StrEnum):
    """Changes to who is to learn what, and to what they have learned."""

    ASSIGNMENT_MADE = "training:assignment:make"
    ASSIGNMENT_WITHDRAWN = "training:assignment:withdraw"
    ATTEMPT_BEGUN = "training:attempt:begin"
    ATTEMPT_HANDED_IN = "training:attempt:hand_in"
    ATTEMPT_SAVED = "training:attempt:save"
    ATTENDANCE_ENTERED = "training:class:enter"
    CAMPAIGN_CLOSED = "training:campaign:close"
    CAMPAIGN_OPENED = "training:campaign:open"
    CAMPAIGN_SETTLED = "training:campaign:settle"
    CERTIFICATE_MADE = "training:certificate:make"
    CERTIFICATE_RENEWED = "training:certificate:renew"
    CERTIFICATE_REVOKED = "training:certificate:revoke"
    CLASS_CANCELLED = "training:class:cancel"
    CLASS_CHANGED = "training:class:change"
    CLASS_CHECKED_IN = "training:class:check_in"
    CLASS_MADE = "training:class:make"
    COURSE_BROUGHT_BACK = "training:course:bring_back"
    COURSE_CHANGED = "training:course:change"
    COURSE_RETIRED = "training:course:retire"
    EXEMPTION_ENDED = "training:exemption:end"
    EXEMPTION_RECORDED = "training:exemption:record"
    LESSON_OPENED = "training:lesson:open"
    MEMBER_FIRST = "training:campaign:first"
    RULE_ACTIVATED = "training:rule:activate"
    RULE_MADE = "training:rule:make"
    RULE_RETIRED = "training:rule:retire"
    SEAT_ASKED = "training:seat:ask"
    SEAT_GIVEN = "training:seat:give"
    SEAT_LEFT = "training:seat:leave"
    SEED_PUBLISHED = "training:campaign:publish"
    STEP_DONE = "training:step:done"
    WAVES_BEGUN = "training:assignment:begin"
