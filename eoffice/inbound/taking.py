"""One message, from its bytes to what became of it, committed: what both doors share."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from core.db import unit_of_work, utc_now
from core.log import get_logger
from core.settings import Settings
from eoffice.models import ReplyOutcome
from eoffice.replying.options import InboundOptions
from eoffice.replying.reading import read_mail
from eoffice.services.replying import take
from eoffice.services.rounds import Moment

_log = get_logger("vanthu.inbound")


def take_message(
    settings: Settings, raw: bytes, *, recipients: tuple[str, ...], door: str, envelope_sender: str | None = None,
    now: datetime | None = None, cut: bool = False,
) -> ReplyOutcome:  # fmt: skip
    """Deal with a message once. `cut`: only its head was fetched, for it is too large.

    Raises what the database raises: then nothing was done, and it may be tried again. No words of a message and no
    address are logged.
    """
    limit = 0 if cut else InboundOptions.of(settings).size_limit
    mail = read_mail(raw, size_limit=limit)
    at = now or utc_now()
    moment = Moment(at, at.astimezone(ZoneInfo(settings.timezone)).date())
    with unit_of_work(settings) as session:
        outcome = take(
            session, mail, recipients=recipients, door=door, moment=moment, envelope_sender=envelope_sender
        )  # fmt: skip
    _log.info("answer", door=door, outcome=outcome.value, key=mail.key[:12])
    return outcome
