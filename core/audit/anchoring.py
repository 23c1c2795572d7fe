"""The head of the trail, noted every day in a file outside the database."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.audit import heads
from core.audit.verifying import Verdict, verify
from core.db import settings_of, unit_of_work
from core.errors import ConflictError
from core.settings import Settings
from core.words import Text


def anchoring_due(session: Session, last: datetime | None, now: datetime) -> dict[str, str] | None:
    """Whether the head of today has to be noted: once a day on the offices' clock, where a file is set."""
    settings = settings_of(session)
    zone = ZoneInfo(settings.timezone)
    today = now.astimezone(zone).date()
    if settings.trail_heads is None or (last is not None and last.astimezone(zone).date() >= today):
        return None
    return {"day": today.isoformat()}


def anchor(settings: Settings, day: date) -> bool:
    """Adds the head of `day` to the file of heads, once a day; whether it was added.

    First the trail is walked and held against the heads that stand there. Where it does not hold nothing is added, so
    that the file ends with the last good head: raises `ConflictError` with what is wrong; `UnavailableError` for a file
    that cannot be written.
    """
    path = settings.trail_heads
    if path is None:
        return False
    known = heads.heads_in(path.read_text("utf-8", "replace")) if path.is_file() else []
    with unit_of_work(settings) as session:
        found = verify(session, known)
    if not found.whole:
        raise ConflictError(said(found))
    return found.head is not None and heads.append(path, day, found.head)


def said(found: Verdict) -> Text:
    """A verdict in a sentence or two."""
    broken = _breach(found)
    if broken is not None:
        return broken
    if found.lost:
        return _lost(found)
    whole = Text(
        f"Nhật ký toàn vẹn: {found.count} mục, mã đầu {found.head or '-'}.",
        f"The trail is whole: {found.count} entries, head {found.head or '-'}.",
    )
    if not found.kept:
        return whole
    last = found.kept[-1]
    return Text(
        f"{whole.vi} Nhật ký chứa mọi mã đầu đã ghi bên ngoài ({len(found.kept)}), muộn nhất là mục số {last.entry}.",
        f"{whole.en} It contains every head noted outside ({len(found.kept)}), the latest of entry {last.entry}.",
    )


def _breach(found: Verdict) -> Text | None:
    if found.breach is None:
        return None
    number = found.breach.entry
    words = {
        "changed": Text(
            f"Nhật ký bị sửa: mục số {number} không còn như khi được ghi.",
            f"The trail has been tampered with: entry {number} does not say what it said when it was written.",
        ),
        "missing": Text(
            f"Nhật ký bị sửa: mục số {number} đã mất, các mục sau nó vẫn còn.",
            f"The trail has been tampered with: entry {number} is gone, and later ones are there.",
        ),
        "unconnected": Text(
            f"Nhật ký bị sửa: mục số {number} không nối tiếp mục trước; một trong hai mục bị thay hoặc chèn vào.",
            f"The trail has been tampered with: entry {number} does not follow from the one before;"
            " one of the two was replaced or slipped in.",
        ),
    }
    return words[found.breach.kind]


def _lost(found: Verdict) -> Text:
    """Where between two heads a trail that is whole in itself is no longer the one that was noted."""
    first = found.lost[0]
    if first.entry > found.count:
        return Text(
            f"Nhật ký bị cắt: mã đầu ghi bên ngoài là của mục số {first.entry}, nay nhật ký chỉ có {found.count} mục.",
            f"The trail was cut: a head noted outside is of entry {first.entry}; there are {found.count} entries now.",
        )
    after = max((head.entry for head in found.kept if head.entry < first.entry), default=0)
    return Text(
        f"Nhật ký không còn là nhật ký đã ghi nhận: từ mục số {after + 1} đến {first.entry} có mục đã bị viết lại.",
        f"The trail is not the one that was noted: of entries {after + 1} to {first.entry} some were written anew.",
    )
