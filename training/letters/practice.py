"""The practice message: short, harmless, and answered to the address that carries the exercise's code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from core.db import settings_of
from core.directory.coded import practice_addresses
from core.mail import MailKind
from core.mail.letters import Composer, Letter, StaleLetterError, greeting
from core.mail.models import OutgoingMail
from core.mail.options import MailOptions
from core.words import Language, Text
from training.models import ExerciseRow
from training.practice.kinds import KINDS, Kind

NOTHING_TO_DO = {
    "no_forward": Text(
        "Đây là lá thư thử. Ông/Bà không phải làm gì với thư này: chỉ cần thư nằm lại trong hộp thư của Ông/Bà.",
        "This is the trial message. There is nothing to do with it: it only has to stay in your mailbox.",
    )
}
"""Kinds whose message is all there is -> what it says."""


def practised(session: Session, mail: OutgoingMail, now: datetime) -> Letter:
    """The message of an exercise; stale once the exercise is over.

    It comes from the practice address itself, so that an answer goes there in every mail program, and so that the logs
    tell it from other mail by its envelope.
    """
    exercise = session.get(ExerciseRow, mail.facts.get("exercise"))
    addresses = practice_addresses(settings_of(session))
    if exercise is None or exercise.state != "open" or exercise.expires_at <= now or addresses is None:
        raise StaleLetterError("the exercise is over")
    kind, language = KINDS[exercise.kind], cast("Language", mail.language)
    site = MailOptions.of(settings_of(session)).site
    return Letter(
        language=language,
        subject=Text(f"Thư thực hành: {kind.title.vi}", f"Practice: {kind.title.en}").to(language),
        greeting=greeting(session, mail).to(language),
        paragraphs=(
            Text(
                "Đây là thư thực hành của khóa học Ông/Bà đang học. Thư không có nội dung công việc.",
                "This is a practice message of the course you are taking. It is about no matter of work.",
            ).to(language),
            *to_do(kind, language),
        ),
        button=(
            Text("Xem bài thực hành", "See the exercise").to(language),
            f"{site}/learning/{exercise.assignment}/practice/{exercise.kind}",
        ),
        why=Text(
            "Ông/Bà nhận thư này vì đã bấm bắt đầu bài thực hành trên Vanthu.",
            "You get this message because you began an exercise on Vanthu.",
        ).to(language),
        reply_to=addresses.address(exercise.code),
        sender=addresses.address(exercise.code),
    )


def to_do(kind: Kind, language: Language) -> tuple[str, ...]:
    """What is to be done with this very message: what the page calls that one is this one here."""
    if kind.key in NOTHING_TO_DO:
        return (NOTHING_TO_DO[kind.key].to(language),)
    steps = [Text(one.vi.replace("thư đó", "thư này"), one.en) for one in kind.todo[1:] or kind.todo]
    return tuple(one.to(language) for one in (Text("Việc cần làm:", "What to do:"), *steps))


LETTERS: Mapping[str, Composer] = {MailKind.TRAINING_PRACTICE_SENT: practised}
