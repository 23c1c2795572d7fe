"""A class as calendars know it: an invitation, its change, its cancellation (RFC 5545; iTIP, RFC 5546). Pure.

A calendar knows an event by its UID and believes the message with the highest SEQUENCE. REQUEST puts the event in the
calendar or moves it, CANCEL takes it out. Nobody reads answers, so none is asked for (RSVP=FALSE). A file that somebody
fetches for themselves is no message: it has no method and names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

Method = Literal["REQUEST", "CANCEL"]
PRODUCT = "-//Vanthu//Training//VI"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is told to one person about one class; `zone` an IANA name, the addresses plain ones."""

    uid: str
    sequence: int
    said_at: datetime
    title: str
    room: str
    description: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    organiser: str
    organiser_name: str
    attendee: str
    attendee_name: str
    page: str
    cancelled: bool = False


def as_calendar(one: Invitation, method: Method | None) -> bytes:
    """The message as the bytes of a calendar object (UTF-8, lines folded), with the VTIMEZONE of its zone.

    Without a `method` it is a plain file: the event alone, as it stands (`cancelled` or not).
    The same invitation gives the same bytes.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method is not None:
        calendar.add("method", method)
    calendar.add_component(_event(one, method))
    calendar.add_missing_timezones(
        first_date=date(one.starts_at.year, 1, 1), last_date=date(one.ends_at.year + 2, 1, 1)
    )
    written: bytes = calendar.to_ical()
    return written


def _event(one: Invitation, method: Method | None) -> Event:
    zone, gone = ZoneInfo(one.zone), method == "CANCEL" or (method is None and one.cancelled)
    event = Event()
    event.add("uid", one.uid)
    event.add("sequence", one.sequence)
    event.add("dtstamp", one.said_at)
    event.add("dtstart", one.starts_at.astimezone(zone))
    event.add("dtend", one.ends_at.astimezone(zone))
    event.add("summary", one.title)
    event.add("location", one.room)
    if one.description:
        event.add("description", one.description)
    event.add("url", one.page)
    event.add("status", "CANCELLED" if gone else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if gone else "OPAQUE")
    if method is None:
        return event
    event.add("organizer", _person(one.organiser, one.organiser_name))
    attendee = _person(one.attendee, one.attendee_name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("DECLINED" if method == "CANCEL" else "ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee)
    return event


def _person(address: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    if name:
        person.params["CN"] = vText(name.replace('"', "”"))
    return person
