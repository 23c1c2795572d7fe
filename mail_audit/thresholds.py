"""Every threshold of the measurement, with its reason; an installation may set them in the table `[mail_audit]`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.errors import InputError
from core.words import Text


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Numbers that decide; all are shown in `docs/measurement.md`.

    regular_share: share of the covered working days with a person's act from which use is regular.
    sitting_minutes: log-ins from one address closer than this are one sitting.
    person_bodies: most whole messages a person fetches in one session.
    person_body_bytes: mean size below which fetched bodies are previews, in bytes.
    person_seconds_per_body: pace of a person who opens message after message.
    poll_log_ins: fewest log-ins from one address before they can be called a poller.
    poll_gap_seconds: shortest median gap of a poller; quicker log-ins are one client opening several connections.
    poll_gap_share: share of gaps close to the median gap from which log-ins are a machine's
        (measured on a real server, a tenth of the gap being close: machines 0.63 to 1.00, the others at most 0.33).
    poll_gap_slack_seconds: what is close is a tenth of the gap, but never more than this: somebody who reads mail
        every morning does not do so to the minute.
    poll_longest_seconds: longest median gap of a poller; a longer one is a person's habit, unless it is kept exactly.
    poll_daily_slack_seconds: how exactly a longer gap must be kept to be a machine's.
    poll_daily_share: share of such gaps from which log-ins are a machine's.
    schedule_submissions: fewest submissions, each in another cycle, before they can be called a schedule.
    schedule_window_seconds: how exactly a schedule keeps its second.
    schedule_share: share of submissions on the second from which they are a schedule's.
    schedule_even: share of the gaps between such cycles that are the usual one from which these submissions are a
        schedule's, though a person sends from the same address.
    application_submissions: fewest submissions from an address nobody logs in from before they can be a device's.
    application_share: share of them outside all sessions of the mailbox from which they are a device's.
    sync_sessions: fewest fetching sessions of one address before they can be a background sync.
    sync_share: share of them that fetched what had just arrived from which they are one.
    sync_minutes: how soon after an arrival a sync comes, where the server does not write what was marked as read.
    sync_visits: how often a day a sync comes where marks are written: a person who looks once or twice a day and marks
        nothing may have read all the same.
    sync_hours: hours of the day in which an address logs in from which it does so around the clock.
    arrival_marks: fewest messages marked as read on arrival before a filter does it.
    arrival_mark_seconds: how soon after an arrival a filter marks.
    arrival_mark_share: share of the marks that come on arrival from which they are a filter's.
    arrival_mark_crowd: share of the time that may lie so soon after arrivals for that to mean anything.
    fetch_mark_share: share of a poller's fetching sessions that mark something from which it marks by fetching.
    migration_saves: most messages a person saves in one session.
    sweep_mailboxes: fewest mailboxes that a program opens one after the other from one address.
    sweep_share: share of all mailboxes ever opened from that address that it opens in one go.
    sweep_pause_seconds: longest pause between two of them.
    forward_share: share of the received messages that a standing rule sends on from which mail is forwarded.
    station_mailboxes: an address used by more mailboxes than this is a gateway and says nothing about persons.
    delegate_share: share of a mailbox's acts from another official's station from which they are that official's.
    delegate_acts: fewest such acts.
    unlisted_addresses: most addresses of the offices' domains that are told one by one in a month though the directory
        does not know them; the busiest are, the others are counted together.
    """

    regular_share: float = 0.5
    sitting_minutes: int = 15
    person_bodies: int = 19
    person_body_bytes: int = 1000
    person_seconds_per_body: float = 2.0
    poll_log_ins: int = 6
    poll_gap_seconds: int = 30
    poll_gap_share: float = 0.5
    poll_gap_slack_seconds: int = 120
    poll_longest_seconds: int = 14_400
    poll_daily_slack_seconds: int = 5
    poll_daily_share: float = 0.8
    schedule_submissions: int = 5
    schedule_window_seconds: int = 5
    schedule_share: float = 0.8
    schedule_even: float = 0.7
    application_submissions: int = 30
    application_share: float = 0.8
    sync_sessions: int = 3
    sync_share: float = 0.8
    sync_minutes: int = 15
    sync_visits: int = 3
    sync_hours: int = 20
    arrival_marks: int = 5
    arrival_mark_seconds: int = 10
    arrival_mark_share: float = 0.8
    arrival_mark_crowd: float = 0.2
    fetch_mark_share: float = 0.8
    migration_saves: int = 30
    sweep_mailboxes: int = 10
    sweep_share: float = 0.5
    sweep_pause_seconds: int = 30
    forward_share: float = 0.5
    station_mailboxes: int = 3
    delegate_share: float = 0.8
    delegate_acts: int = 3
    unlisted_addresses: int = 10_000

    @classmethod
    def of(cls, given: Mapping[str, object]) -> Thresholds:
        """The thresholds with what an installation sets; raises InputError for a name or a value that is wrong."""
        known = {field.name: field for field in fields(cls)}
        values: dict[str, int | float] = {}
        for name, value in given.items():
            if name not in known or isinstance(value, bool) or not isinstance(value, (int, float)):
                raise InputError(
                    Text(
                        f"Ngưỡng đo “{name}” không có hoặc không phải là số; các ngưỡng: {', '.join(sorted(known))}.",
                        f"The threshold “{name}” does not exist or is not a number; "
                        f"there are: {', '.join(sorted(known))}.",
                    )
                )
            values[name] = value
        return cls(**values)  # type: ignore[arg-type]
