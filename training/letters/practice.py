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
from training.practice.kinds import KINDS


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
            Text("Việc cần làm:", "What to do:").to(language),
            *(one.to(language) for one in kind.todo[1:] or kind.todo),
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


LETTERS: Mapping[str, Composer] = {MailKind.TRAINING_PRACTICE_SENT: practised}
